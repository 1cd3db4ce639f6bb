"""Seals: what is written is what is read, or the file is named with its remedy."""

import os
import subprocess
import time

import pytest

from partialpool.errors import InputError
from partialpool.seals import (
    check_seal,
    list_damaged,
    made_of_sealed,
    read_sealed,
    seal,
    sealed_digest,
    write_sealed,
)

CONTENT = b"level,rate\nMail,0.125\n"
DAMAGES = {
    "cut short": lambda content: content[:-7],
    "empty": lambda content: b"",
    "changed": lambda content: content.replace(b"5", b"6"),
    "bytes where": lambda content: content + b"\n",
}


@pytest.fixture
def path(tmp_path):
    place = tmp_path / "my table.csv"
    write_sealed(place, CONTENT)
    return place


def test_what_is_written_is_read(path):
    assert read_sealed(path) == CONTENT


@pytest.mark.parametrize("word", DAMAGES)
def test_damage_is_named_with_the_file_and_the_command_that_mends_it(path, word):
    path.write_bytes(DAMAGES[word](CONTENT))
    with pytest.raises(InputError, match=word) as refused:
        read_sealed(path)
    assert str(refused.value).startswith(str(path))
    assert str(refused.value).endswith(f"snakemake --forcerun '{path}'")
    assert "\n" not in str(refused.value)
    assert [str(damage) for damage in list_damaged([path.parent])] == [str(refused.value)]


def test_a_missing_result_is_named_to_who_reads_it_alone(path):
    path.unlink()
    with pytest.raises(InputError, match="is not there"):
        check_seal(path)
    assert list_damaged([path.parent]) == []


def test_a_result_without_a_seal_is_taken_as_it_is(tmp_path):
    path = tmp_path / "old.csv"
    path.write_bytes(CONTENT)
    assert read_sealed(path) == CONTENT
    assert sealed_digest(path) is None


def test_what_another_program_wrote_can_be_sealed(tmp_path):
    path = tmp_path / "page.html"
    path.write_text("page")
    seal(path)
    path.write_text("pale")
    with pytest.raises(InputError, match="changed"):
        check_seal(path)


def test_a_seal_is_a_checksum_file_as_others_know_it(path):
    command = ["sha256sum", "--check", "--strict", f".{path.name}.sha256"]
    subprocess.run(command, cwd=path.parent, check=True, capture_output=True)


def test_what_was_made_before_a_change_is_older_than_it_and_the_same_again_is_no_change(path):
    made = path.with_name("made.json")
    made.write_text("{}")
    later = time.time_ns() + 10**9
    os.utime(made, ns=(later, later))
    write_sealed(path, CONTENT)
    assert made_of_sealed(made, path)
    os.utime(made, ns=(0, 0))
    assert not made_of_sealed(made, path)
    assert not made_of_sealed(path.with_name("never made"), path)

"""Results that were cut short, changed, emptied or lost: made anew, or named with the remedy."""

import shutil

import pytest

from partialpool.errors import InputError
from partialpool.frames import read_facts, read_frame
from partialpool.posterior.draws import read_draws, read_log_prior
from partialpool.report.sections import read_section
from partialpool.sampling.stan_data import read_stan_data
from partialpool.seals import list_damaged, read_sealed

DATA = "results/season_pass/data"
BASELINE = "results/season_pass/models/baseline"
NOT_SEALED = {"logs", "benchmarks"}


def cut(path):
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def empty(path):
    path.write_bytes(b"")


DAMAGES = {"cut in half": cut, "with a bit flipped": flip, "emptied": empty}


@pytest.fixture(scope="module")
def run(finished_pair, tmp_path_factory):
    return finished_pair.copy(tmp_path_factory.mktemp("damaged") / "run")


@pytest.fixture
def broken(run, tmp_path):
    """A function that damages a result, which is whole again afterwards."""
    kept = []

    def damage(name, how):
        path = run.folder / name
        kept.append((path, shutil.copy2(path, tmp_path / str(len(kept)))))
        how(path)
        return path

    yield damage
    for path, copy in kept:
        shutil.copy2(copy, path)


def results(run):
    return [
        path
        for path in run.files()
        if not path.name.startswith(".")
        and not NOT_SEALED & set(path.relative_to(run.folder).parts)
    ]


@pytest.mark.parametrize("how", DAMAGES)
def test_damage_of_any_result_is_seen(run, broken, how):
    assert list_damaged([run.folder]) == []
    kinds = {path.suffix for path in results(run)}
    assert {".csv", ".json", ".nc", ".ipynb", ".html", ".stanli"} <= kinds
    for path in results(run):
        broken(path.relative_to(run.folder), DAMAGES[how])
    damaged = {str(error).partition(" ")[0] for error in list_damaged([run.folder])}
    assert damaged == {str(path) for path in results(run)}


READERS = {
    f"{DATA}/ledger.json": read_facts,
    f"{DATA}/margins.csv": read_frame,
    f"{BASELINE}/data.json": read_stan_data,
    f"{BASELINE}/draws.nc": read_draws,
    f"{BASELINE}/prior_draws.nc": read_log_prior,
    "results/programs/multilevel.stanli": read_sealed,
    "results/season_pass/notebooks/decision.ipynb": lambda path: read_section(path, "decision"),
}


@pytest.mark.parametrize("how", [*DAMAGES, "lost"])
@pytest.mark.parametrize("name", READERS)
def test_who_reads_a_damaged_result_names_it_and_its_remedy(broken, name, how):
    path = broken(name, DAMAGES.get(how, lambda path: path.unlink()))
    with pytest.raises(InputError) as refused:
        READERS[name](path)
    said = str(refused.value)
    assert said.startswith(f"{path} ")
    assert f"snakemake --forcerun {path}" in said
    assert "\n" not in said


@pytest.mark.parametrize("how", ["cut in half", "emptied"])
@pytest.mark.parametrize("name", [f"{DATA}/ledger.json", f"{DATA}/levels.json"])
def test_even_without_a_seal_half_a_file_is_no_traceback(broken, name, how):
    path = broken(name, DAMAGES[how])
    seal = path.with_name(f".{path.name}.sha256")
    aside = seal.rename(seal.with_name("aside"))  # its date is that of the content
    try:
        with pytest.raises(InputError, match="forcerun"):
            read_facts(path)
    finally:
        aside.rename(seal)


def say(run, *arguments):
    """What a run says, and whether it went well."""
    done = run.snakemake(*arguments)
    assert "Traceback" not in done.stdout
    return done.stdout, done.returncode == 0


def test_half_a_ledger_is_named_and_made_anew_and_nothing_is_fitted(run, broken):
    before, fits = run.read(f"{DATA}/ledger.json"), run.stamps("draws.nc")
    broken(f"{DATA}/ledger.json", cut)
    said, _ = say(run, "--dry-run")
    assert f"{DATA}/ledger.json is cut short" in said
    remedy = ["--forcerun", f"{DATA}/ledger.json"]
    assert run.stale(*remedy) == {"read_cells", "show_data", "record_provenance", "render_report"}
    said, well = say(run, f"{DATA}/ledger.json", *remedy)
    assert well, said
    assert run.read(f"{DATA}/ledger.json") == before
    assert run.stamps("draws.nc") == fits


def test_a_changed_digit_in_the_cells_is_believed_by_nobody(run, broken):
    broken(f"{DATA}/cells.csv", flip)
    target = f"{BASELINE}/importance.csv"
    said, well = say(run, target, "--forcerun", target)
    assert not well
    assert f"{DATA}/cells.csv was changed after it was written" in said
    said, well = say(run, f"{DATA}/cells.csv", "--forcerun", f"{DATA}/cells.csv")
    assert well, said
    assert list_damaged([run.folder / DATA]) == []


def test_cells_that_are_lost_beside_their_ledger_are_counted_again(run):
    path = run.folder / DATA / "cells.csv"
    before = path.read_bytes()
    path.unlink()
    said, well = say(run, f"{DATA}/cells.csv")
    assert well, said
    assert path.read_bytes() == before


def test_a_bit_of_the_draws_is_missed_by_no_job_and_the_remedy_mends_it(run):
    path = run.folder / BASELINE / "draws.nc"
    before = path.read_bytes()
    flip(path)
    target = f"{BASELINE}/importance.csv"
    said, well = say(run, target, "--forcerun", target)
    assert not well
    line = next(line for line in said.splitlines() if "was changed after" in line)
    assert f"snakemake --forcerun {BASELINE}/draws.nc" in line
    said, well = say(run, target, "--forcerun", f"{BASELINE}/draws.nc")
    assert well, said
    assert path.read_bytes() == before

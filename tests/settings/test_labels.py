"""Labels of kept runs are parts of paths, however YAML reads them."""

import datetime

import pytest

from partialpool.settings.reading import read_settings

from ..factories.configurations import SMALL, edited, mistake, refused


@pytest.mark.parametrize(
    ("given", "label"),
    [("2026-10", "2026-10"), (202610, "202610"), (datetime.date(2026, 10, 31), "2026-10-31")],
)
def test_a_label_is_text_whatever_yaml_makes_of_it(given, label):
    settings = read_settings(edited(SMALL, {"label": given, "since": given}))
    assert (settings.label, settings.since) == (label, label)


@pytest.mark.parametrize("label", ["../x", "a/b", ".hidden", "", "a b", "x" * 61])
def test_what_is_no_part_of_a_path_is_refused(label):
    for key in ("label", "since"):
        assert mistake(key, label).startswith(f"{key}: found {label!r}, expected letters")


def test_last_is_no_label_but_the_newest():
    assert refused(edited(SMALL, {"label": "last"})).startswith("label: found 'last'")
    assert read_settings(edited(SMALL, {"since": "last"})).since == "last"

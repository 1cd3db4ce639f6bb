"""What is made again from a bundle is held to what was packed."""

from partialpool.provenance import package_versions
from partialpool.reproduction import differing_versions, run_again


def test_packages_of_other_versions_are_named():
    here = package_versions()
    assert differing_versions(here) == []
    assert differing_versions(here | {"numpy": "1.0", "gone": "2"}) == [
        f"numpy {here['numpy']} instead of 1.0",
        "gone none instead of 2",
    ]


def test_without_a_notebook_files_stay_as_they_are():
    files = {"ledger": "ledger.json", "verdicts": ["a.json", "b.json"], "since": []}
    assert run_again(files) == files

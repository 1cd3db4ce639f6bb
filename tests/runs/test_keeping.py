"""A kept run is whole, small, sealed, and never written over; what is wrong is said in a line."""

import numpy as np
import pytest

from partialpool.cells.cells import write_cells
from partialpool.cells.levels import write_levels
from partialpool.decision.strata import read_strata, write_strata
from partialpool.frames import read_facts, write_facts, write_frame
from partialpool.runs.keeping import MOST_DRAWS, PAGE, keep, seal_kept, thin
from partialpool.runs.quantities import tabulate_quantities
from partialpool.runs.run import changed_settings, read_run
from partialpool.runs.shelf import check_kept, check_label, check_since, list_kept
from partialpool.seals import DamagedError, write_sealed

from ..factories.months import STEADY, analysis_of, month
from ..factories.strata import strata_of

COUNTS = [[450, 675], [300, 300]]
PERIOD = {"column": "day", "first": "2026-10-01", "last": "2026-10-31", "undated": 0}


def rates(draws=800):
    return strata_of(COUNTS, 1500, within="channel", draws=draws)


@pytest.fixture
def finished(tmp_path, monkeypatch):
    """The results of a finished run, and its page, in the working folder."""
    monkeypatch.chdir(tmp_path)
    results = tmp_path / "results" / "sales"
    (results / "data").mkdir(parents=True)
    cells = month(STEADY, 1)
    write_cells(cells, results / "data" / "cells.csv")
    write_levels(cells, results / "data" / "levels.json")
    ledger = {"contacts": 6000, "successes": 1, "cells": 4, "period": PERIOD}
    write_facts(ledger, results / "data" / "ledger.json")
    write_facts({"choice": {"model": "crossed"}, "treatments": []}, results / "decision.json")
    write_facts({"Seed": 42}, results / "provenance.json")
    (results / "decision").mkdir()
    write_facts({"advice": []}, results / "decision" / "arms.json")
    for name in ("crossed", "plain"):
        of = results / "models" / name
        of.mkdir(parents=True)
        write_facts({"passed": True, "chains": 4}, of / "verdict.json")
        write_facts({"engine": "stanli 1"}, of / "versions.json")
        write_strata(rates(), of / "rates.nc")
    write_sealed(tmp_path / "page.html", b"<p>page</p>")
    files = [p for p in results.rglob("*") if p.is_file() and not p.name.startswith(".")]
    return results, sorted(map(str, files)), tmp_path / "page.html"


def kept(finished, label="2026-10"):
    results, files, page = finished
    folder = results.parents[1] / "runs" / "sales" / label
    before = list_kept("sales")
    seal_kept(folder, keep(results, files, page, folder, analysis_of()), before)
    return folder


def test_a_kept_run_is_read_back_as_it_was(finished):
    run = read_run(kept(finished), "2026-10")
    assert run.cells.equals(month(STEADY, 1))
    assert changed_settings(run, run) == []
    assert run.analysis == analysis_of()
    assert run.answering == "crossed"
    assert set(run.quantities) == {"crossed", "plain"}
    assert run.ledger["period"] == PERIOD


def test_the_page_and_the_answering_models_draws_are_kept(finished):
    folder = kept(finished)
    assert (folder / PAGE).read_bytes() == b"<p>page</p>"
    of_models = [path.parent.name for path in folder.rglob("rates.nc")]
    assert of_models == ["crossed"]
    assert read_strata(folder / "models" / "crossed" / "rates.nc").rates.shape == (800, 2, 2)


def test_many_draws_are_thinned_evenly():
    few = thin(rates(2 * MOST_DRAWS + 1))
    assert MOST_DRAWS // 2 < len(few.rates) <= MOST_DRAWS
    assert np.array_equal(few.rates[1], rates(2 * MOST_DRAWS + 1).rates[3])


def test_runs_are_listed_in_the_order_in_which_they_were_kept(finished):
    kept(finished, "v2")
    kept(finished, "2026-11")
    kept(finished, "2026-10")
    assert [run.label for run in list_kept("sales")] == ["v2", "2026-11", "2026-10"]
    assert [run.serial for run in list_kept("sales")] == [1, 2, 3]
    assert list_kept("others") == []


def test_a_label_is_never_used_twice(finished, refused):
    kept(finished)
    page = finished[2]
    assert check_label("sales", "2026-11", page) == "2026-11"
    said = refused(check_label, "sales", "2026-10", page)
    assert said.startswith("label: found a run of sales kept as 2026-10 already")


def test_an_unfinished_run_and_a_missing_label_are_refused(finished, refused, tmp_path):
    said = refused(check_label, "sales", "2026-10", tmp_path / "none.html")
    assert "finish it first: snakemake" in said
    assert refused(check_label, "sales", None, finished[2]).startswith("label: missing")


def test_a_label_that_was_not_kept_is_refused_with_those_that_were(finished, refused):
    kept(finished)
    shelf = {"sales": list_kept("sales"), "others": []}
    said = refused(check_since, shelf, "2026-09")
    assert "found no run kept as 2026-09, expected one of those kept: 2026-10" in said
    assert "those kept: none" in refused(check_since, {"others": []}, "last")
    check_since(shelf, "2026-10")
    check_since(shelf, "last")


def test_a_folder_whose_keeping_was_cut_short_is_no_kept_run(finished):
    results, files, page = finished
    folder = results.parents[1] / "runs" / "sales" / "2026-10"
    keep(results, files, page, folder, analysis_of())  # and killed before its record
    (folder / "half.csv").write_text("x", encoding="utf-8")
    assert list_kept("sales") == []
    assert not (kept(finished) / "half.csv").exists()


@pytest.mark.parametrize("damage", ["changed", "gone"])
def test_a_damaged_kept_run_is_refused(finished, refused, damage):
    folder = kept(finished)
    check_kept(list_kept("sales")[0])
    path = folder / "data" / "ledger.json"
    path.unlink() if damage == "gone" else path.write_text("{}", encoding="utf-8")
    said = refused(check_kept, list_kept("sales")[0])
    assert "ledger.json" in said
    assert ("is not there" in said) == (damage == "gone")


def test_settings_that_this_version_does_not_know_are_named(finished, refused):
    folder = kept(finished)
    settings = read_facts(folder / "settings.json") | {"moon": "full"}
    write_facts(settings, folder / "settings.json")
    said = refused(read_run, folder, "2026-10")
    assert "found settings that this version cannot read (moon)" in said


def test_a_record_that_was_edited_is_refused(finished, refused):
    record = kept(finished) / "kept.json"
    record.write_text(record.read_text(encoding="utf-8").replace("2026", "2025"), encoding="utf-8")
    assert "kept.json was changed after it was kept" in refused(list_kept, "sales")


def test_intervals_of_another_level_are_those_of_a_normal(finished):
    run = read_run(kept(finished), "2026-10")
    assert run.found_at(run.analysis.interval) is run.found
    half = (run.found_at(0.5)["upper"] - run.found_at(0.5)["mean"]) / run.found["sd"]
    assert half.to_numpy() == pytest.approx(0.6745, abs=1e-4)


def test_a_damaged_result_is_not_kept(finished):
    results, files, page = finished
    (results / "decision.json").write_text("{}", encoding="utf-8")
    with pytest.raises(DamagedError):
        keep(results, files, page, results.parents[1] / "runs" / "sales" / "x", analysis_of())


def test_what_is_kept_is_the_same_bytes_each_time(finished):
    first, second = kept(finished, "a"), kept(finished, "b")
    assert read_facts(first / "kept.json")["files"] == read_facts(second / "kept.json")["files"]


def test_quantities_are_those_of_the_draws(finished):
    strata = rates(4000)
    table = tabulate_quantities(strata, analysis_of(), "crossed", (), 4)
    lift = table.query("within == 'a0' and quantity == 'lift'").iloc[0]
    draws = strata.rates[:, 0, 1] - strata.rates[:, 0, 0]
    assert lift["mean"] == pytest.approx(draws.mean())
    assert lift["mcse"] == pytest.approx(draws.std() / np.sqrt(4000), rel=0.15)
    assert list(table["contacts"].unique()) == [3000, 6000]
    write_frame(table, finished[2].with_suffix(".csv"))  # its columns are declared

"""Analyses that are not the shipped one: other forms of data, new data, other questions."""

import csv
from collections import Counter

import pytest

from ..factories.runs import ROOT, edited, short_config, with_models

ANALYSIS = "analyses.season_pass"
FIT = "results/season_pass/models/multilevel/draws.nc"
COUNTED = {f"{ANALYSIS}.outcome.{key}": None for key in ("column", "success", "failure")}


@pytest.fixture
def counts(tmp_path):
    """The season pass with a row for each combination, its failures counted beside successes."""
    contacts = (ROOT / "data" / "season_pass.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(contacts.splitlines())
    counter = Counter((row["Promo"], row["Channel"], row["Pass"]) for row in rows)
    path = tmp_path / "counts.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["lost", "Channel", "won", "Promo"])
        for promo, channel in sorted({key[:2] for key in counter}, reverse=True):
            won, lost = (counter[promo, channel, value] for value in ("YesPass", "NoPass"))
            writer.writerows([[lost - 5, channel, won, promo], [5, channel, 0, promo]])
    return path


def test_counts_give_the_posterior_of_the_contacts_to_the_last_digit(finished, fresh, counts):
    columns = {f"{ANALYSIS}.outcome.successes": "won", f"{ANALYSIS}.outcome.failures": "lost"}
    config = edited(with_models(short_config(counts), ["multilevel"]), COUNTED | columns)
    digests = fresh(config).finish(FIT).digests()
    for path in ("data/cells.csv", "data/levels.json", "models/multilevel/draws.nc"):
        assert (
            digests[f"results/season_pass/{path}"]
            == finished.digests()[f"results/season_pass/{path}"]
        )


def test_new_data_get_their_rates_and_a_new_level_a_wider_one(finished, tmp_path):
    new = tmp_path / "new.csv"
    new.write_text("Promo,Channel,note\nBundle,Email,a\nBundle,Park,b\nBundle,Kiosk,c\n")
    predict = {"june": {"path": str(new), "model": "multilevel", "total_by": ["note"]}}
    config = edited(finished.config, {f"{ANALYSIS}.predict": predict})
    run = finished.copy(tmp_path / "run", config=config)
    fits = run.stamps("draws.nc")
    table = run.finish("predict").read("results/season_pass/predict/june.csv")
    rows = list(csv.DictReader(table.splitlines()))
    assert [(row["note"], row["new_levels"]) for row in rows] == [
        ("a", ""),
        ("b", ""),
        ("c", "channel Kiosk"),
    ]
    means, sds = ([float(row[name]) for row in rows] for name in ("mean", "sd"))
    assert means[:2] == pytest.approx([0.304, 0.741], abs=0.01)
    assert sds[2] > 4 * max(sds[:2])
    totals = csv.DictReader(run.read("results/season_pass/predict/june_totals.csv").splitlines())
    *groups, everything = totals
    assert [float(row["mean"]) for row in groups] == pytest.approx(means)
    assert float(everything["mean"]) == pytest.approx(sum(means))
    assert (everything["rows"], everything["contacts"]) == ("3", "3")
    assert run.stamps("draws.nc") == fits

"""Preflight: whatever is wrong is said in one line before any job runs."""

import json
import os
import time
from pathlib import Path

import pytest

from partialpool.cells.cells import make_cells, write_cells
from partialpool.cells.levels import write_levels
from partialpool.errors import InputError
from partialpool.preflight import check_config, check_data, check_folder
from partialpool.settings.described import describe_request
from partialpool.settings.reading import read_settings
from partialpool.source.counting import count_contacts

from .factories.configurations import SALES, edited, sales

ROWS = ["Promo,Channel,Bought"] + [
    f"{promo},{channel},{bought}"
    for promo in ("none", "some")
    for channel in ("mail", "shop")
    for bought in ("yes", "no")
]
WITHOUT_A_CELL = [*(row for row in ROWS if not row.startswith("some,shop")), ""]
UNSEEN = "promo[some]:channel[shop]"
FORMULAS = {"crossed": "promo * channel", "varying": "(1 | channel)"}
CONFIG = {
    "defaults": {"sampling": {"engine": "stanli"}},
    "analyses": {"sales": sales(FORMULAS, within="channel")},
}


@pytest.fixture(autouse=True)
def contacts(tmp_path, monkeypatch):
    """Contacts in an empty working folder, where the configuration looks for them."""
    monkeypatch.chdir(tmp_path)
    path = Path("contacts.csv")
    path.write_text("\n".join([*ROWS, ""]), encoding="utf-8")
    return path


def preflight(config):
    settings = read_settings(config)
    check_config(settings)
    check_data(settings, Path("results"))


def changed(**changes):
    """The configuration with some keys of its analysis set, `.` written as `__`."""
    paths = {f"{SALES}.{path.replace('__', '.')}": value for path, value in changes.items()}
    return edited(CONFIG, paths)


def refusal(**changes):
    with pytest.raises(InputError) as error:
        preflight(changed(**changes))
    said = str(error.value)
    assert "\n" not in said
    return said


def test_a_good_configuration_passes():
    preflight(CONFIG)


@pytest.mark.parametrize(
    ("changes", "start", "parts"),
    [
        ({"colour": 1}, f"{SALES}.colour: ", ["unknown key", "treatment"]),
        (
            {"factors__promo__column": "Offer"},
            f"{SALES}.factors.promo.column: ",
            ["'Offer'", "Promo, Channel"],
        ),
        ({"outcome__column": "bought"}, f"{SALES}.outcome.column: ", ["'bought'", "Bought"]),
        ({"source__path": "no.csv"}, f"{SALES}.source.path: ", ["no file no.csv"]),
        (
            {"factors__promo__levels": ["none", "some", "lots"]},
            f"{SALES}.factors.promo.levels: ",
            ["'lots' does not occur", "'none' (4 rows), 'some' (4 rows)"],
        ),
        (
            {"factors__channel__levels": ["mail", "Shop"]},
            f"{SALES}.factors.channel.levels: ",
            ["holds 'shop' (4 rows)", "mail, Shop"],
        ),
        (
            {"outcome__success": "Yes"},
            f"{SALES}.outcome: ",
            ["holds 'yes' (4 rows)", "'Yes' (success)"],
        ),
        (
            {"models__crossed__formula": "promo * price"},
            f"{SALES}.models.crossed.formula: ",
            ["names price", "promo, channel"],
        ),
        (
            {"models__crossed__formula": "promo * ("},
            f"{SALES}.models.crossed.formula: ",
            ["bracket"],
        ),
        (
            {"models__crossed__formula": "promo +"},
            f"{SALES}.models.crossed.formula: ",
            ["cannot be read"],
        ),
        ({"sampling__adapt_delta": 1.2}, f"{SALES}.sampling.adapt_delta: ", ["1.2", "less than 1"]),
    ],
)
def test_each_mistake_names_its_key_what_was_found_and_what_was_expected(changes, start, parts):
    said = refusal(**changes)
    assert said.startswith(start)
    assert all(part in said for part in parts)
    assert "expected" in said or "found" in said


@pytest.mark.parametrize(
    ("row", "start", "part"),
    [
        ("some,shop,maybe", f"{SALES}.outcome: ", "'maybe' (1 row), expected only 'yes'"),
        ("lots,shop,yes", f"{SALES}.factors.promo.levels: ", "'lots' (1 row), expected only"),
        (" some,shop,yes", f"{SALES}.factors.promo.levels: ", "' some' (1 row)"),
        ("some,,yes", f"{SALES}.source.missing: ", "'Channel' has no value in 1 row"),
        ("some,shop,yes,too", f"{SALES}.source.path: ", "in line 10 the number of values is 4"),
        ("some,shop", f"{SALES}.source.path: ", "in line 10 the number of values is 2"),
        ('some,"shop,yes', f"{SALES}.source.path: ", "line 10 has a quote that is not closed"),
    ],
)
def test_contacts_that_do_not_fit_are_refused(contacts, row, start, part):
    contacts.write_text("\n".join([*ROWS, row, ""]))
    said = refusal()
    assert said.startswith(start)
    assert part in said


def test_a_file_with_a_bad_header_is_refused(contacts):
    contacts.write_text("Promo,Channel,Bought,promo\n")
    assert refusal() == f"{SALES}.source.path: contacts.csv has the column 'Promo' twice"


@pytest.mark.parametrize("key", ["source", "predict__june"])
def test_files_that_no_job_can_have_are_refused(contacts, key):
    place = f"{SALES}.{key.replace('__', '.')}.path: "
    Path("{x}").mkdir()
    Path("{x}/new.csv").write_bytes(contacts.read_bytes())
    braces = refusal(**{f"{key}__path": "{x}/new.csv"})
    assert braces.startswith(f"{place}found {{x}}/new.csv, whose braces Snakemake takes for a")
    assert refusal(**{f"{key}__path": "a" * 300}).startswith(f"{place}found no file aaa")
    later = time.time() + 86_400
    Path("it's new.csv").write_bytes(contacts.read_bytes())
    os.utime("it's new.csv", (later, later))
    dated = refusal(**{f"{key}__path": "it's new.csv"})
    assert dated.startswith(f"{place}it's new.csv is dated ")
    assert dated.endswith("""say: touch 'it'"'"'s new.csv'""")


def test_a_workflow_in_a_folder_with_braces_is_refused():
    check_folder(Path("sales/june"))
    with pytest.raises(InputError, match=r"found the workflow in sales/\{x\}, whose braces"):
        check_folder(Path("sales/{x}"))


def test_missing_values_may_be_dropped(contacts):
    contacts.write_text("\n".join([*ROWS, "some,,yes", ""]))
    preflight(changed(source__missing="drop"))


def test_cmdstan_that_is_asked_for_must_be_there(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("CMDSTAN", raising=False)
    monkeypatch.delenv("CONDA_PREFIX", raising=False)
    preflight(changed(sampling__engine="auto"))
    assert "sampling.engine: found no CmdStan" in refusal(sampling__engine="cmdstan")


def test_a_planned_split_is_held_to_levels_that_only_the_contacts_tell():
    found = {"factors__promo__levels": ..., "decision": {"split": {"none": 1, "sum": 1}}}
    said = refusal(**found)
    assert said.startswith("analyses.sales.decision.split: found nothing for 'some', expected")
    preflight(changed(**found | {"decision": {"split": {"none": 4, "some": 4, "more": 1}}}))


def test_a_column_of_ids_must_be_there_and_one_row_be_one_contact():
    said = refusal(source__id="customer")
    assert said.startswith("analyses.sales.source.id: found no column 'customer' in contacts.csv")
    preflight(changed(source__id="Channel"))
    said = refusal(source__id="Channel", outcome={"successes": "Bought", "trials": "Promo"})
    assert "source.id: found 'Channel' beside outcome.successes, whose rows are many" in said


def test_columns_of_totals_must_be_in_the_new_data():
    Path("june.csv").write_text("Promo,Channel\nnone,mail\n", encoding="utf-8")
    june = {"path": "june.csv", "total_by": ["Channel", "Region"]}
    said = refusal(predict={"june": june})
    assert said.startswith("analyses.sales.predict.june.total_by: found no column 'Region' in june")
    said = refusal(predict={"june": june | {"total_by": ["Channel"], "trials": "n"}})
    assert said.startswith("analyses.sales.predict.june.trials: found no column 'n' in june.csv")


def test_so_are_candidates():
    said = refusal(factors__promo__levels=..., decision={"candidates": ["none", "sum"]})
    assert said.endswith("decision.candidates: found 'sum', expected one of none, some")


def test_a_model_that_the_cells_cannot_tell_apart_is_refused_under_flat_priors(contacts):
    contacts.write_text("\n".join(WITHOUT_A_CELL))
    preflight(changed())
    said = refusal(priors={"slope": "flat"})
    formula = f"{SALES}.models.crossed.formula"
    assert said.startswith(f"{formula}: promo[some]:channel[shop] cannot be told")
    assert "proper priors" in said
    preflight(changed(priors={"slope": "flat", "coefficients": {UNSEEN: "normal(0, 1)"}}))


@pytest.mark.parametrize("formula", ["0 + index(promo) + index(channel)", "index(promo)"])
def test_index_coding_runs_but_under_flat_priors(formula):
    models = {"indexed": {"formula": formula}}
    preflight(changed(models=models))
    assert "cannot be told" in refusal(models=models, priors={"slope": "flat", "intercept": "flat"})


def test_a_prior_of_a_coefficient_that_no_model_has_is_refused():
    said = refusal(priors={"coefficients": {"promo[sum]": "normal(0, 1)"}})
    assert said.startswith(f"{SALES}.models.crossed.priors.coefficients: found 'promo[sum]', ")
    assert "expected one of Intercept, promo[some], channel[shop]" in said


def test_a_prior_that_only_one_model_has_a_use_for_may_stand_above_all():
    preflight(changed(priors={"coefficients": {"sd_channel[Intercept]": "exponential(1)"}}))
    models = {
        "crossed": {"formula": "promo", "priors": {"coefficients": {"sd_x": "exponential(1)"}}}
    }
    with pytest.raises(InputError, match="sd_x"):
        preflight(changed(models=models))


def test_a_belief_that_the_base_rate_leaves_no_room_for_is_refused_where_a_model_has_it():
    said = refusal(priors={"slope": "rate_ratio(3)"})
    assert said.startswith(
        f"{SALES}.models.crossed.priors.slope: found rate_ratio(3), but 3 times the base rate"
    )
    preflight(changed(priors={"intercept": "rate(0.05, 0.2)", "slope": "rate_ratio(3)"}))
    preflight(
        changed(models={"varying": {"formula": "0 + (1 | channel)"}}, priors={"slope": "flat"})
    )


def make_results():
    """The cells of a finished run."""
    analysis = read_settings(CONFIG).analyses["sales"]
    asked = (analysis.factors, analysis.numbers, analysis.outcome)
    cells, ledger = make_cells(count_contacts(analysis.source, *asked), *asked, "error")
    folder = Path("results/sales/data")
    folder.mkdir(parents=True)
    write_cells(cells, folder / "cells.csv")
    write_levels(cells, folder / "levels.json")
    ledger |= {"source": analysis.source.shown, "request": describe_request(analysis)}
    (folder / "ledger.json").write_text(json.dumps(ledger))


@pytest.fixture
def counting(monkeypatch):
    """How often contacts were counted."""
    calls = []

    def counted(*arguments):
        calls.append(arguments)
        return count_contacts(*arguments)

    monkeypatch.setattr("partialpool.cells.current.count_contacts", counted)
    return calls


def test_contacts_are_not_counted_again_where_the_cells_are_up_to_date(counting):
    make_results()
    preflight(CONFIG)
    assert counting == []
    preflight(changed(models__crossed__formula="promo + channel"))
    assert counting == []


def test_contacts_are_counted_again_after_an_edit_of_them_or_of_what_is_asked(counting, contacts):
    make_results()
    preflight(changed(source__missing="drop"))
    assert len(counting) == 1
    later = time.time() + 10
    os.utime(contacts, (later, later))
    preflight(CONFIG)
    assert len(counting) == 2


def test_contacts_of_another_file_are_counted_however_old_it_is(counting, contacts):
    make_results()
    other = Path("other.csv")
    other.write_text("\n".join([*ROWS, "some,shop,maybe", ""]), encoding="utf-8")
    os.utime(other, (0, 0))
    assert "'maybe'" in refusal(source__path="other.csv")


def test_a_new_formula_is_held_against_the_cells_that_are_there(contacts):
    contacts.write_text("\n".join(WITHOUT_A_CELL))
    make_results()
    models = {"varying": {"formula": "(1 | channel)"}}
    preflight(changed(models=models))
    flat = {"formula": "promo * channel", "priors": {"slope": "flat"}}
    assert "promo[some]:channel[shop] cannot be told" in refusal(models=models | {"crossed": flat})


def test_cells_that_are_damaged_are_counted_again(counting):
    make_results()
    cells = Path("results/sales/data/cells.csv")
    cells.write_bytes(cells.read_bytes()[:-2])
    preflight(CONFIG)
    assert len(counting) == 1


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", "null"])
def test_a_ledger_that_says_nothing_is_as_none(counting, text):
    make_results()
    Path("results/sales/data/ledger.json").write_text(text, encoding="utf-8")
    preflight(CONFIG)
    assert len(counting) == 1

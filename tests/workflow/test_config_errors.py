"""A configuration or contacts that do not fit stop the run before any job, in one line."""

import pytest

from ..factories.runs import ROOT, edited, short_config

ANALYSIS = "analyses.season_pass"
CONTACTS = (ROOT / "data" / "season_pass.csv").read_text(encoding="utf-8")
MISTAKES = {
    "an unknown key": (
        {"defaults.sampling.warmups": 500},
        ["defaults.sampling.warmups", "unknown key", "expected one of", "warmup"],
    ),
    "a missing key": (
        {f"{ANALYSIS}.outcome.success": None},
        [f"{ANALYSIS}.outcome.success", "missing", "expected the value that means yes"],
    ),
    "a value out of range": (
        {"defaults.sampling.adapt_delta": 1.2},
        ["defaults.sampling.adapt_delta", "found 1.2", "expected less than 1"],
    ),
    "a level that does not occur": (
        {f"{ANALYSIS}.factors.channel.levels": ["Mail", "Park", "Email", "Phone"]},
        [f"{ANALYSIS}.factors.channel.levels", "'Phone' does not occur", "found 'Mail'"],
    ),
    "a value that is no level": (
        {
            f"{ANALYSIS}.factors.channel.levels": ["Mail", "Park"],
            f"{ANALYSIS}.factors.channel.phrases": {},
        },
        [f"{ANALYSIS}.factors.channel.levels", "holds 'Email'", "expected only Mail, Park"],
    ),
    "a column that does not exist": (
        {f"{ANALYSIS}.factors.promo.column": "Offer"},
        [f"{ANALYSIS}.factors.promo.column", "found no column 'Offer'", "expected one of", "Promo"],
    ),
    "a source that is not there": (
        {f"{ANALYSIS}.source.path": "nowhere.csv"},
        [f"{ANALYSIS}.source.path", "found no file nowhere.csv"],
    ),
    "a formula that cannot be read": (
        {f"{ANALYSIS}.models.interaction.formula": "promo * (1 + "},
        [f"{ANALYSIS}.models.interaction.formula", "promo * (1 +"],
    ),
    "a formula that names no factor": (
        {f"{ANALYSIS}.models.interaction.formula": "promo * price"},
        [f"{ANALYSIS}.models.interaction.formula", "price", "promo, channel"],
    ),
    "a prior that is none": (
        {"defaults.priors.slope": "normal(0, -1)"},
        ["defaults.priors.slope", "normal(0, -1)", "expected"],
    ),
    "a decision by a model that there is not": (
        {"defaults.decision.model": "pooled"},
        ["decision.model", "found 'pooled'", "expected one of baseline"],
    ),
    "CmdStan where there is none": (
        {"defaults.sampling.engine": "cmdstan"},
        ["sampling.engine", "found no CmdStan", "make cmdstan", "stanli"],
    ),
}
MISFITS = {
    "a third outcome": (
        CONTACTS.replace("YesPass", "Perhaps", 1),
        [f"{ANALYSIS}.outcome", "'Pass'", "'Perhaps' (1 row", "expected only 'YesPass'"],
    ),
    "a missing value": (
        CONTACTS.replace("NoBundle", "", 1),
        [f"{ANALYSIS}.source.missing", "'Promo'", "no value in 1 row", "expected none"],
    ),
    "a row that is too long": (
        f"{CONTACTS.rstrip()},more\n",
        [f"{ANALYSIS}.source.path", "cannot be read"],
    ),
}


def refuse(run):
    """The one line that a run says before it stops without a job."""
    done = run.snakemake()
    lines = [line for line in done.stdout.splitlines() if "partialpool" in line]
    said = [line for line in lines if line.startswith("partialpool: ")]
    assert done.returncode != 0, done.stdout
    assert len(said) == 1, done.stdout
    assert "Traceback" not in done.stdout, done.stdout
    assert run.files() == [], "a job ran"
    assert not list(run.folder.glob(".snakemake/locks/*")), "the folder stayed locked"
    return said[0]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_in_the_configuration_stops_the_run(fresh, tmp_path, mistake):
    changes, parts = MISTAKES[mistake]
    run = fresh(edited(short_config(), changes), environment={"HOME": str(tmp_path)})
    said = refuse(run)
    assert [part for part in parts if part not in said] == [], said


@pytest.mark.parametrize("misfit", MISFITS)
def test_contacts_that_do_not_fit_stop_the_run(fresh, tmp_path, misfit):
    contacts, parts = MISFITS[misfit]
    path = tmp_path / "contacts.csv"
    path.write_text(contacts, encoding="utf-8")
    said = refuse(fresh(short_config(path)))
    assert [part for part in parts if part not in said] == [], said

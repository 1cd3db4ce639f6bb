"""The public examples give the posteriors that brms gives, and estimates near lme4's."""

import json
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest
import yaml

from partialpool.cells.cells import make_cells
from partialpool.checks.diagnostics import diagnose_parameters
from partialpool.model.design import learn_design
from partialpool.model.likelihood import Likelihood
from partialpool.model.parameters import name_parameters
from partialpool.posterior.draws import label_draws, named_parameters
from partialpool.sampling.assembly import assemble_stan_data
from partialpool.sampling.engines import derive_seed, load_engine
from partialpool.settings import Priors, Sampling
from partialpool.settings.reading import read_settings
from partialpool.source.counted import check_problems
from partialpool.source.counting import count_contacts

ROOT = Path(__file__).parents[1]
PUBLIC = ("berkeley_admissions", "contraception")
"""The examples that peers were fitted to."""
_SHIPPED = read_settings(yaml.safe_load((ROOT / "examples.yaml").read_text(encoding="utf-8")))
EXAMPLES = {name: _SHIPPED.analyses[name] for name in PUBLIC}
REFERENCE = {
    name: json.loads((ROOT / "tests" / "reference" / f"{name}.json").read_text(encoding="utf-8"))
    for name in EXAMPLES
}
QUICK = {("contraception", "nested")}
"""Of the models of many cells, those that are fitted in every run of the tests."""


def pairs(wanted):
    """Example and model of each reference of a kind, `brms` or `glmer`; slow ones are large."""
    found = []
    for name, reference in REFERENCE.items():
        for model, fits in reference["models"].items():
            quick = name == "berkeley_admissions" or (name, model) in QUICK
            if wanted in fits:
                marks = [] if quick else [pytest.mark.large]
                found.append(pytest.param(name, model, marks=marks))
    return found


PRIORS = Priors(
    intercept="normal(0, 1)",
    slope="normal(0, 1)",
    phi="cauchy(0, 100)",
    coefficients=dict.fromkeys(["age", "I(age ** 2)"], "normal(0, 1)"),
)
SAMPLING = {
    "berkeley_admissions": Sampling(warmup=1000, draws=1500, adapt_delta=0.95),
    "contraception": Sampling(warmup=400, draws=500, adapt_delta=0.9),
}
ERRORS = 4.5
"""Monte Carlo standard errors that two runs may differ by; some hundred numbers are compared."""


def brms_name(name):
    """A parameter's name as brms writes it."""
    if name == "log_phi":
        return name
    named = re.fullmatch(r"(sd|cor|r)_([\w:]+)\[(.*)\]", name)
    if named and named[1] == "r":
        return name.replace(", ", ",")
    if named:
        return f"{named[1]}_{named[2]}__" + "__".join(map(column_name, named[3].split(", ")))
    return f"b_{column_name(name)}"


def column_name(name):
    return re.sub(r"[\[\]() ]", "", name).replace("**", "E").replace("+", "P")


@cache
def cells_of(example):
    a = EXAMPLES[example]
    source = a.source.model_copy(update={"path": str(ROOT / a.source.path)})
    counted = count_contacts(source, a.factors, a.numbers, a.outcome)
    check_problems(counted, source)
    return make_cells(counted, a.factors, a.numbers, a.outcome, source.missing)[0]


@pytest.fixture(scope="module")
def fit(compiled):
    """The draws of every parameter of a reference's model, by brms's names."""

    @cache
    def fitted(example, model):
        reference = REFERENCE[example]["models"][model]
        likelihood = Likelihood(reference["family"], reference["link"])
        cells, design = cells_of(example), learn_design(reference["formula"], cells_of(example))
        data = assemble_stan_data(design, cells, PRIORS, "cells", "auto", likelihood)
        seed = derive_seed(42, example, model)
        engine = load_engine("stanli")
        draws = engine.sample(compiled("stanli"), data, SAMPLING[example], seed, 2)
        tree = label_draws(draws, name_parameters(design, likelihood))
        posterior = tree["posterior"].to_dataset()
        if "phi" in posterior:
            posterior["phi"] = np.log(posterior["phi"])
        table = diagnose_parameters(posterior).replace({"parameter": {"phi": "log_phi"}})
        assert set(table["parameter"]) >= set(named_parameters(posterior)) - {"phi"}
        return table.set_index(table["parameter"].map(brms_name))

    return fitted


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_cells_are_those_of_the_reference(example):
    cells = cells_of(example)
    expected = REFERENCE[example]["cells"]
    found = {"number": len(cells), **cells[["trials", "successes"]].sum().to_dict()}
    assert found == expected


@pytest.mark.parametrize(("example", "model"), pairs("brms"))
def test_every_posterior_is_that_of_brms(fit, example, model):
    found = fit(example, model)
    reference = REFERENCE[example]["models"][model]["brms"]
    expected = reference["estimates"] | reference.get("effects", {})
    off = {}
    for name, values in expected.items():
        if name == "phi":  # its mean does not exist under this prior; log_phi is compared
            continue
        row = found.loc[name]
        for of, error in (("mean", "mcse"), ("sd", "mcse_sd")):
            allowed = ERRORS * np.hypot(row[f"mcse_{of}"], values[error])
            if abs(row[of] - values[of]) > allowed:
                off[name, of] = (row[of], values[of], allowed)
    assert off == {}
    assert found["rhat"].max() < 1.02


@pytest.mark.parametrize(("example", "model"), pairs("glmer"))
def test_coefficients_are_within_an_error_of_lme4s(fit, example, model):
    found = fit(example, model)
    estimates = REFERENCE[example]["models"][model]["glmer"]["estimates"]
    for name, values in estimates.items():
        if name.startswith("b_"):
            # maximum likelihood knows no prior, which pulls by less than a standard error here
            assert abs(found.loc[name, "mean"] - values["estimate"]) < values["std_error"], name

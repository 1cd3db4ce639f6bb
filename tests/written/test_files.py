"""The files of a model written out."""

import json

import pytest
import stanli

from partialpool.frames import read_facts
from partialpool.settings import Priors
from partialpool.written.files import write_model

from ..factories.written import model_of

FORMULA = "promo + (1 + age | region)"


@pytest.fixture
def paths(tmp_path):
    files = {"written_program": "model.stan", "written_data": "data.json"}
    files |= {"latex": "equations.tex", "equations": "equations.json"}
    return {name: tmp_path / file for name, file in files.items()}


def test_the_program_runs_with_the_data_beside_it(paths):
    write_model("shop, m", FORMULA, model_of(FORMULA), Priors(), "contacts", False, paths)
    text = paths["written_program"].read_text(encoding="utf-8")
    data = json.loads(paths["written_data"].read_text(encoding="utf-8"))
    assert text.startswith(f"// shop, m: {FORMULA}\n")
    fit = stanli.Model(stan_code=text, data=data)
    # intercept, two slopes, two sds, a correlation, two effects of three regions
    assert fit.n_unconstrained == 12


def test_the_equations_are_there_for_page_and_paper(paths):
    write_model("shop, m", FORMULA, model_of(FORMULA), Priors(), "contacts", False, paths)
    facts = read_facts(paths["equations"])
    latex = paths["latex"].read_text(encoding="utf-8")
    assert facts["latex"] in latex
    assert facts["mathml"].startswith("<math")
    assert "{contacts}" not in latex
    assert any("{contacts}" in of["text"] for of in facts["meanings"] if of["about_rows"])


def test_of_a_program_of_ones_own_it_is_said_that_there_is_nothing(paths):
    write_model("shop, m", FORMULA, model_of(FORMULA), Priors(), "contacts", True, paths)
    assert read_facts(paths["equations"]) == {}
    assert "program of its own" in paths["written_program"].read_text(encoding="utf-8")
    assert "program of its own" in paths["latex"].read_text(encoding="utf-8")

"""The program written for one model against the general one: one density, up to a constant."""

import json
import re
import subprocess
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import stanli
import yaml

from partialpool.model.likelihood import LOGISTIC, Likelihood
from partialpool.sampling.assembly import assemble_stan_data
from partialpool.sampling.centring import fix_centring
from partialpool.settings import Priors
from partialpool.written.composition import compose_program
from partialpool.written.outline import outline
from partialpool.written.program import LINE, WITH_COMMENT, show_program

from ..factories.runs import ROOT
from ..factories.written import FORMULAS, TOLD, cells, model_of
from ..stan import density
from ..stan.test_multilevel import CASES
from ..stan.test_multilevel import cells as cells_of_cases


def shipped():
    """Every model of the shipped configurations, with its analysis."""
    for name in ("config.yaml", "examples.yaml"):
        config = yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))
        for title, analysis in config["analyses"].items():
            for model, settings in analysis["models"].items():
                yield f"{title}, {model}", analysis, settings


SHIPPED = {name: of for name, *of in shipped()}


def cells_of(analysis):
    """Cells with the factors and numbers of an analysis, whatever its data are."""
    levels = {
        name: list(map(str, factor.get("levels", "abcde")))
        for name, factor in analysis["factors"].items()
    }
    return cells(rows=40, levels=levels)


def written(formula, given, priors=None, likelihood=LOGISTIC, at="contacts"):
    """A model, the general program's data with standardised effects, and its own program."""
    priors = priors or Priors()
    model = model_of(formula, given, likelihood)
    data = assemble_stan_data(model.design, given, priors, at, "non-centred", likelihood)
    data = replace(fix_centring(data, [0.0] * len(data.terms)), axes=np.zeros((0, 0)))
    return model.design, data, compose_program(outline(model, priors, at))


def values_of(program):
    return {datum.name: datum.value for datum in program.data}


def sizes_of(data):
    """How many there are of intercepts, slopes, sds, correlations, effects and precisions."""
    terms = data.terms
    sizes = [int(data.has_intercept), len(data.prior_at), density.free_sds(data.variables())]
    sizes += [sum(t.correlations for t in terms), sum(t.effects for t in terms)]
    return [*sizes, int(data.likelihood.overdispersed)]


def by_name(design, data, point):
    """The model's parameters, and roots of correlation matrices, at a general program's point."""
    intercept, slope, free_sd, partial, effects, log_phi = np.split(
        point, np.cumsum(sizes_of(data))[:-1]
    )
    sd, _ = density.place_sds(data.variables(), free_sd)
    names = {
        "slope": [name for name in design.coefficients if name != "Intercept"],
        "sd": [name for term in design.terms for name in term.sd_names],
        "effect": [name for term in design.terms for name in term.effect_names],
    }
    found = dict(zip(["Intercept"] * len(intercept), intercept, strict=True))
    found |= dict(zip(["phi"] * len(log_phi), np.exp(log_phi), strict=True))
    for of, values in (("slope", slope), ("sd", sd), ("effect", effects)):
        found |= dict(zip(names[of], values, strict=True))
    pairs = [term.correlations for term in data.terms]
    shares = np.split(np.tanh(partial / 2), np.cumsum(pairs)[:-1]) if pairs else []
    roots = [
        density.cholesky(share, term.coefficients)
        for share, term in zip(shares, data.terms, strict=True)
        if term.coefficients > 1
    ]
    return found, roots


def in_the_written_program(program, design, data, point):
    """The written program's parameters at that point; what holds no name is a root."""
    found, roots = by_name(design, data, point)
    waiting = iter(roots)
    return {
        parameter.name: [float(found[name]) for name in parameter.holds]
        or next(waiting).ravel(order="F").tolist()
        for parameter in program.parameters
    }


def assert_same_density(design, data, program, count=3):
    own = stanli.Model(stan_code=show_program(program, ["a model"]), data=values_of(program))
    size = sum(sizes_of(data))
    assert own.n_unconstrained == size
    # not far out, where inv_cloglog rounds what is left of a rate to 1
    points = np.random.default_rng(5).uniform(-0.5, 0.5, (count, size))
    values = [in_the_written_program(program, design, data, point) for point in points]
    found = [own.log_prob_grad(own.unconstrain(value))[0] for value in values]
    expected = [density.log_density(data.variables(), point) for point in points]
    differences = np.array(found) - expected
    rounding = 1e-9 * np.abs(expected).max()
    np.testing.assert_allclose(differences, differences[0], rtol=0, atol=rounding)


@pytest.mark.parametrize("case", CASES)
def test_the_written_program_has_the_density_of_the_general_one(case):
    formula, _, priors, *likelihood = CASES[case]
    assert_same_density(*written(formula, cells_of_cases(), priors, *likelihood))


@pytest.mark.parametrize("formula", FORMULAS)
def test_so_it_has_for_every_kind_of_term(formula):
    assert_same_density(*written(formula, cells()))


@pytest.mark.parametrize("at", ["reference", "cells"])
def test_so_it_has_wherever_the_prior_of_the_intercept_holds(at):
    assert_same_density(*written("promo * age + (1 + age | region)", cells(), at=at))


@pytest.mark.parametrize("name", SHIPPED)
def test_so_it_has_for_the_shipped_models(name):
    analysis, settings = SHIPPED[name]
    at = settings.get("intercept_prior_at", analysis.get("intercept_prior_at", "contacts"))
    priors = Priors(**analysis.get("priors", {}) | settings.get("priors", {}))
    likelihood = Likelihood(settings.get("family", "binomial"), settings.get("link", "logit"))
    given = cells_of(analysis)
    assert_same_density(*written(settings["formula"], given, priors, likelihood, at))


@pytest.mark.parametrize(
    "formula", [FORMULAS[5], "scale(age) + promo + (1 + scale(age) || region)"]
)
def test_so_it_has_for_priors_in_words_of_rates(formula):
    coefficients = {"promo[Bundle]": TOLD.coefficients["promo[Bundle]"]}
    priors = TOLD.model_copy(update={"coefficients": coefficients})
    assert_same_density(*written(formula, cells(), priors, Likelihood("beta_binomial")))


def texts():
    """Every program that these tests know, by its formula."""
    for formula, _, priors, *likelihood in CASES.values():
        yield formula, written(formula, cells_of_cases(), priors, *likelihood)[-1]
    for formula in FORMULAS:
        yield formula, written(formula, cells(), Priors(), Likelihood("beta_binomial"))[-1]
    for analysis, settings in SHIPPED.values():
        yield settings["formula"], written(settings["formula"], cells_of(analysis))[-1]


def test_a_program_can_be_read():
    """It has some twenty to sixty lines, none broken; only many terms make it longer."""
    for formula, program in texts():
        text = show_program(program, [formula])
        terms = len(program.summands)
        assert text.count("\n") <= 60 + 8 * max(terms - 4, 0), formula
        assert all(len(line) <= WITH_COMMENT for line in text.splitlines()), formula
        code = [line.partition(" //")[0] for line in text.splitlines()[1:]]
        assert all(len(line) <= LINE for line in code), formula


def test_a_program_is_in_stancs_own_format(cmdstan, tmp_path):
    """But for its comments, which the formatter of old releases drops."""
    for number, (formula, program) in enumerate(texts()):
        text = show_program(program, [formula])
        path = tmp_path / f"m{number}.stan"
        path.write_text(text, encoding="utf-8")
        command = [cmdstan / "bin" / "stanc", "--auto-format", path]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert re.sub(r" *//[^\n]*", "", said).split("\n") == without_comments(text), formula


def without_comments(text):
    lines = [re.sub(r" *//.*", "", line) for line in text.split("\n")]
    return [*(line for line in lines if line), "", ""]


RICH = "promo + poly(age, 2) + index(channel):spent + (1 + age | region) + (1 || double)"


def test_it_runs_by_itself_in_cmdstan_with_the_density_of_the_general_program(
    cmdstan, compiling, tmp_path
):
    """At CmdStan's own draws, whose lp__ has sixteen digits."""
    design, data, program = written(RICH, cells(), TOLD_OF_RICH, Likelihood("beta_binomial"))
    (tmp_path / "model.stan").write_text(show_program(program, [RICH]), encoding="utf-8")
    (tmp_path / "data.json").write_text(json.dumps(values_of(program)), encoding="utf-8")
    compiling("cmdstan").compile_program(tmp_path / "model.stan", tmp_path / "model")
    command = [tmp_path / "model", "sample", "num_warmup=200", "num_samples=20", "random", "seed=1"]
    command += ["init=0.2", "data", "file=data.json", "output", "file=draws.csv", "sig_figs=16"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    draws = pd.read_csv(tmp_path / "draws.csv", comment="#")
    differences = []
    for _, draw in draws.iterrows():
        point = in_the_general_program(program, design, data, draw)
        differences.append(draw["lp__"] - density.log_density(data.variables(), point))
    np.testing.assert_allclose(differences, differences[0], rtol=0, atol=1e-6)


TOLD_OF_RICH = TOLD.model_copy(update={"coefficients": {}})


def in_the_general_program(program, design, data, draw):
    """The general program's free scale at a draw of the written one's."""
    found, roots = {}, []
    for parameter in program.parameters:
        pattern = re.compile(rf"{parameter.name}(\.\d+)*")
        values = [value for name, value in draw.items() if pattern.fullmatch(name)]
        found |= dict(zip(parameter.holds, values, strict=bool(parameter.holds)))
        if not parameter.holds:
            size = round(len(values) ** 0.5)
            roots.append(np.reshape(values, (size, size), order="F"))
    names = [name for name in design.coefficients if name != "Intercept"]
    of_terms = {
        of: [found[name] for term in design.terms for name in getattr(term, of)]
        for of in ("sd_names", "effect_names")
    }
    partials = [root[1, 0] for root in roots]  # of pairs, the correlation itself
    return np.concatenate(
        [
            [found["Intercept"]],
            [found[name] for name in names],
            np.log(of_terms["sd_names"]),
            2 * np.arctanh(partials),
            of_terms["effect_names"],
            np.log([found["phi"]]),
        ]
    )

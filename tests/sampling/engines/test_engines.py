"""Engines: which one is chosen, seeds that depend on names alone, and the same draws from both."""

import re
import signal
import tracemalloc

import numpy as np
import pandas as pd
import pytest

from partialpool.errors import InputError, OutOfTimeError
from partialpool.model.design import Design, learn_design
from partialpool.model.formula import parse_formula
from partialpool.sampling.assembly import assemble_stan_data
from partialpool.sampling.engines import (
    STATISTICS,
    choose_engine,
    cmdstan,
    derive_seed,
    find_cmdstan,
    load_engine,
    stanli,
    take_variables,
)
from partialpool.settings import Sampling

from ...factories.priors import NARROW
from ...factories.shops import data_of

SHORT = Sampling(chains=3, warmup=300, draws=200)


@pytest.fixture
def bare(monkeypatch, tmp_path):
    """A machine without any CmdStan."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("CMDSTAN", raising=False)
    monkeypatch.delenv("CONDA_PREFIX", raising=False)
    return tmp_path


def build(folder):
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "stanc").touch()
    return folder


@pytest.mark.parametrize("wanted", ["auto", "stanli"])
def test_a_bare_machine_uses_stanli(bare, wanted):
    assert find_cmdstan() is None
    assert choose_engine(wanted) == "stanli"


def test_a_bare_machine_cannot_use_cmdstan_and_says_what_to_do(bare):
    with pytest.raises(InputError, match=r"sampling\.engine: found no CmdStan .* `make cmdstan`"):
        choose_engine("cmdstan")


def test_a_cmdstan_is_taken_where_there_is_one(bare):
    build(bare / ".cmdstan" / "cmdstan-2.38.0")
    assert choose_engine("auto") == choose_engine("cmdstan") == "cmdstan"
    assert choose_engine("stanli") == "stanli"


def test_the_newest_release_in_the_home_folder_is_taken(bare):
    for release in ("2.9.0", "2.38.0", "2.38.0-rc1", "2.4.1"):
        newest = build(bare / ".cmdstan" / f"cmdstan-{release}")
        if release == "2.38.0":
            expected = newest
    assert find_cmdstan() == expected


def test_one_that_is_named_comes_first_then_that_of_the_conda_environment(bare, monkeypatch):
    build(bare / ".cmdstan" / "cmdstan-2.38.0")
    conda = build(bare / "env" / "bin" / "cmdstan")
    monkeypatch.setenv("CONDA_PREFIX", str(bare / "env"))
    assert find_cmdstan() == conda
    named = build(bare / "named")
    monkeypatch.setenv("CMDSTAN", str(named))
    assert find_cmdstan() == named


def test_a_cmdstan_that_is_not_built_is_none(bare, monkeypatch):
    (bare / ".cmdstan" / "cmdstan-2.38.0").mkdir(parents=True)
    monkeypatch.setenv("CMDSTAN", str(bare))
    assert find_cmdstan() is None


def test_a_seed_stays_the_same_for_ever():
    assert derive_seed(42, "season_pass", "baseline", "posterior") == 1760780440


def test_a_seed_depends_on_every_name_and_on_the_configured_seed():
    names = ("season_pass", "baseline", "posterior")
    others = [
        derive_seed(43, *names),
        derive_seed(42, "season_pass", "baseline", "prior"),
        derive_seed(42, "season_pass", "interaction", "posterior"),
        derive_seed(42, *names[::-1]),
        derive_seed(42, *names, ""),
    ]
    assert len({derive_seed(42, *names), *others}) == 6


def test_seeds_are_what_every_engine_takes():
    seeds = [derive_seed(1, str(i)) for i in range(2000)]
    assert min(seeds) >= 0
    assert max(seeds) < 2**31
    assert len(set(seeds)) == 2000


@pytest.fixture(params=["stanli", "cmdstan"])
def draw(request, compiled, season_cells):
    """Short fits by one engine."""
    program = compiled(request.param)

    def sample(formula="promo + (1 + promo | channel)", seed=1, keep=None, **changes):
        design = Design(parse_formula(formula, ["promo", "channel"]), season_cells)
        data = assemble_stan_data(design, season_cells, NARROW, "cells", "auto")
        sampling = SHORT.model_copy(update=changes)
        return load_engine(request.param).sample(program, data, sampling, seed, 2, keep)

    return sample


SIZES = {
    "promo * channel": {"intercept": 1, "slope": 5, "population": 6},
    "0 + (1 + promo | channel)": {
        "population": 1,
        "sd": 2,
        "sd_above": 2,
        "partial": 1,
        "correlation": 1,
        "sampled": 6,
        "effect": 6,
    },
}


@pytest.mark.parametrize("formula", SIZES)
def test_every_engine_gives_the_same_variables_in_the_same_shapes(draw, formula):
    draws = draw(formula)
    variables = {n: v for n, v in draws.variables.items() if n != "effect_density"}
    found = {name: values.shape for name, values in variables.items() if values.shape[-1]}
    assert found == {name: (3, 200, size) for name, size in SIZES[formula].items()}
    assert set(draws.statistics) == set(STATISTICS)
    assert {values.shape for values in draws.statistics.values()} == {(3, 200)}


def test_only_what_is_to_be_kept_is_given_back_and_is_the_same(draw):
    every, some = draw(), draw(keep={"population", "effect", "phi", "none of that name"})
    assert set(some.variables) == set(some.elements) == {"population", "effect"}
    for name, values in some.variables.items():
        np.testing.assert_array_equal(values, every.variables[name])
        assert some.elements[name] == every.elements[name]


def test_what_is_kept_is_copied_once_and_the_rest_never():
    columns = [f"{name}[{i}]" for name in ("sampled", "effect") for i in range(1, 501)]
    draws = np.random.default_rng(1).normal(size=(4, 250, 1000))
    tracemalloc.start()
    variables, elements = take_variables(draws, columns, {"effect"})
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    np.testing.assert_array_equal(variables["effect"], draws[..., 500:])
    assert elements == {"effect": columns[500:]}
    assert most < 1.1 * variables["effect"].nbytes


@pytest.mark.parametrize("engine", ["stanli", "cmdstan"])
def test_a_gradient_is_timed_and_takes_longer_of_more_cells(compiled, engine, season_cells):
    program = compiled(engine)
    repeated = pd.concat([season_cells] * 3000, ignore_index=True)
    few, many = (
        load_engine(engine).time_gradient(
            program,
            assemble_stan_data(learn_design("promo * channel", of), of, NARROW, "cells", "auto"),
        )
        for of in (season_cells, repeated)
    )
    assert 0 <= few < many < 10


def test_every_engine_gives_statistics_that_make_sense(draw):
    statistics = draw().statistics
    assert set(np.unique(statistics["divergent"])) <= {0, 1}
    assert statistics["treedepth"].min() >= 1
    assert (statistics["n_leapfrog"] < 2 ** (statistics["treedepth"] + 1)).all()
    assert np.all((statistics["accept_stat"] >= 0) & (statistics["accept_stat"] <= 1))
    assert (statistics["stepsize"] == statistics["stepsize"][:, :1]).all()


def test_the_same_seed_gives_the_same_draws_and_another_gives_others(draw):
    one, again, other = draw(), draw(), draw(seed=2)
    for name, values in one.variables.items():
        np.testing.assert_array_equal(values, again.variables[name])
    assert not np.array_equal(one.variables["effect"], other.variables["effect"])


def test_chains_differ_from_each_other(draw):
    chains = draw().variables["population"][..., 0]
    assert len({chain.tobytes() for chain in chains}) == 3


def test_the_sampler_is_set_as_asked(draw):
    careful, hasty = draw(adapt_delta=0.99), draw(adapt_delta=0.6)
    assert careful.statistics["stepsize"].mean() < hasty.statistics["stepsize"].mean()
    assert draw(max_treedepth=5, adapt_delta=0.999).statistics["treedepth"].max() <= 5


def test_an_engine_is_the_module_of_its_name():
    assert load_engine("stanli") is stanli
    assert load_engine("cmdstan") is cmdstan


@pytest.mark.parametrize("name", ["stanli", "cmdstan"])
def test_an_engine_says_its_version(name, request):
    if name == "cmdstan":
        request.getfixturevalue("cmdstan")
    assert re.fullmatch(r"(stanli|CmdStan) \d+\.\d+.*", load_engine(name).version())


def test_a_fit_that_takes_longer_than_it_may_is_ended_and_says_what_to_do(draw):
    with pytest.raises(OutOfTimeError, match=r"sampling\.minutes: .* allow more"):
        draw(minutes=1e-6, warmup=20_000)
    assert draw().statistics["energy"].shape == (3, 200)


def test_the_limit_holds_where_ctrl_c_is_ignored_as_in_the_background(draw):
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with pytest.raises(OutOfTimeError):
            draw(minutes=1e-6, warmup=20_000)
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)


def test_a_limit_that_is_kept_to_changes_no_draw(draw):
    one, other = (draw(minutes=minutes).variables["population"] for minutes in (60, 600))
    np.testing.assert_array_equal(one, other)


def test_ctrl_c_is_not_taken_for_the_limit(compiled, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(stanli.stanli.Model, "sample", interrupted)
    data = data_of([20] * 3)
    with pytest.raises(KeyboardInterrupt):
        stanli.sample(compiled("stanli"), data, SHORT, 1, 1)

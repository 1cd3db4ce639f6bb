"""Stan's data, as arrays and as JSON."""

import pytest

from partialpool.model.design import learn_design
from partialpool.model.likelihood import Likelihood
from partialpool.sampling.assembly import assemble_stan_data
from partialpool.sampling.centring import choose_centring
from partialpool.sampling.stan_data import read_stan_data, write_stan_data
from partialpool.settings import Priors

from ..factories.draws import cells


@pytest.mark.parametrize(
    "formula", ["promo", "0 + promo", "0 + (1 + promo | shop)", "promo + (1 | shop) + (1 | week)"]
)
def test_what_is_written_is_read_again_to_the_last_digit(tmp_path, formula):
    design = learn_design(formula, cells())
    given = Priors(), "cells", "auto", Likelihood("beta_binomial", "probit")
    data = assemble_stan_data(design, cells(), *given)
    write_stan_data(data, tmp_path / "data.json")
    again = read_stan_data(tmp_path / "data.json")
    assert again.variables() == data.variables()
    assert choose_centring(again, "auto").variables() == data.variables()

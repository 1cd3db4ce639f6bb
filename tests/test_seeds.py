"""The fits of a shipped example pass their verdict whatever the seed: `make seeds`."""

from functools import partial
from pathlib import Path

import pytest
import yaml

from partialpool.cells.cells import make_cells
from partialpool.model.design import learn_design
from partialpool.model.likelihood import Likelihood
from partialpool.model.parameters import name_parameters
from partialpool.sampling.assembly import assemble_stan_data
from partialpool.sampling.engines import derive_seed, load_engine
from partialpool.sampling.repairs import is_sound, sample_with_repairs
from partialpool.settings.reading import read_settings
from partialpool.shortfalls import find_shortfalls
from partialpool.source.counting import count_contacts

ROOT = Path(__file__).parents[1]
EXAMPLES = yaml.safe_load((ROOT / "examples.yaml").read_text(encoding="utf-8"))
ANALYSIS = read_settings(EXAMPLES).analyses["contraception"]
SEEDS = range(10)


@pytest.fixture(scope="module")
def cells():
    source = ANALYSIS.source.model_copy(update={"path": str(ROOT / ANALYSIS.source.path)})
    asked = ANALYSIS.factors, ANALYSIS.numbers, ANALYSIS.outcome
    return make_cells(count_contacts(source, *asked), *asked, source.missing)[0]


@pytest.mark.large
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", ANALYSIS.models)
def test_a_shipped_fit_passes_at_the_first_try_whatever_the_seed(name, seed, cells, compiled):
    model, limits = ANALYSIS.models[name], ANALYSIS.verdict
    design, likelihood = learn_design(model.formula, cells), Likelihood(model.family, model.link)
    asked = model.intercept_prior_at, model.sampling.centring, likelihood
    data, names = (
        assemble_stan_data(design, cells, model.priors, *asked),
        name_parameters(design, likelihood),
    )

    def sample(data, sampling, purpose):
        stream = derive_seed(seed, "contraception", name, purpose)
        return load_engine("stanli").sample(compiled("stanli"), data, sampling, stream, 2)

    lacking = partial(find_shortfalls, names=names, data=data, limits=limits)
    _, attempts = sample_with_repairs(data, model.sampling, dict(limits), sample, lacking)
    assert is_sound(attempts[0], dict(limits))
    assert attempts[0].depth_hits <= limits.treedepth_hits
    assert [list(attempt.lacking) for attempt in attempts] == [[]]

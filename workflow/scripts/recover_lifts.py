"""Simulate campaigns with lifts of known size, fit the model to each, and hold it to the truth."""

from functools import partial
from pathlib import Path

from partialpool.calibration.campaigns import Campaign
from partialpool.calibration.recovery import recover
from partialpool.calibration.replicates import Study, fit_with_repairs, pick_truth
from partialpool.cells.cells import read_cells
from partialpool.cells.levels import read_levels
from partialpool.frames import read_frame, write_frame
from partialpool.logs import narrate
from partialpool.model.design import learn_design
from partialpool.model.likelihood import Likelihood
from partialpool.posterior.draws import read_draws
from partialpool.sampling.engines import derive_seed, load_engine
from partialpool.sampling.stan_data import read_stan_data
from partialpool.settings import Sampling

wildcards, params, given = snakemake.wildcards, snakemake.params, snakemake.input
what = f"{wildcards.analysis}, {wildcards.model}: recovering lifts, replicates {wildcards.batch}"
with narrate(snakemake.log[0], what):
    cells = read_cells(Path(given.cells), read_levels(given.levels))
    data, names = read_stan_data(Path(given.data)), read_frame(given.names)
    design, likelihood = learn_design(params.formula, cells), Likelihood(**params.likelihood)
    sampling, engine = Sampling(**params.sampling, **params.size), load_engine(params.engine)
    asked = params.recovery

    def seed(name):
        return derive_seed(params.seed, wildcards.analysis, wildcards.model, "recovery", name)

    def sample(counts, settings, name):
        return engine.sample(Path(given.program), counts, settings, seed(name), snakemake.threads)

    draw = partial(pick_truth, read_draws(Path(given.posterior)))
    fit = fit_with_repairs(sample, names, sampling, params.limits)
    study = Study(design, cells, likelihood, data, sampling.centring, fit)
    campaign = Campaign(study, params.treatment, asked["base_rate"])
    sizes = asked["contacts"] or [round(cells["trials"].sum() * of) for of in asked["multiples"]]
    first, last = map(int, wildcards.batch.split("-"))
    numbers = range(first, last + 1)
    found = recover(campaign, draw, seed, numbers, asked["lifts"], sizes, params.interval)
    write_frame(found, snakemake.output[0])

"""Leave out by refitting what importance sampling cannot; one part of it."""

from pathlib import Path

from partialpool.cells.cells import read_cells
from partialpool.cells.levels import read_levels
from partialpool.comparison.refits import choose_refits, leave_out_each
from partialpool.comparison.units import list_sets
from partialpool.frames import read_frame, write_frame
from partialpool.logs import narrate
from partialpool.model.design import learn_design
from partialpool.model.likelihood import Likelihood
from partialpool.posterior.draws import label_draws, read_draws
from partialpool.posterior.predictor import predict_by_chain
from partialpool.sampling.centring import choose_centring
from partialpool.sampling.engines import derive_seed, load_engine
from partialpool.sampling.stan_data import read_stan_data
from partialpool.settings import Refits, Sampling

wildcards, params, given = snakemake.wildcards, snakemake.params, snakemake.input
with narrate(snakemake.log[0], f"{wildcards.analysis}, {wildcards.model}: refitting") as log:
    refits, part = Refits(**params.refits), (int(wildcards.part), int(wildcards.jobs))
    sampling = Sampling(**params.sampling, warmup=refits.warmup, draws=refits.draws)
    cells = read_cells(Path(given.cells), read_levels(given.levels))
    design, likelihood = learn_design(params.formula, cells), Likelihood(**params.likelihood)
    data, parameters = read_stan_data(Path(given.data)), read_frame(given.names)
    chosen = choose_refits(read_frame(given.scores), refits.units, *part)
    posterior = read_draws(Path(given.posterior)) if len(chosen) else None

    def fitted(members):
        return predict_by_chain(posterior, design, cells.iloc[members])

    def refit(left_out, members, counts, contacts):
        names = (wildcards.analysis, wildcards.model, "refit", *left_out, str(contacts))
        seed, engine = derive_seed(params.seed, *names), load_engine(params.engine)
        counts = choose_centring(counts, sampling.centring)
        draws = engine.sample(Path(given.program), counts, sampling, seed, snakemake.threads)
        labelled = label_draws(draws, parameters)["posterior"].to_dataset()
        found = predict_by_chain(labelled, design, cells.iloc[members])
        return found, int(draws.statistics["divergent"].sum())

    sets = list_sets(cells, tuple(params.grouping))
    scores = leave_out_each(chosen, sets, data, fitted, refit, likelihood)
    log.info("%s", scores[["fits", "divergent"]].sum().to_dict())
    write_frame(scores.assign(model=wildcards.model), snakemake.output[0])

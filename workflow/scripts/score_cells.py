"""Leave each cell out in turn: by refitting, where there are few, else by importance sampling."""

import json
from collections import Counter
from pathlib import Path

from partialpool.cells import read_cells
from partialpool.centring import choose_centring
from partialpool.design import learn_design
from partialpool.engines import derive_seed, load_engine
from partialpool.levels import read_levels
from partialpool.logs import narrate
from partialpool.loo import cell_log_likelihoods, psis_loo
from partialpool.posterior import by_chain, label_draws, linear_predictor, read_draws
from partialpool.refits import leave_out_cells, trust_importance
from partialpool.settings import Refits, Sampling

wildcards, params, given = snakemake.wildcards, snakemake.params, snakemake.input
with narrate(snakemake.log[0], f"{wildcards.analysis}, {wildcards.model}: scoring cells") as log:
    cells = read_cells(Path(given.cells), read_levels(given.levels))
    data, index = (json.loads(Path(path).read_text()) for path in (given.data, given.index))
    design = learn_design(params.formula, cells)
    engine = load_engine(params.engine)
    refits = Refits(**params.refits)
    sampling = Sampling(**params.sampling, warmup=refits.warmup, draws=refits.draws)
    divergent = Counter()

    def log_odds_of(draws):
        return by_chain(linear_predictor(draws, design, cells), draws)

    def refit(counts, name):
        seed = derive_seed(params.seed, wildcards.analysis, wildcards.model, "refit", name)
        data = counts | {"centring": choose_centring(counts, sampling.centring)}
        draws = engine.sample(Path(given.program), data, sampling, seed, snakemake.threads)
        divergent[int(name.split("/")[0])] += int(draws.statistics["divergent"].sum())
        return log_odds_of(label_draws(draws, index)["posterior"].to_dataset())

    fitted = log_odds_of(read_draws(Path(given.posterior)))
    psis = psis_loo(cell_log_likelihoods(fitted, cells)).rename(columns={"elpd": "psis_elpd"})
    if len(cells) <= refits.cells:
        scores = leave_out_cells(data, fitted, refit)
    else:
        scores = trust_importance(psis["psis_elpd"])
    scores["divergent"] = [divergent[cell] for cell in scores["cell"]]
    log.info("%d refits, %d divergent transitions", scores["fits"].sum(), divergent.total())
    scores.join(psis).to_csv(snakemake.output[0], index=False)

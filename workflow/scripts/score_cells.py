"""Leave each cell out in turn, by refitting."""

import json
from collections import Counter
from pathlib import Path

from partialpool.cells import read_cells
from partialpool.centring import choose_centring
from partialpool.design import Design
from partialpool.engines import derive_seed, load_engine
from partialpool.formula import parse_formula
from partialpool.logs import narrate
from partialpool.loo import cell_log_likelihoods, psis_loo
from partialpool.posterior import by_chain, label_draws, linear_predictor, read_draws
from partialpool.refits import leave_out_cells
from partialpool.settings import Sampling

wildcards, params, given = snakemake.wildcards, snakemake.params, snakemake.input
with narrate(snakemake.log[0], f"{wildcards.analysis}, {wildcards.model}: scoring cells") as log:
    cells = read_cells(Path(given.cells), params.levels)
    data, index = (json.loads(Path(path).read_text()) for path in (given.data, given.index))
    design = Design(parse_formula(params.formula, params.levels), cells)
    engine = load_engine(params.engine)
    sampling = Sampling(**params.sampling | params.refits)
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
    scores = leave_out_cells(data, fitted, refit)
    scores["divergent"] = [divergent[cell] for cell in scores["cell"]]
    log.info("%d refits, %d divergent transitions", scores["fits"].sum(), divergent.total())
    psis = psis_loo(cell_log_likelihoods(fitted, cells)).rename(columns={"elpd": "psis_elpd"})
    scores.join(psis).to_csv(snakemake.output[0], index=False)

"""Leave each cell out in turn: by refitting, where there are few, else by importance sampling."""

import json
from collections import Counter
from pathlib import Path

from partialpool.cells import read_cells
from partialpool.centring import choose_centring
from partialpool.design import learn_design
from partialpool.engines import derive_seed, load_engine
from partialpool.levels import read_levels
from partialpool.likelihood import Likelihood
from partialpool.logs import narrate
from partialpool.loo import score_cells
from partialpool.posterior import label_draws, precision, read_draws
from partialpool.predictor import predict_by_chain, predict_in_chunks
from partialpool.refits import leave_out_cells, trust_importance
from partialpool.settings import Refits, Sampling

wildcards, params, given = snakemake.wildcards, snakemake.params, snakemake.input
with narrate(snakemake.log[0], f"{wildcards.analysis}, {wildcards.model}: scoring cells") as log:
    cells = read_cells(Path(given.cells), read_levels(given.levels))
    data, index = (json.loads(Path(path).read_text()) for path in (given.data, given.index))
    design, likelihood = learn_design(params.formula, cells), Likelihood(**params.likelihood)
    engine, refits = load_engine(params.engine), Refits(**params.refits)
    sampling = Sampling(**params.sampling, warmup=refits.warmup, draws=refits.draws)
    divergent = Counter()

    def refit(counts, name):
        seed = derive_seed(params.seed, wildcards.analysis, wildcards.model, "refit", name)
        data = counts | choose_centring(counts, sampling.centring)
        draws = engine.sample(Path(given.program), data, sampling, seed, snakemake.threads)
        divergent[int(name.split("/")[0])] += int(draws.statistics["divergent"].sum())
        return predict_by_chain(label_draws(draws, index)["posterior"].to_dataset(), design, cells)

    draws = read_draws(Path(given.posterior))
    chunks, chains = predict_in_chunks(draws, design, cells), draws.sizes["chain"]
    psis = score_cells(chunks, cells, likelihood, precision(draws), chains)
    if len(cells) <= refits.cells:
        scores = leave_out_cells(data, predict_by_chain(draws, design, cells), refit, likelihood)
    else:
        scores = trust_importance(psis["psis_elpd"])
    scores["divergent"] = [divergent[cell] for cell in scores["cell"]]
    log.info("%d refits, %d divergent transitions", scores["fits"].sum(), divergent.total())
    scores.join(psis).to_csv(snakemake.output[0], index=False)

"""Hold the observed cells and margins against what prior and posterior predict."""

from pathlib import Path

import numpy as np
import pandas as pd

from partialpool.cells.cells import label_cells, read_cells
from partialpool.cells.levels import read_levels
from partialpool.checks.margins import CELLS, judge_margins, make_margins
from partialpool.checks.predictive import check_predictive
from partialpool.frames import write_frame
from partialpool.logs import narrate
from partialpool.model.design import learn_design
from partialpool.model.likelihood import Likelihood
from partialpool.posterior.draws import precision, read_draws
from partialpool.posterior.predictor import predict_in_chunks
from partialpool.sampling.engines import derive_seed

wildcards, params, output = snakemake.wildcards, snakemake.params, snakemake.output
with narrate(snakemake.log[0], f"{wildcards.analysis}, {wildcards.model}: predictive checks"):
    given, interval = snakemake.input, params.interval
    cells = read_cells(Path(given.cells), read_levels(given.levels))
    design, likelihood = learn_design(params.formula, cells), Likelihood(**params.likelihood)
    files = dict.fromkeys(given.prior, "prior") | {given.posterior: "posterior"}
    found = {name: [] for name in ("cells", "rates", "margins")}
    for path, kind in files.items():
        draws = read_draws(Path(path))
        seed = derive_seed(params.seed, wildcards.analysis, wildcards.model, "predictive", kind)
        margins = make_margins(cells, params.margins, draws.sizes["chain"] * draws.sizes["draw"])
        about = (cells, label_cells(cells), likelihood, precision(draws), interval)
        chunks, random = predict_in_chunks(draws, design, cells), np.random.default_rng(seed)
        check, rate = check_predictive(chunks, *about, random, margins.add)
        tables = (check, rate, margins.check(cells, interval))
        for name, table in zip(found, tables, strict=True):
            found[name].append(table.assign(kind=kind))
    tables = {name: pd.concat(of, ignore_index=True) for name, of in found.items()}
    of_cells = tables["cells"].assign(margin=CELLS)
    tables["tests"] = judge_margins(pd.concat([of_cells, tables["margins"]]), interval)
    for name, table in tables.items():
        write_frame(table, output[name])

"""What draws fall short of, as the verdict will find it, told while more can still be drawn."""

from __future__ import annotations

import pandas as pd

from partialpool.checks.acting import act_on_predictor
from partialpool.posterior.draws import label_draws
from partialpool.sampling.engines import Draws
from partialpool.sampling.stan_data import StanData
from partialpool.settings import Verdict


def find_shortfalls(
    draws: Draws, names: pd.DataFrame, data: StanData, limits: Verdict
) -> list[str]:
    """The checks of R-hat, effective sample sizes and Monte Carlo errors that draws fail.

    Args:
        draws: as an engine gave them.
        names: of the model's parameters (`parameters.name_parameters`).
        data: of the Stan program.
        limits: what must be reached.
    """
    # loads ArviZ, which is wanted only once there are draws
    from partialpool.checks.diagnostics import diagnose_parameters, judge_precision

    posterior = label_draws(draws, names)["posterior"].to_dataset()
    table = diagnose_parameters(posterior, act_on_predictor(posterior, names, data))
    return [str(of["check"]) for of in judge_precision(table, limits) if not of["passed"]]

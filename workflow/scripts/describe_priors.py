"""What priors of several widths say, on the scales of log-odds, rates and lifts."""

from partialpool.frames import write_frame
from partialpool.logs import narrate
from partialpool.model.prior_scales import list_priors, summarise_priors, tabulate_densities

params, output = snakemake.params, snakemake.output
with narrate(snakemake.log[0], f"{snakemake.wildcards.analysis}: describing priors"):
    priors = list_priors(params.priors, params.link)
    write_frame(tabulate_densities(priors, params.link), output.densities)
    write_frame(summarise_priors(priors, params.interval, params.link), output.summaries)

"""Put what calibration found on one page: the verdicts, what was tested, and each model."""

from partialpool.logs import narrate
from partialpool.report.calibration.compose import compose_calibration
from partialpool.report.page import assemble
from partialpool.sampling.engines import load_engine
from partialpool.seals import write_sealed

params = snakemake.params
with narrate(snakemake.log[0], f"{snakemake.wildcards.analysis}: rendering the calibration"):
    engines = {name: load_engine(of).version() for name, of in params.engines.items()}
    models = params.tested, params.recovered, params.left_out
    said = params.title, params.labels, params.calibration, params.probability
    made_by = {"engines": engines, "seed": params.seed}
    page = compose_calibration(snakemake.input, *said, *models, made_by)
    write_sealed(snakemake.output[0], assemble(page).encode("utf-8"))

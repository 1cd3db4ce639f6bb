"""Put what an experiment needs on one page."""

from partialpool.logs import narrate
from partialpool.report.page import assemble
from partialpool.report.plan.compose import compose_plan
from partialpool.seals import write_sealed
from partialpool.settings import Plan

plan = Plan(**snakemake.params.plan)
with narrate(snakemake.log[0], f"plan {snakemake.wildcards.plan}: rendering the page"):
    page = compose_plan(snakemake.input, plan)
    write_sealed(snakemake.output[0], assemble(page).encode("utf-8"))

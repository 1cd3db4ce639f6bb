"""Simulate an experiment before there are data: the contacts it needs, and what looks cost."""

from partialpool.calibration.looks import weigh_looks
from partialpool.calibration.plans import find_sizes
from partialpool.frames import write_facts, write_frames
from partialpool.logs import narrate
from partialpool.settings import Plan

plan = Plan(**snakemake.params.plan)
with narrate(snakemake.log[0], f"plan {snakemake.wildcards.plan}: simulating experiments"):
    sizes, needed = find_sizes(plan)
    looks, facts = weigh_looks(plan, needed["planned"])
    write_frames({"sizes": sizes, "looks": looks}, dict(snakemake.output.items()))
    write_facts({"needed": needed, "looks": facts}, snakemake.output.facts)

"""Put what calibration found on one page: the verdicts, what was tested, and each model."""

import json
from pathlib import Path

from partialpool.logs import narrate
from partialpool.provenance import package_versions
from partialpool.report.calibration import text as say
from partialpool.report.labels import read_labels
from partialpool.report.page import Page, assemble, group_models
from partialpool.report.recovery import text as tell
from partialpool.sampling.engines import load_engine


def read(names, paths):
    found = (json.loads(Path(path).read_text(encoding="utf-8")) for path in paths)
    return dict(zip(names, found, strict=True))


given, params, asked = snakemake.input, snakemake.params, snakemake.params.calibration
with narrate(snakemake.log[0], f"{snakemake.wildcards.analysis}: rendering the calibration"):
    labels = read_labels(params.labels, given.levels)
    verdicts, needs = read(params.tested, given.verdicts), read(params.recovered, given.needs)
    how = say.explain(asked), tell.explain(asked["recovery"], params.probability, labels)
    without = tell.state_left_out(labels.models, needs, asked["recovery"], labels)
    page = Page(
        title=say.title(params.title),
        question=say.question(labels),
        lede=say.lead(asked, verdicts, needs),
        answer=[say.conclude(verdicts), *say.state_test(verdicts), *tell.compare(needs, labels)],
        doubts=[*say.state_left_out(params.left_out), *without, *say.state_troubles(verdicts)],
        sections=[
            *group_models("ranks", say.HEADING, how[0], params.tested, given.calibration),
            *group_models(
                "recovery", tell.heading(labels), how[1], params.recovered, given.recovery
            ),
        ],
        provenance={
            "Engines": {name: load_engine(of).version() for name, of in params.engines.items()},
            "Settings": {"seed": params.seed, **asked},
            "Versions": package_versions(),
        },
    )
    Path(snakemake.output[0]).write_text(assemble(page), encoding="utf-8")

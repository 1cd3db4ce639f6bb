"""Answer the analysis' question from the model that predicts best."""

import json
from pathlib import Path

from partialpool.checks.support import weigh_support
from partialpool.decision.answer import choose_model, decide, judge_ranking
from partialpool.frames import read_frame
from partialpool.logs import narrate
from partialpool.settings import Decision

given, params = snakemake.input, snakemake.params
with narrate(snakemake.log[0], f"{snakemake.wildcards.analysis}: deciding") as log:
    settings = Decision(**params.decision)
    verdicts = (json.loads(Path(path).read_text()) for path in given.verdicts)
    passed = {m: v["passed"] for m, v in zip(params.models, verdicts, strict=True)}
    by_model = read_frame(given.scores[0]).groupby("model", sort=False)
    scores = {model: by_model.get_group(model).reset_index(drop=True) for model in params.models}
    choice = choose_model(scores, passed, settings.model)
    effects = {m: read_frame(path) for m, path in zip(params.models, given.effects, strict=True)}
    margins = read_frame(given.margins)
    of_treatment = margins[margins["factor"] == params.question["treatment"]]
    decision = decide(effects, choice, read_frame(given.crossing), of_treatment, settings)
    tests, sensitivity = (
        dict(zip(params.models, map(read_frame, paths), strict=True))
        for paths in (given.tests, given.sensitivity)
    )
    if choice["model"]:
        decision["support"] = weigh_support(tests[choice["model"]], sensitivity[choice["model"]])
    units = params.units
    decision["ranking"] = judge_ranking(scores, units["decisive"], units["grouping"])
    log.info("the answer is the %s model's", choice["model"])
    text = json.dumps(decision, ensure_ascii=False, indent=1)
    Path(snakemake.output[0]).write_text(text, encoding="utf-8")

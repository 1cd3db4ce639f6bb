"""Run a notebook on the files of its rule; every `show_` rule shares this script.

The notebook gets `files`, the rule's other inputs by name; `labels`, the words of the
analysis, with the models that failed where the rule has all verdicts; and `facts`, the
settings that it states.
"""

from tempfile import TemporaryDirectory

import papermill
from traitlets.config import Config

from partialpool.logs import narrate
from partialpool.report.labels import read_labels
from partialpool.report.rows import fill_rows
from partialpool.seals import seal

given, params = snakemake.input, snakemake.params
name = " ".join([snakemake.rule.rpartition("show_")[2], *snakemake.wildcards[1:]])
with narrate(snakemake.log[0], f"{snakemake.wildcards.analysis}: notebook {name}"):
    files = {k: v if isinstance(v, str) else list(v) for k, v in given.items() if k != "levels"}
    labels = read_labels(params.labels, given.levels, given.get("verdicts", ()))
    parameters = {"files": files, "labels": vars(labels), "facts": params.facts}
    with TemporaryDirectory() as folder:
        # sockets in a folder of one's own: no port that others on a shared machine could reach
        own = Config(KernelManager={"transport": "ipc", "ip": f"{folder}/kernel"})
        settings = {"kernel_name": "python3", "progress_bar": False, "config": own}
        papermill.execute_notebook(params.notebook, snakemake.output[0], parameters, **settings)
    fill_rows(snakemake.output[0], labels)
    seal(snakemake.output[0])

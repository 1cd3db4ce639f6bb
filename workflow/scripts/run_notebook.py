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


def private(folder):
    """Sockets in a folder of one's own: no port that others on a shared machine could reach."""
    return Config(KernelManager={"transport": "ipc", "ip": f"{folder}/kernel"})


given, params = snakemake.input, snakemake.params
name = " ".join([snakemake.rule.removeprefix("show_"), *snakemake.wildcards[1:]])
with narrate(snakemake.log[0], f"{snakemake.wildcards.analysis}: notebook {name}"):
    files = {
        key: value if isinstance(value, str) else list(value)
        for key, value in given.items()
        if key not in ("notebook", "library", "levels")
    }
    labels = vars(read_labels(params.labels, given.levels, given.get("verdicts", ())))
    with TemporaryDirectory() as folder:
        papermill.execute_notebook(
            given.notebook,
            snakemake.output[0],
            parameters={"files": files, "labels": labels, "facts": params.facts},
            kernel_name="python3",
            progress_bar=False,
            config=private(folder),
        )

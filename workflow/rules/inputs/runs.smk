"""Input functions of the rules on kept runs."""

from partialpool.runs.bundle import digest_project
from partialpool.runs.shelf import (
    RECORD,
    RUNS,
    check_label,
    check_since,
    list_kept,
)
from partialpool.settings.blocks import LAST
from partialpool.report.since.listing import tell_kept

RUN_FILES = [
    *rules.read_cells.output,
    *rules.decide.output,
    *rules.weigh_arms.output,
    *rules.record_provenance.output,
]
RUN_FILES_OF_MODELS = [
    rules.assess_model.output.verdict,
    rules.assess_model.output.effects,
    rules.assess_model.output.rates,
    rules.sample_model.output.versions,
]


try:
    KEPT_BEFORE = {name: list_kept(name) for name in SETTINGS.analyses}
    """The kept runs of every analysis, as this process found them."""
    if SETTINGS.since not in (None, LAST) and SETTINGS.analyses:
        check_since(KEPT_BEFORE, SETTINGS.since)
except InputError as error:
    sys.exit(f"partialpool: {error}")


def files_of_run(wildcards):
    """What of a finished run is kept, and held to one that was kept."""
    of_models = filled(
        RUN_FILES_OF_MODELS,
        analysis=wildcards.analysis,
        model=analysis_of(wildcards).models,
    )
    return [*filled(RUN_FILES, analysis=wildcards.analysis), *of_models]


def files_to_keep(wildcards):
    """The same, unless the run is kept under this label already."""
    if wildcards.label in (kept.label for kept in KEPT_BEFORE[wildcards.analysis]):
        free_label(wildcards.analysis)
    return files_of_run(wildcards)


def free_label(name):
    """The label under which an analysis can be kept; the end of the run, where it cannot."""
    try:
        return check_label(name, SETTINGS.label, Path("reports") / f"{name}.html")
    except InputError as error:
        sys.exit(f"partialpool: {error}")


def wanted_kept(wildcards):
    """The records of the runs that are to be kept, one of each analysis."""
    if not SETTINGS.analyses:
        sys.exit(NO_ANALYSES)
    labels = {name: free_label(name) for name in SETTINGS.analyses}
    return [str(RUNS / name / label / RECORD) for name, label in labels.items()]


def labels_kept(wildcards):
    """The kept runs of the analysis, each with a digest of all that is in it."""
    return {kept.label: kept.digest for kept in KEPT_BEFORE[wildcards.analysis]}


def is_compared(name):
    """Whether the analysis is held to a run that was kept of it."""
    labels = {kept.label for kept in KEPT_BEFORE[name]}
    return bool(labels) if SETTINGS.since == LAST else SETTINGS.since in labels


def changes():
    """The pages of what changed."""
    return [
        f"reports/since/{name}.html" for name in SETTINGS.analyses if is_compared(name)
    ]


def wanted_changes(wildcards):
    """The pages of what changed, of all analyses that such a run was kept of."""
    if not SETTINGS.analyses:
        sys.exit(NO_ANALYSES)
    if SETTINGS.since is None:
        sys.exit(
            "partialpool: since: missing, expected the label of a kept run, or last, as in: "
            "snakemake compare --config since=last"
        )
    try:
        return changes() or check_since(KEPT_BEFORE, SETTINGS.since)
    except InputError as error:
        sys.exit(f"partialpool: {error}")


def house_program(wildcards):
    """The house's program, compiled for the engine of the analysis' first model."""
    model = next(iter(analysis_of(wildcards).models.values()))
    return f"results/programs/{PROGRAM.stem}.{choose_engine(model.sampling.engine)}"


def chains_of_analysis(wildcards):
    """Chains that a fit of any of its models runs at once."""
    models = analysis_of(wildcards).models.values()
    return max(model.sampling.chains for model in models)


def files_of_the_user(wildcards):
    """What the user gave beside the contacts: Stan programs, and a mix that the answer is for."""
    models = analysis_of(wildcards).models.values()
    programs = dict.fromkeys(model.program for model in models if model.program)
    return [*map(from_user, programs), *mix_of(wildcards)]


def config_of(wildcards):
    """The configuration as it was given, of one analysis."""
    analyses = {wildcards.analysis: config["analyses"][wildcards.analysis]}
    return {"defaults": config.get("defaults", {}), "analyses": analyses}


def page_of(wildcards):
    """What a page says beside its files."""
    analysis = analysis_of(wildcards)
    return {
        "title": analysis.title,
        "question": analysis.question,
        "labels": labels_of(wildcards),
        "formulas": formulas_by_model(wildcards),
    }


def wanted_bundles(wildcards):
    """The bundles of all analyses."""
    if not SETTINGS.analyses:
        sys.exit(NO_ANALYSES)
    return [f"reports/bundle/{name}.tar.gz" for name in SETTINGS.analyses]


@cache
def told_kept():
    """Print the kept runs, once."""
    for name in SETTINGS.analyses:
        print(tell_kept(name, KEPT_BEFORE[name]))


def listed_kept(wildcards):
    """Nothing to be made: the kept runs are printed."""
    told_kept()
    return []

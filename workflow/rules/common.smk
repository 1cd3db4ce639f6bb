"""Read and check the configuration once, and name what every rule shares."""

from functools import cache

from snakemake.path_modifier import PATH_MODIFIER_FLAG

from partialpool.settings.reading import read_settings
from partialpool.sampling.engines import choose_engine
from partialpool.errors import InputError
from partialpool.lifetime import mark_run, share_library
from partialpool.model.formula import parse_formulas
from partialpool.decision.log_odds import find_pooled
from partialpool.preflight import check_config, check_data, check_folder
from partialpool.sampling.programs import (
    can_sample_prior,
    digest_program,
    included_files,
    name_programs,
    own_programs,
)
from partialpool.cells.current import will_stay
from partialpool.provenance import digest_code, digest_files
from partialpool.seals import list_damaged, made_of_sealed
from partialpool.settings.described import (
    describe_assessment,
    describe_labels,
    describe_pooling,
    describe_request,
)
from partialpool.comparison.units import describe_units
from partialpool.runs.code import describe_code

STAN = PROJECT / "stan"
PROGRAM = STAN / "multilevel.stan"
TEMPLATES = sorted(
    path for path in (PROJECT / "workflow" / "templates").rglob("*") if path.is_file()
)
ENVIRONMENT = PROJECT / "environment.yml"
RESULTS = "results/{analysis}"
MODEL = "results/{analysis}/models/{model}"
LOGS = "results/logs"
BENCHMARKS = "results/benchmarks"
# puts the prefix of a module, if this is one that has any, before a path
MODIFY = workflow.modifier.modify_path
# a pattern that no name is like
NO_NAME = "(?!)"
NO_ANALYSES = (
    "partialpool: found no analyses, expected at least one in `analyses`; "
    "`snakemake plan` makes the pages of `plans`"
)


def placed(path):
    """Where a path of the workflow is: below the prefix of a module."""
    return Path(MODIFY(path))


def filled(pattern, **values):
    """The files of a rule's output, each known to have its prefix already."""
    return [flag(path, PATH_MODIFIER_FLAG) for path in expand(pattern, **values)]


def from_user(path):
    """A file that the configuration names, which no prefix is put before."""
    return local(str(path))


mark_run()
share_library(RULES.parent)
try:
    check_folder(PROJECT)
    SETTINGS = read_settings(config)
    check_config(SETTINGS)
    # by the stem of its file: the program of every model, and the files that it includes
    PROGRAMS = name_programs([PROGRAM, *own_programs(SETTINGS)])
    INCLUDED = {stem: included_files(path, [STAN]) for stem, path in PROGRAMS.items()}
    # by the names of analysis and model: whether its prior can be sampled
    PROPER = {
        (name, model): can_sample_prior(analysis.models[model], formula)
        for name, analysis in SETTINGS.analyses.items()
        for model, formula in parse_formulas(analysis).items()
    }
except InputError as error:
    sys.exit(f"partialpool: {error}")

if workflow.is_main_process:
    for damage in list_damaged([placed("results"), placed("reports")]):
        print(f"partialpool: {damage}", file=sys.stderr)


wildcard_constraints:
    analysis="|".join(SETTINGS.analyses) or NO_NAME,
    plan="|".join(SETTINGS.plans) or NO_NAME,
    model="[a-z][a-z0-9_]*",
    new="[a-z][a-z0-9_]*",
    engine="cmdstan|stanli",
    unit="contact|cell|group",
    part="[0-9]+",
    jobs="[0-9]+",
    batch="[0-9]+-[0-9]+",


onstart:
    try:
        check_data(SETTINGS, placed("results"))
    except InputError as error:
        sys.exit(f"partialpool: {error}")


onsuccess:
    for page in filter(
        Path.exists, map(placed, [*reports(), *calibrations(), *plans()])
    ):
        print(f"Report: {page.resolve()}")


def of_analyses(pages):
    """An input function that gives the pages of analyses, where there are any."""

    def files(wildcards):
        if not SETTINGS.analyses:
            sys.exit(NO_ANALYSES)
        return pages()

    return files


def analysis_of(wildcards):
    return SETTINGS.analyses[wildcards.analysis]


def model_of(wildcards):
    return analysis_of(wildcards).models[wildcards.model]


def engine_of(wildcards):
    return choose_engine(model_of(wildcards).sampling.engine)


def setting(*path):
    """An input function that gives one value of the analysis' settings, dumped to plain data."""

    def value(wildcards):
        found = analysis_of(wildcards)
        for key in path:
            found = getattr(found, key)
        return found.model_dump() if hasattr(found, "model_dump") else found

    return value


def decision_of(*keys):
    """An input function that gives some keys of the analysis' decision."""

    def some(wildcards):
        decision = analysis_of(wildcards).decision
        return decision.model_dump(include=set(keys))

    return some


def sampling_but(*unused):
    """An input function that gives a model's sampling without what a rule has no use for.

    Nor does it give the engine asked for: a rule depends on the one that this comes to.
    """

    def sampling(wildcards):
        return model_of(wildcards).sampling.model_dump(exclude={"engine", *unused})

    return sampling


def specification_of(wildcards):
    return model_of(wildcards).specification


def own_program(wildcards):
    """The file of a model's own Stan program, none where it has the one of the house.

    Its age does not count; what it means does, by `digest_of_program`.
    """
    program = model_of(wildcards).program
    return [ancient(from_user(program))] if program else []


def program_of(wildcards):
    own = model_of(wildcards).program
    return Path(own) if own else PROGRAM


def digest_of_program(stem):
    """A digest of what a Stan program and its includes mean."""
    return digest_program(PROGRAMS[stem], INCLUDED[stem])


def compiled_program(wildcards):
    return f"results/programs/{program_of(wildcards).stem}.{engine_of(wildcards)}"


def prior_draws(wildcards):
    """Draws from a model's prior, where they can be had."""
    proper = PROPER[wildcards.analysis, wildcards.model]
    return filled(rules.sample_model.output.prior, **wildcards) if proper else []


def of_each_model(pattern):
    """An input function that gives a file of every model of the analysis."""

    def files(wildcards):
        return filled(
            pattern, analysis=wildcards.analysis, model=analysis_of(wildcards).models
        )

    return files


def units_of(wildcards):
    return describe_units(analysis_of(wildcards))


def library(script):
    """A digest of what a script and the library's modules behind it mean."""
    return lambda wildcards: digest_code(
        PROJECT / "workflow" / "scripts" / f"{script}.py"
    )


def notebook_library(name):
    """A digest of what a notebook and the modules behind it mean, and the script that runs it."""
    notebook = PROJECT / "notebooks" / f"{name}.ipynb"
    return lambda wildcards: [
        digest_code(notebook),
        library("run_notebook")(wildcards),
    ]


def settled(pattern, made):
    """An input function that gives a file of the cells, whose age does not always count.

    It does not for what was made of these cells, where counting would give them again: rows in
    another order make nothing anew but the ledger. Of a database, nothing is known before it is
    asked.
    """
    return lambda wildcards: settled_file(pattern, made, wildcards)


def settled_file(pattern, made, values):
    path = filled(pattern, **values)[0]
    own = placed(made.format(**values))
    stays = made_of_sealed(own, path) and cells_stay(values["analysis"])
    return ancient(path) if stays else path


@cache
def cells_stay(name):
    return will_stay(SETTINGS.analyses[name], placed("results") / name / "data")


def pooled_name(wildcards):
    return find_pooled(analysis_of(wildcards))


def pooled_model(pattern):
    """An input function that gives a file of the pooled model, nothing where there is none."""

    def files(wildcards):
        name = pooled_name(wildcards)
        return filled(pattern, analysis=wildcards.analysis, model=name) if name else []

    return files


def labels_of(wildcards):
    return describe_labels(analysis_of(wildcards))

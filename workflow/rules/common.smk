"""Read and check the configuration once, and name what every rule shares."""

import sys
from pathlib import Path

from partialpool.settings.reading import read_settings
from partialpool.sampling.engines import choose_engine
from partialpool.errors import InputError
from partialpool.model.formula import parse_formulas
from partialpool.decision.log_odds import find_pooled
from partialpool.preflight import check_config, check_data
from partialpool.sampling.programs import can_sample_prior, included_files, name_programs, own_programs
from partialpool.provenance import library_of
from partialpool.settings import describe_labels, describe_request
from partialpool.source import source_files
from partialpool.calibration.studies import calibrated_models, left_out_models, name_batches, recovered_models
from partialpool.comparison.units import describe_units, find_grouping

HOUSE = Path(workflow.basedir)
STAN = HOUSE / "stan"
PROGRAM = STAN / "multilevel.stan"
TEMPLATES = sorted(
    path for path in (HOUSE / "workflow" / "templates").rglob("*") if path.is_file()
)
ENVIRONMENT = HOUSE / "environment.yml"
RESULTS = "results/{analysis}"
MODEL = "results/{analysis}/models/{model}"
LOGS = "results/logs"
BENCHMARKS = "results/benchmarks"

try:
    SETTINGS = read_settings(config)
    check_config(SETTINGS)
    # by the stem of its file: the program of every model, and the files that it includes
    PROGRAMS = name_programs([PROGRAM, *own_programs(SETTINGS)])
    INCLUDED = {stem: included_files(path, [STAN]) for stem, path in PROGRAMS.items()}
except InputError as error:
    sys.exit(f"partialpool: {error}")


wildcard_constraints:
    analysis="|".join(SETTINGS.analyses),
    model="[a-z][a-z0-9_]*",
    new="[a-z][a-z0-9_]*",
    engine="cmdstan|stanli",
    unit="contact|cell|group",
    part="[0-9]+",
    jobs="[0-9]+",
    batch="[0-9]+-[0-9]+",


onstart:
    try:
        check_data(SETTINGS, Path("results"))
    except InputError as error:
        sys.exit(f"partialpool: {error}")


onsuccess:
    for page in filter(Path.exists, map(Path, [*reports(), *calibrations()])):
        print(f"Report: {page.resolve()}")


def analysis_of(wildcards):
    return SETTINGS.analyses[wildcards.analysis]


def model_of(wildcards):
    return analysis_of(wildcards).models[wildcards.model]


def engine_of(wildcards):
    return choose_engine(model_of(wildcards).sampling.engine)


def files_of_source(wildcards):
    """The files that the contacts are in, none for a database."""
    return list(map(str, source_files(analysis_of(wildcards).source)))


def question_of(wildcards):
    analysis = analysis_of(wildcards)
    return {"treatment": analysis.treatment, "within": analysis.within}


def setting(*path):
    """An input function that gives one value of the analysis' settings, dumped to plain data."""

    def value(wildcards):
        found = analysis_of(wildcards)
        for key in path:
            found = getattr(found, key)
        return found.model_dump() if hasattr(found, "model_dump") else found

    return value


def sampling_but(*unused):
    """An input function that gives a model's sampling without what a rule has no use for.

    Nor does it give the engine asked for: a rule depends on the one that this comes to.
    """

    def sampling(wildcards):
        return model_of(wildcards).sampling.model_dump(exclude={"engine", *unused})

    return sampling


def own_program(wildcards):
    """The file of a model's own Stan program, none where it has the one of the house."""
    program = model_of(wildcards).program
    return [program] if program else []


def program_of(wildcards):
    return next(map(Path, own_program(wildcards)), PROGRAM)


def included_in_program(wildcards):
    return INCLUDED[program_of(wildcards).stem]


def compiled_program(wildcards):
    return f"results/programs/{program_of(wildcards).stem}.{engine_of(wildcards)}"


def likelihood_of(wildcards):
    return model_of(wildcards).model_dump(include={"family", "link"})


def prior_draws(wildcards):
    """Draws from a model's prior, where they can be had."""
    formula = parse_formulas(analysis_of(wildcards))[wildcards.model]
    can = can_sample_prior(model_of(wildcards), formula)
    return expand(rules.sample_prior.output[0], **wildcards) if can else []


def common_link(wildcards):
    """The link that an analysis' models share, else the usual one."""
    links = {model.link for model in analysis_of(wildcards).models.values()}
    return links.pop() if len(links) == 1 else "logit"


def of_each_model(pattern):
    """An input function that gives a file of every model of the analysis."""

    def files(wildcards):
        return expand(
            pattern, analysis=wildcards.analysis, model=analysis_of(wildcards).models
        )

    return files


def grouping_of(wildcards):
    """The factors whose levels are left out whole."""
    return list(find_grouping(analysis_of(wildcards))[0])


def units_of(wildcards):
    return describe_units(analysis_of(wildcards))


def refits_of_each_model(wildcards):
    """Every part of every model's refits; contacts are never refitted without."""
    analysis = analysis_of(wildcards)
    jobs = 0 if wildcards.unit == "contact" else analysis.comparison.refits.jobs
    return expand(
        rules.refit_units.output[0],
        analysis=wildcards.analysis,
        model=analysis.models,
        part=range(1, jobs + 1),
        jobs=jobs,
    )


def of_each_unit(pattern):
    """An input function that gives a file of every unit by which models can be compared."""

    def files(wildcards):
        units = units_of(wildcards)["available"]
        return expand(pattern, analysis=wildcards.analysis, unit=units)

    return files


def decisive_scores(wildcards):
    """The scores at the unit that the analysis' models are ranked by for the decision."""
    unit = analysis_of(wildcards).comparison.unit
    return expand(rules.compare_models.output.scores, unit=unit, **wildcards)


def library(script):
    """The library's modules that a script uses; Snakemake does not see an edit to them."""
    return [
        str(path)
        for path in library_of(HOUSE / "workflow" / "scripts" / f"{script}.py")
    ]


def notebook_library(name):
    """The library's modules that a notebook uses, and the script that runs it."""
    notebook = library_of(HOUSE / "notebooks" / f"{name}.ipynb")
    return sorted({*map(str, notebook), *library("run_notebook")})


def model_files(wildcards):
    """Everything that is known of one model, by what it is."""
    return {name: expand(path, **wildcards) for name, path in MODEL_FILES.items()}


def pooled_name(wildcards):
    return find_pooled(analysis_of(wildcards))


def pooled_model(pattern):
    """An input function that gives a file of the pooled model, nothing where there is none."""

    def files(wildcards):
        name = pooled_name(wildcards)
        return expand(pattern, analysis=wildcards.analysis, model=name) if name else []

    return files


def prediction_of(wildcards):
    return analysis_of(wildcards).predict[wildcards.new]


def predictions(wildcards):
    """The tables of predicted rates that the configuration asks for."""
    tables = [
        f"results/{name}/predict/{new}.csv"
        for name, analysis in SETTINGS.analyses.items()
        for new in analysis.predict
    ]
    if not tables:
        sys.exit(
            "partialpool: found nothing to predict, expected a block such as "
            "`predict: {june: {path: data/june.csv}}` in an analysis"
        )
    return tables


def reports():
    pages = [*SETTINGS.analyses, *(["index"] if len(SETTINGS.analyses) > 1 else [])]
    return [f"reports/{page}.html" for page in pages]


def labels_of(wildcards):
    return describe_labels(analysis_of(wildcards))


def batches_of_calibration(pattern):
    """An input function that gives a file of every batch of a model's calibration."""

    def files(wildcards):
        asked = analysis_of(wildcards).calibration
        return expand(
            pattern, batch=name_batches(asked.replicates, asked.batch), **wildcards
        )

    return files


def batches_of_recovery(wildcards):
    asked = analysis_of(wildcards).calibration
    names = name_batches(asked.recovery.replicates, asked.batch)
    return expand(rules.recover_lifts.output[0], batch=names, **wildcards)


def prior_of_own_program(wildcards):
    """Draws from the prior of a user's own program, which only the program itself knows."""
    return prior_draws(wildcards) if own_program(wildcards) else []


def size_of_fits(wildcards):
    """How much each fit of a calibration draws."""
    asked = analysis_of(wildcards).calibration
    return {key: getattr(asked, key) for key in ("chains", "warmup", "draws")}


def limits_of_repairs(wildcards):
    """What a fit must keep to, or it is sampled again."""
    limits = analysis_of(wildcards).verdict
    return {key: getattr(limits, key) for key in ("divergences", "ebfmi")}


def left_out(wildcards):
    return left_out_models(analysis_of(wildcards))


def calibrated(wildcards):
    return calibrated_models(analysis_of(wildcards))


def recovered(wildcards):
    return recovered_models(analysis_of(wildcards))


def formulas_of(wildcards, names):
    return {name: analysis_of(wildcards).models[name].formula for name in names}


def of_models(which, pattern):
    """An input function that gives a file of some models of the analysis."""

    def files(wildcards):
        return expand(pattern, analysis=wildcards.analysis, model=which(wildcards))

    return files


def calibrations():
    """The pages of calibration."""
    return [f"reports/calibration/{name}.html" for name in SETTINGS.analyses]

"""Input functions of the rules on calibration."""

from partialpool.calibration.studies import (
    calibrated_models,
    left_out_models,
    name_batches,
    recovered_models,
)


def prior_of_own_program(wildcards):
    """Draws from the prior of a user's own program, which only the program itself knows."""
    return prior_draws(wildcards) if own_program(wildcards) else []


def batches_of_calibration(pattern):
    """An input function that gives a file of every batch of a model's calibration."""

    def files(wildcards):
        asked = analysis_of(wildcards).calibration
        return filled(
            pattern, batch=name_batches(asked.replicates, asked.batch), **wildcards
        )

    return files


def batches_of_recovery(wildcards):
    asked = analysis_of(wildcards).calibration
    names = name_batches(asked.recovery.replicates, asked.batch)
    return filled(rules.recover_lifts.output[0], batch=names, **wildcards)


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
        return filled(pattern, analysis=wildcards.analysis, model=which(wildcards))

    return files


def calibrations():
    """The pages of calibration."""
    return [f"reports/calibration/{name}.html" for name in SETTINGS.analyses]

"""Input functions of the rules that assess and compare models."""

from partialpool.comparison.units import find_grouping


def grouping_of(wildcards):
    """The factors whose levels are left out whole."""
    return list(find_grouping(analysis_of(wildcards))[0])


def mix_of(wildcards):
    """The file of the contacts that the answer is for, where it is for others."""
    mix = analysis_of(wildcards).decision.mix
    return [from_user(mix)] if mix else []


def ledger_of_ids(wildcards):
    """The ledger where it counts ids; without them the decision asks nothing of it."""
    named = analysis_of(wildcards).source.id is not None
    return filled(rules.read_cells.output.ledger, **wildcards) if named else []


def formulas_by_model(wildcards):
    """The formula of every model of the analysis."""
    return {name: m.formula for name, m in analysis_of(wildcards).models.items()}


def refits_of_each_model(wildcards):
    """Every part of every model's refits."""
    analysis = analysis_of(wildcards)
    jobs = analysis.comparison.refits.jobs
    return filled(
        rules.refit_units.output[0],
        analysis=wildcards.analysis,
        model=analysis.models,
        part=range(1, jobs + 1),
        jobs=jobs,
    )


def decisive_scores(wildcards):
    """The scores at the unit that the analysis' models are ranked by for the decision."""
    unit = analysis_of(wildcards).comparison.unit
    return filled(rules.compare_models.output.scores, unit=unit, **wildcards)

"""Input functions of the rule on new data."""


def prediction_of(wildcards):
    return analysis_of(wildcards).predict[wildcards.new]


def predictions(wildcards):
    """The tables of predicted rates that the configuration asks for."""
    if not SETTINGS.analyses:
        sys.exit(NO_ANALYSES)
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

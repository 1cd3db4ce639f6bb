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


rule predict_rates:
    """Rates of new data, row by row."""
    input:
        new=lambda wildcards: prediction_of(wildcards).path,
        cells=rules.read_cells.output.cells,
        levels=rules.read_cells.output.levels,
        posteriors=of_each_model(rules.sample_model.output.posterior),
        decision=rules.decide.output,
        library=library("predict_rates"),
    output:
        f"{RESULTS}/predict/{{new}}.csv",
    log:
        f"{LOGS}/{{analysis}}/predict_rates_{{new}}.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/predict_rates_{{new}}.tsv"
    conda:
        ENVIRONMENT
    params:
        request=lambda wildcards: describe_request(analysis_of(wildcards)),
        models=lambda wildcards: {
            name: model.specification
            for name, model in analysis_of(wildcards).models.items()
        },
        model=lambda wildcards: prediction_of(wildcards).model,
        interval=setting("interval"),
        seed=setting("seed"),
    script:
        "../scripts/predict_rates.py"

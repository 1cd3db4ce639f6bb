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

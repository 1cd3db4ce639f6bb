rule predict_rates:
    """Rates of new data, row by row."""
    input:
        new=lambda wildcards: prediction_of(wildcards).path,
        cells=rules.read_cells.output.cells,
        levels=rules.read_cells.output.levels,
        posteriors=of_each_model(rules.sample_posterior.output[0]),
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
        formulas=lambda wildcards: {
            name: model.formula
            for name, model in analysis_of(wildcards).models.items()
        },
        likelihoods=lambda wildcards: {
            name: model.model_dump(include={"family", "link"})
            for name, model in analysis_of(wildcards).models.items()
        },
        model=lambda wildcards: prediction_of(wildcards).model,
        interval=setting("interval"),
        seed=setting("seed"),
    script:
        "../scripts/predict_rates.py"

rule predict_rates:
    """Rates of new data, row by row, and the successes that they come to."""
    input:
        new=lambda wildcards: from_user(prediction_of(wildcards).path),
        cells=settled(rules.read_cells.output.cells, f"{RESULTS}/predict/{{new}}.csv"),
        levels=settled(rules.read_cells.output.levels, f"{RESULTS}/predict/{{new}}.csv"),
        posteriors=of_each_model(rules.sample_model.output.posterior),
        decision=rules.decide.output,
    output:
        rates=f"{RESULTS}/predict/{{new}}.csv",
        totals=f"{RESULTS}/predict/{{new}}_totals.csv",
    log:
        f"{LOGS}/{{analysis}}/predict_rates_{{new}}.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/predict_rates_{{new}}.tsv"
    wildcard_constraints:
        new="[a-z][a-z0-9_]*(?<!_totals)",
    conda:
        ENVIRONMENT
    params:
        library=library("predict_rates"),
        request=lambda wildcards: describe_request(analysis_of(wildcards)),
        models=lambda wildcards: {
            name: model.specification
            for name, model in analysis_of(wildcards).models.items()
        },
        model=lambda wildcards: prediction_of(wildcards).model,
        totals=lambda wildcards: prediction_of(wildcards).model_dump(
            include={"total_by", "trials"}
        ),
        interval=setting("interval"),
        seed=setting("seed"),
    script:
        "../scripts/predict_rates.py"

rule assess_model:
    """Assess a fitted model: estimates, verdict, checks, effects, sensitivity."""
    input:
        cells=rules.read_cells.output.cells,
        levels=rules.read_cells.output.levels,
        data=rules.build_design.output.data,
        names=rules.build_design.output.names,
        posterior=rules.sample_model.output.posterior,
        prior=prior_draws,
        mix=mix_of,
        library=library("assess_model"),
    output:
        parameters=f"{MODEL}/parameters.csv",
        densities=f"{MODEL}/densities.csv",
        diagnostics=f"{MODEL}/diagnostics.csv",
        verdict=f"{MODEL}/verdict.json",
        ranks=f"{MODEL}/ranks.csv",
        traces=f"{MODEL}/traces.csv",
        energy=f"{MODEL}/energy.csv",
        oracle=f"{MODEL}/oracle.csv",
        oracle_facts=f"{MODEL}/oracle.json",
        predictive=f"{MODEL}/predictive.csv",
        predictive_rates=f"{MODEL}/predictive_rates.csv",
        predictive_margins=f"{MODEL}/predictive_margins.csv",
        predictive_tests=f"{MODEL}/predictive_tests.csv",
        effects=f"{MODEL}/effects.csv",
        predictions=f"{MODEL}/predictions.csv",
        separation=f"{MODEL}/separation.csv",
        sensitivity=f"{MODEL}/sensitivity.csv",
        log_densities=f"{MODEL}/log_densities.nc",
        rates=f"{MODEL}/rates.nc",
    log:
        f"{LOGS}/{{analysis}}/{{model}}/assess_model.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/{{model}}/assess_model.tsv"
    conda:
        ENVIRONMENT
    params:
        model=specification_of,
        asked=lambda wildcards: analysis_of(wildcards).describe_assessment(
            wildcards.model
        ),
        factors=lambda wildcards: list(analysis_of(wildcards).factors),
        seed=setting("seed"),
    script:
        "../scripts/assess_model.py"


rule bridge_log_odds:
    """Lead from the counts to the coefficients of the pooled model, step by step."""
    input:
        levels=rules.read_cells.output.levels,
        margins=rules.explore_cells.output.margins,
        effects=pooled_model(rules.assess_model.output.effects),
        library=library("bridge_log_odds"),
    output:
        f"{RESULTS}/log_odds.csv",
    log:
        f"{LOGS}/{{analysis}}/bridge_log_odds.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/bridge_log_odds.tsv"
    conda:
        ENVIRONMENT
    params:
        question=setting("compared"),
    script:
        "../scripts/bridge_log_odds.py"


rule score_units:
    """Leave each contact, cell and level out in turn, by importance sampling from the cells."""
    input:
        cells=rules.read_cells.output.cells,
        levels=rules.read_cells.output.levels,
        data=rules.build_design.output.data,
        posterior=rules.sample_model.output.posterior,
        library=library("score_units"),
    output:
        f"{MODEL}/importance.csv",
    log:
        f"{LOGS}/{{analysis}}/{{model}}/score_units.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/{{model}}/score_units.tsv"
    conda:
        ENVIRONMENT
    params:
        model=specification_of,
        grouping=grouping_of,
        pareto_k=setting("comparison", "pareto_k"),
    script:
        "../scripts/score_units.py"


rule refit_units:
    """Leave out by refitting what importance sampling cannot; one part of it."""
    input:
        cells=rules.read_cells.output.cells,
        levels=rules.read_cells.output.levels,
        program=compiled_program,
        data=rules.build_design.output.data,
        names=rules.build_design.output.names,
        posterior=rules.sample_model.output.posterior,
        scores=rules.score_units.output[0],
        library=library("refit_units"),
    output:
        f"{MODEL}/refits/{{part}}of{{jobs}}.csv",
    log:
        f"{LOGS}/{{analysis}}/{{model}}/refit_units_{{part}}of{{jobs}}.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/{{model}}/refit_units_{{part}}of{{jobs}}.tsv"
    priority: 1
    conda:
        ENVIRONMENT
    params:
        model=specification_of,
        grouping=grouping_of,
        engine=engine_of,
        sampling=sampling_but(
            "warmup", "draws", "prior_draws", "repair", "longest", "minutes"
        ),
        refits=lambda wildcards: analysis_of(wildcards).comparison.refits.model_dump(
            exclude={"jobs"}
        ),
        seed=setting("seed"),
    script:
        "../scripts/refit_units.py"


rule compare_models:
    """Rank the models by what they predict of one unit left out."""
    input:
        scores=of_each_model(rules.score_units.output[0]),
        refits=refits_of_each_model,
        library=library("compare_models"),
    output:
        comparison=f"{RESULTS}/comparison_{{unit}}.csv",
        scores=f"{RESULTS}/scores_{{unit}}.csv",
    log:
        f"{LOGS}/{{analysis}}/compare_models_{{unit}}.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/compare_models_{{unit}}.tsv"
    conda:
        ENVIRONMENT
    params:
        models=lambda wildcards: list(analysis_of(wildcards).models),
        seed=setting("seed"),
    script:
        "../scripts/compare_models.py"


rule decide:
    """Answer the analysis' question from the model that predicts best."""
    input:
        margins=rules.explore_cells.output.margins,
        crossing=rules.explore_cells.output.crossing,
        scores=decisive_scores,
        verdicts=of_each_model(rules.assess_model.output.verdict),
        effects=of_each_model(rules.assess_model.output.effects),
        tests=of_each_model(rules.assess_model.output.predictive_tests),
        sensitivity=of_each_model(rules.assess_model.output.sensitivity),
        library=library("decide"),
    output:
        f"{RESULTS}/decision.json",
    log:
        f"{LOGS}/{{analysis}}/decide.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/decide.tsv"
    conda:
        ENVIRONMENT
    params:
        models=lambda wildcards: list(analysis_of(wildcards).models),
        treatment=setting("treatment"),
        decision=setting("decision"),
        units=units_of,
    script:
        "../scripts/decide.py"


rule weigh_arms:
    """Weigh every arm in every place by the model that answers."""
    input:
        decision=rules.decide.output,
        rates=of_each_model(rules.assess_model.output.rates),
        library=library("weigh_arms"),
    output:
        facts=f"{RESULTS}/decision/arms.json",
        arms=f"{RESULTS}/decision/arms.csv",
        pairs=f"{RESULTS}/decision/pairs.csv",
        mixes=f"{RESULTS}/decision/mixes.csv",
        money=f"{RESULTS}/decision/money.csv",
        experiments=f"{RESULTS}/decision/experiments.csv",
        allocations=f"{RESULTS}/decision/allocations.csv",
    log:
        f"{LOGS}/{{analysis}}/weigh_arms.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/weigh_arms.tsv"
    conda:
        ENVIRONMENT
    params:
        models=lambda wildcards: list(analysis_of(wildcards).models),
        question=setting("compared"),
        decision=setting("decision"),
        interval=setting("interval"),
        seed=setting("seed"),
    script:
        "../scripts/weigh_arms.py"

rule assess_model:
    """Assess a fitted model: estimates, verdict, checks, effects, sensitivity."""
    input:
        cells=settled(rules.read_cells.output.cells, f"{MODEL}/parameters.csv"),
        levels=settled(rules.read_cells.output.levels, f"{MODEL}/parameters.csv"),
        data=rules.build_design.output.data,
        names=rules.build_design.output.names,
        posterior=rules.sample_model.output.posterior,
        prior=prior_draws,
        versions=rules.sample_model.output.versions,
        mix=mix_of,
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
        gaps=f"{MODEL}/gaps.json",
        rates=f"{MODEL}/rates.nc",
        inference=f"{MODEL}/posterior.nc",
        draws=f"{MODEL}/draws.csv",
    log:
        f"{LOGS}/{{analysis}}/{{model}}/assess_model.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/{{model}}/assess_model.tsv"
    conda:
        ENVIRONMENT
    params:
        library=library("assess_model"),
        model=specification_of,
        asked=lambda wildcards: describe_assessment(
            analysis_of(wildcards), wildcards.model
        ),
        factors=lambda wildcards: list(analysis_of(wildcards).factors),
        seed=setting("seed"),
    script:
        "../scripts/assess_model.py"


rule bridge_log_odds:
    """Lead from the counts to the coefficients of the pooled model, step by step."""
    input:
        levels=settled(rules.read_cells.output.levels, f"{RESULTS}/log_odds.csv"),
        margins=rules.explore_cells.output.margins,
        effects=pooled_model(rules.assess_model.output.effects),
    output:
        f"{RESULTS}/log_odds.csv",
    log:
        f"{LOGS}/{{analysis}}/bridge_log_odds.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/bridge_log_odds.tsv"
    conda:
        ENVIRONMENT
    params:
        library=library("bridge_log_odds"),
        question=setting("compared"),
    script:
        "../scripts/bridge_log_odds.py"


rule score_units:
    """Leave each contact, cell and level out in turn, by importance sampling from the cells."""
    input:
        cells=settled(rules.read_cells.output.cells, f"{MODEL}/importance.csv"),
        levels=settled(rules.read_cells.output.levels, f"{MODEL}/importance.csv"),
        data=rules.build_design.output.data,
        posterior=rules.sample_model.output.posterior,
    output:
        f"{MODEL}/importance.csv",
    log:
        f"{LOGS}/{{analysis}}/{{model}}/score_units.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/{{model}}/score_units.tsv"
    conda:
        ENVIRONMENT
    params:
        library=library("score_units"),
        model=specification_of,
        grouping=grouping_of,
        pareto_k=setting("comparison", "pareto_k"),
    script:
        "../scripts/score_units.py"


rule refit_units:
    """Leave out by refitting what importance sampling cannot; one part of it."""
    input:
        cells=settled(
            rules.read_cells.output.cells, f"{MODEL}/refits/{{part}}of{{jobs}}.csv"
        ),
        levels=settled(
            rules.read_cells.output.levels, f"{MODEL}/refits/{{part}}of{{jobs}}.csv"
        ),
        program=compiled_program,
        data=rules.build_design.output.data,
        names=rules.build_design.output.names,
        posterior=rules.sample_model.output.posterior,
        scores=rules.score_units.output[0],
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
        library=library("refit_units"),
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
        library=library("compare_models"),
        models=lambda wildcards: list(analysis_of(wildcards).models),
        seed=setting("seed"),
    script:
        "../scripts/compare_models.py"


rule decide:
    """Answer the analysis' question from the model that predicts best."""
    input:
        margins=rules.explore_cells.output.margins,
        crossing=rules.explore_cells.output.crossing,
        ledger=ledger_of_ids,
        scores=decisive_scores,
        verdicts=of_each_model(rules.assess_model.output.verdict),
        rates=of_each_model(rules.assess_model.output.rates),
        effects=of_each_model(rules.assess_model.output.effects),
        tests=of_each_model(rules.assess_model.output.predictive_tests),
        sensitivity=of_each_model(rules.assess_model.output.sensitivity),
        gaps=of_each_model(rules.assess_model.output.gaps),
    output:
        f"{RESULTS}/decision.json",
    log:
        f"{LOGS}/{{analysis}}/decide.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/decide.tsv"
    conda:
        ENVIRONMENT
    params:
        library=library("decide"),
        models=formulas_by_model,
        pooling=lambda wildcards: describe_pooling(analysis_of(wildcards)),
        question=setting("compared"),
        decision=decision_of("model", "probability", "split"),
        units=units_of,
    script:
        "../scripts/decide.py"


rule weigh_arms:
    """Weigh every arm in every place by the model that answers, or follow a number."""
    input:
        cells=settled(rules.read_cells.output.cells, f"{RESULTS}/decision/arms.csv"),
        levels=settled(rules.read_cells.output.levels, f"{RESULTS}/decision/arms.csv"),
        decision=rules.decide.output,
        rates=of_each_model(rules.assess_model.output.rates),
    output:
        facts=f"{RESULTS}/decision/arms.json",
        arms=f"{RESULTS}/decision/arms.csv",
        pairs=f"{RESULTS}/decision/pairs.csv",
        mixes=f"{RESULTS}/decision/mixes.csv",
        levels=f"{RESULTS}/decision/levels.csv",
        money=f"{RESULTS}/decision/money.csv",
        experiments=f"{RESULTS}/decision/experiments.csv",
        allocations=f"{RESULTS}/decision/allocations.csv",
        segments=f"{RESULTS}/decision/segments.csv",
        changes=f"{RESULTS}/decision/changes.csv",
        curve=f"{RESULTS}/decision/curve.csv",
        seen=f"{RESULTS}/decision/seen.csv",
    log:
        f"{LOGS}/{{analysis}}/weigh_arms.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/weigh_arms.tsv"
    conda:
        ENVIRONMENT
    params:
        library=library("weigh_arms"),
        models=formulas_by_model,
        variables=setting("variables"),
        question=setting("asked"),
        decision=setting("decision"),
        interval=setting("interval"),
        seed=setting("seed"),
    script:
        "../scripts/weigh_arms.py"

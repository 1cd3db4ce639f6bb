rule consult_oracle:
    """Work the posterior out anew, without Stan, and hold the draws against that."""
    input:
        data=rules.build_design.output.data,
        names=rules.build_design.output.names,
        posterior=rules.sample_posterior.output[0],
        library=library("consult_oracle"),
    output:
        table=f"{MODEL}/oracle.csv",
        facts=f"{MODEL}/oracle.json",
    log:
        f"{LOGS}/{{analysis}}/{{model}}/consult_oracle.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/{{model}}/consult_oracle.tsv"
    conda:
        ENVIRONMENT
    params:
        oracle=setting("oracle"),
        own_program=lambda wildcards: bool(own_program(wildcards)),
        seed=setting("seed"),
    script:
        "../scripts/consult_oracle.py"


rule diagnose_fit:
    """Judge whether the sampler converged."""
    input:
        posterior=rules.sample_posterior.output[0],
        names=rules.build_design.output.names,
        oracle=rules.consult_oracle.output.facts,
        library=library("diagnose_fit"),
    output:
        diagnostics=f"{MODEL}/diagnostics.csv",
        verdict=f"{MODEL}/verdict.json",
        ranks=f"{MODEL}/ranks.csv",
        traces=f"{MODEL}/traces.csv",
        energy=f"{MODEL}/energy.csv",
    log:
        f"{LOGS}/{{analysis}}/{{model}}/diagnose_fit.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/{{model}}/diagnose_fit.tsv"
    conda:
        ENVIRONMENT
    params:
        limits=setting("verdict"),
        max_treedepth=lambda wildcards: model_of(wildcards).sampling.max_treedepth,
    script:
        "../scripts/diagnose_fit.py"


rule check_predictive:
    """Hold the observed cells and margins against what prior and posterior predict."""
    input:
        cells=rules.read_cells.output.cells,
        levels=rules.read_cells.output.levels,
        prior=prior_draws,
        posterior=rules.sample_posterior.output[0],
        library=library("check_predictive"),
    output:
        cells=f"{MODEL}/predictive.csv",
        rates=f"{MODEL}/predictive_rates.csv",
        margins=f"{MODEL}/predictive_margins.csv",
        tests=f"{MODEL}/predictive_tests.csv",
    log:
        f"{LOGS}/{{analysis}}/{{model}}/check_predictive.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/{{model}}/check_predictive.tsv"
    conda:
        ENVIRONMENT
    params:
        formula=lambda wildcards: model_of(wildcards).formula,
        likelihood=likelihood_of,
        margins=setting("margins"),
        interval=setting("interval"),
        seed=setting("seed"),
    script:
        "../scripts/check_predictive.py"


rule estimate_effects:
    """Rates, lifts and odds ratios of the treatment, draw by draw."""
    input:
        cells=rules.read_cells.output.cells,
        levels=rules.read_cells.output.levels,
        posterior=rules.sample_posterior.output[0],
        library=library("estimate_effects"),
    output:
        effects=f"{MODEL}/effects.csv",
        predictions=f"{MODEL}/predictions.csv",
        separation=f"{MODEL}/separation.csv",
    log:
        f"{LOGS}/{{analysis}}/{{model}}/estimate_effects.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/{{model}}/estimate_effects.tsv"
    conda:
        ENVIRONMENT
    params:
        formula=lambda wildcards: model_of(wildcards).formula,
        likelihood=likelihood_of,
        question=question_of,
        future_contacts=setting("decision", "future_contacts"),
        interval=setting("interval"),
        seed=setting("seed"),
    script:
        "../scripts/estimate_effects.py"


rule measure_sensitivity:
    """Measure how much the posterior leans on its priors and on the data."""
    input:
        cells=rules.read_cells.output.cells,
        levels=rules.read_cells.output.levels,
        data=rules.build_design.output.data,
        posterior=rules.sample_posterior.output[0],
        library=library("measure_sensitivity"),
    output:
        table=f"{MODEL}/sensitivity.csv",
        densities=f"{MODEL}/log_densities.nc",
    log:
        f"{LOGS}/{{analysis}}/{{model}}/measure_sensitivity.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/{{model}}/measure_sensitivity.tsv"
    conda:
        ENVIRONMENT
    params:
        formula=lambda wildcards: model_of(wildcards).formula,
        likelihood=likelihood_of,
        own_program=lambda wildcards: bool(own_program(wildcards)),
        question=question_of,
    script:
        "../scripts/measure_sensitivity.py"


rule bridge_log_odds:
    """Lead from the counts to the coefficients of the pooled model, step by step."""
    input:
        levels=rules.read_cells.output.levels,
        margins=rules.explore_cells.output.margins,
        effects=pooled_model(rules.estimate_effects.output.effects),
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
        question=question_of,
    script:
        "../scripts/bridge_log_odds.py"


rule score_units:
    """Leave each contact, cell and level out in turn, by importance sampling from the cells."""
    input:
        cells=rules.read_cells.output.cells,
        levels=rules.read_cells.output.levels,
        data=rules.build_design.output.data,
        posterior=rules.sample_posterior.output[0],
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
        formula=lambda wildcards: model_of(wildcards).formula,
        likelihood=likelihood_of,
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
        posterior=rules.sample_posterior.output[0],
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
        formula=lambda wildcards: model_of(wildcards).formula,
        likelihood=likelihood_of,
        grouping=grouping_of,
        engine=engine_of,
        sampling=sampling_but("warmup", "draws", "prior_draws", "repair"),
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
        verdicts=of_each_model(rules.diagnose_fit.output.verdict),
        effects=of_each_model(rules.estimate_effects.output.effects),
        tests=of_each_model(rules.check_predictive.output.tests),
        sensitivity=of_each_model(rules.measure_sensitivity.output.table),
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
        question=question_of,
        decision=setting("decision"),
        units=units_of,
    script:
        "../scripts/decide.py"

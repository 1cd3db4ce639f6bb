CALIBRATION = "results/{analysis}/calibration/{model}"
BATCHES = f"{CALIBRATION}/batches"


rule rank_truths:
    """Fit data sets drawn from a model's prior, and rank the truth among the draws of each."""
    input:
        cells=settled(rules.read_cells.output.cells, f"{BATCHES}/ranks_{{batch}}.csv"),
        levels=settled(rules.read_cells.output.levels, f"{BATCHES}/ranks_{{batch}}.csv"),
        program=compiled_program,
        data=rules.build_design.output.data,
        names=rules.build_design.output.names,
        prior=prior_of_own_program,
    output:
        ranks=f"{BATCHES}/ranks_{{batch}}.csv",
        fits=f"{BATCHES}/fits_{{batch}}.csv",
    log:
        f"{LOGS}/{{analysis}}/{{model}}/rank_truths_{{batch}}.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/{{model}}/rank_truths_{{batch}}.tsv"
    conda:
        ENVIRONMENT
    params:
        library=library("rank_truths"),
        model=specification_of,
        priors=lambda wildcards: model_of(wildcards).priors.model_dump(),
        engine=engine_of,
        sampling=sampling_but(
            "chains", "warmup", "draws", "prior_draws", "longest", "minutes"
        ),
        size=setting("calibration", "size_of_fits"),
        limits=setting("verdict", "limits_of_repairs"),
        ranked=setting("calibration", "ranked"),
        seed=setting("seed"),
    script:
        "../scripts/rank_truths.py"


rule summarise_ranks:
    """Test whether a model's ranks are even, and judge its calibration."""
    input:
        ranks=batches_of_calibration(rules.rank_truths.output.ranks),
        fits=batches_of_calibration(rules.rank_truths.output.fits),
    output:
        ranks=f"{CALIBRATION}/ranks.csv",
        fits=f"{CALIBRATION}/fits.csv",
        summary=f"{CALIBRATION}/summary.csv",
        bins=f"{CALIBRATION}/bins.csv",
        points=f"{CALIBRATION}/points.csv",
        verdict=f"{CALIBRATION}/verdict.json",
    log:
        f"{LOGS}/{{analysis}}/{{model}}/summarise_ranks.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/{{model}}/summarise_ranks.tsv"
    conda:
        ENVIRONMENT
    params:
        library=library("summarise_ranks"),
        ranked=setting("calibration", "ranked"),
        false_alarm=setting("calibration", "false_alarm"),
        ebfmi=setting("verdict", "ebfmi"),
    script:
        "../scripts/summarise_ranks.py"


rule recover_lifts:
    """Fit campaigns with lifts of known size, and hold each fit to what it was drawn with."""
    input:
        cells=settled(
            rules.read_cells.output.cells, f"{BATCHES}/recovery_{{batch}}.csv"
        ),
        levels=settled(
            rules.read_cells.output.levels, f"{BATCHES}/recovery_{{batch}}.csv"
        ),
        program=compiled_program,
        data=rules.build_design.output.data,
        names=rules.build_design.output.names,
        posterior=rules.sample_model.output.posterior,
    output:
        f"{BATCHES}/recovery_{{batch}}.csv",
    log:
        f"{LOGS}/{{analysis}}/{{model}}/recover_lifts_{{batch}}.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/{{model}}/recover_lifts_{{batch}}.tsv"
    conda:
        ENVIRONMENT
    params:
        library=library("recover_lifts"),
        model=specification_of,
        engine=engine_of,
        sampling=sampling_but(
            "chains", "warmup", "draws", "prior_draws", "longest", "minutes"
        ),
        size=setting("calibration", "size_of_fits"),
        limits=setting("verdict", "limits_of_repairs"),
        treatment=setting("treatment"),
        recovery=lambda wildcards: analysis_of(
            wildcards
        ).calibration.recovery.model_dump(exclude={"replicates", "share"}),
        interval=setting("interval"),
        seed=setting("seed"),
    script:
        "../scripts/recover_lifts.py"


rule summarise_recovery:
    """Say how often lifts are called, how well they are estimated, and what they need."""
    input:
        measured=batches_of_recovery,
        names=rules.build_design.output.names,
    output:
        measured=f"{CALIBRATION}/recovery.csv",
        lifts=f"{CALIBRATION}/lifts.csv",
        coverage=f"{CALIBRATION}/coverage.csv",
        needs=f"{CALIBRATION}/needs.json",
    log:
        f"{LOGS}/{{analysis}}/{{model}}/summarise_recovery.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/{{model}}/summarise_recovery.tsv"
    conda:
        ENVIRONMENT
    params:
        library=library("summarise_recovery"),
        probability=setting("decision", "probability"),
        share=setting("calibration", "recovery", "share"),
    script:
        "../scripts/summarise_recovery.py"


rule show_calibration:
    """Show whether one model's posteriors are as sure as they should be."""
    input:
        levels=settled(
            rules.read_cells.output.levels,
            "results/{analysis}/notebooks/calibration/{model}.ipynb",
        ),
        summary=rules.summarise_ranks.output.summary,
        bins=rules.summarise_ranks.output.bins,
        points=rules.summarise_ranks.output.points,
        verdict=rules.summarise_ranks.output.verdict,
    output:
        "results/{analysis}/notebooks/calibration/{model}.ipynb",
    log:
        f"{LOGS}/{{analysis}}/{{model}}/show_calibration.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/{{model}}/show_calibration.tsv"
    conda:
        ENVIRONMENT
    params:
        notebook=PROJECT / "notebooks" / "calibration.ipynb",
        library=notebook_library("calibration"),
        labels=labels_of,
        facts=lambda wildcards: {"model": wildcards.model},
    script:
        "../scripts/run_notebook.py"


rule show_recovery:
    """Show how many contacts a lift needs to be called by one model."""
    input:
        levels=settled(
            rules.read_cells.output.levels,
            "results/{analysis}/notebooks/recovery/{model}.ipynb",
        ),
        cells=settled(
            rules.read_cells.output.cells,
            "results/{analysis}/notebooks/recovery/{model}.ipynb",
        ),
        lifts=rules.summarise_recovery.output.lifts,
        coverage=rules.summarise_recovery.output.coverage,
        needs=rules.summarise_recovery.output.needs,
        verdict=rules.assess_model.output.verdict,
    output:
        "results/{analysis}/notebooks/recovery/{model}.ipynb",
    log:
        f"{LOGS}/{{analysis}}/{{model}}/show_recovery.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/{{model}}/show_recovery.tsv"
    conda:
        ENVIRONMENT
    params:
        notebook=PROJECT / "notebooks" / "recovery.ipynb",
        library=notebook_library("recovery"),
        labels=labels_of,
        facts=lambda wildcards: {
            "model": wildcards.model,
            "recovery": analysis_of(wildcards).calibration.recovery.model_dump(),
            "probability": analysis_of(wildcards).decision.probability,
        },
    script:
        "../scripts/run_notebook.py"


rule render_calibration:
    """Put what calibration found on one page."""
    input:
        levels=settled(
            rules.read_cells.output.levels, "reports/calibration/{analysis}.html"
        ),
        verdicts=of_models(calibrated, rules.summarise_ranks.output.verdict),
        needs=of_models(recovered, rules.summarise_recovery.output.needs),
        calibration=of_models(calibrated, rules.show_calibration.output),
        recovery=of_models(recovered, rules.show_recovery.output),
    output:
        "reports/calibration/{analysis}.html",
    log:
        f"{LOGS}/{{analysis}}/render_calibration.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/render_calibration.tsv"
    conda:
        ENVIRONMENT
    params:
        library=library("render_calibration"),
        templates=digest_files(TEMPLATES),
        labels=labels_of,
        title=setting("title"),
        tested=lambda wildcards: formulas_of(wildcards, calibrated(wildcards)),
        recovered=lambda wildcards: formulas_of(wildcards, recovered(wildcards)),
        left_out=left_out,
        engines=lambda wildcards: {
            name: choose_engine(model.sampling.engine)
            for name, model in analysis_of(wildcards).models.items()
        },
        probability=setting("decision", "probability"),
        calibration=setting("calibration"),
        seed=setting("seed"),
    script:
        "../scripts/render_calibration.py"

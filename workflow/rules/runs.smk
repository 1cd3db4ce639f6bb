rule keep_run:
    """Keep a finished run under its label, which is never written over."""
    input:
        files=files_to_keep,
        page=rules.render_report.output[0],
    output:
        "runs/{analysis}/{label}/kept.json",
    log:
        f"{LOGS}/{{analysis}}/keep_run_{{label}}.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/keep_run_{{label}}.tsv"
    wildcard_constraints:
        label=re.escape(SETTINGS.label or "") or NO_NAME,
    conda:
        ENVIRONMENT
    params:
        library=library("keep_run"),
        analysis=lambda wildcards: analysis_of(wildcards).model_dump(mode="json"),
    script:
        "../scripts/keep_run.py"


rule compare_runs:
    """Hold a run to one that was kept: what moved, how far chance moves it, and what moved it."""
    input:
        files=files_of_run,
        program=house_program,
    output:
        facts=f"{RESULTS}/since/since.json",
        moves=f"{RESULTS}/since/moves.csv",
        steps=f"{RESULTS}/since/steps.csv",
        counts=f"{RESULTS}/since/counts.csv",
        trend=f"{RESULTS}/since/trend.csv",
    log:
        f"{LOGS}/{{analysis}}/compare_runs.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/compare_runs.tsv"
    conda:
        ENVIRONMENT
    threads: chains_of_analysis
    params:
        library=library("compare_runs"),
        analysis=lambda wildcards: analysis_of(wildcards).model_dump(mode="json"),
        since=SETTINGS.since,
        kept=labels_kept,
    script:
        "../scripts/compare_runs.py"


rule render_changes:
    """Put what changed since a kept run on a page of its own."""
    input:
        levels=settled(rules.read_cells.output.levels, "reports/since/{analysis}.html"),
        since=rules.compare_runs.output,
    output:
        "reports/since/{analysis}.html",
    log:
        f"{LOGS}/{{analysis}}/render_changes.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/render_changes.tsv"
    conda:
        ENVIRONMENT
    params:
        library=library("render_changes"),
        templates=digest_files(TEMPLATES),
        labels=labels_of,
        title=setting("title"),
    script:
        "../scripts/render_changes.py"


rule bundle_run:
    """Pack everything that a page was made of into one file, which makes the page again."""
    input:
        **PAGE_FILES,
        page=rules.render_report.output[0],
        given=files_of_the_user,
    output:
        "reports/bundle/{analysis}.tar.gz",
    log:
        f"{LOGS}/{{analysis}}/bundle_run.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/bundle_run.tsv"
    conda:
        ENVIRONMENT
    params:
        library=library("bundle_run"),
        code=lambda wildcards: digest_project(PROJECT),
        # a Path does not count as a parameter, so that the folder may be another
        project=PROJECT,
        config=config_of,
        page=page_of,
    script:
        "../scripts/bundle_run.py"

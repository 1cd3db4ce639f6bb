rule read_cells:
    """Count the contacts in each cell, in one pass inside the source's own engine."""
    input:
        source=files_of_source,
        library=library("read_cells"),
    output:
        cells=f"{RESULTS}/data/cells.csv",
        levels=f"{RESULTS}/data/levels.json",
        ledger=f"{RESULTS}/data/ledger.json",
        glimpse=f"{RESULTS}/data/glimpse.csv",
    log:
        f"{LOGS}/{{analysis}}/read_cells.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/read_cells.tsv"
    conda:
        ENVIRONMENT
    params:
        request=lambda wildcards: describe_request(analysis_of(wildcards)),
    script:
        "../scripts/read_cells.py"


rule explore_cells:
    """Tabulate the counts before any model sees them."""
    input:
        cells=rules.read_cells.output.cells,
        levels=rules.read_cells.output.levels,
        library=library("explore_cells"),
    output:
        margins=f"{RESULTS}/data/margins.csv",
        crossing=f"{RESULTS}/data/crossing.csv",
        numbers=f"{RESULTS}/data/numbers.csv",
    log:
        f"{LOGS}/{{analysis}}/explore_cells.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/explore_cells.tsv"
    conda:
        ENVIRONMENT
    params:
        question=question_of,
    script:
        "../scripts/explore_cells.py"


rule describe_priors:
    """What priors of several widths say, on the scales of log-odds, rates and lifts."""
    input:
        library=library("describe_priors"),
    output:
        densities=f"{RESULTS}/data/prior_densities.csv",
        summaries=f"{RESULTS}/data/prior_summaries.csv",
    log:
        f"{LOGS}/{{analysis}}/describe_priors.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/describe_priors.tsv"
    conda:
        ENVIRONMENT
    params:
        priors=lambda wildcards: [
            analysis_of(wildcards).priors.intercept,
            analysis_of(wildcards).priors.slope,
        ],
        link=common_link,
        interval=setting("interval"),
    script:
        "../scripts/describe_priors.py"

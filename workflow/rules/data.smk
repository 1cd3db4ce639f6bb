checkpoint read_cells:
    """Count the contacts in each cell, in one pass inside the source's own engine."""
    input:
        source=files_of_source,
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
        library=library("read_cells"),
        request=lambda wildcards: describe_request(analysis_of(wildcards)),
    script:
        "../scripts/read_cells.py"


rule explore_cells:
    """Tabulate the counts, and what priors say, before any model sees the cells."""
    input:
        cells=settled(rules.read_cells.output.cells, f"{RESULTS}/data/margins.csv"),
        levels=settled(rules.read_cells.output.levels, f"{RESULTS}/data/margins.csv"),
    output:
        margins=f"{RESULTS}/data/margins.csv",
        crossing=f"{RESULTS}/data/crossing.csv",
        numbers=f"{RESULTS}/data/numbers.csv",
        prior_densities=f"{RESULTS}/data/prior_densities.csv",
        prior_summaries=f"{RESULTS}/data/prior_summaries.csv",
    log:
        f"{LOGS}/{{analysis}}/explore_cells.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/explore_cells.tsv"
    conda:
        ENVIRONMENT
    params:
        library=library("explore_cells"),
        question=setting("compared"),
        priors=lambda wildcards: [
            analysis_of(wildcards).priors.intercept,
            analysis_of(wildcards).priors.slope,
        ],
        link=lambda wildcards: analysis_of(wildcards).common_link,
        interval=setting("interval"),
    script:
        "../scripts/explore_cells.py"

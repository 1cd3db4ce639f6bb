rule compile_program:
    """Compile a Stan program once; every fit shares it."""
    input:
        program=lambda wildcards: PROGRAMS[wildcards.program],
        functions=lambda wildcards: INCLUDED[wildcards.program],
        library=library("compile_program"),
    output:
        "results/programs/{program}.{engine}",
    log:
        f"{LOGS}/compile_program/{{program}}.{{engine}}.log",
    benchmark:
        f"{BENCHMARKS}/compile_program/{{program}}.{{engine}}.tsv"
    conda:
        ENVIRONMENT
    params:
        folders=[str(STAN)],
    script:
        "../scripts/compile_program.py"


rule build_design:
    """Turn a formula and the cells into Stan's data, and name every parameter."""
    input:
        cells=rules.read_cells.output.cells,
        levels=rules.read_cells.output.levels,
        program=own_program,
        library=library("build_design"),
    output:
        data=f"{MODEL}/data.json",
        names=f"{MODEL}/parameter_names.csv",
        coefficients=f"{MODEL}/coefficients.csv",
    log:
        f"{LOGS}/{{analysis}}/{{model}}/build_design.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/{{model}}/build_design.tsv"
    conda:
        ENVIRONMENT
    params:
        formula=lambda wildcards: model_of(wildcards).formula,
        likelihood=likelihood_of,
        priors=lambda wildcards: model_of(wildcards).priors.model_dump(),
        intercept_prior_at=lambda wildcards: model_of(wildcards).intercept_prior_at,
        centring=lambda wildcards: model_of(wildcards).sampling.centring,
    script:
        "../scripts/build_design.py"


rule sample_prior:
    """Draw from the prior with the same program, its likelihood left out."""
    input:
        program=compiled_program,
        data=rules.build_design.output.data,
        names=rules.build_design.output.names,
        library=library("sample_prior"),
    output:
        f"{MODEL}/prior.nc",
    log:
        f"{LOGS}/{{analysis}}/{{model}}/sample_prior.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/{{model}}/sample_prior.tsv"
    conda:
        ENVIRONMENT
    params:
        engine=engine_of,
        sampling=sampling_but("draws", "centring", "repair"),
        seed=setting("seed"),
    script:
        "../scripts/sample_prior.py"


rule sample_posterior:
    """Draw from the posterior; the last place where Stan is touched."""
    input:
        program=compiled_program,
        data=rules.build_design.output.data,
        names=rules.build_design.output.names,
        library=library("sample_posterior"),
    output:
        posterior=f"{MODEL}/posterior.nc",
        attempts=f"{MODEL}/attempts.json",
    log:
        f"{LOGS}/{{analysis}}/{{model}}/sample_posterior.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/{{model}}/sample_posterior.tsv"
    priority: 1
    conda:
        ENVIRONMENT
    threads: lambda wildcards: model_of(wildcards).sampling.chains
    params:
        engine=engine_of,
        sampling=sampling_but("prior_draws", "centring"),
        limits=limits_of_repairs,
        seed=setting("seed"),
    script:
        "../scripts/sample_posterior.py"


rule summarise_posterior:
    """Estimates with their intervals, and the densities of those that are drawn."""
    input:
        posterior=rules.sample_posterior.output[0],
        names=rules.build_design.output.names,
        library=library("summarise_posterior"),
    output:
        parameters=f"{MODEL}/parameters.csv",
        densities=f"{MODEL}/densities.csv",
    log:
        f"{LOGS}/{{analysis}}/{{model}}/summarise_posterior.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/{{model}}/summarise_posterior.tsv"
    conda:
        ENVIRONMENT
    params:
        interval=setting("interval"),
    script:
        "../scripts/summarise_posterior.py"

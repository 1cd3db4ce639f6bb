rule compile_program:
    """Compile a Stan program once; every fit shares it."""
    input:
        own=own_of_stem,
    output:
        "results/programs/{program}.{engine}",
    log:
        f"{LOGS}/compile_program/{{program}}.{{engine}}.log",
    benchmark:
        f"{BENCHMARKS}/compile_program/{{program}}.{{engine}}.tsv"
    conda:
        ENVIRONMENT
    params:
        library=library("compile_program"),
        digest=lambda wildcards: digest_of_program(wildcards.program),
        # a Path does not count as a parameter, so that the folder may be another
        program=lambda wildcards: PROGRAMS[wildcards.program],
        folder=STAN,
    script:
        "../scripts/compile_program.py"


rule build_design:
    """Turn a formula and the cells into Stan's data, name every parameter, write the model out."""
    input:
        cells=settled(rules.read_cells.output.cells, f"{MODEL}/data.json"),
        levels=settled(rules.read_cells.output.levels, f"{MODEL}/data.json"),
        own=own_program,
    output:
        data=f"{MODEL}/data.json",
        names=f"{MODEL}/parameter_names.csv",
        coefficients=f"{MODEL}/coefficients.csv",
        written_program=f"{MODEL}/written/model.stan",
        written_data=f"{MODEL}/written/data.json",
        latex=f"{MODEL}/written/equations.tex",
        equations=f"{MODEL}/written/equations.json",
    log:
        f"{LOGS}/{{analysis}}/{{model}}/build_design.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/{{model}}/build_design.tsv"
    conda:
        ENVIRONMENT
    params:
        library=library("build_design"),
        program=digest_of_own_program,
        model=specification_of,
        priors=lambda wildcards: model_of(wildcards).priors.model_dump(),
        intercept_prior_at=lambda wildcards: model_of(wildcards).intercept_prior_at,
        centring=lambda wildcards: model_of(wildcards).sampling.centring,
    script:
        "../scripts/build_design.py"


rule sample_model:
    """Draw from posterior and prior; the last place where Stan is touched."""
    input:
        program=compiled_program,
        data=rules.build_design.output.data,
        names=rules.build_design.output.names,
    output:
        posterior=f"{MODEL}/draws.nc",
        prior=f"{MODEL}/prior_draws.nc",
        attempts=f"{MODEL}/attempts.json",
        versions=f"{MODEL}/versions.json",
    log:
        f"{LOGS}/{{analysis}}/{{model}}/sample_model.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/{{model}}/sample_model.tsv"
    wildcard_constraints:
        analysis=with_prior(True),
    priority: 1
    conda:
        ENVIRONMENT
    threads: lambda wildcards: model_of(wildcards).sampling.chains
    # no parameter: draws do not depend on it
    resources:
        minutes=lambda wildcards: model_of(wildcards).sampling.minutes,
    params:
        library=library("sample_model"),
        engine=engine_of,
        sampling=sampling_but("centring", "minutes"),
        limits=setting("verdict"),
        seed=setting("seed"),
    script:
        "../scripts/sample_model.py"


use rule sample_model as sample_posterior with:
    output:
        posterior=f"{MODEL}/draws.nc",
        attempts=f"{MODEL}/attempts.json",
        versions=f"{MODEL}/versions.json",
    log:
        f"{LOGS}/{{analysis}}/{{model}}/sample_posterior.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/{{model}}/sample_posterior.tsv"
    wildcard_constraints:
        analysis=with_prior(False),

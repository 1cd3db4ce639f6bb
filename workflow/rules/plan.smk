rule simulate_plan:
    """Simulate experiments of several sizes, with the smallest lift that matters and with none."""
    input:
        [],  # the configuration says all
    output:
        sizes="results/plans/{plan}/sizes.csv",
        looks="results/plans/{plan}/looks.csv",
        facts="results/plans/{plan}/plan.json",
    log:
        f"{LOGS}/plans/{{plan}}/simulate_plan.log",
    benchmark:
        f"{BENCHMARKS}/plans/{{plan}}/simulate_plan.tsv"
    conda:
        ENVIRONMENT
    params:
        library=library("simulate_plan"),
        plan=simulated_plan,
    script:
        "../scripts/simulate_plan.py"


rule render_plan:
    """Put what an experiment needs on one page."""
    input:
        sizes=rules.simulate_plan.output.sizes,
        looks=rules.simulate_plan.output.looks,
        facts=rules.simulate_plan.output.facts,
    output:
        "reports/plan/{plan}.html",
    log:
        f"{LOGS}/plans/{{plan}}/render_plan.log",
    benchmark:
        f"{BENCHMARKS}/plans/{{plan}}/render_plan.tsv"
    conda:
        ENVIRONMENT
    params:
        library=library("render_plan"),
        templates=digest_files(TEMPLATES),
        plan=lambda wildcards: plan_of(wildcards).model_dump(),
    script:
        "../scripts/render_plan.py"

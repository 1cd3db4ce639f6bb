MODEL_FILES = {
    **{
        name: path
        for name, path in rules.assess_model.output.items()
        if name not in ("draws", "gaps", "inference")
    },
    "attempts": rules.sample_model.output.attempts,
    "design": rules.build_design.output.data,
    "names": rules.build_design.output.names,
    "coefficients": rules.build_design.output.coefficients,
    "written_program": rules.build_design.output.written_program,
    "equations": rules.build_design.output.equations,
}
NOTEBOOKS = "results/{analysis}/notebooks"


rule show_data:
    """Tell how the contacts became cells, and what the counts alone say."""
    input:
        cells=settled(rules.read_cells.output.cells, f"{NOTEBOOKS}/data.ipynb"),
        levels=settled(rules.read_cells.output.levels, f"{NOTEBOOKS}/data.ipynb"),
        ledger=rules.read_cells.output.ledger,
        glimpse=rules.read_cells.output.glimpse,
        margins=rules.explore_cells.output.margins,
        crossing=rules.explore_cells.output.crossing,
        numbers=rules.explore_cells.output.numbers,
    output:
        f"{NOTEBOOKS}/data.ipynb",
    log:
        f"{LOGS}/{{analysis}}/show_data.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/show_data.tsv"
    conda:
        ENVIRONMENT
    params:
        notebook=PROJECT / "notebooks" / "data.ipynb",
        library=notebook_library("data"),
        labels=labels_of,
        facts=lambda wildcards: {"credit": analysis_of(wildcards).source.credit},
    script:
        "../scripts/run_notebook.py"


rule show_log_odds:
    """Explain the scale of the models, and what the priors say on it."""
    input:
        levels=settled(rules.read_cells.output.levels, f"{NOTEBOOKS}/log_odds.ipynb"),
        margins=rules.explore_cells.output.margins,
        prior_densities=rules.explore_cells.output.prior_densities,
        prior_summaries=rules.explore_cells.output.prior_summaries,
        steps=rules.bridge_log_odds.output,
        parameters=pooled_model(rules.assess_model.output.parameters),
    output:
        f"{NOTEBOOKS}/log_odds.ipynb",
    log:
        f"{LOGS}/{{analysis}}/show_log_odds.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/show_log_odds.tsv"
    conda:
        ENVIRONMENT
    params:
        notebook=PROJECT / "notebooks" / "log_odds.ipynb",
        library=notebook_library("log_odds"),
        labels=labels_of,
        facts=lambda wildcards: {
            "pooled": pooled_name(wildcards),
            "priors": analysis_of(wildcards).priors.model_dump(),
        },
    script:
        "../scripts/run_notebook.py"


rule show_model:
    """Show one model whole: formula, priors, program, fit and checks."""
    input:
        unpack(model_files),
        levels=settled(
            rules.read_cells.output.levels, f"{NOTEBOOKS}/models/{{model}}.ipynb"
        ),
    output:
        f"{NOTEBOOKS}/models/{{model}}.ipynb",
    log:
        f"{LOGS}/{{analysis}}/{{model}}/show_model.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/{{model}}/show_model.tsv"
    conda:
        ENVIRONMENT
    params:
        notebook=PROJECT / "notebooks" / "model.ipynb",
        library=notebook_library("model"),
        labels=labels_of,
        facts=lambda wildcards: {
            "model": wildcards.model,
            "settings": model_of(wildcards).model_dump(),
            "limits": analysis_of(wildcards).verdict.model_dump(),
            "oracle": analysis_of(wildcards).oracle.model_dump(),
            "program": text_of_program(wildcards),
        },
    script:
        "../scripts/run_notebook.py"


rule show_comparison:
    """Set the models side by side."""
    input:
        comparisons=of_each_unit(rules.compare_models.output.comparison),
        scores=of_each_unit(rules.compare_models.output.scores),
        cells=settled(rules.read_cells.output.cells, f"{NOTEBOOKS}/comparison.ipynb"),
        levels=settled(rules.read_cells.output.levels, f"{NOTEBOOKS}/comparison.ipynb"),
        names=of_each_model(rules.build_design.output.names),
        coefficients=of_each_model(rules.build_design.output.coefficients),
        parameters=of_each_model(rules.assess_model.output.parameters),
        verdicts=of_each_model(rules.assess_model.output.verdict),
        effects=of_each_model(rules.assess_model.output.effects),
        predictions=of_each_model(rules.assess_model.output.predictions),
    output:
        f"{NOTEBOOKS}/comparison.ipynb",
    log:
        f"{LOGS}/{{analysis}}/show_comparison.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/show_comparison.tsv"
    conda:
        ENVIRONMENT
    params:
        notebook=PROJECT / "notebooks" / "comparison.ipynb",
        library=notebook_library("comparison"),
        labels=labels_of,
        facts=lambda wildcards: {
            "formulas": {
                n: m.formula for n, m in analysis_of(wildcards).models.items()
            },
            "about": {n: m.about for n, m in analysis_of(wildcards).models.items()},
            "units": units_of(wildcards),
            "refits": analysis_of(wildcards).comparison.refits.units,
            "future_contacts": analysis_of(wildcards).decision.future_contacts,
        },
    script:
        "../scripts/run_notebook.py"


rule show_decision:
    """Say what follows, for whom, and what would settle what is open."""
    input:
        levels=settled(rules.read_cells.output.levels, f"{NOTEBOOKS}/decision.ipynb"),
        decision=rules.decide.output,
        weighed=rules.weigh_arms.output,
        crossing=rules.explore_cells.output.crossing,
        margins=rules.explore_cells.output.margins,
        verdicts=of_each_model(rules.assess_model.output.verdict),
        effects=of_each_model(rules.assess_model.output.effects),
        predictions=of_each_model(rules.assess_model.output.predictions),
    output:
        f"{NOTEBOOKS}/decision.ipynb",
    log:
        f"{LOGS}/{{analysis}}/show_decision.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/show_decision.tsv"
    conda:
        ENVIRONMENT
    params:
        notebook=PROJECT / "notebooks" / "decision.ipynb",
        library=notebook_library("decision"),
        labels=labels_of,
        facts=lambda wildcards: {
            "decision": analysis_of(wildcards).decision.model_dump(),
            "over": analysis_of(wildcards).over,
        },
    script:
        "../scripts/run_notebook.py"


rule record_provenance:
    """Record what the results were made from."""
    input:
        ledger=rules.read_cells.output.ledger,
        cells=settled(rules.read_cells.output.cells, f"{RESULTS}/provenance.json"),
        verdicts=of_each_model(rules.assess_model.output.verdict),
        versions=of_each_model(rules.sample_model.output.versions),
    output:
        f"{RESULTS}/provenance.json",
    log:
        f"{LOGS}/{{analysis}}/record_provenance.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/record_provenance.tsv"
    conda:
        ENVIRONMENT
    params:
        library=library("record_provenance"),
        # not how many jobs there are, which changes no result, nor what a calibration does
        analysis=lambda wildcards: analysis_of(wildcards).model_dump(
            mode="json",
            exclude={"calibration": True, "comparison": {"refits": {"jobs"}}},
        ),
        present=versions_of_each_model,
        code=lambda wildcards: describe_code(PROJECT),
    script:
        "../scripts/record_provenance.py"


PAGE_FILES = {
    "levels": settled(rules.read_cells.output.levels, "reports/{analysis}.html"),
    "decision": rules.decide.output,
    "weighed": rules.weigh_arms.output,
    "ledger": rules.read_cells.output.ledger,
    "provenance": rules.record_provenance.output,
    "verdicts": of_each_model(rules.assess_model.output.verdict),
    "data": rules.show_data.output,
    "log_odds": rules.show_log_odds.output,
    "models": of_each_model(rules.show_model.output),
    "comparison": rules.show_comparison.output,
    "decision_notebook": rules.show_decision.output,
    "since": files_of_changes,
}


rule render_report:
    """Put the answer, the notebooks and the provenance on one page, and its pieces in files."""
    input:
        **PAGE_FILES,
    output:
        page=report(
            "reports/{analysis}.html",
            caption="../captions/page.rst",
            category="{analysis}",
            labels={"what": "the report"},
        ),
        figures=report(
            directory(f"{RESULTS}/figures"),
            patterns=["{figure}.svg"],
            caption="../captions/figure.rst",
            category="{analysis}",
            subcategory="figures",
            labels={"what": "{figure}"},
        ),
        tables=report(
            directory(f"{RESULTS}/tables"),
            patterns=["{table}.csv"],
            caption="../captions/table.rst",
            category="{analysis}",
            subcategory="tables",
            labels={"what": "{table}"},
        ),
        manifest=f"{RESULTS}/manifest.csv",
    log:
        f"{LOGS}/{{analysis}}/render_report.log",
    benchmark:
        f"{BENCHMARKS}/{{analysis}}/render_report.tsv"
    conda:
        ENVIRONMENT
    params:
        library=library("render_report"),
        templates=digest_files(TEMPLATES),
        labels=labels_of,
        title=setting("title"),
        question=setting("question"),
        formulas=lambda wildcards: {
            name: model.formula
            for name, model in analysis_of(wildcards).models.items()
        },
    script:
        "../scripts/render_report.py"


rule render_index:
    """List the reports of several analyses on one page."""
    input:
        decisions=filled(rules.decide.output, analysis=SETTINGS.analyses),
        weighed=filled(rules.weigh_arms.output.facts, analysis=SETTINGS.analyses),
        levels=settled_of_all(rules.read_cells.output.levels, "reports/index.html"),
        ledgers=filled(rules.read_cells.output.ledger, analysis=SETTINGS.analyses),
        since=changes_of_all,
    output:
        "reports/index.html",
    log:
        f"{LOGS}/render_index.log",
    benchmark:
        f"{BENCHMARKS}/render_index.tsv"
    conda:
        ENVIRONMENT
    params:
        library=library("render_index"),
        templates=digest_files(TEMPLATES),
        pages=[
            {
                "name": name,
                "title": analysis.title,
                "question": analysis.question,
                "labels": describe_labels(analysis),
            }
            for name, analysis in SETTINGS.analyses.items()
        ],
    script:
        "../scripts/render_index.py"

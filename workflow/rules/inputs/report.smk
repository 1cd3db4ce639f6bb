"""Input functions of the rules on the report."""

from partialpool.sampling.engines import describe_versions


def text_of_program(wildcards):
    """A model's own program and what it includes, as the report shows them; none of the house's."""
    program = program_of(wildcards)
    if program == PROGRAM:
        return ""
    files = [program, *INCLUDED[program.stem]]
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def settled_of_all(pattern, made):
    """An input function that gives a file of the cells of every analysis, as `settled` does."""
    return lambda wildcards: [
        settled_file(pattern, made, {"analysis": name}) for name in SETTINGS.analyses
    ]


def of_each_unit(pattern):
    """An input function that gives a file of every unit by which models can be compared."""

    def files(wildcards):
        units = units_of(wildcards)["available"]
        return filled(pattern, analysis=wildcards.analysis, unit=units)

    return files


def model_files(wildcards):
    """Everything that is known of one model, by what it is."""
    return {name: filled(path, **wildcards) for name, path in MODEL_FILES.items()}


def files_of_changes(wildcards):
    """What changed since a kept run, where the analysis is held to one."""
    if not is_compared(wildcards.analysis):
        return []
    return filled(rules.compare_runs.output, analysis=wildcards.analysis)


def changes_of_all(wildcards):
    """The same of every analysis that is."""
    held = [name for name in SETTINGS.analyses if is_compared(name)]
    return filled(rules.compare_runs.output, analysis=held)


def reports():
    pages = [*SETTINGS.analyses, *(["index"] if len(SETTINGS.analyses) > 1 else [])]
    return [f"reports/{page}.html" for page in pages]


@cache
def present_versions(engine):
    """What draws with an engine would depend on now."""
    return describe_versions(engine)


def versions_of_each_model(wildcards):
    return {
        name: present_versions(choose_engine(model.sampling.engine))
        for name, model in analysis_of(wildcards).models.items()
    }

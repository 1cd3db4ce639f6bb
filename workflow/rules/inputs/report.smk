"""Input functions of the rules on the report."""


def included_in_program(wildcards):
    return INCLUDED[program_of(wildcards).stem]


def of_each_unit(pattern):
    """An input function that gives a file of every unit by which models can be compared."""

    def files(wildcards):
        units = units_of(wildcards)["available"]
        return expand(pattern, analysis=wildcards.analysis, unit=units)

    return files


def model_files(wildcards):
    """Everything that is known of one model, by what it is."""
    return {name: expand(path, **wildcards) for name, path in MODEL_FILES.items()}


def reports():
    pages = [*SETTINGS.analyses, *(["index"] if len(SETTINGS.analyses) > 1 else [])]
    return [f"reports/{page}.html" for page in pages]

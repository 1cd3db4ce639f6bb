"""Input functions of the rules on models."""


def with_prior(proper):
    """The analysis before a model whose prior can be sampled, or of one whose cannot.

    A constraint of the wildcard `analysis` in a path of `MODEL`, which looks ahead to the model.
    """
    pairs = [pair for pair, can in PROPER.items() if can is proper]
    paths = "|".join(f"{analysis}/models/{model}/" for analysis, model in pairs)
    return f"(?=(?:{paths}))(?:{'|'.join(SETTINGS.analyses)})" if pairs else NO_NAME


def own_of_stem(wildcards):
    """The file of a program, if it is a user's own; those of the house are parameters."""
    path = PROGRAMS[wildcards.program]
    return [] if path == PROGRAM else ancient(from_user(path))


def digest_of_own_program(wildcards):
    return (
        digest_of_program(program_of(wildcards).stem)
        if own_program(wildcards)
        else None
    )

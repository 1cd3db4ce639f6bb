"""Input functions of the rules on models."""


def with_prior(proper):
    """The analysis before a model whose prior can be sampled, or of one whose cannot.

    A constraint of the wildcard `analysis` in a path of `MODEL`, which looks ahead to the model.
    """
    pairs = [pair for pair, can in PROPER.items() if can is proper]
    paths = "|".join(f"{analysis}/models/{model}/" for analysis, model in pairs)
    return f"(?=(?:{paths}))(?:{'|'.join(SETTINGS.analyses)})" if pairs else "(?!)"

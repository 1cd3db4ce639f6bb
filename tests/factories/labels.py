"""Words of a small analysis: two offers, shops, and no phrases of its own."""

from partialpool.report.labels import Labels


def labels_of(factors, within="shop", models=("pooled", "multilevel"), **more):
    """Labels of an analysis of offers called `promo`."""
    given = {"phrases": {}, "treatment": "promo", "verb": "bought", "noun": "passes"}
    given |= {"interval": 0.89, "models": list(models)}
    return Labels(factors=factors, within=within, **given | more)

"""Priors that models of tests share."""

from partialpool.settings import Priors

NARROW = Priors(intercept="normal(0, 1)", slope="normal(0, 1)")
"""Those of the shipped analyses, with which reference values were worked out."""

"""The section on one model: formula, priors, program, fit and checks."""

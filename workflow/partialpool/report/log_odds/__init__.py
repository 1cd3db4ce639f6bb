"""The section on log-odds: the scale of the models, and priors on it."""

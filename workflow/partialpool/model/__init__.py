"""A model before it meets its sampler: formula, design, link, likelihood, priors."""

"""Whether a fit may be believed: convergence, prediction, sensitivity, separation."""

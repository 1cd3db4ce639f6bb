"""Whether a model finds again what simulated data were drawn with."""

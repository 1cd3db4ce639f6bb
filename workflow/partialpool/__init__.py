"""Multilevel log-odds: from contacts to a decision, one module per noun of the flow."""

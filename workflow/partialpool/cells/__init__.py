"""Contacts as cells: levels, missing values, outcomes, and what the counts alone say."""

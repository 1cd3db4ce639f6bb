"""The page of a plan: how many contacts an experiment needs, and what looks in between cost."""

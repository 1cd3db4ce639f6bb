"""Sentences, computed from what the rules wrote: the same numbers as the tables, in words."""

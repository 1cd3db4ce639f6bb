"""Finished runs: which code made them, kept under a label, and held to one another."""

"""Builders of what tests need: seeded, with known truth, each in one place."""

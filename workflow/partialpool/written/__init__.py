"""A model written out for people: its equations, and a Stan program for it alone."""

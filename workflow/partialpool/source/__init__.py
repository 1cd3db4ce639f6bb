"""Contacts at their source, counted there: only grouped rows come out."""

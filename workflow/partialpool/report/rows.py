"""What is said of rows, which are contacts or what the configuration calls them."""

from __future__ import annotations

from pathlib import Path

from partialpool.report.labels import Labels
from partialpool.report.prose import fill_notebook
from partialpool.report.text import capital

USUAL = "contacts"
"""Contacts are made, and met somewhere; of any other rows nothing is known but that they are."""


def met(labels: Labels) -> str:
    """What is said of rows before a place: contacts `were met` there, women `were`."""
    return "were met" if labels.contacts == USUAL else "were"


def fill_rows(notebook: Path | str, labels: Labels) -> None:
    """Say in the Markdown of a notebook what rows are.

    Args:
        notebook: the file, which is written anew.
        labels: the words of the analysis.
    """
    fill_notebook(notebook, **name_rows(labels))


def name_rows(labels: Labels) -> dict[str, str]:
    """What the Markdown of notebooks calls rows and says of them, by placeholder."""
    named = {"contact": labels.one, "a_contact": labels.a_one, "contacts": labels.many}
    named |= {"starting": capital(labels.many)}
    if labels.contacts == USUAL:
        seen = {"those": "people who can be met", "met": "those who can be met"}
        return named | seen | {"made": "were made"}
    return named | {"those": "those", "met": "those", "made": "there are"}

"""What readers take from a page: figures as pictures, tables as numbers, and a list of both.

They are read off the page, so that each file holds what the page shows under the same name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from pathlib import Path

import pandas as pd

from partialpool.frames import write_frame, write_texts
from partialpool.report.grid import read_grid
from partialpool.report.standalone import stand_alone, to_png
from partialpool.seals import write_sealed

COLUMNS = ("file", "anchor", "number", "section", "caption", "holds")
_PIECE = re.compile(
    r"<(?P<tag>h[1-6]) id=[^>]*>(?P<heading>.*?)</(?P=tag)>"
    r'|<figure id="(?P<figure>[^"]*)" class="plot.*?</figure>'
    r'|<div id="(?P<table>[^"]*)" class="table.*?</table></div>(?:<p class="note">.*?</p>)?',
    re.DOTALL,
)
_CAPTION = re.compile(
    r'<span class="serial">(?P<number>.*?)</span>(?P<said>.*?)</(?:span|figcaption)>', re.DOTALL
)
_SVG = re.compile(r"<svg\b.*?</svg>", re.DOTALL)
_DESCRIPTION = re.compile(r"<desc\b[^>]*>(.*?)</desc>", re.DOTALL)
_NOTE = re.compile(r'<p class="note">(.*?)</p>$', re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Piece:
    """A figure or a table of a page."""

    anchor: str
    """Its name in links, which its files have too."""
    section: str
    """The heading above it."""
    number: str
    """What the page calls it: `Table 3`."""
    caption: str
    holds: str
    """A figure in words; the rows and columns of a table, and its note."""
    content: str | pd.DataFrame
    """A figure as an SVG that stands alone, a table as texts."""

    @property
    def files(self) -> list[str]:
        """Where it goes, below the results of its analysis."""
        if isinstance(self.content, str):
            return [f"figures/{self.anchor}.{ending}" for ending in ("svg", "png")]
        return [f"tables/{self.anchor}.csv"]


def list_pieces(page: str) -> list[Piece]:
    """The figures and tables of a page, in its order.

    Args:
        page: its HTML (`page.assemble`).
    """
    pieces, section = [], ""
    for found in _PIECE.finditer(page):
        if found["tag"]:
            section = _plain(found["heading"])
        else:
            pieces.append(_take(found, section))
    return pieces


def write_pieces(pieces: Sequence[Piece], folder: Path) -> None:
    """Write every figure and table of a page, and the manifest that lists them.

    Args:
        pieces: of the page.
        folder: the results of the analysis; `figures` and `tables` are made below it.
    """
    for name in ("figures", "tables"):
        (folder / name).mkdir(exist_ok=True)
    for piece in pieces:
        if isinstance(piece.content, str):
            contents = piece.content.encode("utf-8"), to_png(piece.content)
            for file, content in zip(piece.files, contents, strict=True):
                write_sealed(folder / file, content)
        else:
            write_texts(piece.content, folder / piece.files[0])
    write_frame(list_files(pieces), folder / "manifest.csv")


def list_files(pieces: Sequence[Piece]) -> pd.DataFrame:
    """A row for each file: where it stands on the page, and what it holds."""
    rows = [
        (file, piece.anchor, piece.number, piece.section, piece.caption, piece.holds)
        for piece in pieces
        for file in piece.files
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype=str)


def _take(found: re.Match[str], section: str) -> Piece:
    html = found[0]
    caption = _CAPTION.search(html)
    said = (_plain(caption["number"]), _plain(caption["said"])) if caption else ("", "")
    if found["figure"]:
        drawn = _SVG.search(html)
        svg = stand_alone(drawn[0]) if drawn else ""
        told = _DESCRIPTION.search(svg)
        holds = _plain(told[1]) if told else ""
        return Piece(found["figure"], section, *said, holds, svg)
    grid, note = read_grid(html), _NOTE.search(html)
    holds = f"{len(grid)} rows: {'; '.join(str(name) for name in grid if name)}."
    holds += f" {_plain(note[1])}" if note else ""
    return Piece(found["table"], section, *said, holds, grid)


def _plain(html: str) -> str:
    return " ".join(unescape(_TAG.sub("", html)).split())

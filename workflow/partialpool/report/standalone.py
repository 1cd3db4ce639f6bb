"""Figures by themselves: what a page draws in its own colours and type, as files for elsewhere."""

from __future__ import annotations

import re
from functools import cache

import resvg_py

from partialpool.report.page import TEMPLATES

FONTS, FAMILY = TEMPLATES / "fonts", "Pool Sans"
FACES = [str(FONTS / f"sans-{weight}.ttf") for weight in (400, 600)]
INCH, ZOOM = 96, 2
"""Pixels of an inch in CSS, and how many of a PNG stand for each."""
PAPER = "#ffffff"
"""What stands alone goes onto white."""
_COLOUR = re.compile(r"var\(--([\w-]+), (#[0-9a-f]{6})\)")
_STYLE = re.compile(r'(<svg viewBox="0 0 ([\d.]+) ([\d.]+)"[^>]*?) style="[^"]*"')
_TEXT = re.compile(r"<text[^>]*>([^<]*)")
_NAMES = f"font-family: '{FAMILY}', 'Source Sans 3', 'Noto Sans', sans-serif"


def stand_alone(svg: str) -> str:
    """A figure of the page as an SVG file: in the light colours, of a size in points."""
    bare = _COLOUR.sub(lambda found: PAPER if found[1] == "paper" else found[2], svg)
    return _STYLE.sub(
        r'\1 xmlns="http://www.w3.org/2000/svg" width="\2pt" height="\3pt" '
        rf'style="stroke-linejoin: round; {_NAMES}"',
        bare,
        count=1,
    )


def to_png(svg: str) -> bytes:
    """A figure that stands alone as a PNG on white, in the report's own type.

    The machine's fonts are only asked for letters that the report's lack, so that the same figure
    is the same picture everywhere else.
    """
    known = set("".join(_TEXT.findall(svg))) <= _letters()
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            dpi=INCH,
            background=PAPER,
            zoom=ZOOM,
            font_files=FACES,
            skip_system_fonts=known,
        )
    )


@cache
def _letters() -> frozenset[str]:
    """The letters that the report's type has."""
    from matplotlib.ft2font import FT2Font  # slow to load, for a page without pictures too

    return frozenset(map(chr, FT2Font(FACES[0]).get_charmap()))

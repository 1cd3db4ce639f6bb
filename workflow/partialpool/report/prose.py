"""Paragraphs that are the same in every report but for what they fill in: Markdown for a writer.

Each stands in a file beside the section that shows it, as `report/model/precision.md`, with names
in braces where a value goes. Lines may be broken anywhere: those of one paragraph are joined.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from string import Formatter

ROOT = Path(__file__).parent
_BROKEN_LINE = re.compile(r"(?<!\n)\n(?!\n|- )")
"""The end of a line that is neither the end of a paragraph nor followed by an item of a list."""


def fill(name: str, **values: str) -> str:
    """A paragraph, or several, with a value for each placeholder.

    Args:
        name: of the file without its suffix, from `report/` on: `model/precision`.
        values: by placeholder, as Markdown.

    Raises:
        ValueError: the file's placeholders are not those that values are given for.
    """
    file = ROOT / f"{name}.md"
    text = _BROKEN_LINE.sub(" ", file.read_text(encoding="utf-8").strip())
    found = {field for _, field, _, _ in Formatter().parse(text) if field is not None}
    if found != set(values):
        raise ValueError(
            f"{file.name}: found the placeholders {_named(found)}, expected {_named(values)}"
        )
    return text.format(**values)


def fill_notebook(notebook: Path | str, **values: str) -> None:
    """Fill values in where the Markdown of a notebook has one of their names in braces.

    Args:
        notebook: the file, which is written anew.
        values: by placeholder, as Markdown.
    """
    asked = re.compile("{(" + "|".join(values) + ")}")
    file = Path(notebook)
    read = json.loads(file.read_text(encoding="utf-8"))
    for cell in read["cells"]:
        if cell["cell_type"] == "markdown":
            text = "".join(cell["source"])
            cell["source"] = asked.sub(lambda found: values[found[1]], text)
    file.write_text(json.dumps(read, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _named(names: set[str] | dict[str, str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names)) or "none"

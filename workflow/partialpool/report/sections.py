"""Sections of the report: executed notebooks as HTML, their prose and what they display.

A cell of a notebook may carry a tag: `fold` on a heading closes what stands below it, up to the
next heading of its level; `summary` is the line that stands for it then; `numbers` folds what a
cell displays by itself; `answer` moves it to the answer.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape, unescape
from pathlib import Path
from typing import Any

import mistune
import nbformat
from markupsafe import Markup
from nbformat import NotebookNode

from partialpool.report.anchors import place_anchors, slug
from partialpool.seals import read_sealed

NUMBERS = "In numbers"
"""What opens the table that belongs to a figure."""
_BEFORE_HEADING = re.compile(r"(?=<h[2-6] id=)")
_HEADING = re.compile(r"<h([2-6]) id=.*?</h\1>", re.DOTALL)
_TAG = re.compile("<[^>]*>")


@dataclass(frozen=True)
class Section:
    """One executed notebook as a part of the page."""

    id: str
    title: str
    html: str
    summary: str = ""
    """The line that stands for it where it is folded, as HTML."""
    answer: str = ""
    """What of it stands with the answer."""
    folded: bool = False


@dataclass(frozen=True)
class Fold:
    """Long material that opens on demand: text as code, anything else as it shows itself."""

    summary: str
    items: Sequence[Any] = field(default_factory=list)

    def _repr_html_(self) -> str:
        name = escape(self.summary)
        shown = "".join(
            f'<pre role="region" tabindex="0" aria-label="{name}"><code>{escape(item)}</code></pre>'
            if isinstance(item, str)
            else item._repr_html_()
            for item in self.items
        )
        return f"<details><summary>{name}</summary>{shown}</details>"


def read_section(notebook: Path, name: str, level: int = 2, title: str = "") -> Section:
    """Read an executed notebook as a section: its prose and what its cells display, not its code.

    The page sets the title at `level`; without one, the notebook's first `# heading` is it. Prose
    about cells that display nothing is left out with them.

    Raises:
        DamagedError: the notebook is missing, or not as it was written.
    """
    text = read_sealed(notebook).decode("utf-8")
    cells = nbformat.reads(text, as_version=4).cells  # type: ignore[no-untyped-call]
    prose = _Prose(name, level, title)
    parts = [
        part for block in _blocks(cells, notebook) for cell in block for part in _parts(cell, prose)
    ]
    if not prose.title:
        raise ValueError(f"{notebook}: no heading that could be the section's title")
    answer = "".join(part.html for part in parts if part.tag == "answer")
    body, summary = _fold([part for part in parts if part.tag != "answer"])
    return Section(name, prose.title, body, summary, answer, _is_folded(cells))


def write_section(name: str, title: str, text: str) -> Section:
    """A section of prose alone, from Markdown."""
    return Section(name, title, markdown(text, _Prose(name, 2, title)))


class _Prose(mistune.HTMLRenderer):
    """A notebook's markdown as HTML, its headings in order below the section's.

    Raw HTML is escaped and pictures from elsewhere are left out.
    """

    def __init__(self, name: str, level: int, title: str) -> None:
        super().__init__(escape=True)
        self.name, self.level, self.title = name, level, title
        self._last, self._named = level, Counter[str]()

    def heading(self, text: str, level: int, **_: object) -> str:
        if level == 1 and not self.title:
            self.title = Markup(text)
            return ""
        wanted = max(level + self.level - 1, self.level + 1)
        self._last = min(wanted, self._last + 1, 6)
        return f'<h{self._last} id="{self._name(text)}">{text}</h{self._last}>\n'

    def _name(self, heading: str) -> str:
        """The name that links to a heading have: of its words, not of its place."""
        name = f"{self.name}-{slug(unescape(_TAG.sub('', heading))) or 'part'}"
        self._named[name] += 1
        return name if self._named[name] == 1 else f"{name}-{self._named[name]}"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return super().image(text, url, title) if url.startswith("data:image/") else text


def _blocks(cells: Sequence[NotebookNode], notebook: Path) -> Iterator[list[NotebookNode]]:
    """Prose with the cells that follow it, where there is something to see."""
    blocks: list[list[NotebookNode]] = [[]]
    for cell in cells:
        if cell.cell_type == "markdown":
            blocks.append([])
        blocks[-1].append(cell)
    for block in blocks:
        shown = [_displayed(cell, notebook) for cell in block if cell.cell_type == "code"]
        if any(shown) or not shown or block[0].source.startswith("# "):
            yield block


def _displayed(cell: NotebookNode, notebook: Path) -> bool:
    """Whether a cell shows anything where it stands."""
    found = False
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            raise ValueError(f"{notebook}: a cell failed with {output.ename}: {output.evalue}")
        data = output.get("data", {})
        found |= bool(data.get("text/html", data.get("text/markdown", "")).strip())
    return found and _tag(cell) not in ("summary", "answer")


@dataclass(frozen=True)
class _Part:
    html: str
    tag: str

    @property
    def level(self) -> int:
        """Of the heading that it begins with; 0 without one."""
        found = _HEADING.match(self.html)
        return int(found[1]) if found else 0


def _parts(cell: NotebookNode, prose: _Prose) -> Iterator[_Part]:
    """What a cell says, split before each heading; its tag goes to the first part."""
    tag = _tag(cell)
    html = "".join(_shown(cell, prose))
    if tag == "numbers" and html:
        html = f"<details><summary>{NUMBERS}</summary>{html}</details>"
    for place, part in enumerate(filter(None, _BEFORE_HEADING.split(html))):
        yield _Part(part, tag if place == 0 or tag == "answer" else "")


def _shown(cell: NotebookNode, prose: _Prose) -> Iterator[str]:
    if cell.cell_type == "markdown":
        yield markdown(cell.source, prose)
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        if "text/html" in data:
            yield place_anchors(data["text/html"], prose.name, cell.get("id", "cell"))
        elif "text/markdown" in data:
            yield markdown(data["text/markdown"], prose)


def _tag(cell: NotebookNode) -> str:
    tags = cell.metadata.get("tags", [])
    return next((tag for tag in ("fold", "summary", "numbers", "answer") if tag in tags), "")


def _is_folded(cells: Sequence[NotebookNode]) -> bool:
    """Whether a section's own title is tagged."""
    return any(cell.source.startswith("# ") and _tag(cell) == "fold" for cell in cells)


@dataclass
class _Open:
    """A fold whose end was not met yet."""

    level: int
    heading: str
    line: str = ""
    body: str = ""

    def close(self) -> str:
        line = f' <span class="line">{self.line}</span>' if self.line else ""
        opens = f"<summary>{self.heading}{line}</summary>"
        return f'<details class="check">{opens}<div>{self.body}</div></details>\n'


def _fold(parts: Sequence[_Part]) -> tuple[str, str]:
    """The parts as HTML, with what is tagged in folds, and the line of the whole."""
    open_folds = [_Open(0, "")]
    for part in parts:
        while part.level and part.level <= open_folds[-1].level:
            _close(open_folds)
        if part.tag == "summary":
            open_folds[-1].line = _line(part.html)
        elif part.tag == "fold" and part.level:
            heading = _HEADING.match(part.html)
            open_folds.append(_Open(part.level, heading[0] if heading else ""))
            open_folds[-1].body += _HEADING.sub("", part.html, count=1)
        else:
            open_folds[-1].body += part.html
    while len(open_folds) > 1:
        _close(open_folds)
    return open_folds[0].body, open_folds[0].line


def _close(open_folds: list[_Open]) -> None:
    closed = open_folds.pop()
    open_folds[-1].body += closed.close()


def _line(html: str) -> str:
    return html.strip().removeprefix("<p>").removesuffix("</p>")


def markdown(text: str, renderer: mistune.HTMLRenderer) -> str:
    """Markdown as HTML."""
    return str(mistune.create_markdown(renderer=renderer)(text))

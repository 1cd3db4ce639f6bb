"""The report: the answer, the executed notebooks and the provenance as one HTML file."""

import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import count
from pathlib import Path
from typing import Any

import mistune
import nbformat
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup
from nbformat import NotebookNode

from partialpool.figures.colours import css_variables

TEMPLATES = Path(__file__).resolve().parents[1] / "templates"
_FACES = {  # file: family, weight, style
    "sans-400": ("Pool Sans", 400, "normal"),
    "sans-400-italic": ("Pool Sans", 400, "italic"),
    "sans-600": ("Pool Sans", 600, "normal"),
    "serif-400": ("Pool Serif", 400, "normal"),
    "serif-600": ("Pool Serif", 600, "normal"),
    "display-600": ("Pool Display", 600, "normal"),
}
_NUMBERED = re.compile(r'<span class="serial">(Figure|Table)</span>')


@dataclass(frozen=True)
class Section:
    """One executed notebook as a part of the page."""

    id: str
    title: str
    html: str


@dataclass(frozen=True)
class Group:
    """Sections under one heading, such as a section per model; read them with `level=3`."""

    id: str
    title: str
    sections: Sequence[Section]
    html: str = ""


@dataclass(frozen=True)
class Page:
    """Everything that a report says; `answer`, `doubts` and `warnings` are markdown."""

    title: str
    question: str
    lede: str
    answer: Sequence[str]
    sections: Sequence[Section | Group]
    provenance: Mapping[str, Any]
    doubts: Sequence[str] = ()
    warnings: Sequence[str] = ()


@dataclass(frozen=True)
class Entry:
    """One report as the index lists it."""

    title: str
    question: str
    answer: str
    href: str


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

    The page sets the title at `level`; without one, the notebook's first `# heading` is it.
    """
    text = notebook.read_text(encoding="utf-8")
    cells = nbformat.reads(text, as_version=4).cells  # type: ignore[no-untyped-call]
    prose = _Prose(name, level, title)
    body = "".join(part for cell in cells for part in _parts(cell, prose, notebook))
    if not prose.title:
        raise ValueError(f"{notebook}: no heading that could be the section's title")
    return Section(name, prose.title, body)


def assemble(page: Page) -> str:
    """Set a report as one HTML document that needs nothing but itself."""
    return _number(_template("report.html.j2").render(page=page))


def index(entries: Sequence[Entry]) -> str:
    """Set the page that lists several reports."""
    return _template("index.html.j2").render(entries=entries)


class _Prose(mistune.HTMLRenderer):
    """A notebook's markdown as HTML, its headings in order below the section's.

    Raw HTML is escaped and pictures from elsewhere are left out.
    """

    def __init__(self, name: str, level: int, title: str) -> None:
        super().__init__(escape=True)
        self.name, self.level, self.title = name, level, title
        self._last, self._serial = level, count(1)

    def heading(self, text: str, level: int, **attrs: object) -> str:
        if level == 1 and not self.title:
            self.title = Markup(text)
            return ""
        wanted = max(level + self.level - 1, self.level + 1)
        self._last = min(wanted, self._last + 1, 6)
        return f'<h{self._last} id="{self.name}-{next(self._serial)}">{text}</h{self._last}>\n'

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return super().image(text, url, title) if url.startswith("data:image/") else text


def _parts(cell: NotebookNode, prose: _Prose, notebook: Path) -> Iterator[str]:
    if cell.cell_type == "markdown":
        yield _markdown(cell.source, prose)
    for output in cell.get("outputs", []):
        if output.output_type == "error":
            raise ValueError(f"{notebook}: a cell failed with {output.ename}: {output.evalue}")
        data = output.get("data", {})
        if "text/html" in data:
            yield data["text/html"]
        elif "text/markdown" in data:
            yield _markdown(data["text/markdown"], prose)


def _markdown(text: str, renderer: mistune.HTMLRenderer) -> str:
    return str(mistune.create_markdown(renderer=renderer)(text))


def _sentences(text: str) -> Markup:
    """Markdown of one paragraph, without the paragraph."""
    html = _markdown(text, mistune.HTMLRenderer(escape=True)).strip()
    return Markup(html.removeprefix("<p>").removesuffix("</p>"))


def _template(name: str) -> Template:
    places = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    places.filters["sentences"] = _sentences
    places.tests["nested"] = lambda value: isinstance(value, Mapping)
    places.tests["listed"] = lambda value: isinstance(value, list | tuple)
    places.globals["style"] = Markup(_style())
    return places.get_template(name)


def _style() -> str:
    return _fonts() + css_variables() + (TEMPLATES / "report.css").read_text(encoding="utf-8")


def _fonts() -> str:
    return "".join(
        f"@font-face{{font-family:'{family}';font-weight:{weight};font-style:{slant};"
        f"src:url(data:font/woff2;base64,{b64encode(_font(name)).decode()}) format('woff2')}}\n"
        for name, (family, weight, slant) in _FACES.items()
    )


def _font(name: str) -> bytes:
    return (TEMPLATES / "fonts" / f"{name}.woff2").read_bytes()


def _number(html: str) -> str:
    """Figures and tables counted through the page, as their captions say."""
    serial = {"Figure": count(1), "Table": count(1)}
    return _NUMBERED.sub(
        lambda found: f'<span class="serial">{found[1]} {next(serial[found[1]])}</span>', html
    )

"""The report: the answer, the executed notebooks and the provenance as one HTML file."""

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any

import mistune
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from partialpool.report.anchors import name_anchors
from partialpool.report.colours import css_variables
from partialpool.report.glossary import Term, mark_terms
from partialpool.report.sections import Section, markdown, read_section, write_section

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
_FACES = {  # file: family, weight, style
    "sans-400": ("Pool Sans", 400, "normal"),
    "sans-400-italic": ("Pool Sans", 400, "italic"),
    "sans-600": ("Pool Sans", 600, "normal"),
    "serif-400": ("Pool Serif", 400, "normal"),
    "serif-600": ("Pool Serif", 600, "normal"),
    "display-600": ("Pool Display", 600, "normal"),
}
SHEETS = ("report.css", "brief.css", "takeaway.css", "index.css")
_NUMBERED = re.compile(r'<span class="serial">(Figure|Table)</span>')


@dataclass(frozen=True)
class Group:
    """Sections under one heading, such as a section per model; read them with `level=3`."""

    id: str
    title: str
    sections: Sequence[Section]
    html: str = ""


@dataclass(frozen=True)
class Point:
    """Something that stands beside the answer, in Markdown."""

    title: str
    text: str


@dataclass(frozen=True)
class Page:
    """Everything that a report says; `answer`, `support`, `doubts`, `warnings` are markdown."""

    title: str
    question: str
    lede: str
    answer: Sequence[str]
    sections: Sequence[Section | Group]
    provenance: Mapping[str, Any]
    doubts: Sequence[str] = ()
    warnings: Sequence[str] = ()
    choices: str = ""
    """The table that stands with the answer, as HTML."""
    figure: str = ""
    """The picture that does, as HTML."""
    points: Sequence[Point] = ()
    support: Sequence[str] = ()
    """The numbers behind the answer in sentences, which open on demand."""
    terms: Sequence[Term] = ()
    """What is explained where the answer first uses it, and in the glossary."""


def assemble(page: Page) -> str:
    """Set a report as one HTML document that needs nothing but itself."""
    return name_anchors(_number(set_template("report.html.j2").render(page=page)))


def _explain(html: Markup, terms: Sequence[Term]) -> Markup:
    """A part of the page with each term explained where it first appears."""
    return Markup(mark_terms(str(html), terms))


def group_models(
    name: str, title: str, text: str, formulas: Mapping[str, str], notebooks: Sequence[Path | str]
) -> list[Group]:
    """Prose and a section per model under one heading; no group where there is no model.

    Args:
        name: in links.
        title: of the group.
        text: its prose, in Markdown.
        formulas: by model.
        notebooks: of the models, in their order.
    """
    parts = [
        read_section(Path(path), f"{name}-{model}", 3, f"{model}: {formula}")
        for (model, formula), path in zip(formulas.items(), notebooks, strict=True)
    ]
    return [Group(name, title, parts, write_section(name, title, text).html)] if parts else []


def _sentences(text: str) -> Markup:
    """Markdown of one paragraph, without the paragraph."""
    html = markdown(text, mistune.HTMLRenderer(escape=True)).strip()
    return Markup(html.removeprefix("<p>").removesuffix("</p>"))


def _paragraphs(text: str) -> Markup:
    """Markdown of any length."""
    return Markup(markdown(text, mistune.HTMLRenderer(escape=True)))


def set_template(name: str) -> Template:
    """A template of the page, with what all pages share."""
    places = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    places.filters["sentences"] = _sentences
    places.filters["paragraphs"] = _paragraphs
    places.filters["explain"] = _explain
    places.tests["nested"] = lambda value: isinstance(value, Mapping)
    places.tests["listed"] = lambda value: isinstance(value, list | tuple)
    places.globals["style"] = Markup(_style())
    script = _compact(_read("report.js"))
    places.globals["script"] = Markup(script)
    places.globals["script_hash"] = _hash(f"\n{script}\n")
    places.filters["css_text"] = _css_text
    return places.get_template(name)


def _style() -> str:
    return _fonts() + css_variables() + "".join(map(_read, SHEETS))


def _read(template: str) -> str:
    return (TEMPLATES / template).read_text(encoding="utf-8").strip()


def _compact(script: str) -> str:
    """A script without its indentation and the lines that are comments."""
    lines = map(str.strip, script.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def _hash(script: str) -> str:
    """What the policy of a page names the one script by that it may run."""
    return f"sha256-{b64encode(sha256(script.encode()).digest()).decode()}"


def _css_text(text: str) -> Markup:
    """A text as a string of a style sheet, which it cannot end."""
    kept = "".join(c if c.isalnum() or c == " " else f"\\{ord(c):x} " for c in text)
    return Markup(f'"{kept}"')


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

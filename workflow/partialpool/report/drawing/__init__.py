"""The report's figures, and the one way in which a matplotlib figure becomes HTML."""

import io
import re
import warnings
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from xml.etree import ElementTree as ET

from matplotlib.figure import Figure as Drawing

from partialpool.report.colours import VARIABLE
from partialpool.report.drawing import style

_NAMESPACE = re.compile(r"\{[^}]*\}")
_COLOUR = re.compile(r"#[0-9a-f]{6}\b")
_NUMBER = re.compile(r"-?\d+\.\d+")
_REFERENCE = re.compile(r"(?<=url\(#)[^)]+")
_FONT = re.compile(r"font-family:[^;]*;?\s*")
_UNDATED = dict.fromkeys(("Date", "Creator", "Format", "Type"))


@dataclass(frozen=True)
class Figure:
    """A picture as inline SVG, with a caption for everybody and a text that stands in for it."""

    svg: str
    alt: str
    caption: str
    width: style.Width = "column"

    def __post_init__(self) -> None:
        """Refuse a picture without words."""
        if not self.alt.strip():
            raise ValueError(f"the figure {self.caption!r} has no alternative text")

    def _repr_html_(self) -> str:
        caption, picture = escape(self.caption), self.svg
        if self.width == "wide":
            region = f'class="scroll" role="region" tabindex="0" aria-label="{caption}"'
            picture = f"<div {region}>{picture}</div>"
        caption = f'<span class="serial">Figure</span> {caption}'
        return (
            f'<figure class="plot {self.width}">{picture}'
            f"<figcaption>{caption}</figcaption></figure>"
        )


def render(drawing: Drawing, caption: str, alt: str) -> Figure:
    """Turn a drawing into an inline SVG whose colours follow the page, and clear the drawing."""
    inches = drawing.get_figwidth()
    width: style.Width = next(
        (name for name, size in style.WIDTHS.items() if inches <= size), "wide"
    )
    raw = _draw(drawing)
    drawing.clear()
    prefix = "f" + sha256("\0".join((raw, caption, alt)).encode()).hexdigest()[:10]
    return Figure(_inline(raw, prefix, alt), alt, caption, width)


def _draw(drawing: Drawing) -> str:
    buffer = io.StringIO()
    with style.settings(), warnings.catch_warnings():
        # The browser has fonts for the letters that the embedded ones lack.
        warnings.filterwarnings("ignore", r"Glyph .* missing from font", UserWarning)
        drawing.savefig(buffer, format="svg", metadata=_UNDATED)
    return buffer.getvalue()


def _inline(raw: str, prefix: str, alt: str) -> str:
    root = ET.fromstring(raw)
    for parent in list(root.iter()):
        for child in [child for child in parent if _plain(child.tag) in ("metadata", "style")]:
            parent.remove(child)
    names = _references(root)
    for element in root.iter():
        _clean(element, {name: f"{prefix}-{name}" for name in names})
    _describe(root, prefix, alt)
    return ET.tostring(root, encoding="unicode")


def _plain(name: str) -> str:
    return _NAMESPACE.sub("", name)


def _references(root: ET.Element) -> set[str]:
    values = [(key, value) for element in root.iter() for key, value in element.attrib.items()]
    used = {value.removeprefix("#") for key, value in values if _plain(key) == "href"}
    return used.union(*(_REFERENCE.findall(value) for _, value in values))


def _clean(element: ET.Element, names: dict[str, str]) -> None:
    """Drop namespaces and dead ids, round numbers, replace colours and references."""
    element.tag = _plain(element.tag)
    attributes = {_plain(key): value for key, value in element.attrib.items()}
    painted = "; ".join(
        f"{key}: {attributes.pop(key)}" for key in ("fill", "stroke") if key in attributes
    )
    attributes["style"] = "; ".join(filter(None, (painted, attributes.get("style", ""))))
    element.attrib.clear()
    element.attrib.update(
        {key: new for key, old in attributes.items() if (new := _value(key, old, names))}
    )
    element.tail = None
    if element.tag != "text":
        element.text = None


def _value(key: str, value: str, names: dict[str, str]) -> str:
    match key:
        case "id":
            return names.get(value, "")
        case "href":
            return "#" + names[value.removeprefix("#")]
        case "style":
            value = _COLOUR.sub(
                lambda found: VARIABLE.get(found[0], found[0]), _FONT.sub("", value)
            )
        case "d":
            value = " ".join(value.split())
    if key in ("d", "x", "y", "transform"):
        value = _NUMBER.sub(lambda found: f"{float(found[0]):.2f}".rstrip("0").rstrip("."), value)
    return _REFERENCE.sub(lambda found: names[found[0]], value)


def _describe(root: ET.Element, prefix: str, alt: str) -> None:
    box = root.attrib["viewBox"]
    width = float(box.split()[2])
    root.attrib.clear()
    ids = {"title": f"{prefix}-title", "desc": f"{prefix}-desc"}
    root.attrib.update({"viewBox": box, "role": "img", "aria-labelledby": " ".join(ids.values())})
    root.attrib["style"] = (
        f"--width: {width:g}; stroke-linejoin: round; font-family: var(--sans, sans-serif)"
    )
    title, _, rest = alt.partition(". ")
    for place, (tag, text) in enumerate((("title", title), ("desc", rest or alt))):
        described = ET.Element(tag, id=ids[tag])
        described.text = text
        root.insert(place, described)

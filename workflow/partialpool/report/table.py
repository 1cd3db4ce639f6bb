"""Tables of a report: a data frame, a caption, and how each column reads."""

from collections.abc import Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd

from partialpool.report.anchors import slug
from partialpool.report.colours import NEUTRAL, VARIABLE
from partialpool.report.formats import Format, decimals, exact, integer

NONE = "\N{EN DASH}"
_LONG = 32  # letters, above which a row header may wrap
_MORE = '<label class="more"><input type="checkbox" aria-label="All columns"></label>'


@dataclass(frozen=True)
class Told:
    """What a cell says in words of its own, and the number behind it, which files get."""

    text: str
    value: float

    def __str__(self) -> str:
        """What is said."""
        return self.text


@dataclass(frozen=True)
class Table:
    """A data frame with a caption, for people.

    A named or text index gives the row headers; without one, the first column does. `formats` holds
    a format by column; numbers without one are shown as counts or with two decimals. Rows named in
    `totals` are set off; `colours` marks row headers with the colour that they have in the figures;
    `caveats` says something beside the headers of a name. `first` are the columns, or the headers
    over several, that a narrow screen shows at once; it shows the others on demand. `anchor` says
    what a row is, as `parameter`, where a link should lead to each.
    """

    frame: pd.DataFrame
    caption: str
    note: str = ""
    formats: Mapping[Any, Format] = field(default_factory=dict)
    totals: Collection[Hashable] = ()
    colours: Mapping[str, str] = field(default_factory=dict)
    caveats: Mapping[str, str] = field(default_factory=dict)
    first: Collection[Hashable] = ()
    anchor: str = ""

    def _repr_html_(self) -> str:
        frame, caption = _with_row_headers(self.frame), escape(self.caption)
        label = '<span class="serial">Table</span>'
        note = f'<p class="note">{escape(self.note)}</p>' if self.note else ""
        waits = [self._is_later(path) for path in map(_path, frame.columns)]
        later = {i for i, so in enumerate(waits) if so and not all(waits)}
        more = _MORE if later else ""
        return (
            f'<div class="table">{more}'
            f'<div class="scroll" role="region" tabindex="0" aria-label="{caption}"><table>'
            f"<caption><span>{label} {caption}</span></caption>"
            f"<thead>{''.join(_head(frame, self.formats, self.caveats, later))}</thead>"
            f"<tbody>{''.join(self._rows(frame, later))}</tbody>"
            f"</table></div>{note}</div>"
        )

    def _is_later(self, path: tuple[Hashable, ...]) -> bool:
        """Whether a column may wait, where there is no room for all."""
        return bool(self.first) and (path[0] or path[-1]) not in self.first

    def _rows(self, frame: pd.DataFrame, later: Collection[int]) -> Iterator[str]:
        shows = [_format(frame.iloc[:, i], self.formats) for i in range(frame.shape[1])]
        for place, (name, headers) in enumerate(zip(frame.index, _spans(frame.index), strict=True)):
            cells = [self._header(*header) for header in headers]
            cells += [_cell(frame.iat[place, i], show, i in later) for i, show in enumerate(shows)]
            kind = ' class="total"' if name in self.totals else ""
            if self.anchor:
                named = slug(" ".join(map(str, _path(name))))
                kind += f' data-anchor="{self.anchor}-{named}"'
            yield f"<tr{kind}>{''.join(cells)}</tr>"

    def _header(self, name: Hashable, level: int, rows: int) -> str:
        text, colour = _text(name), self.colours.get(str(name))
        if colour and colour != NEUTRAL:  # which tells nothing apart
            mark = VARIABLE.get(colour, colour)
            text = f'<span class="marked" style="--mark: {mark}">{text}</span>'
        text += _caveat(name, self.caveats)
        reach = f'scope="rowgroup" rowspan="{rows}"' if rows > 1 else 'scope="row"'
        kinds = [kind for kind, so in (("inner", level), ("long", len(str(name)) > _LONG)) if so]
        return f'<th {reach} class="{" ".join(kinds)}">{text}</th>'


def _with_row_headers(frame: pd.DataFrame) -> pd.DataFrame:
    if isinstance(frame.index, pd.RangeIndex) and frame.index.name is None:
        return frame.set_index(frame.columns[0])
    return frame


def _head(
    frame: pd.DataFrame,
    formats: Mapping[Any, Format],
    caveats: Mapping[str, str],
    later: Collection[int],
) -> Iterator[str]:
    """Lines of headers, one per level of the columns; what spans several columns is said once."""
    depth = frame.columns.nlevels
    line = [_corner(name, depth) for name in frame.index.names]
    paths = [_path(name) for name in frame.columns]
    numeric = [_is_number(frame.iloc[:, i], formats) for i in range(frame.shape[1])]
    for level in range(depth):
        place = 0
        heads = ((path[: level + 1], i in later) for i, path in enumerate(paths))
        for (path, waits), run in groupby(heads):
            span = len(list(run))
            more = _caveat(path[-1], caveats)
            kinds = {
                "group": level < depth - 1,
                "number": numeric[place] and span == 1,
                "later": waits,
            }
            line.append(_heading(path[-1], span, kinds, more))
            place += span
        yield f"<tr>{''.join(line)}</tr>"
        line = []


def _corner(name: Hashable, depth: int) -> str:
    tag = "th" if name else "td"
    scope = ' scope="col"' if name else ""
    return f'<{tag}{scope} rowspan="{depth}">{_text(name or "")}</{tag}>'


def _heading(name: Hashable, span: int, are: Mapping[str, bool], more: str) -> str:
    kinds = [kind for kind, so in are.items() if so]
    if name == "":
        later = ' class="later"' if are["later"] else ""
        return f'<td colspan="{span}"{later}></td>'
    reach = f'scope="colgroup" colspan="{span}"' if span > 1 else 'scope="col"'
    return f'<th {reach} class="{" ".join(kinds)}">{_text(name)}{more}</th>'


def _caveat(name: Hashable, caveats: Mapping[str, str]) -> str:
    said = caveats.get(str(name))
    return f'<br><span class="caveat">{escape(said)}</span>' if said else ""


def _path(name: Hashable) -> tuple[Hashable, ...]:
    return name if isinstance(name, tuple) else (name,)


def _spans(index: pd.Index) -> Iterator[list[tuple[Hashable, int, int]]]:
    """List the row headers that start in each row: name, level, over how many rows it reaches."""
    paths = [_path(name) for name in index]
    last = index.nlevels - 1
    for place, path in enumerate(paths):
        before = paths[place - 1] if place else ()
        new = [level for level in range(last) if before[: level + 1] != path[: level + 1]]
        runs = [(path[level], level, _run(paths[place:], path[: level + 1])) for level in new]
        yield [*runs, (path[last], last, 1)]


def _run(paths: list[tuple[Hashable, ...]], stem: tuple[Hashable, ...]) -> int:
    return next((i for i, path in enumerate(paths) if path[: len(stem)] != stem), len(paths))


def _is_number(column: "pd.Series[Any]", formats: Mapping[Any, Format]) -> bool:
    return column.name in formats or (
        pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    )


def _format(column: "pd.Series[Any]", formats: Mapping[Any, Format]) -> Format | None:
    if not _is_number(column, formats):
        return None
    whole = pd.api.types.is_integer_dtype(column)
    return formats.get(column.name, integer if whole else decimals(2))


def _cell(value: object, show: Format | None, later: bool) -> str:
    """A cell, with its number to the last digit where what is shown is rounded or worded."""
    also = " later" if later else ""
    if value is None or value is pd.NA or value != value:
        return f'<td class="none{also}">{NONE}</td>'
    if isinstance(value, Told):
        kind = "told" if show is None else "number"
        number = exact(value.value)
        return f'<td class="{kind}{also}" data-value="{number}">{escape(value.text)}</td>'
    if show is None:
        kind = ' class="later"' if later else ""
        return f"<td{kind}>{_text(value)}</td>"
    if isinstance(value, str):
        return f'<td class="number{also}">{escape(value)}</td>'
    return f'<td class="number{also}" data-value="{exact(value, show)}">{escape(show(value))}</td>'


def _text(value: object) -> str:
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    return escape(str(value))

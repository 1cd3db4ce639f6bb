"""What every part of the configuration is made of: closed blocks, names, text, probabilities."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from datetime import date
from itertools import islice
from typing import Annotated, Any

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)
from pydantic import WithJsonSchema as JsonSchema

MOST_READ = 500
"""Texts that are looked at."""
LAST = "last"
"""In place of a label: the newest of the kept runs."""
LONGEST = 40
"""Letters of a text that YAML could take for something else."""
BARE = "a bare yes, no, on, off, true, false, null or number is none in YAML: put it in quotes"
"""Said where YAML gave no text at all."""


class Block(BaseModel):
    """A closed, frozen part of the configuration."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


def as_text(value: Any) -> Any:
    """A bare number, date or truth value of YAML as the text that a source holds for it."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float | date) else value


def bare_hint(wanted: Collection[str], found: Iterable[str]) -> str:
    """A hint at quotes, where what is wanted is what YAML makes of a text that is found.

    Args:
        wanted: texts of the configuration.
        found: texts of the data, those that matter most first.
    """
    for text in islice(found, MOST_READ):
        if text not in wanted and len(text) <= LONGEST:
            read = _read_bare(text)
            if read in wanted:
                return f"; a bare {text} in YAML is {read}: put it in quotes"
    return ""


def _read_bare(text: str) -> str | None:
    """The text that stands for what YAML reads as a number, a date or a truth value."""
    try:
        read = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):
        return None
    return None if read is None or isinstance(read, str) else str(as_text(read))


def _check_label(label: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}", label):
        raise ValueError(
            f"found {label!r}, expected letters, digits and . _ -, the first a letter or a digit"
        )
    return label


def _check_free(label: str) -> str:
    if label == LAST:
        raise ValueError(f"found {LAST!r}, which stands for the newest run; choose another label")
    return label


Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Label = Annotated[
    str,
    BeforeValidator(as_text),
    AfterValidator(_check_label),
    JsonSchema({"type": ["string", "number"]}),
]
"""What a kept run is called; a part of a path."""
NewLabel = Annotated[Label, AfterValidator(_check_free)]
Probability = Annotated[float, Field(gt=0, lt=1)]
Text = Annotated[
    str, BeforeValidator(as_text), JsonSchema({"type": ["string", "number", "boolean"]})
]
"""A value as it stands in the source; numbers and truth values may be written bare."""
Column = Annotated[str, Field(min_length=1)]

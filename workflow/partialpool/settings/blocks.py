"""What every part of the configuration is made of: closed blocks, names, text, probabilities."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic import WithJsonSchema as JsonSchema


class Block(BaseModel):
    """A closed, frozen part of the configuration."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


def _as_text(value: Any) -> Any:
    """A bare number or truth value of YAML as the text that a source holds for it."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int | float) else value


Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Probability = Annotated[float, Field(gt=0, lt=1)]
Text = Annotated[
    str, BeforeValidator(_as_text), JsonSchema({"type": ["string", "number", "boolean"]})
]
"""A value as it stands in the source; numbers and truth values may be written bare."""
Column = Annotated[str, Field(min_length=1)]

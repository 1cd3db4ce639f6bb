"""The configuration's schema and its reference, both from the settings classes.

`python -m partialpool.settings.schema` prints the JSON schema, with `reference` behind it the
page of the documentation.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from partialpool.settings import Settings

DIALECT = "https://json-schema.org/draft/2020-12/schema"
BLOCKS = (
    "Settings",
    "Analysis",
    "Source",
    "Outcome",
    "Contact",
    "Factor",
    "Number",
    "Predict",
    "Model",
    "Priors",
    "Sampling",
    "Verdict",
    "Checks",
    "Oracle",
    "Comparison",
    "Refits",
    "Decision",
    "Experiment",
    "Calibration",
    "Recovery",
    "Plan",
)
"""The order of the reference: from the whole to its parts."""
INTRODUCTION = """# Configuration

`config.yaml` holds `defaults`, which every analysis inherits, and `analyses`, by name. A model
inherits `priors`, `sampling` and `intercept_prior_at` from its analysis; one of the `plans`, which
may stand without analyses, `priors` by class, `intercept_prior_at`, `seed` and the decision's
`probability` from the defaults. Keys that are not
listed here are errors. This page and `workflow/schemas/config.schema.json`, which editors can use
for completion, are generated from the settings classes.

Priors are written `normal(location, scale)`, `student_t(df, location, scale)`,
`cauchy(location, scale)`; for sds and phi also `exponential(rate)`, `gamma(shape, rate)`,
`inv_gamma(shape, scale)`, `lognormal(mu, sigma)`; for sds `uniform(lower, upper)`, and
`constant(value)`, which is not estimated; for correlations `lkj(shape)`. All are on the scale of
the link.
"""


def write_schema() -> str:
    """The JSON schema of `config.yaml`, as `workflow/schemas/config.schema.json` holds it."""
    schema = {"$schema": DIALECT, **Settings.model_json_schema()}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write_reference() -> str:
    """The documentation of every key in Markdown, as `docs/configuration.md` holds it."""
    schema = Settings.model_json_schema()
    blocks = {"Settings": schema, **schema["$defs"]}
    parts = [_block(name, blocks) for name in BLOCKS]
    return "\n".join([INTRODUCTION, *parts])


def _block(name: str, blocks: dict[str, Any]) -> str:
    block, title = blocks[name], "The file" if name == "Settings" else name
    lines = [f"## {title}", "", block["description"], ""]
    lines += ["| key | default | meaning |", "|---|---|---|"]
    for key, field in block["properties"].items():
        inner = blocks.get(field.get("$ref", "").removeprefix("#/$defs/"), {})
        text = field.get("description", inner.get("description", ""))
        meaning = " ".join(text.split()).replace("|", "\\|")
        default = _default(key, field, block.get("required", []))
        lines.append(f"| `{key}` | {default} | {meaning}{_choices(field)} |")
    return "\n".join(lines) + "\n"


def _default(key: str, field: dict[str, Any], required: list[str]) -> str:
    if key in required:
        return "required"
    value = field.get("default")
    if isinstance(value, dict) or "$ref" in field:
        return ""
    return "none" if value in (None, "") else f"`{value}`"


def _choices(field: dict[str, Any]) -> str:
    return f" One of {', '.join(f'`{c}`' for c in field['enum'])}." if "enum" in field else ""


if __name__ == "__main__":
    print(write_reference() if sys.argv[1:] == ["reference"] else write_schema(), end="")

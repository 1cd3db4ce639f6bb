"""The schema and the reference of the configuration are in step with the settings."""

import copy
import json

import jsonschema
import pytest

from partialpool.settings import Settings
from partialpool.settings.schema import BLOCKS, write_reference, write_schema

from ..factories.configurations import ROOT, SCHEMA, SHIPPED


def test_the_reference_is_that_of_the_settings():
    written = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    assert written == write_reference(), (
        "run: python -m partialpool.settings.schema reference > docs/configuration.md"
    )


def test_the_reference_has_every_block():
    assert set(BLOCKS) == {"Settings", *Settings.model_json_schema()["$defs"]} - {"Defaults"}


def test_every_key_of_the_reference_has_a_meaning():
    rows = [line for line in write_reference().splitlines() if line.startswith("| `")]
    assert len(rows) > 50
    assert not [row for row in rows if row.endswith("|  |")]


def test_the_written_schema_is_that_of_the_settings():
    assert SCHEMA.read_text(encoding="utf-8") == write_schema(), (
        "run: python -m partialpool.settings.schema > workflow/schemas/config.schema.json"
    )


def test_every_key_is_described():
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    blocks = schema["$defs"]

    def described(value):
        block = blocks.get(value.get("$ref", "").removeprefix("#/$defs/"), {})
        return value.get("description") or block.get("description")

    bare = [
        f"{name}.{key}"
        for name, block in [("config", schema), *blocks.items()]
        for key, value in block["properties"].items()
        if not described(value)
    ]
    assert len(blocks) > 10
    assert bare == []


def test_every_block_of_the_schema_is_closed():
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert [n for n, d in schema["$defs"].items() if d["additionalProperties"] is not False] == []


def test_the_shipped_configuration_fits_the_schema():
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(SHIPPED, schema)
    wrong = copy.deepcopy(SHIPPED)
    wrong["defaults"]["sampling"]["adapt_delta"] = 1.2
    with pytest.raises(jsonschema.ValidationError, match=r"1\.2"):
        jsonschema.validate(wrong, schema)

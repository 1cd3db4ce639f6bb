"""The reference of the configuration is in step with the settings."""

from pathlib import Path

from partialpool.settings import Settings
from partialpool.settings.schema import BLOCKS, write_reference

ROOT = Path(__file__).parents[2]


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

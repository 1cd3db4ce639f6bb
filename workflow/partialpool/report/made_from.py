"""What a report was made from, as its page lists it: nothing empty, nothing twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

ALL_MODELS = "every model"
CONFIGURATION = "Configuration"
_EMPTY: tuple[object, ...] = (None, "", [], {})


def list_provenance(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record of an analysis for readers (`provenance.describe_results`).

    What all models share is said once. The configuration is without empty values, and a model's
    part has only what differs from the analysis'. Engines stand among the versions already.
    """
    shown = {name: _once(value) for name, value in record.items() if name != "Engines"}
    settings = yaml.safe_load(record[CONFIGURATION])
    models = {
        name: _differing(model, settings) for name, model in settings.get("models", {}).items()
    }
    spare = _without_empty({**settings, "models": models} if models else settings)
    text = yaml.safe_dump(spare, sort_keys=False, allow_unicode=True)
    return {**shown, CONFIGURATION: text}


def _once(value: Any) -> Any:
    """Several equal texts by name as one."""
    if not isinstance(value, Mapping) or len(value) < 2:
        return value
    texts = list(value.values())
    alike = all(isinstance(text, str) for text in texts) and len(set(texts)) == 1
    return {ALL_MODELS: texts[0]} if alike else value


def _differing(model: Mapping[str, Any], settings: Mapping[str, Any]) -> dict[str, Any]:
    """What a model's settings say that the analysis' do not."""
    own: dict[str, Any] = {}
    for name, value in model.items():
        above = settings.get(name)
        if isinstance(value, Mapping) and isinstance(above, Mapping):
            value = {key: v for key, v in value.items() if above.get(key) != v}
        elif name in settings and value == above:
            continue
        own[name] = value
    return own


def _without_empty(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    kept = {key: _without_empty(item) for key, item in value.items()}
    return {key: item for key, item in kept.items() if item not in _EMPTY}

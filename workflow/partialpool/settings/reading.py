"""The configuration file, read into settings; what is wrong is said by key, in one line.

`config.yaml` holds `defaults`, which every analysis inherits, and `analyses`; a model
inherits its analysis' `priors`, `sampling` and `intercept_prior_at` in the same way, a plan what of
the defaults it has.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from partialpool.errors import InputError
from partialpool.settings import Settings
from partialpool.settings.blocks import BARE

EXPECTED = {
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "tuple_type": "a list",
    "too_short": "at least {min_length}",
    "string_pattern_mismatch": "lower-case letters, digits and _, a letter first",
}
"""What pydantic expects, in the words of YAML."""
INHERITED_BY_MODELS = ("priors", "sampling", "intercept_prior_at")
INHERITED_BY_PLANS = ("priors", "intercept_prior_at", "seed")


def read_settings(config: Mapping[str, Any]) -> Settings:
    """Settings from the configuration as YAML gave it.

    Raises:
        InputError: the first thing that is wrong, by key, with what was found and expected.
    """
    try:
        return Settings.model_validate(_inherit(config))
    except ValidationError as error:
        raise InputError(_explain(error, config)) from None


def _inherit(config: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration with defaults merged into analyses and those into models."""
    defaults, analyses = config.get("defaults") or {}, config.get("analyses", {})
    if not isinstance(defaults, Mapping) or not isinstance(analyses, Mapping):
        return dict(config)
    merged = {name: _merge(defaults, block) for name, block in analyses.items()}
    for analysis in merged.values():
        if isinstance(analysis, dict) and isinstance(analysis.get("models"), Mapping):
            shared = {k: analysis[k] for k in INHERITED_BY_MODELS if k in analysis}
            analysis["models"] = {n: _merge(shared, m) for n, m in analysis["models"].items()}
    return {**config, "analyses": merged, **_inherit_plans(config, defaults)}


def _inherit_plans(config: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    plans, decision = config.get("plans", {}), defaults.get("decision")
    if not isinstance(plans, Mapping):
        return {}
    shared = {key: defaults[key] for key in INHERITED_BY_PLANS if key in defaults}
    if isinstance(decision, Mapping) and "probability" in decision:
        shared["probability"] = decision["probability"]
    # a coefficient of an analysis is none of a plan
    own = {k: v for k, v in (shared.get("priors") or {}).items() if k != "coefficients"}
    shared |= {"priors": own} if "priors" in shared else {}
    return {"plans": {name: _merge(shared, block) for name, block in plans.items()}}


def _merge(base: Any, override: Any) -> Any:
    if not isinstance(base, Mapping) or not isinstance(override, Mapping):
        return override
    merged = dict(base)
    for key, value in override.items():
        merged[key] = _merge(base[key], value) if key in base else value
    return merged


def _explain(error: ValidationError, config: Mapping[str, Any]) -> str:
    first = error.errors()[0]
    location, said = tuple(first["loc"]), str(first.get("ctx", {}).get("error", ""))
    if inner := re.match(r"([a-z0-9_.]+): ", said):
        location, said = (*location, *inner[1].split(".")), said[inner.end() :]
    where = _written_at(location, config)
    key = ".".join(str(part) for part in where) or "config"
    if first["type"] == "missing":
        return f"{key}: missing, expected a value"
    if first["type"] == "extra_forbidden":
        known = ", ".join(_known_keys(tuple(first["loc"])[:-1]))
        return f"{key}: unknown key, expected one of {known}"
    if first["type"] == "value_error":
        return f"{key}: {said}"
    expected = EXPECTED.get(first["type"], first["msg"].removeprefix("Input should be "))
    expected = expected.format_map(first.get("ctx", {}))
    if first["type"] == "string_type" and not isinstance(first["input"], dict | list):
        expected = f"text; {BARE}"
    return f"{key}: found {first['input']!r}, expected {expected}"


def _written_at(location: tuple[Any, ...], config: Mapping[str, Any]) -> tuple[Any, ...]:
    """Where the user wrote what is wrong: a key that was inherited stands further up."""
    parts = tuple(part for part in location if part != "[key]")
    candidates = [parts]
    if parts[:1] == ("analyses",) and len(parts) > 2:
        inherited = parts[4:] if parts[2:3] == ("models",) else parts[2:]
        candidates += [(*parts[:2], *inherited), ("defaults", *inherited)]
    return next((path for path in candidates if _present(path, config)), parts)


def _present(path: tuple[Any, ...], config: Any) -> bool:
    for part in path:
        in_list = isinstance(config, list) and isinstance(part, int) and part < len(config)
        if in_list or (isinstance(config, Mapping) and part in config):
            config = config[part]
        else:
            return False
    return True


def _known_keys(location: tuple[Any, ...]) -> list[str]:
    """The keys that the block at a location may have."""
    block: type[BaseModel] = Settings
    parts = iter(location)
    for part in parts:
        annotation = block.model_fields[str(part)].annotation
        if get_origin(annotation) is dict:
            annotation = get_args(annotation)[1]
            next(parts, None)
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            block = annotation
    return sorted(block.model_fields)

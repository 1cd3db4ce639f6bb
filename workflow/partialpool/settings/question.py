"""What an analysis asks, checked: that what it names exists, and nothing that others need."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from partialpool.settings.decision import Decision


def check_question(
    named: Mapping[str, str | None],
    factors: Collection[str],
    numbers: Collection[str],
    decision: Decision,
    identity: str | None = None,
) -> None:
    """Check that what is compared is there, and that nothing is chosen where nothing is.

    Args:
        named: what `treatment`, `within` and `between` name, by key.
        factors: of the analysis.
        numbers: of the analysis.
        decision: what may be chosen.
        identity: the column of ids, which are counted under levels.

    Raises:
        ValueError: of the first of these that is not so.
    """
    for key, name in named.items():
        if name is None or name in factors or (key == "treatment" and name in numbers):
            continue
        if name in numbers:
            raise ValueError(
                f"{key}: found the number {name!r}, expected a factor; list its column under "
                "factors too, with `bins` to divide it at"
            )
        raise ValueError(f"{key}: found {name!r}, expected one of {', '.join(factors)}")
    if named["treatment"] is not None:
        if named["treatment"] in numbers:
            _check_number(named, decision, identity)
        return
    if named["within"] is None:
        raise ValueError(
            "treatment: missing, expected the factor whose levels are compared; or leave it out "
            "and name under `within` the factor whose levels are ranked"
        )
    if needless := _find_needless(named, decision):
        raise ValueError(
            f"{needless}: found in an analysis without a treatment, where nothing is compared or "
            "chosen; leave it out, or name the treatment"
        )


def _check_number(
    named: Mapping[str, str | None], decision: Decision, identity: str | None
) -> None:
    """Check that nothing is asked of a number that only levels have."""
    if key := _find_needless(named, decision) or ("source.id" if identity is not None else None):
        raise ValueError(
            f"{key}: found with the number {named['treatment']!r} as the treatment, where no arms "
            "are chosen between; leave it out, or list the column under factors, with `bins` to "
            "divide it at, and compare those"
        )


def _find_needless(named: Mapping[str, str | None], decision: Decision) -> str | None:
    """A key that only a comparison of levels has a use for, if one is set."""
    if named["between"] is not None:
        return "between"
    return f"decision.{decision.choosing}" if decision.choosing is not None else None

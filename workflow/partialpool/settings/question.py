"""What an analysis asks, checked: that it names factors, and nothing that only choices need."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from partialpool.settings.decision import Decision


def check_question(
    named: Mapping[str, str | None],
    factors: Collection[str],
    numbers: Collection[str],
    decision: Decision,
) -> None:
    """Check that what is compared is a factor, and that nothing is chosen where nothing is.

    Args:
        named: what `treatment`, `within` and `between` name, by key.
        factors: of the analysis.
        numbers: of the analysis.
        decision: what may be chosen.

    Raises:
        ValueError: of the first of these that is not so.
    """
    for key, name in named.items():
        if name is not None and name in numbers:
            raise ValueError(
                f"{key}: found the number {name!r}, expected a factor; list its column under "
                "factors too, with `bins` to divide it at"
            )
        if name is not None and name not in factors:
            raise ValueError(f"{key}: found {name!r}, expected one of {', '.join(factors)}")
    if named["treatment"] is not None:
        return
    if named["within"] is None:
        raise ValueError(
            "treatment: missing, expected the factor whose levels are compared; or leave it out "
            "and name under `within` the factor whose levels are ranked"
        )
    needless = "between" if named["between"] is not None else decision.choosing
    if needless is not None:
        key = needless if needless == "between" else f"decision.{needless}"
        raise ValueError(
            f"{key}: found in an analysis without a treatment, where nothing is compared or "
            "chosen; leave it out, or name the treatment"
        )

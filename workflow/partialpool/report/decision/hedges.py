"""What keeps an answer from being acted on, said wherever the answer is: nobody, hedges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from partialpool.report.decision.gaps import warn_of_gaps
from partialpool.report.labels import Labels
from partialpool.report.model.margins import name_margin
from partialpool.report.text import listed, plain


def doubt_answer(decision: Mapping[str, Any], labels: Labels) -> str:
    """Why the answer is not to be acted on as it stands, in a sentence; nothing where it is.

    Args:
        decision: `answer.decide`, with `support`, `seen` and `split` where they are known.
        labels: the words of the analysis.
    """
    choice = decision["choice"]
    if choice["model"] is None:
        return ""
    if decision.get("split", {}).get("call") == "strays":
        return f"The {labels.many} were not split as planned"
    if gaps := warn_of_gaps(decision, labels):
        return gaps
    model = plain(choice["model"])
    if choice.get("ahead"):
        return f"A model that predicts better than the {model} model may not answer"
    missed = [m for m in decision.get("support", {}).get("missed", []) if _asked(m, labels)]
    if missed:
        named = listed([name_margin(margin) for margin in missed])
        return f"The {model} model does not reproduce the counts {named}"
    return ""


def hedge(headline: str, decision: Mapping[str, Any], labels: Labels) -> str:
    """The headline, or the doubt and then what the model says, without bold."""
    doubt = doubt_answer(decision, labels)
    if not doubt:
        return headline
    said = headline.replace("**", "")
    model = plain(decision["choice"]["model"])
    return f"**{doubt}.** As the {model} model has it: {said}"


def tell_extremes(decision: Mapping[str, Any], labels: Labels) -> str:
    """Said first where nobody did what is asked about, or everybody."""
    seen = decision.get("seen")
    if not seen or 0 < seen["successes"] < seen["trials"]:
        return ""
    who = "Nobody" if seen["successes"] == 0 else "Everybody"
    return (
        f"**{who} {plain(labels.verb)}.** The counts hold no difference, so what follows says how "
        "far apart rates could be, and no more."
    )


def _asked(margin: str, labels: Labels) -> bool:
    """Whether a margin is of what the answer tells apart: the treatment, places, or both.

    A number has no margin; what the model misses along it shows in the cells, whose name is empty.
    """
    told = {labels.treatment, labels.within, labels.apart, "" if labels.along else None}
    return set(margin.split(":")) <= told

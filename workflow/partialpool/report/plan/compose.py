"""The page of a plan, put together from the files of its rule."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from partialpool.frames import read_facts, read_frame
from partialpool.provenance import package_versions
from partialpool.report.page import Page
from partialpool.report.plan import text as say
from partialpool.report.plan.figures import draw_power
from partialpool.report.plan.tables import tabulate_looks, tabulate_sizes
from partialpool.report.prose import fill
from partialpool.report.sections import Section, write_section
from partialpool.settings import Plan


def compose_plan(files: Mapping[str, Any], plan: Plan) -> Page:
    """The page of a plan.

    Args:
        files: `sizes`, `looks` and `facts`, by the rule that simulates.
        plan: what is assumed.
    """
    sizes, looks = read_frame(files["sizes"]), read_frame(files["looks"])
    facts = read_facts(files["facts"])
    needed, looked = facts["needed"], facts["looks"]
    savings = say.state_savings(plan, looked, needed["planned"])
    answer = [
        say.headline(plan, sizes, needed),
        say.state_false_calls(looked),
        savings,
        say.state_money(plan, sizes),
    ]
    by_size = draw_power(plan, sizes), tabulate_sizes(plan, sizes)
    return Page(
        title=plan.title,
        question=say.question(plan),
        lede=say.lede(plan),
        answer=[sentence for sentence in answer if sentence],
        doubts=say.list_doubts(plan),
        sections=[
            _section("sizes", "How many contacts", say.explain(plan), *by_size),
            _section(
                "looks", "Looking in between", fill("plan/looks"), tabulate_looks(plan, looks)
            ),
            write_section("priors", "The priors", say.state_priors(plan)),
        ],
        provenance={
            "Settings": plan.model_dump(exclude={"title"}, exclude_none=True),
            "Versions": package_versions(),
        },
    )


def _section(name: str, title: str, text: str, *shown: Any) -> Section:
    """Prose, and what follows it as it shows itself."""
    html = write_section(name, title, text).html
    return Section(name, title, html + "".join(item._repr_html_() for item in shown))

"""A small analysis in words: labels, and decisions with chosen numbers."""

from dataclasses import replace

from partialpool.report.labels import Labels

LABELS = Labels(
    factors={"promo": ["NoBundle", "Bundle"], "channel": ["Mail", "Park", "Email"]},
    phrases={
        "promo": {"Bundle": "the bundle"},
        "channel": {"Mail": "by mail", "Park": "in the park"},
    },
    treatment="promo",
    within="channel",
    verb="bought",
    noun="passes",
    models=["one", "two"],
    interval=0.89,
)


def summary(mean, half=0.03):
    return {"mean": mean, "sd": half / 1.6, "lower": mean - half, "upper": mean + half}


def level(name, before, after, call, half=0.03):
    probability = {"gain": 0.9999, "loss": 0.0001, "open": 0.7}[call]
    return {
        "within": name,
        "rate_reference": summary(before),
        "rate_treated": summary(after),
        "lift": summary(after - before, half),
        "probability_of_gain": probability,
        "call": call,
        "contacts": 100,
    }


def decision(
    levels, overall=-0.08, crude=0.097, reversed_=True, against=("Mail", "Park"), **choice
):
    chosen = {"model": "one", "reason": "best", "tied": [], "barred": []} | choice
    facts = {
        "treatment": "Bundle",
        "reference": "NoBundle",
        "levels": levels,
        "overall": level("", 0.57, 0.57 + overall, "loss" if overall < 0 else "gain"),
        "crude": {"rate_reference": 0.452, "rate_treated": 0.452 + crude, "lift": crude},
        "misleading": {"levels": list(against), "reversed": reversed_},
        "mix": [
            {"within": "Mail", "share_reference": 0.43, "share_treated": 0.41, "rate": 0.45},
            {"within": "Park", "share_reference": 0.22, "share_treated": 0.51, "rate": 0.77},
        ],
        "disagree": [],
    }
    return {"choice": chosen, "treatments": [facts], "yields": []}


SEASON = [
    level("Mail", 0.562, 0.353, "loss"),
    level("Park", 0.851, 0.741, "loss"),
    level("Email", 0.057, 0.305, "gain", 0.07),
]


AB = Labels(
    factors={"offer": ["none", "voucher"]},
    phrases={"offer": {"none": "no voucher", "voucher": "the voucher"}},
    treatment="offer",
    within=None,
    verb="came back",
    noun="returns",
    models=["simple"],
    interval=0.89,
)
"""An A/B test: one factor, nothing to compare within."""
TRAIT = replace(
    LABELS,
    phrases=LABELS.phrases | {"promo": {"NoBundle": "men", "Bundle": "women"}},
    treatment_is="trait",
)
DISTRICTS = replace(
    LABELS,
    factors={"promo": ["NoBundle", "Bundle"], "district": [str(i) for i in range(1, 61)]},
    within="district",
)


def ab_test(before=0.101, after=0.123, call="gain", half=0.012, reversed_=False):
    """The decision of an A/B test."""
    overall = level("", before, after, call, half) | {"contacts": 6000}
    facts = {
        "treatment": "voucher",
        "reference": "none",
        "levels": [],
        "overall": overall,
        "crude": {"rate_reference": before, "rate_treated": after, "lift": after - before},
        "misleading": {"levels": [], "reversed": reversed_},
        "mix": [],
        "disagree": [],
    }
    choice = {"model": "simple", "reason": "only", "tied": [], "barred": []}
    takes = [
        {"within": "", "treatment": t, "median": 1 / rate, "lower": 7.0, "upper": 11.0}
        for t, rate in (("voucher", after), ("none", before))
    ]
    return {"choice": choice, "treatments": [facts], "yields": takes}


def districts():
    """The decision over 60 districts, most of them open."""
    calls = ["gain"] * 15 + ["loss"] + ["open"] * 44
    rows = [
        level(str(i + 1), 0.2, 0.2 + {"gain": 0.1, "loss": -0.1, "open": 0.01}[c] + i / 1e4, c)
        for i, c in enumerate(calls)
    ]
    return decision(rows, overall=0.04, reversed_=False, against=("16",))


WORDS = ("Simpson", "mix", "inside", "overall", "level of", "levels of", "None", "nan")
"""What no sentence of an A/B test may hold."""

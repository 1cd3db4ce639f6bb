"""The vocabularies of a report: of offers that are made, of traits, of levels that are ranked.

Each is there for outcomes that are welcome and for those that are not. Every wording that depends
on which of them a treatment is stands here, side by side. In braces is what a sentence fills in:
`treat` and `reference` are the two levels that are compared, `contacts` is what rows are called.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

Kind = Literal["offer", "trait", "level"]
"""What a treatment is; `level` where there is none and levels are ranked."""


@dataclass(frozen=True)
class Vocabulary:
    """What is said of treatments of one kind; mappings go by the verdict on a lift."""

    under: str
    """Where a treatment is given."""
    contacts: str
    """Contacts of a treatment, after a number."""
    contacts_with: str
    """All contacts of a treatment."""
    those_with: str
    """The same once contacts were spoken of."""
    rate_with: str
    effect_of: str
    lift_of: str
    ratio_of: str
    whether: str
    """What may be open, after `whether`."""
    had: str
    """How many contacts a treatment had."""

    lift: str
    """What a difference of rates is called."""
    effect: str
    """What is called higher or lower, a gain or a loss."""
    gain: str
    """What a lift is that goes the right way, in a probability."""
    loss: str
    gain_of: str
    """What a lift above zero is, with its size."""
    loss_of: str
    """What one below zero is."""
    calls: Mapping[str, str]
    """What a lift is called."""
    called: str
    """When a lift is called one or the other."""

    best: str
    """That an arm is best."""
    is_best: str
    """The same of a subject that stands before it."""
    is_best_column: str
    """What a table calls the probability of that."""
    more: str
    """What a difference that goes the right way is, before its probability."""
    risk: str
    """What choosing an arm risks, after `which is`."""
    risk_of: str
    """The same in the note of a table, as the loss in rates of an arm."""
    risk_per: str
    """The same of many contacts."""
    worth: str
    """What an experiment brings, as a count of many contacts."""
    pays: str
    """That an arm is best in money, of a subject that stands before it."""
    risk_in_money: str
    """What choosing an arm by money risks, after `which is`."""
    risk_in_money_of: str
    """The same in the note of a table."""
    choose: str
    """What follows when an arm is best."""
    keep_comparing: str
    """What follows when none is known to be."""

    heading: str
    """Of the section on the decision."""
    lead: str
    """The first sentence of the answer."""
    found: Mapping[str, str]
    """What the first sentence finds."""
    open_where: str
    start: str
    """Where something is found, at the start of a sentence; `place` has no comma after it."""
    moves: Mapping[str, str]
    """The rates of one level and what lies between them."""
    open_size: str
    """The size of a lift that is open."""
    seems: str
    """What all contacts pooled look like."""
    counts: str
    """What the counts alone say where the treatment is compared overall."""
    advice: Mapping[str, str]
    mixed: str
    """That the treatments' contacts are spread differently."""


OFFER = Vocabulary(
    under="with {treat}",
    contacts="{contacts} with {treat}",
    contacts_with="the {contacts} with {treat}",
    those_with="those with {treat}",
    rate_with="the rate with {treat}",
    effect_of="the effect of {treat}",
    lift_of="the lift of {treat}",
    ratio_of="the ratio of the rates with {treat} and {reference}",
    whether="{treat} helps",
    had="{count} {contacts} had {treat}",
    lift="lift",
    effect="effect",
    gain="a gain",
    loss="a loss",
    gain_of="a gain of {size} points",
    loss_of="a loss of {size} points",
    calls={"gain": "a gain", "loss": "a loss", "open": "open"},
    called="A lift is called a gain or a loss here when its sign",
    best="{arm} is best",
    is_best="is best",
    is_best_column="best",
    more="better",
    risk="how much more the best may be expected to bring",
    risk_of="what the arm that is truly best would bring more, expected.",
    risk_per="how many successes of 1,000 {contacts} the arm that is truly best would bring more, "
    "expected.",
    worth="successes",
    pays="pays best",
    risk_in_money="how much more the best may be expected to bring",
    risk_in_money_of="what the arm that is truly best would bring more, expected.",
    choose="choose {arm}",
    keep_comparing="keep comparing {arms}",
    heading="What to do",
    lead="{treat} {found}",
    found={"gain": "helps", "loss": "hurts"},
    open_where="What it does {where} is not settled",
    start="{start} ",
    moves={
        call: f"it {verb} the share that {{verb}} from {{before}} to {{after}}"
        for call, verb in {"gain": "raises", "loss": "lowers", "open": "moves"}.items()
    },
    open_size="a difference of {lift} points",
    seems="{treat} looks like {size}: {after} {verb}, against {before} with {reference}",
    counts="{after} {verb} with {treat} and {before} with {reference}",
    advice={
        "gain": "offer {treat}",
        "loss": "offer {reference}",
        "open": "keep comparing {treat} with {reference}",
    },
    mixed="the offers went to different mixes of {contacts}, so they were hardly handed out at "
    "random",
)
TRAIT = Vocabulary(
    under="for {treat}",
    contacts="{treat}",
    contacts_with="{treat}",
    those_with="{treat}",
    rate_with="the rate of {treat}",
    effect_of="the difference of {treat} from {reference}",
    lift_of="the difference of {treat} from {reference}",
    ratio_of="the ratio of the rates of {treat} and {reference}",
    whether="the rate differs between {treat} and {reference}",
    had="{count} {contacts} were {treat}",
    lift="difference",
    effect="rate",
    gain="a higher rate",
    loss="a lower rate",
    gain_of="{size} points more",
    loss_of="{size} points less",
    calls={"gain": "higher", "loss": "lower", "open": "open"},
    called="A rate is called higher or lower here when that",
    best="the rate is highest for {arm}",
    is_best="has the highest rate",
    is_best_column="highest",
    more="higher",
    risk=OFFER.risk,
    risk_of=OFFER.risk_of,
    risk_per=OFFER.risk_per,
    worth=OFFER.worth,
    pays=OFFER.pays,
    risk_in_money=OFFER.risk_in_money,
    risk_in_money_of=OFFER.risk_in_money_of,
    choose="highest for {arm}",
    keep_comparing="open between {arms} which is highest",
    heading="What differs",
    lead="the rate is {found} for {treat} than for {reference}",
    found={"gain": "higher", "loss": "lower"},
    open_where="It is open {where}",
    start="{place}, ",
    moves=dict.fromkeys(
        ("gain", "loss", "open"), "{after} of {treat} {verb} and {before} of {reference}"
    ),
    open_size="{change}",
    seems="{after} of {treat} {verb}, against {before} of {reference}: {size}",
    counts="{after} of {treat} {verb} and {before} of {reference}",
    advice={
        "gain": "higher for {treat}",
        "loss": "lower for {treat}",
        "open": "open between {treat} and {reference}",
    },
    mixed="{treat} are spread over {within} in another way than {reference}",
)
LEVEL = replace(TRAIT, heading="How the levels differ")
_LESS: dict[str, Any] = {
    "risk": "how much lower the rate of the best may be expected to be",
    "risk_of": "how much lower the rate of the arm that is truly best would be, expected.",
    "risk_per": "how many successes of 1,000 {contacts} the arm that is truly best would have "
    "less, expected.",
    "worth": "successes fewer",
    "pays": "costs least",
    "risk_in_money": "how much less the best may be expected to cost",
    "risk_in_money_of": "what the arm that truly costs least would save, expected.",
}
UNWELCOME_OFFER = replace(
    OFFER,
    gain_of="a rise of {size} points",
    loss_of="a fall of {size} points",
    called="Less is better here: a lift below 0 is a gain, one above 0 a loss. It is called so "
    "when its sign",
    moves={**OFFER.moves, "gain": OFFER.moves["loss"], "loss": OFFER.moves["gain"]},
    **_LESS,
)
UNWELCOME_TRAIT = replace(
    TRAIT,
    gain=TRAIT.loss,
    loss=TRAIT.gain,
    calls={"gain": "lower", "loss": "higher", "open": "open"},
    found={"gain": "lower", "loss": "higher"},
    best="the rate is lowest for {arm}",
    is_best="has the lowest rate",
    is_best_column="lowest",
    more="lower",
    choose="lowest for {arm}",
    keep_comparing="open between {arms} which is lowest",
    advice={**TRAIT.advice, "gain": TRAIT.advice["loss"], "loss": TRAIT.advice["gain"]},
    **_LESS,
)
VOCABULARIES: Mapping[Kind, tuple[Vocabulary, Vocabulary]] = {
    "offer": (UNWELCOME_OFFER, OFFER),
    "trait": (UNWELCOME_TRAIT, TRAIT),
    "level": (replace(UNWELCOME_TRAIT, heading=LEVEL.heading), LEVEL),
}
"""Of outcomes that are not welcome, and of those that are."""

"""What the report says of how a fit was sampled and repaired."""

from dataclasses import replace

from partialpool.report.model import sampling as say
from partialpool.sampling.repairs import AS_BUILT, OPPOSITE, Attempt

SETTINGS = {"sampling": {"warmup": 1000, "adapt_delta": 0.8, "repair": True, "longest": 8}}
VERDICT = {
    "checks": [{"check": "divergences", "limit": 0}, {"check": "ebfmi", "limit": 0.3}],
    "chains": 4,
    "draws": 4000,
    "gradients": 30_000,
}


def attempt(centring=AS_BUILT, delta=0.8, divergences=0, ebfmi=0.9, kept=False):
    return Attempt(centring, delta, divergences, ebfmi, 30_000, kept, 1000, 1000)


def longer(times, lacking=(), kept=False, warmup=1000, finished=True):
    """A sound try with so many times 1,000 draws of each chain."""
    length = {"warmup": warmup, "draws": times * 1000, "lacking": lacking, "finished": finished}
    return replace(attempt(kept=kept), **length)


def test_a_sound_first_try_takes_one_sentence():
    text = say.state_repairs([attempt(kept=True)], SETTINGS, VERDICT)
    assert text == "The first try was sound, so no repair was needed."


def test_every_try_is_told_and_what_ended_them():
    tries = [attempt(divergences=12), attempt(OPPOSITE, divergences=1)]
    tries += [attempt(OPPOSITE, 0.98, kept=True)]
    text = say.state_repairs(tries, SETTINGS, VERDICT)
    assert "The first try, with the parametrisation that the design chose" in text
    assert "had 12 divergent transitions and an E-BFMI of 0.90." in text
    assert "The second try, with the opposite parametrisation of the effects" in text
    assert "had 1 divergent transition and" in text
    assert "a target acceptance of 0.98, had no divergent transitions" in text
    assert text.endswith("That ended the repairs: its draws are the ones shown.")


def test_repairs_that_mended_nothing_say_so():
    tries = [attempt(divergences=12), attempt(OPPOSITE, divergences=3, kept=True)]
    tries += [attempt(OPPOSITE, 0.98, divergences=5)]
    text = say.state_repairs(tries, SETTINGS, VERDICT)
    assert "**None of them mended it.**" in text
    assert "those of the second try, the best" in text


def test_a_repair_that_was_turned_off_is_said_to_be():
    settings = {"sampling": {**SETTINGS["sampling"], "repair": False}}
    text = say.state_repairs([attempt(divergences=2, kept=True)], settings, VERDICT)
    assert text.endswith("no other was made, since `repair` is off.")


def test_the_target_acceptance_is_that_of_the_draws_shown():
    tries = [attempt(divergences=2), attempt(OPPOSITE, 0.98, kept=True)]
    text = say.state_sampling(VERDICT, tries)
    assert "with a target acceptance of 0.98" in text
    assert text.endswith("7.5 for each.")


def test_draws_that_were_drawn_on_are_told_with_what_fell_short():
    tries = [longer(1, ["rhat", "ess_bulk"]), longer(2, kept=True, warmup=2000)]
    text = say.state_repairs(tries, SETTINGS, VERDICT)
    assert text.startswith("The fit was drawn on. The first try,")
    assert "but its R-hat and bulk effective sample size fell short." in text
    assert "0.8, 2\u202f000 warm-up iterations and 2\u202f000 draws of each chain, had no" in text
    assert text.endswith("That ended the repairs: its draws are the ones shown.")
    assert "after 2\u202f000 warm-up iterations each" in say.state_sampling(VERDICT, tries)


def test_the_limit_of_drawing_on_is_told_where_it_was_not_enough():
    tries = [longer(n, ["ess_tail"], kept=n == 8) for n in (1, 2, 4, 8)]
    text = say.state_repairs(tries, SETTINGS, VERDICT)
    assert "**More draws were not enough.** The draws shown are those of the fourth try" in text
    assert "8 times the configured draws are the limit (`sampling.longest`)" in text


def test_a_try_that_was_ended_by_its_limit_is_said_to_be():
    tries = [longer(1, ["mcse"], kept=True), longer(2, finished=False)]
    text = say.state_repairs(tries, SETTINGS, VERDICT)
    assert "draws of each chain, took longer than `sampling.minutes` allows." in text
    assert "**More draws were not enough.** The draws shown are those of the first try" in text


def test_why_too_few_draws_were_not_drawn_on_is_told():
    only = {"sampling": {**SETTINGS["sampling"], "longest": 1}}
    text = say.state_repairs([longer(1, ["mcse"], kept=True)], only, VERDICT)
    assert text.endswith(
        "but its Monte Carlo error fell short, and no other was made, since `longest` is 1."
    )

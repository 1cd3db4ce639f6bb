"""What the report says of how a fit was sampled and repaired."""

from partialpool.report.model import sampling as say
from partialpool.sampling.repairs import AS_BUILT, OPPOSITE, Attempt

SETTINGS = {"sampling": {"warmup": 1000, "adapt_delta": 0.8, "repair": True}}
VERDICT = {
    "checks": [{"check": "divergences", "limit": 0}, {"check": "ebfmi", "limit": 0.3}],
    "chains": 4,
    "draws": 4000,
    "gradients": 30_000,
}


def attempt(centring=AS_BUILT, delta=0.8, divergences=0, ebfmi=0.9, kept=False):
    return Attempt(centring, delta, divergences, ebfmi, 30_000, kept)


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
    text = say.state_sampling(VERDICT, SETTINGS, tries)
    assert "with a target acceptance of 0.98" in text
    assert text.endswith("7.5 for each.")

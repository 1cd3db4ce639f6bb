"""Which parameters belong together is read from their table, whatever levels hold."""

from partialpool.posterior.names import (
    effect_blocks,
    fixed_parameters,
    kinds_of,
    list_effects,
    other_parameters,
    varies_by,
)

from ..factories.names import named, term

LEVELS = ["A", "b, Intercept]", "c, promo[Yes]"]
TERM = term("shop", LEVELS, "Intercept", "promo[Yes]")
NAMES = named(["promo[Yes]"], TERM, others=["theta"])


def test_parameters_that_no_design_has_are_the_programs_own():
    listed = ["promo[Yes]", "sd_shop[Intercept]", "r_shop[A, Intercept]", "theta[1]", "theta[2]"]
    assert kinds_of(NAMES, listed) == ["population", "sd", "effect", "other", "other"]
    assert other_parameters(NAMES, listed) == ["theta[1]", "theta[2]"]
    assert fixed_parameters(NAMES, listed) == [*listed[:2], *listed[3:]]


def test_levels_that_read_like_coefficients_stay_in_their_block():
    first, second = effect_blocks(NAMES)
    assert first == [f"r_shop[{level}, Intercept]" for level in LEVELS]
    assert second == [f"r_shop[{level}, promo[Yes]]" for level in LEVELS]


def test_effects_have_their_levels_and_how_they_are_sampled():
    week = term("week", ["1", "2"], "Intercept")
    names = named(["promo[Yes]"], TERM, week)
    centring = [i / 8 for i in range(8)]
    effects = list_effects(names, {"centring": centring, "absorbed_by": [3, 0, 0]})
    assert list(effects["level"]) == [*LEVELS, *LEVELS, "1", "2"]
    assert list(effects["centring"]) == centring
    assert list(effects["absorbed_by"]) == ["week"] * 3 + [""] * 5
    assert list(effects["population_coefficient"]) == [""] * 3 + ["promo[Yes]"] * 3 + [""] * 2


def test_a_model_varies_by_a_factor_also_within_combined_levels():
    assert varies_by(named([], term("region:shop", ["n:a", "n:b"], "Intercept")), "shop")
    assert not varies_by(named(["promo[Yes]"], term("workshop", "ab", "Intercept")), "shop")
    assert not varies_by(named(["sd_shop[Intercept]"]), "shop")

"""Parameters that belong together, told from their names."""

from partialpool.posterior.names import (
    effect_blocks,
    fixed_parameters,
    list_effects,
    other_parameters,
)

from ..factories.draws import cells, labelled
from ..factories.fitted import DESIGN, INDEX, NAMES


def test_the_effects_of_a_term_come_in_a_block_for_each_coefficient():
    blocks = effect_blocks(INDEX)
    assert [len(block) for block in blocks] == [3, 3]
    assert [effect for block in blocks for effect in block] == INDEX["effect"]


def test_an_effect_knows_its_level_whatever_that_holds():
    effects = list_effects(INDEX, DESIGN)
    assert effects["level"].tolist() == 2 * ["A", "B, [x]", "<b>C</b>"]
    assert effects["coefficient"].tolist() == 3 * ["Intercept"] + 3 * ["promo[Yes]"]
    assert set(effects["grouping"]) == {"shop"}
    assert effects["about_population"].tolist() == 3 * [False] + 3 * [True]


def test_what_is_no_effect_is_fixed_and_what_no_kind_has_is_the_programs_own():
    fixed = fixed_parameters(INDEX, NAMES)
    assert len(fixed) + len(INDEX["effect"]) == len(NAMES)
    assert other_parameters(INDEX, [*NAMES, "lambda[1]"]) == ["lambda[1]"]


def test_a_design_names_as_many_effects_as_its_groups_have():
    design, _, _ = labelled("promo + (1 + promo | shop) + (1 | week)")
    shops, weeks = (cells()[name].nunique() for name in ("shop", "week"))
    assert [len(block) for block in effect_blocks(design.index)] == [shops, shops, weeks]

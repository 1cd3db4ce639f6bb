"""What levels are called: by their phrase, else in a form that fits any factor."""

import mistune
import pytest

from partialpool.frames import write_facts
from partialpool.report import treatment
from partialpool.report.labels import Labels, read_labels
from partialpool.report.text import plain, some, words

LEVELS = ["1", "(missing)", "18 to 30", "3+", "a/b", "salt and pepper", "🎁", "<i>x</i>", '"q"']


def labels(within="age_group", levels=LEVELS, offers=("none", "voucher"), **more):
    factors = {"offer": list(offers)} | ({within: list(levels)} if within else {})
    given = {"phrases": {}, "models": ["m"], "interval": 0.89, "verb": "came back"}
    return Labels(factors, treatment="offer", within=within, noun="returns", **given | more)


def shown(text):
    """What a reader sees of a sentence, as HTML."""
    return mistune.create_markdown(renderer=mistune.HTMLRenderer(escape=True))(text).strip()


@pytest.mark.parametrize("level", ["1", "(missing)", "18 to 30", "3+", "a/b", "🎁", '"q"'])
def test_a_level_without_a_phrase_is_where_its_factor_is_that(level):
    escaped = level.replace('"', "&quot;")
    assert shown(labels().where(level)) == f"<p>where age group is {escaped}</p>"


def test_a_level_that_reads_like_a_list_stands_in_quotes():
    assert labels().where("salt and pepper") == "where age group is “salt and pepper”"
    assert labels().where("a, b") == "where age group is “a, b”"


def test_a_level_of_many_letters_is_cut_in_its_middle():
    said = labels().where("x" * 30 + "y" * 30)
    assert "x" * 20 + "…" + "y" * 20 in said
    assert len(said) < 70


@pytest.mark.parametrize(
    "level", ["<script>x</script>", "*a*", "[l](u)", "`q`", "a\n\n# b", "&lt;"]
)
def test_a_level_is_text_whatever_it_holds(level):
    html = shown(f"**{labels().where(level)}**")
    for tag in ("<script", "<em>", "<a ", "<code>", "<h1", "&lt; "):
        assert tag not in html


def test_levels_without_phrases_share_one_where():
    assert labels().list_places(["1", "3+", "a/b"]) == "where age group is 1, 3\\+ or a/b"


def test_phrases_come_before_levels_without_one():
    mixed = labels(phrases={"age_group": {"3+": "with many children"}})
    assert mixed.list_places(["1", "3+"]) == "with many children and where age group is 1"


def test_of_many_levels_some_are_named_and_the_rest_counted():
    many = labels(levels=[str(i) for i in range(60)])
    said = many.list_places(many.places)
    assert said == "where age group is 0, 1, 2, 3, 4 or one of 55 more"
    phrased = labels(levels=[str(i) for i in range(60)])
    phrases = {"age_group": {str(i): f"in {i}" for i in range(60)}}
    phrased = labels(levels=[str(i) for i in range(60)], phrases=phrases)
    assert phrased.list_places(phrased.places).endswith("in 4 and in 55 more places")


def test_words_that_three_phrases_begin_with_are_said_once():
    levels = {"1": "in age group A", "3+": "in age group B", "a/b": "in age group C"}
    said = labels(phrases={"age_group": levels}).list_places(
        ["1", "3+", "a/b"], notes={"3+": "so so"}
    )
    assert said == "in age group A, B (so so) and C"
    two = labels(phrases={"age_group": levels}).list_places(["1", "3+"])
    assert two == "in age group A and in age group B"
    short = labels(phrases={"age_group": {"1": "by mail", "3+": "by phone", "a/b": "by e-mail"}})
    assert short.list_places(["1", "3+", "a/b"]) == "by mail, by phone and by e-mail"


def test_a_note_follows_the_level_that_it_is_of():
    said = labels().list_places(["1", "3+"], notes={"1": "−2.0"})
    assert said == "where age group is 1 (−2.0) or 3\\+"


def test_a_sentence_may_begin_with_a_place():
    phrased = labels(phrases={"age_group": {"1": "by mail"}})
    assert phrased.start("1") == "By mail"
    assert phrased.start("3+") == "Where age group is 3\\+,"


@pytest.mark.parametrize(
    ("level", "said"),
    [("voucher", "voucher"), ("B", "offer B"), ("1", "offer 1"), ("yes", "offer yes")],
)
def test_a_treatment_whose_name_says_little_is_named_with_its_factor(level, said):
    assert labels(offers=("none", level)).treat(level) == said


def test_without_a_factor_to_compare_within_there_are_no_places():
    alone = labels(within=None)
    assert list(alone.places) == []
    assert alone.place_colours == {}
    assert alone.palette.levels("offer")


def test_a_further_factor_keeps_colours_apart_from_the_treatments_without_a_within():
    one = Labels({"offer": ["a", "b"], "shop": ["x", "y"]}, {}, "offer", None, "v", "n", ["m"], 0.9)
    colours = {*one.palette.levels("offer").values(), *one.palette.levels("shop").values()}
    assert len(colours) == 4


@pytest.mark.parametrize(
    ("link", "unit", "axis"),
    [
        ("logit", "log-odds", "log-odds"),
        ("probit", "on the probit scale", "probit scale"),
        ("cloglog", "on the complementary log-log scale", "complementary log-log scale"),
    ],
)
def test_a_models_scale_goes_by_its_link(link, unit, axis):
    of = labels(links={"m": link})
    assert (of.unit("m"), of.axis("m"), of.is_log_odds("m")) == (unit, axis, link == "logit")


def test_a_model_without_a_named_link_is_logistic():
    assert labels().is_log_odds("m")


def test_offers_and_traits_are_spoken_of_differently():
    phrases = {"offer": {"voucher": "the voucher", "none": "no voucher"}}
    offers = labels(phrases=phrases)
    assert treatment.under(offers, "voucher") == "with the voucher"
    assert treatment.contacts_with(offers, "voucher") == "the contacts with the voucher"
    assert treatment.whether(offers, "voucher") == "the voucher helps"
    traits = labels(phrases={"offer": {"voucher": "women", "none": "men"}}, treatment_is="trait")
    assert treatment.under(traits, "voucher") == "for women"
    assert treatment.contacts_with(traits, "voucher") == "women"
    assert treatment.whether(traits, "voucher") == "the rate differs between women and men"
    assert treatment.effect_of(traits, "voucher") == "the difference of women from men"


def test_names_of_the_configuration_become_words():
    assert words("age_group") == "age group"
    assert plain("a\n b") == "a b"


def test_many_items_are_named_in_part():
    assert some([str(i) for i in range(9)]) == "0, 1, 2, 3, 4 and 4 more"
    assert some(["a", "b"]) == "a and b"
    assert some(["a", "b"], last="or") == "a or b"


@pytest.fixture
def words_and_levels(tmp_path):
    """The words of an analysis of two models, and the file of its levels."""
    write_facts({"offer": ["none", "voucher"]}, tmp_path / "levels.json")
    given = {"phrases": {}, "treatment": "offer", "within": None, "verb": "came back"}
    given |= {"noun": "returns", "models": ["one", "two"], "interval": 0.89}
    return given, tmp_path / "levels.json"


def verdicts(folder, *passed):
    for place, sound in enumerate(passed):
        write_facts({"passed": sound, "checks": []}, folder / f"{place}.json")
        yield folder / f"{place}.json"


def test_labels_know_which_models_failed(words_and_levels, tmp_path):
    made = read_labels(*words_and_levels, list(verdicts(tmp_path, True, False)))
    assert made.factors == {"offer": ["none", "voucher"]}
    assert list(made.failed) == ["two"]
    assert "failed" in made.title("two", "1 + offer")


def test_without_verdicts_no_model_is_known_to_have_failed(words_and_levels):
    assert list(read_labels(*words_and_levels).failed) == []


def test_verdicts_are_those_of_all_models(words_and_levels, tmp_path):
    with pytest.raises(ValueError, match="found 1 verdicts, expected 2"):
        read_labels(*words_and_levels, list(verdicts(tmp_path, True)))


def test_rows_are_named_as_the_configuration_has_it_and_escaped_in_sentences():
    usual, own = labels(), labels(contact="applicant*", contacts="applicants*")
    assert (usual.one, usual.a_one, usual.many) == ("contact", "a contact", "contacts")
    assert shown(f"{own.a_one}, {own.many}") == "<p>an applicant*, applicants*</p>"


def test_wordings_of_both_kinds_of_treatments_name_rows():
    own = labels(offers=("none", "voucher"), contact="visitor", contacts="visitors")
    assert treatment.contacts_with(own, "voucher") == "the visitors with voucher"
    vocabulary = own.vocabulary
    assert treatment.name_levels(vocabulary.contacts, own, "voucher") == "visitors with voucher"
    assert treatment.name_levels(vocabulary.had, own, "voucher", count="12").startswith(
        "12 visitors had"
    )


def test_a_number_has_no_levels_but_places_whose_curves_are_told():
    kind = {"treatment_is": "level", "along": "offer", "apart": "shop"}
    dose = Labels(
        {"shop": ["1", "2"]}, {}, "dose", None, "came back", "returns", ["m"], 0.89, **kind
    )
    assert dose.by == "shop"
    assert dose.placed.where("1") == "where shop is 1"
    assert set(dose.place_colours) == {"1", "2"}
    assert treatment.rate_with(dose, "2.5") == "the rate at dose 2.5"
    assert labels().placed == labels()

"""A model's equations from its formula."""

import pytest

from partialpool.model.likelihood import Likelihood
from partialpool.settings import Priors
from partialpool.written.distributions import write_distribution
from partialpool.written.equations import write_equations
from partialpool.written.latex import show
from partialpool.written.meanings import explain_block
from partialpool.written.notation import Word
from partialpool.written.symbols import spell

from ..factories.written import TOLD, outline_of


def lines(formula, **told):
    """Equations as text without LaTeX's markup."""
    found = write_equations(outline_of(formula, **told))
    return [
        f"{bare(of.left)} {of.relation} {' + '.join(map(bare, of.right))}" for of in found.equations
    ]


def bare(node):
    text = show(node).replace(r"\text", "").replace("\\", "").replace(";", " ")
    return "".join(letter for letter in text if letter not in "{} ")


def meanings(formula, **told):
    found = write_equations(outline_of(formula, **told))
    return {bare(of.symbol): of.text for of in found.meanings}


def test_a_population_level_model_is_four_lines():
    assert lines("1 + promo", at="reference") == [
        "y_i ~ Binomial(n_i,p_i)",
        "logit(p_i) = alpha + beta_promo[promo_i]",
        "alpha ~ Student-t(3,0,2.5)",
        "beta_promo ~ Normal(0,2.5)",
    ]


def test_the_prior_of_the_intercept_holds_at_the_mean_where_it_does():
    found = lines("promo + age")
    assert "baralpha = alpha + sum_kbeta_kbarx_k" in found
    assert "baralpha ~ Student-t(3,0,2.5)" in found
    assert "the average {contact}" in meanings("promo + age")["baralpha,barx_k"]


def test_effects_of_a_level_have_their_distribution():
    assert lines("0 + (1 | region)")[1:] == [
        "logit(p_i) = u_region[region_i]",
        "u_region[j] ~ Normal(0,sigma_region)",
        "sigma_region ~ Normal^+(0,1)",
    ]


def test_correlated_effects_have_a_covariance():
    found = lines("0 + (1 + promo + age | region)")
    assert found[1] == (
        "logit(p_i) = u_region[region_i,0] + u_region[region_i,promo_i]"
        " + u_region[region_i,age]age_i"
    )
    assert found[2:5] == [
        "u_region[j] ~ MultiNormal(0,Sigma_region)",
        "Sigma_region = S_regionR_regionS_region",
        "S_region = diag(sigma_region)",
    ]
    assert "R_region ~ LKJ(1)" in found


@pytest.mark.parametrize(
    ("formula", "term"),
    [
        ("0 + promo:channel", "beta_promo:channel[promo_i,channel_i]"),
        ("0 + promo:age", "beta_promo:age[promo_i]age_i"),
        ("0 + I(age^2)", "beta_age²age²_i"),
        ("0 + I(age / 10)", "beta_age/10(age/10)_i"),
        ("0 + center(age)", "beta_center(age)center(age)_i"),
        ("0 + poly(age, 2)", "sum_kbeta_poly(age,2)[k]x_poly(age,2)[i,k]"),
        ("0 + index(promo)", "beta_promo[promo_i]"),
        ("0 + (1 | region:store)", "u_region:store[region_i,store_i]"),
        ("0 + (0 + age | region)", "u_region[region_i]age_i"),
    ],
)
def test_a_term_is_written_by_what_it_is(formula, term):
    assert lines(formula)[1] == f"logit(p_i) = {term}"


@pytest.mark.parametrize(
    ("link", "left"), [("probit", "Phi^-1(p_i)"), ("cloglog", "log(-log(1-p_i))")]
)
def test_a_link_is_written_out(link, left):
    assert lines("1", likelihood=Likelihood(link=link))[1] == f"{left} = alpha"


def test_a_beta_binomial_has_a_precision():
    found = lines("1", likelihood=Likelihood("beta_binomial"), priors=TOLD)
    assert found[0] == "y_i ~ BetaBinomial(n_i,p_iphi,(1-p_i)phi)"
    assert found[-1] == "phi ~ LogNormal(3,1.5)"


def test_priors_of_single_parameters_are_stated_by_name():
    coefficients = {"promo[Bundle]": "flat", "sd_region[age]": "constant(0.2)"}
    priors = Priors(coefficients=coefficients)
    found = lines("0 + promo + (1 + age | region)", priors=priors)
    assert "beta_promo[Bundle] ~ flat" in found
    assert "sigma_region[age] = 0.2" in found
    assert "sigma_region[Intercept] ~ Normal^+(0,1)" in found


def test_priors_that_differ_by_the_spread_of_columns_are_one_line():
    found = lines("0 + bs(age, df=4)")
    assert found[-1] == "beta_bs(age,df=4)[k] ~ Normal(0,2.5/s_k)"
    assert "standard deviation" in meanings("0 + bs(age, df=4)")["s_k"]
    assert "s_k" not in meanings("0 + promo")


def test_of_many_coefficients_with_one_prior_not_all_are_named():
    formula = "0 + promo + channel + region + store + double"
    assert lines(formula)[-1] == "everybeta ~ Normal(0,2.5)"
    priors = Priors(coefficients={"region[south]": "normal(0, 1)"})
    assert "everyotherbeta ~ Normal(0,2.5)" in lines(formula, priors=priors)


def test_every_symbol_is_explained_by_the_datas_names():
    found = meanings("promo * channel + (1 + promo | region)")
    assert found["beta_promo"] == "what each level of promo adds; 0 where promo is None"
    assert found["beta_promo:channel"].endswith("0 where promo is None or channel is e-mail")
    assert found["u_region[j]"].startswith("the effects of level j of region: Intercept, promo")
    assert {"i", "y_i,n_i", "p_i", "alpha", "sigma_region", "R_region"} <= set(found)


def test_a_number_is_explained_by_its_unit():
    terms = outline_of("age")
    assert explain_block(terms.slopes[0]) == "what one more of age adds"


def test_arithmetic_is_spelt_as_one_writes_it():
    assert [spell(text) for text in ("I(age ** 2)", "I(age**3)", "log(x)", "I(x**10)")] == [
        "age²",
        "age³",
        "log(x)",
        "x^10",
    ]


def test_a_distribution_of_positive_values_is_the_half_of_one():
    prior = outline_of("(1 | region)").priors.prior("sd", "sd_region[Intercept]")
    assert bare(write_distribution(prior, "sd")) == "Normal^+(0,1)"
    flat = outline_of("age", priors=Priors(slope="flat")).priors.prior("slope", "age")
    assert write_distribution(flat, "slope") == Word("flat")

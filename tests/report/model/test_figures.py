"""Pictures of one model: drawn for any model, described by their numbers, small enough."""

import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from partialpool.checks.diagnostics import bin_energy
from partialpool.model.parameters import of_kind
from partialpool.posterior.names import list_effects
from partialpool.report.colours import LIGHT
from partialpool.report.drawing.marks import cut, folded
from partialpool.report.model.chain_figures import draw_chains, draw_energy
from partialpool.report.model.figures import draw_densities, draw_effects
from partialpool.report.model.predictive_figures import draw_predictive, draw_rates
from partialpool.report.selection import drawn_parameters, worst_mixed

from ...factories.labels import labels_of
from ...factories.names import named, term

ODD = 'B "quoted" <script>alert(1)</script> 🎟 with a long name, $5'


def labels(levels=("Mail", "Park", ODD)):
    factors = {"promo": ["No", "Yes"], "channel": list(levels)}
    return labels_of(factors, "channel", ["baseline", "multilevel"])


def names_of(levels):
    return named([], term("channel", levels, "Intercept", "promo[Yes]"))


def effects_of(levels):
    design = {"centring": [1.0] * 2 * len(levels), "absorbed_by": [0, 0]}
    return list_effects(names_of(levels), design)


def posterior(names):
    summaries, densities = [], []
    for place, name in enumerate(names):
        at = place / 4
        value = np.linspace(at - 2, at + 2, 200)
        height = np.exp(-0.5 * ((value - at) / 0.5) ** 2)
        densities.append(pd.DataFrame({"parameter": name, "value": value, "density": height}))
        row = {"parameter": name, "median": at, "lower": at - 0.8, "upper": at + 0.8}
        summaries.append(row)
    return pd.DataFrame(summaries), pd.concat(densities, ignore_index=True)


def chains_of(names, count=4):
    generator = np.random.default_rng(1)
    traces, ranks, diagnostics = [], [], []
    for place, name in enumerate(names):
        diagnostics.append({"parameter": name, "ess_bulk": 1000.0 + place})
        for chain in range(1, count + 1):
            draws = {"draw": np.arange(200), "value": generator.normal(size=200)}
            traces.append(pd.DataFrame({"parameter": name, "chain": chain, **draws}))
            bins = {"bin": np.arange(1, 21), "draws": generator.poisson(50, 20)}
            ranks.append(pd.DataFrame({"parameter": name, "chain": chain, **bins}))
    return pd.concat(traces), pd.concat(ranks), pd.DataFrame(diagnostics)


def predictive_of(cells, covered=True):
    rows = [
        {
            "cell": cell,
            "kind": kind,
            "successes": 5,
            "trials": 50,
            "lower": 2.0,
            "upper": 9.0 if covered else 4.0,
            "covered": covered,
            "pit": 0.5 if covered else 0.99,
        }
        for kind in ("prior", "posterior")
        for cell in cells
    ]
    edges = np.linspace(0, 1, 21)
    rates = [
        pd.DataFrame(
            {"cell": cell, "left": edges[:-1], "right": edges[1:], "share": share, "kind": kind}
        )
        for kind, share in (("prior", [0.05] * 20), ("posterior", [0.0, 0.9, *[0.1 / 18] * 18]))
        for cell in cells
    ]
    return pd.DataFrame(rows), pd.concat(rates)


def test_the_picture_of_densities_is_described_by_median_and_interval():
    summaries, densities = posterior(["Intercept", "x"])
    names = named(["Intercept", "x"])
    figure = draw_densities(densities, summaries, names, labels(), "multilevel")
    assert "Intercept: 0.00 (−0.80 to 0.80); x: 0.25 (−0.55 to 1.05)." in figure.alt
    assert LIGHT["model-2"] in figure.svg
    assert "Not shown" not in figure.caption


def test_no_line_runs_through_the_name_of_a_parameter():
    summaries, densities = posterior(["Intercept", "x"])
    names = named(["Intercept", "x"])
    svg = draw_densities(densities, summaries, names, labels(), "multilevel").svg
    ground = r'<path d="[^"]*" style="fill: var\(--paper, [^"]*" /></g><text[^>]*>(\w+)'
    assert re.findall(ground, svg) == ["Intercept", "x"]
    assert svg.index("stroke-dasharray") < svg.index(">Intercept<")


def test_a_model_without_population_level_terms_shows_its_sds_and_correlations():
    names = names_of(["Mail", "Park"])
    summaries, densities = posterior(of_kind(names, "sd", "correlation"))
    svg = draw_densities(densities, summaries, names, labels(), "multilevel").svg
    assert "standard deviations of varying effects" in svg
    assert "population-level" not in svg


def test_of_200_coefficients_24_are_drawn_and_the_rest_is_said_to_be_elsewhere():
    names = named([f"x[{i}]" for i in range(200)])
    summaries, densities = posterior(names["parameter"])
    figure = draw_densities(densities, summaries, names, labels(), "multilevel")
    assert "Not shown: 176 more parameters" in figure.caption
    assert "24 parameters" in figure.alt
    assert len(figure.svg) < 150_000


def test_varying_effects_have_the_colours_of_their_levels_and_their_names_stay_text():
    levels = ["Mail", "Park", ODD]
    effects = effects_of(levels)
    summaries, densities = posterior(effects["parameter"])
    figure = draw_effects(densities, summaries, effects, labels(), "multilevel")
    html = figure._repr_html_()
    assert all(LIGHT[f"by-{i}"] in html for i in (1, 2, 3))
    assert "<script" not in html
    assert "promo[Yes] by channel" in html


def test_many_levels_share_the_room_between_coefficients_and_the_most_extreme_are_drawn():
    levels = [f"store {i}" for i in range(300)]
    effects = effects_of(levels)
    summaries, densities = posterior(effects["parameter"])
    drawn = drawn_parameters(names_of(levels), summaries.set_index("parameter")["median"])
    assert len(drawn) == 24
    densities = densities[densities["parameter"].isin(drawn)]
    figure = draw_effects(densities, summaries, effects, labels(levels), "multilevel")
    assert "store 288<" in figure.svg
    assert "store 287<" not in figure.svg
    assert "Not shown: 576 more effects" in figure.caption


def test_an_unknown_grouping_factor_is_drawn_in_the_colour_of_the_model():
    names = named([], term("a:b", ["1:2", "1:3"], "Intercept"))
    effects = list_effects(names, {"centring": [0.0, 0.0], "absorbed_by": [0]})
    summaries, densities = posterior(effects["parameter"])
    assert (
        LIGHT["model-2"] in draw_effects(densities, summaries, effects, labels(), "multilevel").svg
    )


def test_a_cell_outside_its_interval_is_marked_in_picture_and_words():
    missed, _ = predictive_of(["No, Mail", ODD], covered=False)
    figure = draw_predictive(missed, labels(), "baseline")
    assert "No, Mail: observed 10.0%, predicted 4.0% to 8.0%, outside" in figure.alt
    assert LIGHT["alarm"] in figure.svg
    fine, _ = predictive_of(["No, Mail"])
    figure = draw_predictive(fine, labels(), "baseline")
    assert ", outside" not in figure.alt
    assert LIGHT["alarm"] not in figure.svg


def test_of_many_cells_the_worst_are_drawn():
    cells = [f"cell {i}" for i in range(100)]
    table, _ = predictive_of(cells)
    table.loc[table["cell"] == "cell 90", "pit"] = 0.001
    figure = draw_predictive(table, labels(), "baseline")
    assert "cell 90" in figure.alt
    assert "Not shown: 76 more cells" in figure.caption


def test_histograms_say_where_most_of_the_rate_lies_before_and_after_the_data():
    table, rates = predictive_of(["No, Mail", ODD, "c"])
    figure = draw_rates(rates, table, labels(), "baseline")
    assert "posterior most often 5% to 10%" in figure.alt
    assert "<script" not in figure._repr_html_()


def test_the_chains_that_mixed_worst_are_drawn_first():
    names = [f"x[{i}]" for i in range(40)]
    traces, ranks, diagnostics = chains_of(names)
    diagnostics.loc[diagnostics["parameter"] == "x[33]", "ess_bulk"] = 3.0
    diagnostics.loc[diagnostics["parameter"] == "x[35]", "ess_bulk"] = np.nan
    figure = draw_chains(traces, ranks, diagnostics, labels(), "multilevel")
    svg = figure.svg
    assert svg.index(">x[35]<") < svg.index(">x[33]<") < svg.index(">x[0]<")
    assert "Not shown: 28 more parameters" in figure.caption
    assert len(svg) < 250_000


def test_a_chain_that_stands_apart_is_named_in_words():
    traces, ranks, diagnostics = chains_of(["x", "stuck"])
    apart = (traces["parameter"] == "stuck") & (traces["chain"] == 2)
    traces.loc[apart, "value"] += 100
    assert ", for stuck." in draw_chains(traces, ranks, diagnostics, labels(), "multilevel").alt


def test_a_chain_that_never_moved_can_be_drawn():
    traces, ranks, diagnostics = chains_of(["x"])
    traces["value"] = 1.0
    assert draw_chains(traces, ranks, diagnostics, labels(), "multilevel").svg


def test_energies_stand_beside_their_changes_and_are_described():
    random = np.random.default_rng(1)
    energy = bin_energy(random.standard_normal((4, 500)))
    verdict = {"checks": [{"check": "ebfmi", "found": 0.912}]}
    figure = draw_energy(energy, verdict, labels(), "multilevel")
    assert "with a standard deviation of 1.0" in figure.alt
    assert "with 1.4" in figure.alt
    assert figure.alt.endswith("The smallest E-BFMI of a chain is 0.91.")


@pytest.mark.parametrize("name", ["short", ODD, "word" * 30, "日本語" * 20])
def test_long_names_are_shortened_to_fit(name):
    assert len(cut(name, 20)) <= 20
    lines = folded(name, 12).split("\n")
    assert len(lines) <= 2
    assert all(len(line) <= 12 for line in lines)


def test_without_a_prior_predictive_only_what_is_known_after_the_data_is_drawn():
    table, rates = predictive_of(["No, Mail", ODD])
    table, rates = table[table["kind"] == "posterior"], rates[rates["kind"] == "posterior"]
    figure = draw_predictive(table, labels(), "baseline")
    assert ">prior<" not in figure.svg
    assert "before" not in figure.caption
    figure = draw_rates(rates, table, labels(), "baseline")
    assert "before" not in figure.caption
    assert "No, Mail: posterior most often 5% to 10%" in figure.alt


def test_the_scale_of_the_link_is_on_the_axis():
    names = names_of(["Mail", "Park"])
    words = replace(labels(["Mail", "Park"]), links={"multilevel": "probit"})
    summaries, densities = posterior(names["parameter"])
    effects = effects_of(["Mail", "Park"])
    svg = draw_densities(densities, summaries, names, words, "multilevel").svg
    figure = draw_effects(densities, summaries, effects, words, "multilevel")
    assert ">probit scale<" in svg
    assert ">probit scale<" in figure.svg
    assert "log-odds" not in svg + figure.svg + figure.caption
    assert ">correlation<" in svg


def test_a_precision_and_parameters_of_ones_own_have_panels_of_their_own():
    names = named(["x"], phi=True, others=["theta"])
    summaries, densities = posterior(["x", "phi", "theta[1]"])
    svg = draw_densities(densities, summaries, names, labels(), "multilevel").svg
    assert "precision of the cells" in svg
    assert "parameters of the program’s own" in svg
    assert ">theta[1]<" in svg


def test_draws_that_are_all_one_value_are_drawn_as_a_mark():
    summaries, densities = posterior(["x"])
    densities["density"] = np.nan
    assert draw_densities(densities, summaries, named(["x"]), labels(), "multilevel").svg


def test_cells_with_the_most_contacts_have_histograms():
    table, rates = predictive_of([f"cell {i}" for i in range(40)])
    table.loc[table["cell"] == "cell 33", "trials"] = 500
    figure = draw_rates(rates, table, labels(), "baseline")
    assert ">cell 33<" in figure.svg
    assert "Not shown: 28 more cells, with fewer contacts" in figure.caption


def test_chains_are_drawn_from_the_few_that_are_kept():
    names = [f"x[{i}]" for i in range(4000)]
    diagnostics = pd.DataFrame({"parameter": names, "ess_bulk": np.arange(4000.0)[::-1]})
    traces, ranks, _ = chains_of(worst_mixed(diagnostics))
    figure = draw_chains(traces, ranks, diagnostics, labels(), "multilevel")
    assert "Not shown: 3\u202f988 more parameters" in figure.caption
    assert ">x[3999]<" in figure.svg

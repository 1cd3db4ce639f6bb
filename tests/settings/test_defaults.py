"""What every analysis inherits, and may override key by key."""

from partialpool.settings.reading import read_settings

from ..factories.configurations import SALES, SMALL, edited


def test_an_analysis_has_the_defaults_but_for_what_it_says_itself():
    config = edited(SMALL, {"defaults.interval": 0.5, "defaults.seed": 7, f"{SALES}.seed": 8})
    analysis = read_settings(config).analyses["sales"]
    assert (analysis.interval, analysis.seed) == (0.5, 8)

"""The one colour language: a colour means the same level or model in every figure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

# Name: (on light paper, on dark paper). Figures are drawn in the light colours, which `render`
# turns into CSS variables, so no two names may share one. Each family is ordered so that its first
# few stay apart for colour-blind eyes too.
COLOURS = {
    "paper": ("#fdfcfa", "#16181c"),
    "wash": ("#f3f0e9", "#202328"),
    "ink": ("#1c1e21", "#e9e6e0"),
    "soft": ("#5c6066", "#a3a6ab"),
    "rule": ("#dfdbd3", "#363a41"),
    "neutral": ("#6a6e75", "#9a9ea5"),
    "link": ("#1b4f8f", "#8db8f2"),
    "alarm": ("#a11d1d", "#ff8d85"),
    "treatment-1": ("#79736c", "#948b82"),
    "treatment-2": ("#c04400", "#ff9a4a"),
    "treatment-3": ("#6e1030", "#ee4a2f"),
    "treatment-4": ("#ba8202", "#f7dc4f"),
    "by-1": ("#123e72", "#4a86d8"),
    "by-2": ("#007e5b", "#58c97d"),
    "by-3": ("#1593d4", "#a6e1fe"),
    "by-4": ("#7b9400", "#d7f590"),
    "by-5": ("#00595c", "#31a5a5"),
    "model-1": ("#bd74a4", "#f5c3dc"),
    "model-2": ("#46128a", "#8c6cf6"),
    "model-3": ("#a82a66", "#ff6ea8"),
    "model-4": ("#8353cc", "#bfb0fe"),
    "model-5": ("#5a1642", "#bc4891"),
}
LIGHT = {name: light for name, (light, _) in COLOURS.items()}
VARIABLE = {light: f"var(--{name}, {light})" for name, light in LIGHT.items()}
INK, SOFT, RULE, PAPER, NEUTRAL = (
    LIGHT[name] for name in ("ink", "soft", "rule", "paper", "neutral")
)


def css_variables() -> str:
    """Return the style sheet that sets every colour: dark on a dark screen, light in print."""
    light, dark = (
        ";".join(f"--{name}:{pair[i]}" for name, pair in COLOURS.items()) for i in (0, 1)
    )
    return (
        f":root{{color-scheme:light dark;{light}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
        "@media print{:root{color-scheme:light}}\n"
    )


@dataclass(frozen=True)
class Palette:
    """The colour of every factor level and model.

    The first factor, the second factor and the models have a hue family each; further factors, and
    families with more members than can be told apart, are neutral throughout.
    """

    factors: Mapping[str, Sequence[str]]
    models: Sequence[str] = ()
    _colours: dict[tuple[str, str], str] = field(
        init=False, repr=False, compare=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        """Give every level and model its colour, once."""
        families = dict(zip(self.factors, ("treatment", "by"), strict=False))
        for factor, levels in self.factors.items():
            self._colours.update(
                {(factor, level): hue for level, hue in _hues(families.get(factor), levels)}
            )
        self._colours.update({("", model): hue for model, hue in _hues("model", self.models)})

    def level(self, factor: str, level: str) -> str:
        """Return the colour of one level of one factor."""
        return self._colours[factor, level]

    def levels(self, factor: str) -> dict[str, str]:
        """Return the colours of all levels of a factor, in their order; none of a number."""
        return {level: self._colours[factor, level] for level in self.factors.get(factor, ())}

    def model(self, name: str) -> str:
        """Return the colour of one model."""
        return self._colours["", name]

    def distinct(self, factor: str) -> bool:
        """Say whether colour tells the levels of a factor apart; if not, words must."""
        return NEUTRAL not in self.levels(factor).values()


def _hues(family: str | None, names: Sequence[str]) -> list[tuple[str, str]]:
    hues = [colour for name, colour in LIGHT.items() if family and name.startswith(f"{family}-")]
    return list(
        zip(names, hues if len(names) <= len(hues) else [NEUTRAL] * len(names), strict=False)
    )

"""What a sentence says, whatever its wording: the numbers, names and verdicts in it, in order.

The wording itself is held by the golden pages.
"""

import re

NUMBER = re.compile(r"[+−-]?\d[\d.,\u202f]*%?")


def says(text, *facts):
    """Whether one sentence of a text holds all of these in their order, numbers as a whole."""
    pattern = re.compile(".*".join(map(_as_pattern, facts)))
    return any(pattern.search(sentence) for sentence in re.split(r"(?<=[.!?])\s+|\n", text))


def _as_pattern(fact):
    whole = NUMBER.fullmatch(fact)
    return rf"(?<![\d.,+−-]){re.escape(fact)}(?![\d%]|[.,]\d)" if whole else re.escape(fact)

"""Names from data as identifiers of Stan: letters that it takes, none of its words, none twice."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 14
"""Letters of a name that are kept, so that no statement is longer than stanc's line."""
_WORDS = """
alignas alignof and and_eq append_row array asm auto bitand bitor bool break case catch char
class compl complex const constexpr continue data decltype default delete do dot_product double
dynamic_cast else enum explicit export extern false float for foreach friend functions fvar
generated get_lp goto if in inline int inv_cloglog inv_logit jacobian long lower matrix model
multiplier mutable namespace new noexcept not nullptr offset operator or ordered parameters
print private profile protected public quantities real register reject rep_vector return
row_vector short signed simplex sizeof static struct switch target template this throw to_vector
transformed true try tuple typedef typeid typename union unit_vector unsigned upper using var
vector virtual void volatile wchar_t while xor
"""
RESERVED = frozenset(_WORDS.split())
"""Words of Stan and of C++, which it becomes, and the functions that programs here call."""


class Identifiers:
    """The identifiers of one program, each given out once.

    Args:
        taken: that the program has in any case.
    """

    def __init__(self, *taken: str) -> None:
        self._taken = {*taken}

    def claim(self, prefix: str, name: str) -> str:
        """An identifier that is like a name of the data, with a number behind it if need be.

        Args:
            prefix: that tells what it is: `sd_`, or nothing.
            name: any text: `promo[Bundle]:channel[E-mail]`.
        """
        stem = prefix + shorten(name)
        if not stem[0].isascii() or not stem[0].isalpha():
            stem = f"x_{stem}"
        serial, found = 1, stem
        while found in self._taken or found in RESERVED:
            serial += 1
            found = f"{stem}_{serial}"
        self._taken.add(found)
        return found


def shorten(name: str) -> str:
    """A name in the letters, digits and underscores that Stan takes, cut where it is long."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9]+", "_", plain).strip("_")[:LONGEST].strip("_") or "x"

"""The mix of contacts that an answer is for."""

import numpy as np
import pandas as pd
import pytest

from partialpool.decision.mix import read_mix, weigh_strata
from partialpool.errors import InputError

FACTORS = ["offer", "channel", "region"]


def levels():
    return pd.DataFrame(
        {
            "channel": ["mail", "mail", "shop", "shop"],
            "region": ["north", "south", "north", "south"],
            "trials": [10, 30, 20, 40],
            "weight": [10, 30, 20, 40],
        }
    )


def mix_of(tmp_path, text):
    path = tmp_path / "mix.csv"
    path.write_text(text)
    return read_mix(path, FACTORS, "offer")


def test_strata_count_as_the_mix_says(tmp_path):
    mix = mix_of(tmp_path, "region,channel,contacts\nnorth,shop,7\nsouth,mail,3\n")
    np.testing.assert_allclose(weigh_strata(levels(), mix), [0, 3, 7, 0])


def test_what_a_mix_does_not_tell_apart_keeps_its_shares(tmp_path):
    mix = mix_of(tmp_path, "channel,contacts\nmail,100\nshop,60\n")
    np.testing.assert_allclose(weigh_strata(levels(), mix), [25, 75, 20, 40])


def test_contacts_that_the_source_has_none_of_are_named(tmp_path):
    mix = mix_of(tmp_path, "channel,region,contacts\nmail,west,1\nshop,north,5\nfax,south,2\n")
    with pytest.raises(InputError, match=r"channel mail, region west and 1 more, which the source"):
        weigh_strata(levels(), mix)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("channel,offer,contacts\nmail,a,1\n", "found a column 'offer', expected contacts and"),
        ("channel\nmail\n", "found columns channel, expected contacts"),
        ("channel,contacts\nmail,many\n", "contacts holds 'many' in row 1, expected a number"),
        ("channel,contacts\nmail,-1\n", "contacts holds '-1' in row 1"),
        ("channel,contacts\nmail,1\nmail,2\n", "found mail twice"),
        ("channel,contacts\nmail,0\n", "found nobody"),
    ],
)
def test_a_mix_that_cannot_be_is_refused_in_a_line(tmp_path, text, said):
    with pytest.raises(InputError, match=said) as error:
        mix_of(tmp_path, text)
    assert "\n" not in str(error.value)

"""Tables between rules keep names as text and gaps as gaps."""

import numpy as np
import pandas as pd
import pytest

from partialpool.frames import read_frame


@pytest.mark.parametrize("name", ["007", "1", "1.0", "NA", "null", "True", "", " padded", 'a,b"c'])
def test_a_name_comes_back_as_it_was(tmp_path, name):
    frame = pd.DataFrame({"within": [name, "Mail"], "mean": [0.5, 1.5]})
    frame.to_csv(tmp_path / "effects.csv", index=False)
    assert read_frame(tmp_path / "effects.csv")["within"].tolist() == [name, "Mail"]


def test_a_missing_number_is_missing_and_leaves_its_column_a_number(tmp_path):
    frame = pd.DataFrame({"within": ["Mail", "Park"], "share": [np.nan, 0.25]})
    frame.to_csv(tmp_path / "crossing.csv", index=False)
    share = read_frame(tmp_path / "crossing.csv")["share"]
    assert np.isnan(share[0])
    assert share[1] == 0.25


def test_infinite_odds_stay_infinite(tmp_path):
    pd.DataFrame({"level": ["1", "2"], "odds": [np.inf, 1.0]}).to_csv(tmp_path / "m.csv")
    assert np.isinf(read_frame(tmp_path / "m.csv")["odds"][0])

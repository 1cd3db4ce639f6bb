"""The study of false alarms finds next to none, and more calls the more a model lacks."""

import numpy as np

from partialpool.calibration.alarms import Case, main, share_called


def test_true_models_are_called_as_seldom_as_is_said_and_wrong_ones_often():
    random, case = np.random.default_rng(1), Case(50, 400, 0.1)
    assert share_called(case, 0.0, 40, random) <= 0.05
    assert share_called(case, 0.5, 20, random) == 1


def test_the_table_has_a_row_for_every_case(capsys, monkeypatch):
    monkeypatch.setattr("partialpool.calibration.alarms.CASES", (Case(3, 10, 0.5), Case(4, 5, 0.2)))
    main(2)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("| cells | contacts | rate | false alarms | sd 0.25")
    assert [line.count("|") for line in lines] == [8, 8, 8, 8]

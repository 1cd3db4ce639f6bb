"""Digits of rates and lifts, and probabilities, follow what they must tell apart."""

import pytest

from partialpool.report.counts import lift_format, rate_format
from partialpool.report.formats import chance


@pytest.mark.parametrize(
    ("rates", "shown"),
    [
        ((0.101, 0.123), ["10.1%", "12.3%"]),
        ((0.999, 0.9997), ["99.90%", "99.97%"]),
        ((0.02, 0.02003), ["2.000%", "2.003%"]),
        ((0.0004, 0.0007), ["0.040%", "0.070%"]),
        ((0.5, 0.5 + 1e-12), ["50.0%", "50.0%"]),
        ((0.2,), ["20.0%"]),
    ],
)
def test_two_rates_that_differ_do_not_read_alike(rates, shown):
    assert [rate_format(rates)(rate) for rate in rates] == shown


def test_a_lift_has_the_digits_of_its_rates():
    assert lift_format((0.02, 0.02003))(0.00003) == "+0.003"


@pytest.mark.parametrize(
    ("value", "said"), [(0.91, "91.0%"), (1.0, "above 99.9%"), (0.0, "below 0.1%")]
)
def test_nothing_is_certain(value, said):
    assert chance(value) == said

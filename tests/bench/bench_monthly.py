"""``make bench`` for the monthly table."""

from tests.bench.monthly import PROMISE_S, measure


def test_how_long_the_monthly_table_of_a_county_takes() -> None:
    assert measure() <= PROMISE_S

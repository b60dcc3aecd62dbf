"""``make bench`` for a county's ledger in full."""

from tests.bench.county import PROMISE_S, measure


def test_how_long_a_county_takes_in_full() -> None:
    assert measure() <= PROMISE_S

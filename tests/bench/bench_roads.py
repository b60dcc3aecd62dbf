"""``make bench`` for the road audit."""

from tests.bench.roads import PROMISE_S, measure


def test_how_long_the_audit_of_a_province_takes() -> None:
    assert measure() <= PROMISE_S

"""Indicators: what chance alone could have made is said, and decides nothing."""

from datetime import date
from fractions import Fraction

import pytest

from wuzha.core.assessment.certainty import Certainty, Sort, find_certainty
from wuzha.core.base.interval import Interval
from wuzha.core.duty.model import Duty, Tally, Target, Who

YEAR = Interval(date(2026, 1, 1), date(2027, 1, 1))
DOWN = Target("at_most", Fraction(-1, 5), share=True, against="last_year")
KNOWN = Target("at_least", Fraction(9, 10), share=True)
FEW = Target("at_most", Fraction(3))


def make_duty(target: Target, measure: str = "quantity", verb: str = "attain") -> Duty:
    return Duty("x", verb, "cases", Who(("county",)), YEAR, target=target, measure=measure)


def judge_change(now: int, then: int) -> Certainty:
    found = find_certainty(make_duty(DOWN), Tally(Fraction(now, then) - 1, DOWN.amount, of=Fraction(then)))
    assert found is not None
    return found


def judge_share(hits: int, asked: int) -> Certainty:
    found = find_certainty(make_duty(KNOWN), Tally(Fraction(hits, asked), KNOWN.amount, of=Fraction(asked)))
    assert found is not None
    return found


def test_ten_cases_down_to_six_cannot_be_told_from_chance() -> None:
    found = judge_change(6, 10)
    assert (found.sort, found.now, found.of, found.is_chance) == (Sort.CHANGE, 6, 10, True)
    assert found.chance == pytest.approx(0.4545, abs=0.001)


def test_a_thousand_down_to_eight_hundred_can() -> None:
    found = judge_change(800, 1000)
    assert not found.is_chance
    assert found.high is not None
    assert found.low < Fraction(-1, 5) < found.high < 0


def test_against_fewer_than_ten_no_per_cent_is_spoken_of() -> None:
    assert judge_change(2, 9).is_small
    assert not judge_change(2, 10).is_small


def test_eighty_of_a_hundred_are_below_nine_tenths_and_eight_of_ten_may_not_be() -> None:
    assert not judge_share(80, 100).is_chance
    assert judge_share(8, 10).is_chance


def test_a_plain_count_has_its_interval_and_no_verdict() -> None:
    found = find_certainty(make_duty(FEW), Tally(Fraction(5), Fraction(3), of=Fraction(2)))
    assert found is not None
    assert (found.sort, found.now, found.is_chance) == (Sort.COUNT, 5, False)
    assert (found.low, found.high) == (Fraction("1.6234"), Fraction("11.6684"))


def test_money_what_is_not_known_and_what_is_no_indicator_have_none() -> None:
    change = Tally(Fraction(-1, 2), DOWN.amount, of=Fraction(10))
    assert find_certainty(make_duty(DOWN, "loss_yuan"), change) is None
    assert find_certainty(make_duty(DOWN), Tally(None, None, reason="no-base")) is None
    assert find_certainty(make_duty(FEW, verb="do"), Tally(Fraction(1), Fraction(3), of=Fraction(1))) is None

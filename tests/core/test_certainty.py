"""Indicators: what chance alone could have made is said, and decides nothing."""

from datetime import date
from fractions import Fraction

import pytest

from wuzha.core.assessment.certainty import Certainty, Sort, find_certainty
from wuzha.core.base.chance import find_share_interval
from wuzha.core.base.interval import Interval
from wuzha.core.duty.model import Duty, Tally, Target, Who

YEAR = Interval(date(2026, 1, 1), date(2027, 1, 1))
DOWN = Target("at_most", Fraction(-1, 5), share=True, against="last_year")
UP = Target("at_least", Fraction(1, 20), share=True, against="last_year")
KNOWN = Target("at_least", Fraction(9, 10), share=True)
FEW = Target("at_most", Fraction(3))


def make_duty(target: Target, measure: str = "quantity", verb: str = "attain") -> Duty:
    return Duty("x", verb, "cases", Who(("county",)), YEAR, target=target, measure=measure)


def change(now: int, then: int) -> Tally:
    value = Fraction(now, then) - 1 if then else None
    return Tally(value, DOWN.amount, of=Fraction(then), parts=(Fraction(now), Fraction(then)))


def judge_change(now: int, then: int) -> Certainty:
    found = find_certainty(make_duty(DOWN), change(now, then))
    assert found is not None
    return found


def judge_share(hits: int, asked: int) -> Certainty:
    parts = Fraction(hits), Fraction(asked)
    found = find_certainty(make_duty(KNOWN), Tally(Fraction(hits, asked), KNOWN.amount, of=parts[1], parts=parts))
    assert found is not None
    return found


def judge_rated(*parts: int) -> Certainty:
    hits, asked, before, asked_before = (Fraction(part) for part in parts)
    value = hits / asked / (before / asked_before) - 1
    tally = Tally(value, UP.amount, of=asked_before, parts=(hits, asked, before, asked_before))
    found = find_certainty(make_duty(UP, measure="share"), tally)
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


def test_four_against_nothing_are_told_in_counts_with_what_bounds_them() -> None:
    found = judge_change(4, 0)
    assert (found.now, found.of, found.high, found.is_chance, found.is_small) == (4, 0, None, True, True)
    assert found.low < 0
    assert not judge_change(6, 0).is_chance


def test_nothing_against_nothing_is_no_change_and_no_error() -> None:
    found = judge_change(0, 0)
    assert (found.now, found.of, found.chance, found.is_chance) == (0, 0, 1.0, True)


def test_a_survey_against_an_earlier_one_is_told_by_both_shares() -> None:
    """Eight tenths of 100 and nine tenths of 500: the shares make the change, and how many were asked its interval."""
    found = judge_rated(450, 500, 80, 100)
    assert (found.sort, found.now, found.of, found.asked) == (Sort.RATED, 450, 80, (500, 100))
    assert found.high is not None
    assert 0 < found.low < Fraction(1, 8) < found.high
    assert not found.is_chance
    assert judge_rated(45, 50, 8, 10).is_chance


def test_an_interval_that_just_reaches_no_change_leaves_chance_in() -> None:
    """Rounded outwards it ends at 0 itself: as narrow as that nobody can tell."""
    risen, fallen = judge_change(150, 117), judge_change(117, 150)
    assert risen.low == 0
    assert risen.is_chance
    assert fallen.high == 0
    assert fallen.is_chance
    assert not judge_change(151, 117).is_chance


def test_a_share_whose_interval_just_reaches_the_demand_cannot_be_told_from_it() -> None:
    hits, asked = Fraction(80), Fraction(100)
    low, high = find_share_interval(80, 100)
    for goal in (low, high):
        tally = Tally(Fraction(4, 5), goal, of=asked, parts=(hits, asked))
        found = find_certainty(make_duty(KNOWN), tally)
        assert found is not None
        assert found.is_chance


def test_money_what_is_not_known_and_what_is_no_indicator_have_none() -> None:
    change = Tally(Fraction(-1, 2), DOWN.amount, of=Fraction(10))
    assert find_certainty(make_duty(DOWN, "loss_yuan"), change) is None
    assert find_certainty(make_duty(DOWN), Tally(None, None, reason="no-base")) is None
    assert find_certainty(make_duty(FEW, verb="do"), Tally(Fraction(1), Fraction(3), of=Fraction(1))) is None

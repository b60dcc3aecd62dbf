"""Places beside each other: rates with their base, drawn towards each other, and never put into an order."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from wuzha.core.assessment.places import Apart, Comparison, Missing, Place, compare_places, is_comparable
from wuzha.core.base.interval import Interval
from wuzha.core.base.unit import Attribute, Placement, Tree, Unit
from wuzha.core.base.windows import Window
from wuzha.core.duty.model import Duty, Narrow, Target, Who
from wuzha.core.ledger.record import Record

YEAR = Interval(date(2026, 1, 1), date(2027, 1, 1))
WINDOW = Window(YEAR.opens, YEAR.closes, "2026")
AS_OF = date(2026, 6, 30)
DOWN = Target("at_most", Fraction(-1, 5), share=True, against="last_year")
DUTY = Duty("fall", "attain", "cases", Who(("county",)), YEAR, target=DOWN, measure="quantity")

NUMBERS = count(1)


def people(number: int, since: date = date(2025, 1, 1)) -> Attribute:
    return Attribute("population", since, Fraction(number))


def make_tree(*towns: Unit) -> Tree:
    return Tree((Unit("C", "石桥县", "county"), *towns))


def town(code: str, number: int = 0, **more: Any) -> Unit:
    unit = Unit(code, f"{code}镇", "town", "C", attributes=(people(number),) if number else ())
    return replace(unit, **more)


def cases(unit: str, quantity: int, day: date = date(2026, 3, 31)) -> Record:
    return Record(id=UUID(int=next(NUMBERS)), unit=unit, kind="cases", happened_on=day, quantity=quantity)


def compare(tree: Tree, *records: Record, duty: Duty = DUTY, as_of: date = AS_OF) -> Comparison:
    found = compare_places(duty, WINDOW, tree, "C", records, as_of)
    assert found is not None
    return found


def by_code(found: Comparison) -> dict[str, Place]:
    return {place.unit.code: place for place in found.places}


TWO = make_tree(town("A", 1000), town("B", 1000))


def test_one_case_and_nine_in_towns_of_a_thousand_worked_by_hand() -> None:
    """The prior of rates 1 and 9 has shape 25/11 and rate 5/11: 2.25 and 7.75. Of 9 Garwood has 4.12–17.08."""
    found = by_code(compare(TWO, cases("A", 1), cases("B", 9)))
    assert (found["A"].rate, found["B"].rate) == (1, 9)
    assert found["A"].shrunk is not None
    assert found["B"].shrunk is not None
    assert found["A"].shrunk.mean == pytest.approx(2.25)
    assert found["B"].shrunk.mean == pytest.approx(7.75)
    assert (found["B"].low, found["B"].high) == pytest.approx((4.115, 17.085), abs=0.001)


def test_places_that_differ_by_more_than_chance_are_named_with_their_side() -> None:
    """2 · 11/1024 = 2.1 % for either of the two questions."""
    found = compare(TWO, cases("A", 1), cases("B", 9))
    assert not found.is_chance
    assert found.chance == pytest.approx(4 * 11 / 1024)
    assert [place.apart for place in found.places] == [Apart.BELOW, Apart.ABOVE]


def list_apart(*numbers: int) -> tuple[bool, list[int]]:
    """Whether chance explains these numbers of cases in equal towns, and which of them it does not."""
    codes = [f"T{place:02}" for place in range(len(numbers))]
    tree = make_tree(*(town(code, 1000) for code in codes))
    found = compare(tree, *(cases(code, number) for code, number in zip(codes, numbers, strict=True)))
    return found.is_chance, [place.count or 0 for place in found.places if place.apart]


def test_one_town_far_from_many_alike_is_named_and_one_a_little_less_far_is_not() -> None:
    """Of 110 and 25, a twelfth each: 12 · 2 · P(X >= 25) = 0.3 %; of 110 and 22 it is 3.3 %, twice that is too much."""
    assert list_apart(25, *[10] * 11) == (False, [25])
    assert list_apart(22, *[10] * 11) == (True, [])


def test_many_towns_may_differ_together_without_any_of_them_being_told_from_the_others() -> None:
    assert list_apart(5, 15, 5, 15, 5, 15, 5, 15) == (False, [])


def test_three_cases_against_seven_are_chance_and_nobody_is_named() -> None:
    found = compare(TWO, cases("A", 3), cases("B", 7))
    assert found.is_chance
    assert [place.apart for place in found.places] == [None, None]


def test_the_rate_is_per_thousand_of_the_place_s_own_residents() -> None:
    found = by_code(compare(make_tree(town("A", 500), town("B", 4000)), cases("A", 2), cases("B", 2)))
    assert (found["A"].rate, found["B"].rate) == (4, 0.5)


def test_places_stand_in_the_order_of_the_roster_whatever_they_counted() -> None:
    tree = make_tree(town("Z", 1000), town("M", 1000), town("A", 1000))
    found = compare(tree, cases("Z", 1), cases("M", 30), cases("A", 9))
    assert [place.unit.code for place in found.places] == ["Z", "M", "A"]


def test_a_place_without_residents_known_has_its_number_and_no_rate() -> None:
    found = compare(make_tree(town("A"), town("B", 1000), town("D", 1000)), *(cases(code, 4) for code in "ABD"))
    place = by_code(found)["A"]
    assert (place.count, place.missing, place.rate, place.shrunk) == (4, Missing.NO_BASE, None, None)
    assert [one.unit.code for one in found.compared] == ["B", "D"]


def test_a_place_where_nothing_was_recorded_is_unknown_and_a_recorded_nought_is_nought() -> None:
    found = by_code(compare(make_tree(town("A", 1000), town("B", 1000), town("D", 1000)), cases("A", 0), cases("B", 5)))
    assert (found["A"].count, found["A"].rate, found["A"].low) == (0, 0, 0)
    assert (found["D"].count, found["D"].missing) == (None, Missing.NO_RECORD)


def test_without_two_places_whose_residents_are_known_nothing_is_compared() -> None:
    for tree in (make_tree(town("A"), town("B")), make_tree(town("A", 1000), town("B"))):
        found = compare(tree, cases("A", 1), cases("B", 9))
        assert (found.compared, found.chance, found.is_chance) == ((), None, False)
        assert not any(place.shrunk for place in found.places)


def test_the_census_that_holds_is_the_last_one_before_the_day() -> None:
    counted = (people(1000), people(2000, date(2026, 5, 1)), people(9000, date(2026, 9, 1)))
    tree = make_tree(town("A", attributes=counted), town("B", 1000))
    assert by_code(compare(tree, cases("A", 4), cases("B", 4)))["A"].base == counted[1]


def test_only_records_of_the_days_up_to_the_day_asked_about_are_counted() -> None:
    found = compare(
        TWO,
        cases("A", 2),
        cases("A", 50, date(2025, 12, 31)),
        cases("A", 1, AS_OF),
        cases("A", 50, date(2026, 7, 1)),
    )
    assert found.places[0].count == 3
    assert found.days == Interval(YEAR.opens, date(2026, 7, 1))


def test_only_what_the_duty_narrows_to_is_counted() -> None:
    narrowed = replace(DUTY, narrow=Narrow(place=("集市",)))
    market = replace(cases("A", 2), place="东关集市")
    found = compare(TWO, market, cases("A", 5), duty=narrowed)
    assert found.places[0].count == 2


def test_what_is_recorded_below_a_place_is_the_place_s_and_what_is_recorded_above_is_nobody_s() -> None:
    village = Unit("A1", "甲村", "village", "A")
    bureau = Unit("P", "县公安局", "department", "C", line="police")
    tree = make_tree(town("A", 1000), town("B", 1000), bureau, village)
    found = compare(tree, cases("A1", 3), cases("C", 5), cases("P", 2))
    assert [place.unit.code for place in found.places] == ["A", "B"]
    assert found.places[0].count == 3
    assert found.elsewhere == 7


def test_a_village_that_moved_leaves_its_cases_where_they_happened() -> None:
    moved = Unit("A1", "甲村", "village", "A").change(Placement(date(2026, 4, 1), "甲村", "village", "B"))
    tree = make_tree(town("A", 1000), town("B", 1000), moved)
    found = by_code(compare(tree, cases("A1", 3), cases("A1", 4, date(2026, 5, 1))))
    assert (found["A"].count, found["B"].count) == (3, 4)


def test_a_town_that_opened_within_the_days_is_shown_and_not_compared_and_one_long_closed_is_not_shown() -> None:
    tree = make_tree(
        town("A", 1000),
        town("B", 1000),
        town("N", 1000, opens_on=date(2026, 2, 1)),
        town("O", 1000, closes_on=date(2025, 6, 1)),
    )
    found = by_code(compare(tree, cases("A", 1), cases("B", 1), cases("N", 1)))
    assert list(found) == ["A", "B", "N"]
    assert found["N"].missing is Missing.NOT_THROUGHOUT


@pytest.mark.parametrize(
    "other",
    [
        replace(DUTY, measure="loss_yuan"),
        replace(DUTY, measure="people"),
        replace(DUTY, target=Target("at_least", Fraction(9, 10), share=True)),
        replace(DUTY, verb="do", target=Target("at_least", Fraction(4))),
    ],
)
def test_money_crowds_shares_and_work_have_no_rate(other: Duty) -> None:
    assert not is_comparable(other)
    assert compare_places(other, WINDOW, TWO, "C", [cases("A", 1)], AS_OF) is None


def test_a_place_with_nothing_below_it_and_a_window_that_has_not_opened_have_no_comparison() -> None:
    assert compare_places(DUTY, WINDOW, TWO, "A", [cases("A", 1)], AS_OF) is None
    assert compare_places(DUTY, WINDOW, TWO, "C", [cases("A", 1)], date(2025, 12, 31)) is None

"""Reasons to look at a record again: found when they are there, and silent about what is ordinary."""

from datetime import date, timedelta
from itertools import combinations
from uuid import UUID

from hypothesis import assume, given
from hypothesis import strategies as st

from wuzha.core.ground.point import Point
from wuzha.core.ledger.reason import (
    ALIKE_BITS,
    DAY_HOLDS_MIN,
    LATE_DAYS,
    OUTSIDE_M,
    Fact,
    Photo,
    Placed,
    Reason,
    Unusual,
    count_bits,
    find_alike_photos,
    find_full_days,
    find_late,
    find_outside,
    find_same_photos,
    sort_reasons,
    weigh_record,
)

DAY = date(2026, 3, 20)
LOOK = 0x0F1E2D3C4B5A6978


def number(value: int) -> UUID:
    return UUID(int=value)


def photo(place: int, *, unit: str = "SQ0101", day: date = DAY, look: int | None = LOOK, bytes_: str = "") -> Photo:
    return Photo(number(1000 + place), number(place), unit, day, bytes_ or f"{place:064x}", look)


def fact(place: int, minutes: int = 0, *, waited: int = 0, unit: str = "SQ0101", hands: str = "a") -> Fact:
    return Fact(number(place), unit, DAY, DAY + timedelta(waited), minutes, hands)


def test_the_same_bytes_with_two_records_are_a_reason_with_both_sides() -> None:
    (reason,) = find_same_photos([photo(1, bytes_="ab"), photo(2, bytes_="ab"), photo(3, bytes_="cd")])

    assert reason.unusual == Unusual.SAME_PHOTO
    assert [side.record for side in (reason.first, reason.second) if side] == [number(1), number(2)]
    assert [side.evidence for side in (reason.first, reason.second) if side] == [number(1001), number(1002)]


def test_the_same_bytes_twice_with_one_record_are_none() -> None:
    twice = [photo(1, bytes_="ab"), Photo(number(5), number(1), "SQ0101", DAY, "ab", LOOK)]

    assert not find_same_photos(twice)


def test_one_photo_with_ten_records_is_nine_reasons_and_not_forty_five() -> None:
    assert len(find_same_photos([photo(place, bytes_="ab") for place in range(10)])) == 9


def test_photos_alike_in_two_units_are_a_reason() -> None:
    (reason,) = find_alike_photos([photo(1), photo(2, unit="SQ0102", look=LOOK ^ 0b101)])

    assert (reason.unusual, reason.measure, reason.limit) == (Unusual.ALIKE, 2, ALIKE_BITS)


def test_photos_alike_on_two_days_are_a_reason() -> None:
    assert find_alike_photos([photo(1), photo(2, day=DAY + timedelta(30))])


def test_two_photos_of_one_event_are_none() -> None:
    assert not find_alike_photos([photo(1), photo(2)])


def test_the_bound_is_met_at_six_bits_and_passed_at_seven() -> None:
    six, seven = LOOK ^ 0x8000000000011111, LOOK ^ 0x8000000000111111
    assert (count_bits(LOOK, six), count_bits(LOOK, seven)) == (6, 7)

    assert find_alike_photos([photo(1), photo(2, unit="SQ0102", look=six)])
    assert not find_alike_photos([photo(1), photo(2, unit="SQ0102", look=seven)])


def test_a_blank_wall_looks_like_nothing() -> None:
    assert not find_alike_photos([photo(1, look=0), photo(2, unit="SQ0102", look=0)])
    assert not find_alike_photos([photo(1, look=-1), photo(2, unit="SQ0102", look=-1)])


def test_two_events_of_three_like_photos_each_are_one_reason() -> None:
    one = [Photo(number(10 + n), number(1), "SQ0101", DAY, f"a{n}", LOOK ^ n) for n in range(3)]
    other = [Photo(number(20 + n), number(2), "SQ0102", DAY, f"b{n}", LOOK ^ n) for n in range(3)]

    (reason,) = find_alike_photos([*one, *other])
    assert reason.measure == 0


LOOKS = st.integers(0, (1 << 64) - 1)


@given(st.lists(st.tuples(LOOKS, st.integers(0, 8)), max_size=12), LOOKS)
def test_no_pair_within_the_bound_is_overlooked(changes: list[tuple[int, int]], base: int) -> None:
    """The search by bands finds what holding every photo against every other would find."""
    photos = []
    for place, (noise, bits) in enumerate(changes):
        look = base
        for bit in range(bits):
            look ^= 1 << (noise >> bit * 6) % 64
        photos.append(photo(place, unit=f"U{place}", look=look))
    wanted = {
        frozenset({one.record, other.record})
        for one, other in combinations(photos, 2)
        if count_bits(one.look or 0, other.look or 0) <= ALIKE_BITS
        and all(6 <= count_bits(it.look or 0, 0) <= 58 for it in (one, other))
    }
    assert {frozenset(reason.records) for reason in find_alike_photos(photos)} == wanted


def test_a_look_is_the_same_whether_it_is_signed_or_not() -> None:
    high = LOOK | 1 << 63
    assert count_bits(high, high - (1 << 64)) == 0
    assert find_alike_photos([photo(1, look=high), photo(2, unit="SQ0102", look=high - (1 << 64))])


def test_a_record_is_late_from_the_eighth_day_on() -> None:
    assert not find_late([fact(1, waited=LATE_DAYS)])
    (reason,) = find_late([fact(1, waited=LATE_DAYS + 1)])
    assert (reason.unusual, reason.measure, reason.second) == (Unusual.LATE, LATE_DAYS + 1, None)


def test_a_day_that_holds_too_much_shows_its_two_largest_records() -> None:
    (reason,) = find_full_days([fact(1, 200), fact(2, 600), fact(3, 400), fact(4, 10, unit="SQ0102")])

    assert reason.unusual == Unusual.FULL_DAY
    assert [side.record for side in (reason.first, reason.second) if side] == [number(2), number(3)]
    assert (reason.measure, reason.limit, reason.more) == (1200, DAY_HOLDS_MIN, (number(1),))


def test_one_record_that_no_day_holds_is_shown_by_itself() -> None:
    (reason,) = find_full_days([fact(1, DAY_HOLDS_MIN + 1)])

    assert (reason.first.record, reason.second, reason.measure) == (number(1), None, DAY_HOLDS_MIN + 1)


def test_a_day_just_full_and_a_day_of_two_persons_hold_it() -> None:
    assert not find_full_days([fact(1, DAY_HOLDS_MIN // 2), fact(2, DAY_HOLDS_MIN // 2)])
    assert not find_full_days([fact(1, 600, hands="a"), fact(2, 600, hands="b")])


def test_five_events_weigh_five_times_and_five_hundred_leaflets_once() -> None:
    assert weigh_record(90, "event", 5) == 450
    assert weigh_record(30, "handout", 500) == 30


def test_the_work_of_several_days_is_not_put_on_one() -> None:
    assert weigh_record(960, "event", 1) == 0


def test_a_reason_keeps_its_name_whichever_side_comes_first() -> None:
    one, other = photo(1), photo(2, unit="SQ0102")
    assert find_alike_photos([one, other])[0].key == find_alike_photos([other, one])[0].key


def test_a_day_gets_a_new_name_when_a_record_joins_it_and_the_name_stays_short() -> None:
    facts = [fact(place, 300) for place in range(40)]
    (small,), (large,) = find_full_days(facts[:39]), find_full_days(facts)
    assert small.key != large.key
    assert len(large.key) < 120


# About a thousand metres each way, at the middle of the country.
EAST, NORTH = 1000 / 90_163.3, 1000 / 110_958.7
CORNER = Point(113.0, 36.0)


def go(east_m: float, north_m: float) -> Point:
    return Point(CORNER.lon + east_m / 1000 * EAST, CORNER.lat + north_m / 1000 * NORTH)


SQUARE = [go(0, 0), go(1000, 0), go(1000, 1000), go(0, 1000)]
FAR = [go(9000, 0), go(9900, 0), go(9900, 900)]
WHEREVER = st.builds(go, st.floats(-3000, 4000), st.floats(-3000, 4000))


def find(place: Point, accuracy_m: int = 0, area: str = "SQ0101") -> list[Reason]:
    return find_outside([Placed(number(1), area, place, accuracy_m)], {"SQ0101": [SQUARE]})


def test_a_place_within_the_area_or_near_its_edge_is_no_reason() -> None:
    assert not find(go(500, 500))
    assert not find(go(1480, 500))


def test_a_place_far_outside_is_a_reason_with_its_distance_and_the_area() -> None:
    (reason,) = find(go(1600, 500))
    assert reason.unusual is Unusual.OUTSIDE
    assert abs(reason.measure - 600) <= 3
    assert (reason.limit, reason.area, reason.place) == (OUTSIDE_M, "SQ0101", go(1600, 500))


def test_a_place_that_is_known_inexactly_may_lie_that_much_farther_outside() -> None:
    assert find(go(1800, 500), accuracy_m=250)
    assert not find(go(1800, 500), accuracy_m=350)


def test_an_area_without_an_outline_says_nothing() -> None:
    assert not find(go(900_000, 0), area="SQ0102")


def test_a_place_moved_to_somewhere_else_outside_is_another_reason() -> None:
    (here,), (there,), (again,) = find(go(1600, 500)), find(go(1700, 500)), find(go(1600, 500))
    assert here.key == again.key != there.key
    assert len(here.key) < 120


@given(WHEREVER, st.integers(0, 3000), st.integers(0, 3000))
def test_what_is_known_less_exactly_is_never_a_reason_more(place: Point, one: int, more: int) -> None:
    assert len(find(place, one + more)) <= len(find(place, one))


@given(WHEREVER)
def test_a_further_outline_never_makes_a_reason(place: Point) -> None:
    placed = [Placed(number(1), "SQ0101", place)]
    alone, both = (find_outside(placed, {"SQ0101": rings}) for rings in ([SQUARE], [SQUARE, FAR]))
    assert len(both) <= len(alone)


@given(st.floats(-2000, 3000), st.floats(0, 1000))
def test_only_what_is_farther_out_than_the_limit_is_a_reason(east_m: float, north_m: float) -> None:
    away = max(0.0, -east_m, east_m - 1000)
    assume(abs(away - OUTSIDE_M) > 5)
    assert bool(find(go(east_m, north_m))) == (away > OUTSIDE_M)


def test_the_newest_day_comes_first() -> None:
    late = find_late([fact(1, waited=20), fact(2, waited=20)])
    days = {number(1): DAY, number(2): DAY + timedelta(1)}
    assert [reason.first.record for reason in sort_reasons(late, days)] == [number(2), number(1)]

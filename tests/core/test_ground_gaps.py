"""Laws of gaps: the fewest new sites close them, and one fewer never does."""

from fractions import Fraction
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from wuzha.core.ground.gap import Gap, count_needed, find_gaps, find_longest, find_share, list_stretches, place_needed

LENGTHS = st.integers(0, 400_000).map(lambda cm: Fraction(cm, 100))
LIMITS = st.integers(500, 50_000).map(lambda cm: Fraction(cm, 100))
MARKS = st.lists(LENGTHS, max_size=15)


@given(LENGTHS, MARKS)
def test_the_stretches_are_the_road(length_m: Fraction, marks: list[Fraction]) -> None:
    assert sum(stretch.length_m for stretch in list_stretches(length_m, marks)) == length_m


@given(LENGTHS, MARKS, LIMITS)
def test_after_the_new_sites_no_gap_is_left(length_m: Fraction, marks: list[Fraction], limit_m: Fraction) -> None:
    new = [mark for gap in find_gaps(length_m, marks, limit_m) for mark in place_needed(gap, limit_m)]

    assert find_gaps(length_m, [*marks, *new], limit_m) == []
    assert find_longest(length_m, [*marks, *new]) <= limit_m or not length_m


@given(LENGTHS, LIMITS, st.lists(st.fractions(0, 1), max_size=30))
def test_one_site_fewer_always_leaves_a_gap_wherever_they_stand(
    length_m: Fraction, limit_m: Fraction, shares: list[Fraction]
) -> None:
    needed = count_needed(Gap(Fraction(0), length_m), limit_m)
    fewer = [length_m * share for share in shares][: max(0, needed - 1)]

    assert not needed or find_gaps(length_m, fewer, limit_m)


@given(LENGTHS, MARKS, LIMITS)
def test_leaving_out_any_of_the_new_sites_leaves_a_gap(
    length_m: Fraction, marks: list[Fraction], limit_m: Fraction
) -> None:
    for gap in find_gaps(length_m, marks, limit_m)[:3]:
        new = place_needed(gap, limit_m)[:6]
        whole = set(place_needed(gap, limit_m))
        for left in combinations(new, max(0, len(new) - 1)):
            kept = [*left, *(whole - set(new))]
            assert find_gaps(length_m, [*marks, *kept], limit_m)


def test_the_ends_of_the_road_count_and_the_limit_itself_is_no_gap() -> None:
    road = Fraction(1000)

    assert find_gaps(road, [Fraction(200), Fraction(400), Fraction(800)], Fraction(200)) == [
        Gap(Fraction(400), Fraction(800))
    ]
    assert find_gaps(road, [Fraction(500)], Fraction(200)) == [
        Gap(Fraction(0), Fraction(500)),
        Gap(Fraction(500), Fraction(1000)),
    ]
    assert find_gaps(road, [], Fraction(1000)) == []


def test_five_hundred_metres_want_two_adverts_at_even_steps() -> None:
    gap = Gap(Fraction(100), Fraction(600))

    assert place_needed(gap, Fraction(200)) == (Fraction(800, 3), Fraction(1300, 3))
    assert count_needed(Gap(Fraction(0), Fraction(400)), Fraction(200)) == 1


def test_the_share_of_a_hoarding_is_never_above_one_and_unknown_without_a_size() -> None:
    assert find_share(Fraction(36), Fraction(300)) == Fraction(12, 100)
    assert find_share(Fraction(400), Fraction(300)) == 1
    assert find_share(Fraction(36), Fraction(0)) is None

"""Many places against one area at once: never one left out that the core calls outside."""

from hypothesis import given
from hypothesis import strategies as st

from wuzha.adapters.roads.stray import list_strays
from wuzha.core.ground.outline import measure_outside
from wuzha.core.ground.point import Point

PLACES = st.builds(Point, st.floats(113.0, 113.2), st.floats(31.0, 31.2))
# Rings that cross themselves too: what somebody drew in a hurry.
RINGS = st.lists(PLACES, min_size=3, max_size=9, unique=True)


@given(RINGS, st.lists(PLACES, max_size=20))
def test_what_lies_outside_is_among_the_strays(ring: list[Point], places: list[Point]) -> None:
    strays = list_strays([ring], places)
    outside = {number for number, place in enumerate(places) if measure_outside(ring, place) > 5}
    inside = set(range(len(places))) - set(strays)

    assert outside <= set(strays)
    assert all(measure_outside(ring, places[number]) == 0 for number in inside)


def test_a_place_in_either_of_two_areas_is_no_stray() -> None:
    left = [Point(113.0, 31.0), Point(113.1, 31.0), Point(113.1, 31.1), Point(113.0, 31.1)]
    right = [Point(113.05, 31.0), Point(113.2, 31.0), Point(113.2, 31.1), Point(113.05, 31.1)]
    places = [Point(113.02, 31.05), Point(113.07, 31.05), Point(113.15, 31.05), Point(113.3, 31.05)]

    assert list_strays([left, right], places) == [3]

"""Laws of the ground: how far, how long, where along a road, and the shifted degrees of map services."""

from itertools import pairwise
from math import atan2, cos, hypot, isclose, radians, sin, tan

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.core.grounds import CORNERS, beside, lines
from wuzha.core.ground.gauss import Zone, to_degrees, to_metres
from wuzha.core.ground.gcj import from_gcj02, to_gcj02
from wuzha.core.ground.line import (
    cut_line,
    find_point,
    find_spots,
    join_lines,
    list_marks,
    locate,
    measure_line,
)
from wuzha.core.ground.outline import holds, measure_area
from wuzha.core.ground.point import FLATTENING, SEMI_MAJOR_M, Point, measure

NEAR = st.floats(-0.5, 0.5)


def measure_geodesic(a: Point, b: Point) -> float:
    """The shortest way on the ellipsoid by T. Vincenty (1975): another road to the same figure."""
    minor = SEMI_MAJOR_M * (1 - FLATTENING)
    u1, u2 = (atan2((1 - FLATTENING) * tan(radians(p.lat)), 1) for p in (a, b))
    base = lam = radians(b.lon - a.lon)
    for _ in range(50):
        sine = hypot(cos(u2) * sin(lam), cos(u1) * sin(u2) - sin(u1) * cos(u2) * cos(lam))
        if sine == 0:
            return 0.0
        cosine = sin(u1) * sin(u2) + cos(u1) * cos(u2) * cos(lam)
        sigma = atan2(sine, cosine)
        alpha = cos(u1) * cos(u2) * sin(lam) / sine
        square = 1 - alpha**2
        middle = cosine - 2 * sin(u1) * sin(u2) / square if square else 0.0
        c = FLATTENING / 16 * square * (4 + FLATTENING * (4 - 3 * square))
        turn = sigma + c * sine * (middle + c * cosine * (2 * middle**2 - 1))
        lam = base + (1 - c) * FLATTENING * alpha * turn
    k = square * (SEMI_MAJOR_M**2 - minor**2) / minor**2
    big = 1 + k / 16384 * (4096 + k * (-768 + k * (320 - 175 * k)))
    small = k / 1024 * (256 + k * (-128 + k * (74 - 47 * k)))
    rest = small * sine * (middle + small / 4 * cosine * (2 * middle**2 - 1))
    return minor * big * (sigma - rest)


@given(CORNERS, NEAR, NEAR)
def test_a_distance_in_a_county_is_that_of_the_ellipsoid(a: Point, east: float, north: float) -> None:
    b = Point(a.lon + east, a.lat + north)
    geodesic = measure_geodesic(a, b)
    assume(geodesic > 0.01)

    assert isclose(measure(a, b), geodesic, rel_tol=1e-4)


def test_a_degree_of_latitude_in_the_middle_of_the_country_is_as_long_as_the_tables_say() -> None:
    # 35.5°N: 110.95 km a degree of the meridian, by any table of WGS84.
    assert measure(Point(110, 35), Point(110, 36)) == pytest.approx(110_950, rel=2e-4)


@given(lines())
def test_a_line_is_as_long_as_its_stretches(line: tuple[Point, ...]) -> None:
    assert measure_line(line) == pytest.approx(sum(measure(a, b) for a, b in pairwise(line)))


@given(lines(), st.floats(0, 1))
def test_a_place_on_the_line_is_found_where_it_was_put(line: tuple[Point, ...], share: float) -> None:
    length_m = measure_line(line)
    place = find_point(line, share * length_m)
    spot = locate(line, place)

    # A line that crosses itself has two marks for one place; the offset tells that the place was found all the same.
    assert spot.offset_m < 0.01
    assert measure(find_point(line, spot.at_m), place) < 0.02


@given(st.data(), lines())
def test_no_place_of_the_line_is_nearer_than_the_spot(data: st.DataObject, line: tuple[Point, ...]) -> None:
    place = data.draw(beside(line))
    spot = locate(line, place)

    assert 0 <= spot.at_m <= measure_line(line) + 1e-6
    for number in range(41):
        other = find_point(line, measure_line(line) * number / 40)
        assert measure(other, place) >= spot.offset_m * 0.999 - 0.01


def test_the_mark_is_counted_from_the_start_of_the_line() -> None:
    line = (Point(117.0, 36.0), Point(117.0, 36.01), Point(117.01, 36.01))
    up, along = list_marks(line)[1:]

    spot = locate(line, Point(116.999, 36.005))
    assert spot.at_m == pytest.approx(up / 2, abs=0.1)
    assert spot.offset_m == pytest.approx(90.2, abs=0.2)
    assert locate(line, Point(117.02, 36.01)).at_m == along
    assert locate(line, Point(117.0, 35.9)).at_m == 0


def test_what_hangs_at_a_crossing_is_on_both_roads_and_what_is_far_on_none() -> None:
    first = (Point(117.0, 36.0), Point(117.02, 36.0))
    second = (Point(117.01, 35.99), Point(117.01, 36.01))

    assert [number for number, _ in find_spots((first, second), Point(117.01, 36.0), 50)] == [0, 1]
    assert [number for number, _ in find_spots((first, second), Point(117.015, 36.0), 50)] == [0]
    assert find_spots((first, second), Point(117.015, 36.01), 50) == []


@given(lines(), st.floats(0, 1), st.floats(0, 1))
def test_a_piece_cut_out_is_as_long_as_asked_for(line: tuple[Point, ...], one: float, other: float) -> None:
    length_m = measure_line(line)
    opens, closes = sorted((one * length_m, other * length_m))

    assert measure_line(cut_line(line, opens, closes)) == pytest.approx(closes - opens, rel=1e-6, abs=0.01)


@given(lines(), st.integers(0, 11))
def test_a_line_cut_in_two_is_joined_to_itself_again(line: tuple[Point, ...], number: int) -> None:
    assume(0 < number < len(line) - 1)

    assert join_lines([line[: number + 1], line[number:]], 1.0) == [line]


def test_parts_that_do_not_touch_stay_apart() -> None:
    here, there = (Point(117, 36), Point(117.1, 36)), (Point(117.2, 36), Point(117.3, 36))

    assert join_lines([here, there], 1.0) == [here, there]


def test_a_square_of_one_kilometre_has_a_million_square_metres_and_holds_its_middle() -> None:
    east, north = (
        1000 / measure(Point(117, 36.0045), Point(118, 36.0045)),
        1000 / measure(Point(117, 36), Point(117, 37)),
    )
    ring = (Point(117, 36), Point(117 + east, 36), Point(117 + east, 36 + north), Point(117, 36 + north))

    assert measure_area(ring) == pytest.approx(1_000_000, rel=1e-3)
    assert measure_area((*ring[::-1], ring[-1])) == measure_area(ring)
    assert holds(ring, Point(117 + east / 2, 36 + north / 2))
    assert not holds(ring, Point(117 + east * 1.1, 36 + north / 2))


@given(st.builds(Point, st.floats(73, 137), st.floats(1, 55)))
def test_shifted_degrees_come_back_to_within_half_a_metre(place: Point) -> None:
    shown = to_gcj02(place)
    assume(72.004 <= shown.lon <= 137.8347 and 0.8293 <= shown.lat <= 55.8271)

    assert measure(from_gcj02(shown), place) < 0.5


@given(st.builds(Point, st.floats(80, 130), st.floats(20, 50)))
def test_a_map_service_shifts_every_place_by_some_hundred_metres(place: Point) -> None:
    assert 5 < measure(to_gcj02(place), place) < 1500


def test_the_shift_of_a_well_known_square_is_as_published() -> None:
    # 天安门一带: 116.404, 39.915 is shown at 116.41024, 39.91640.
    shown = to_gcj02(Point(116.404, 39.915))

    assert (round(shown.lon, 5), round(shown.lat, 5)) == (116.41024, 39.9164)


def test_nothing_is_shifted_abroad() -> None:
    assert to_gcj02(Point(2.35, 48.85)) == from_gcj02(Point(2.35, 48.85)) == Point(2.35, 48.85)


@given(st.builds(Point, st.floats(-3, 3), st.floats(0, 55)), st.sampled_from([75.0, 105.0, 117.0, 120.0]))
def test_metres_of_a_zone_and_degrees_are_there_and_back(place: Point, meridian: float) -> None:
    zone = Zone(meridian, 39_500_000.0)
    there = Point(meridian + place.lon, place.lat)

    assert measure(to_degrees(zone, *to_metres(zone, there)), there) < 0.001


def test_the_metres_of_a_zone_are_those_of_the_tables() -> None:
    # The meridian from the equator to 45° is 4,984,944.378 m long; on it a small step east is as long as on the ground.
    east, north = to_metres(Zone(0), Point(0, 45))
    assert (east, round(north, 2)) == (500_000.0, 4_984_944.38)
    beside_it = to_metres(Zone(117), Point(117.01, 36))[0] - 500_000
    assert beside_it == pytest.approx(measure(Point(117, 36), Point(117.01, 36)), rel=1e-6)

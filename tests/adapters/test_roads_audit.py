"""The quick engine finds what the specification finds."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.grounds import beside, lines
from wuzha.adapters.roads.audit import audit_roads, find_gaps, list_courses, locate_all, make_lines, make_places
from wuzha.core.ground import gap as specification
from wuzha.core.ground.line import find_point, find_spots, mark_course, measure_line
from wuzha.core.ground.point import Point, measure

REACHES = st.sampled_from([20.0, 100.0, 800.0])
Road = tuple[Point, ...]


@st.composite
def nets(draw: st.DrawFn) -> tuple[list[Road], list[int], list[Point], list[int]]:
    """Roads of up to three owners, often side by side, with sites of those owners beside them."""
    first = draw(lines(most=40))
    moved = [tuple(Point(p.lon + step, p.lat + step) for p in first) for step in (0.0005, 0.004)]
    roads = [first, *moved, *draw(st.lists(lines(), max_size=2))]
    sites = draw(st.lists(st.sampled_from(roads).flatmap(beside), max_size=12))
    owner = st.integers(0, 2)
    owners = [draw(owner) for _ in roads]
    return roads, owners, sites, [draw(owner) for _ in sites]


@given(nets(), REACHES)
def test_each_site_is_where_the_specification_puts_it(
    net: tuple[list[Road], list[int], list[Point], list[int]], reach_m: float
) -> None:
    roads, owners, sites, whose = net
    spots = locate_all(make_lines(roads, owners), make_places(sites, whose), reach_m)
    told = {
        (int(spot[0]), int(spot[1])): spot
        for spot in zip(spots.site, spots.line, spots.at_m, spots.offset_m, strict=True)
    }

    expected = {
        (number, at): spot
        for number, site in enumerate(sites)
        for at, spot in find_spots(roads, site, reach_m)
        if owners[at] == whose[number]
    }
    assert set(told) == set(expected)
    for (number, at), spot in expected.items():
        assert told[number, at][3] == pytest.approx(spot.offset_m, abs=1e-6)
        # Of two spots that are equally near to the last bit of a float, either engine may name the other one.
        is_same = told[number, at][2] == pytest.approx(spot.at_m, abs=1e-6)
        assert is_same or _is_there(roads[at], sites[number], told[number, at][2], spot.offset_m)


def _is_there(road: Road, site: Point, at_m: float, offset_m: float) -> bool:
    """Whether the road at that mark is as far from the site as the nearest spot is."""
    return measure(find_point(road, at_m), site) == pytest.approx(offset_m, abs=1e-3)


@given(st.lists(lines(), min_size=1, max_size=4))
def test_each_line_is_as_long_as_the_specification_says(roads: list[Road]) -> None:
    assert make_lines(roads).lengths_m == pytest.approx([measure_line(road) for road in roads], abs=1e-6)


# Whole metres, which floats hold exactly, so that not even a limit met to the millimetre is told differently.
@given(
    st.lists(st.tuples(st.integers(0, 3000), st.lists(st.integers(0, 3000), max_size=8)), min_size=1, max_size=5),
    st.sampled_from([50, 100, 200]),
)
def test_the_gaps_are_those_of_the_specification(roads: list[tuple[int, list[int]]], limit_m: int) -> None:
    marks = [(number, mark) for number, (length, found) in enumerate(roads) for mark in found if mark <= length]
    told = find_gaps(
        np.array([float(length) for length, _ in roads]),
        np.array([number for number, _ in marks], dtype=np.int64),
        np.array([float(mark) for _, mark in marks]),
        limit_m,
    )

    expected = []
    for number, (length, found) in enumerate(roads):
        for gap in specification.find_gaps(Fraction(length), map(Fraction, found), Fraction(limit_m)):
            expected.append((number, gap.opens_m, gap.closes_m, specification.count_needed(gap, Fraction(limit_m))))
    assert list(zip(told.line, told.opens_m, told.closes_m, told.needed, strict=True)) == expected


def test_a_county_without_sites_is_one_gap_a_road() -> None:
    road = (Point(117.0, 36.0), Point(117.0, 36.01))
    gaps = audit_roads(make_lines([road]), make_places([]), limit_m=200, reach_m=100)

    assert list(gaps.needed) == [5]
    assert gaps.closes_m[0] == pytest.approx(measure_line(road))


@given(st.lists(lines(), min_size=1, max_size=4))
def test_each_course_has_the_points_and_marks_of_the_specification(roads: list[Road]) -> None:
    for found, road in zip(list_courses(make_lines(roads)), roads, strict=True):
        wanted = mark_course(road)
        assert found.line == wanted.line
        assert found.marks == pytest.approx(wanted.marks, abs=1e-6)

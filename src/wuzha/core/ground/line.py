"""Lines on the ground: how long they are, and where along them a place lies.

The specification; :mod:`wuzha.adapters.roads.audit` does the same for many at once.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import hypot

from wuzha.core.ground.point import Point, measure, scale_degrees

Points = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a place lies by a line: metres from its start along it, and metres beside it."""

    at_m: float
    offset_m: float


def list_marks(line: Sequence[Point]) -> list[float]:
    """Metres from the start to each point of the line; the last one is its length."""
    return list(accumulate((measure(a, b) for a, b in pairwise(line)), initial=0.0))


def measure_line(line: Sequence[Point]) -> float:
    """The length in metres."""
    return list_marks(line)[-1]


def locate(line: Sequence[Point], place: Point) -> Spot:
    """The spot of the line nearest to the place; of equally near ones the first. A line has two points or more."""
    marks = list_marks(line)
    spots = (_locate_on(a, b, mark, place) for (a, b), mark in zip(pairwise(line), marks[:-1], strict=True))
    return min(spots, key=_read_offset)


def _read_offset(spot: Spot) -> float:
    return spot.offset_m


def _locate_on(a: Point, b: Point, mark: float, place: Point) -> Spot:
    """On one straight stretch, in the plane of its middle latitude."""
    east_m, north_m = scale_degrees((a.lat + b.lat) / 2)
    dx, dy = (b.lon - a.lon) * east_m, (b.lat - a.lat) * north_m
    px, py = (place.lon - a.lon) * east_m, (place.lat - a.lat) * north_m
    square = dx * dx + dy * dy
    share = min(1.0, max(0.0, (px * dx + py * dy) / square)) if square > 0 else 0.0
    return Spot(mark + share * hypot(dx, dy), hypot(px - share * dx, py - share * dy))


@dataclass(frozen=True, slots=True)
class Course:
    """A line with its marks, for whoever has several questions about it. A line has two points or more."""

    line: Points
    marks: tuple[float, ...]

    def find_point(self, at_m: float) -> Point:
        """The place so many metres from the start; before the start it is the start, after the end the end."""
        number = min(max(bisect_right(self.marks, at_m) - 1, 0), len(self.line) - 2)
        a, b = self.line[number], self.line[number + 1]
        step = self.marks[number + 1] - self.marks[number]
        share = min(1.0, max(0.0, (at_m - self.marks[number]) / step)) if step > 0 else 0.0
        return Point(a.lon + share * (b.lon - a.lon), a.lat + share * (b.lat - a.lat))

    def cut(self, opens_m: float, closes_m: float) -> Points:
        """The stretch of the line between two marks, with its own two ends."""
        inside = self.line[bisect_right(self.marks, opens_m) : bisect_left(self.marks, closes_m)]
        return (self.find_point(opens_m), *inside, self.find_point(closes_m))


def mark_course(line: Sequence[Point]) -> Course:
    """The line with the metres from its start to each of its points."""
    return Course(tuple(line), tuple(list_marks(line)))


def find_point(line: Sequence[Point], at_m: float) -> Point:
    """As :meth:`Course.find_point`, for one question."""
    return mark_course(line).find_point(at_m)


def cut_line(line: Sequence[Point], opens_m: float, closes_m: float) -> Points:
    """As :meth:`Course.cut`, for one question."""
    return mark_course(line).cut(opens_m, closes_m)


def join_lines(parts: Iterable[Points], within_m: float) -> list[Points]:
    """Parts that follow each other end to start, joined; where the next begins elsewhere, a new line begins."""
    joined: list[Points] = []
    for part in parts:
        if joined and measure(joined[-1][-1], part[0]) <= within_m:
            joined[-1] = (*joined[-1], *part[1:])
        else:
            joined.append(part)
    return joined


def find_spots(lines: Sequence[Points], place: Point, reach_m: float) -> list[tuple[int, Spot]]:
    """The lines that the place is within reach of, by their numbers, each with the nearest spot on it.

    What hangs at a crossing is met on both roads, and so it stands on both.
    """
    spots = ((number, locate(line, place)) for number, line in enumerate(lines))
    return [(number, spot) for number, spot in spots if spot.offset_m <= reach_m]

"""Many sites on many roads at once: where each stands, and the gaps between them.

Equal to :mod:`wuzha.core.ground.line` and :mod:`wuzha.core.ground.gap`, which say what is right, by property tests. The
arithmetic is NumPy's, in the same steps as the specification's; shapely is here for one thing, its index of boxes,
which leaves a handful of straight stretches to look at for each site where there are a million.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from wuzha.core.ground.line import Course
from wuzha.core.ground.point import DEGREE, ECCENTRICITY2, SEMI_MAJOR_M, Point

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
# Stretches that share a box of the index. Fewer make more boxes to build, more make more stretches to look at.
SHARED = 16


@dataclass(frozen=True)
class Lines:
    """Lines end to end: ``lon`` and ``lat`` of all points, and with which point each line starts. ``owners`` are
    numbers: a site is looked for on its owner's lines only. Every line has two points or more."""

    lon: Floats
    lat: Floats
    starts: Ints
    owners: Ints

    @cached_property
    def stretches(self) -> "Stretches":
        return _make_stretches(self)

    @cached_property
    def lengths_m(self) -> Floats:
        """The length of each line."""
        return np.add.reduceat(self.stretches.length_m, self.stretches.first_of_line)


@dataclass(frozen=True)
class Stretches:
    """The straight stretches of all lines: which line, from where, how far, at which mark, metres to a degree."""

    line: Ints
    lon: Floats
    lat: Floats
    dx: Floats
    dy: Floats
    east_m: Floats
    north_m: Floats
    length_m: Floats
    mark: Floats
    first_of_line: Ints


@dataclass(frozen=True)
class Places:
    """Sites by their places, each with the number of the owner on whose lines it is looked for."""

    lon: Floats
    lat: Floats
    owners: Ints


@dataclass(frozen=True)
class Spots:
    """Pairs of a site and a line within its reach, by site and line: the mark, and metres beside the line."""

    site: Ints
    line: Ints
    at_m: Floats
    offset_m: Floats


@dataclass(frozen=True)
class Gaps:
    """Stretches above the limit: on which line, from mark to mark, and the fewest new sites that would close them."""

    line: Ints
    opens_m: Floats
    closes_m: Floats
    needed: Ints


def make_lines(lines: Sequence[Sequence[Point]], owners: Sequence[int] | None = None) -> Lines:
    points = [point for line in lines for point in line]
    starts = np.cumsum([0, *(len(line) for line in lines)][: len(lines)], dtype=np.int64)
    return Lines(*_split(points), starts, np.asarray(owners or [0] * len(lines), dtype=np.int64))


def make_places(points: Sequence[Point], owners: Sequence[int] | None = None) -> Places:
    return Places(*_split(points), np.asarray(owners or [0] * len(points), dtype=np.int64))


def list_courses(lines: Lines) -> Iterator[Course]:
    """Each line with its marks, as :func:`wuzha.core.ground.line.mark_course` has it."""
    parts, ends = lines.stretches, np.append(lines.starts[1:], len(lines.lon))
    for number, (opens, closes) in enumerate(zip(lines.starts, ends, strict=True)):
        first = parts.first_of_line[number]
        marks = (*parts.mark[first : first + closes - opens - 1].tolist(), float(lines.lengths_m[number]))
        points = zip(lines.lon[opens:closes].tolist(), lines.lat[opens:closes].tolist(), strict=True)
        yield Course(tuple(Point(lon, lat) for lon, lat in points), marks)


def _split(points: Sequence[Point]) -> tuple[Floats, Floats]:
    lon = np.fromiter((point.lon for point in points), np.float64, len(points))
    return lon, np.fromiter((point.lat for point in points), np.float64, len(points))


def scale_degrees(lat: Floats) -> tuple[Floats, Floats]:
    """As :func:`wuzha.core.ground.point.scale_degrees`."""
    phi = np.radians(lat)
    w = 1 - ECCENTRICITY2 * np.sin(phi) ** 2
    east_m = SEMI_MAJOR_M * np.cos(phi) / np.sqrt(w) * DEGREE
    return east_m, SEMI_MAJOR_M * (1 - ECCENTRICITY2) / (w * np.sqrt(w)) * DEGREE


def _make_stretches(lines: Lines) -> Stretches:
    points = len(lines.lon)
    ends = np.append(lines.starts[1:], points)
    is_last = np.zeros(points, dtype=bool)
    is_last[ends - 1] = True
    at = np.flatnonzero(~is_last)
    line = np.repeat(np.arange(len(lines.starts)), ends - lines.starts - 1)
    lon, lat = lines.lon[at], lines.lat[at]
    dlon, dlat = lines.lon[at + 1] - lon, lines.lat[at + 1] - lat
    east_m, north_m = scale_degrees(lat + dlat / 2)
    dx, dy = dlon * east_m, dlat * north_m
    length_m = np.hypot(dx, dy)
    first = lines.starts - np.arange(len(lines.starts))
    before = np.concatenate(([0.0], np.cumsum(length_m)))[:-1]
    return Stretches(line, lon, lat, dx, dy, east_m, north_m, length_m, before - before[first][line], first)


def locate_all(lines: Lines, places: Places, reach_m: float) -> Spots:
    """Each site on the lines of its owner that it is within reach of, at the first of the nearest spots of each."""
    if not len(places.lon) or not len(lines.starts):
        return Spots(*(np.zeros(0, np.int64),) * 2, *(np.zeros(0),) * 2)
    return _choose_nearest(lines.stretches, places, _list_candidates(lines, places, reach_m), reach_m)


def _list_candidates(lines: Lines, places: Places, reach_m: float) -> tuple[Ints, Ints]:
    """Pairs of site and stretch that may be within reach of each other: those whose boxes meet, of one owner."""
    parts, opens = lines.stretches, _list_shared(lines.stretches)
    tree = shapely.STRtree(_box_stretches(parts, opens))
    site, box = tree.query(_box_places(places, reach_m))
    same = lines.owners[parts.line[opens[box]]] == places.owners[site]
    site, box = site[same], box[same]
    closes = np.append(opens[1:], len(parts.line))
    counts = (closes - opens)[box]
    # 0, 1, 2 … within each pair, from one running count.
    within = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
    return np.repeat(site, counts), np.repeat(opens[box], counts) + within


def _list_shared(parts: Stretches) -> Ints:
    """The first stretch of each box: every sixteenth of a line, and the first of every line."""
    number = np.arange(len(parts.line)) - parts.first_of_line[parts.line]
    return np.flatnonzero(number % SHARED == 0)


def _box_stretches(parts: Stretches, opens: Ints) -> NDArray[np.object_]:
    lon2, lat2 = parts.lon + parts.dx / parts.east_m, parts.lat + parts.dy / parts.north_m
    west, east = np.minimum(parts.lon, lon2), np.maximum(parts.lon, lon2)
    south, north = np.minimum(parts.lat, lat2), np.maximum(parts.lat, lat2)
    return shapely.box(
        np.minimum.reduceat(west, opens),
        np.minimum.reduceat(south, opens),
        np.maximum.reduceat(east, opens),
        np.maximum.reduceat(north, opens),
    )


def _box_places(places: Places, reach_m: float) -> NDArray[np.object_]:
    """A little wider than the reach, since a degree is measured at the stretch and not at the site."""
    east_m, north_m = scale_degrees(np.minimum(np.abs(places.lat) + 0.5, 89.0))
    dlon, dlat = 1.05 * reach_m / east_m, 1.05 * reach_m / north_m
    return shapely.box(places.lon - dlon, places.lat - dlat, places.lon + dlon, places.lat + dlat)


def _choose_nearest(parts: Stretches, places: Places, pairs: tuple[Ints, Ints], reach_m: float) -> Spots:
    """Of the stretches of one line that are within reach of one site, the nearest."""
    site, at = pairs
    dx, dy = parts.dx[at], parts.dy[at]
    px = (places.lon[site] - parts.lon[at]) * parts.east_m[at]
    py = (places.lat[site] - parts.lat[at]) * parts.north_m[at]
    square = dx * dx + dy * dy
    share = np.clip((px * dx + py * dy) / np.where(square > 0, square, 1.0), 0.0, 1.0)
    offset = np.hypot(px - share * dx, py - share * dy)
    near = np.flatnonzero(offset <= reach_m)
    line = parts.line[at]
    order = near[np.lexsort((at[near], offset[near], line[near], site[near]))]
    is_first = np.ones(len(order), dtype=bool)
    is_first[1:] = (np.diff(site[order]) != 0) | (np.diff(line[order]) != 0)
    best = order[is_first]
    at_m = parts.mark[at[best]] + share[best] * parts.length_m[at[best]]
    return Spots(site[best], line[best], at_m, offset[best])


def find_gaps(lengths_m: Floats, line: Ints, at_m: Floats, limit_m: float) -> Gaps:
    """The gaps above the limit on every line, ends included, line by line from the start on."""
    number = np.arange(len(lengths_m))
    lines = np.concatenate((number, line, number))
    marks = np.concatenate((np.zeros(len(lengths_m)), at_m, lengths_m))
    order = np.lexsort((marks, lines))
    lines, marks = lines[order], marks[order]
    wide = np.flatnonzero((np.diff(marks) > limit_m) & (lines[1:] == lines[:-1]))
    opens, closes = marks[wide], marks[wide + 1]
    return Gaps(lines[wide], opens, closes, np.ceil((closes - opens) / limit_m).astype(np.int64) - 1)


def audit_roads(lines: Lines, places: Places, *, limit_m: float, reach_m: float) -> Gaps:
    """Where along the lines there is no site for longer than the limit."""
    spots = locate_all(lines, places, reach_m)
    return find_gaps(lines.lengths_m, spots.line, spots.at_m, limit_m)

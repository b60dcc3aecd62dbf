"""Outlines on the ground: a ring of places round an area, with its size and what lies inside."""

from collections.abc import Sequence
from itertools import pairwise

from wuzha.core.ground.line import locate
from wuzha.core.ground.point import Point, scale_degrees


def close_ring(ring: Sequence[Point]) -> tuple[Point, ...]:
    """The ring with its first place again at the end."""
    return (*ring, ring[0]) if ring[0] != ring[-1] else tuple(ring)


def measure_area(ring: Sequence[Point]) -> float:
    """Square metres inside the ring, in the plane of its middle latitude; good to 0.1 % for a county."""
    closed = close_ring(ring)
    lats = [point.lat for point in closed]
    east_m, north_m = scale_degrees((min(lats) + max(lats)) / 2)
    origin = closed[0]
    flat = [((point.lon - origin.lon) * east_m, (point.lat - origin.lat) * north_m) for point in closed]
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairwise(flat))) / 2


def holds(ring: Sequence[Point], place: Point) -> bool:
    """Whether the place lies inside the ring; on the ring itself the answer may be either."""
    crossings = (_crosses(a, b, place) for a, b in pairwise(close_ring(ring)))
    return sum(crossings) % 2 == 1


def measure_outside(ring: Sequence[Point], place: Point) -> float:
    """Metres from the place to the ring; 0 within it."""
    return 0.0 if holds(ring, place) else locate(close_ring(ring), place).offset_m


def _crosses(a: Point, b: Point, place: Point) -> bool:
    """Whether a way from the place to the east meets this side of the ring."""
    if (a.lat > place.lat) == (b.lat > place.lat):
        return False
    return place.lon < a.lon + (place.lat - a.lat) / (b.lat - a.lat) * (b.lon - a.lon)

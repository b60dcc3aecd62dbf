"""GCJ-02, the shifted degrees of map services in China, to WGS84 and back.

The shift is a sum of sines that map services apply on their way out (the form in which it has been published by many,
e.g. in the open library eviltransform). It cannot be turned round as a formula; since it changes slowly, repeated
subtraction finds the place to well under a centimetre. Outside of China nothing is shifted.
"""

from math import cos, pi, radians, sin, sqrt

from wuzha.core.ground.point import Point

# The ellipsoid of the shift itself (Krassovsky 1940), whatever ellipsoid the degrees are on.
AXIS_M = 6378245.0
E2 = 0.00669342162296594323
WEST, EAST, SOUTH, NORTH = 72.004, 137.8347, 0.8293, 55.8271
TURNS = 8


def is_shifted(place: Point) -> bool:
    """Whether map services shift this place: a box round China."""
    return WEST <= place.lon <= EAST and SOUTH <= place.lat <= NORTH


def to_gcj02(place: Point) -> Point:
    """The degrees under which a map service shows the place."""
    if not is_shifted(place):
        return place
    east, north = _shift(place)
    return Point(place.lon + east, place.lat + north)


def from_gcj02(shown: Point) -> Point:
    """The place that a map service shows under these degrees, to better than 0.5 m."""
    if not is_shifted(shown):
        return shown
    guess = shown
    for _ in range(TURNS):
        east, north = _shift(guess)
        guess = Point(shown.lon - east, shown.lat - north)
    return guess


def _shift(place: Point) -> tuple[float, float]:
    x, y = place.lon - 105.0, place.lat - 35.0
    phi = radians(place.lat)
    w = 1 - E2 * sin(phi) ** 2
    east = _shift_east(x, y) * 180.0 / (AXIS_M / sqrt(w) * cos(phi) * pi)
    north = _shift_north(x, y) * 180.0 / (AXIS_M * (1 - E2) / (w * sqrt(w)) * pi)
    return east, north


def _shift_east(x: float, y: float) -> float:
    return (
        300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
        + _wave(x)
        + (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
        + (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    )  # fmt: skip


def _shift_north(x: float, y: float) -> float:
    return (
        -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
        + _wave(x)
        + (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
        + (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    )  # fmt: skip


def _wave(x: float) -> float:
    return (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0

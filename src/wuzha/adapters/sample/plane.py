"""Drawing in metres east and north of the middle of the sample county, and from there to degrees."""

from itertools import pairwise
from math import cos, hypot, sin
from random import Random

from wuzha.core.ground.point import Point, scale_degrees

Metres = tuple[float, float]
Line = tuple[Metres, ...]

MIDDLE = Point(113.62, 31.08)
DECIMALS = 7
STEP_M = 55.0
# How far a line leaves the straight way between two places, as a share of the way.
BEND = 0.13
TURN = 0.09


def add_up(a: Metres, b: Metres) -> Metres:
    return a[0] + b[0], a[1] + b[1]


def measure(a: Metres, b: Metres) -> float:
    return hypot(b[0] - a[0], b[1] - a[1])


def wind(rng: Random, start: Metres, end: Metres, turns: int) -> Line:
    """A winding line between two places: each stretch is bent in its middle, as many times over."""
    line: Line = (start, end)
    for _ in range(turns):
        bent = [(a, _bend(rng, a, b)) for a, b in pairwise(line)]
        line = (*(point for pair in bent for point in pair), end)
    return line


def _bend(rng: Random, a: Metres, b: Metres) -> Metres:
    share = rng.uniform(-BEND, BEND)
    return (a[0] + b[0]) / 2 - (b[1] - a[1]) * share, (a[1] + b[1]) / 2 + (b[0] - a[0]) * share


def wander(rng: Random, start: Metres, heading: float, length_m: float) -> Line:
    """A street that goes on in about one direction for just so long."""
    line, left_m = [start], length_m
    while left_m > 0:
        step_m = min(STEP_M, left_m)
        heading += rng.gauss(0, TURN)
        line.append(add_up(line[-1], (cos(heading) * step_m, sin(heading) * step_m)))
        left_m -= step_m
    return tuple(line)


def find_at(line: Line, at_m: float) -> Metres:
    """The place so many metres from the start; the end, where the line is shorter."""
    for a, b in pairwise(line):
        step_m = measure(a, b)
        if at_m <= step_m:
            share = at_m / step_m if step_m else 0.0
            return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share
        at_m -= step_m
    return line[-1]


def lay(line: Line) -> tuple[Point, ...]:
    """The line in degrees, to the centimetre."""
    east_m, north_m = scale_degrees(MIDDLE.lat)
    return tuple(
        Point(round(MIDDLE.lon + x / east_m, DECIMALS), round(MIDDLE.lat + y / north_m, DECIMALS)) for x, y in line
    )

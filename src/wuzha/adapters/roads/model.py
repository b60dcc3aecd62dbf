"""What a file of roads and outlines holds, whatever its format."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal

from wuzha.core.base.problem import Problem, Source
from wuzha.core.ground.point import Point

MEGABYTE = 1024 * 1024
MAX_BYTES = 20 * MEGABYTE
MAX_SHAPES = 20_000
MAX_POINTS = 500_000

MAIN_ROAD, SIDE_ROAD = "main_road", "side_road"
Sort = Literal["road", "unit", "hoarding", "site"]
Turn = Callable[[Point], Point]


@dataclass(frozen=True, slots=True)
class Shape:
    """One thing of the file, in degrees of WGS84: a road's line, an outline's outer ring, or a site's place.

    ``unit`` is a unit's code, empty when the file does not say; ``subject`` is a site's number. ``number`` counts the
    things of the file from 1. ``road`` is what a plan calls the road after ``along``; others do not use it.
    """

    sort: Sort
    number: int
    name: str
    points: tuple[Point, ...]
    unit: str = ""
    subject: str = ""
    area_m2: Fraction | None = None
    road: str = MAIN_ROAD


@dataclass(slots=True)
class Sheet:
    """A file on its way in: what was read so far, and what was wrong with it."""

    document: str
    turn: Turn
    shapes: list[Shape] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    points: int = 0

    def tell(self, code: str, **params: object) -> None:
        self.problems.append(self._make(code, params))

    def warn(self, code: str, **params: object) -> None:
        self.problems.append(replace(self._make(code, params), severity="warning"))

    def _make(self, code: str, params: Mapping[str, object]) -> Problem:
        told = {name: str(value) for name, value in params.items()}
        return Problem(code, Source(document=self.document), tuple(sorted(told.items())))

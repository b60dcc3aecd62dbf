"""A road of a unit as far as a duty needs it: how long it is, since when, and where along it the unit's sites stand."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Road:
    """``kind`` is what a plan says after ``along`` (``main_road``). ``marks`` are the numbered sites that were found by
    their place, each with its metres from the road's start: subject and mark, sorted."""

    name: str
    kind: str
    length_m: Fraction
    opens_on: date
    closes_on: date
    marks: tuple[tuple[str, Fraction], ...] = ()

    def is_there(self, day: date) -> bool:
        return self.opens_on <= day < self.closes_on

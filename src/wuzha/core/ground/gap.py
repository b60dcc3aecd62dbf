"""Stretches of a road with nothing on them, and the fewest places that would close them. All lengths are exact.

The ends of a road count: from its start to the first site is a gap like any other, and so is the stretch after the last
one, since a person who walks the road meets them all. A road without a site is one gap.

Why ``ceil(gap / limit) - 1`` new sites are the fewest: n sites cut a gap of length g into n + 1 parts, the longest of
which is at least g / (n + 1). None is above the limit d only if g / (n + 1) <= d, which is n >= g / d - 1; the least
such whole number is ceil(g / d) - 1. Evenly placed, that many do it, since then every part is just g / (n + 1) long.
One site never helps two gaps, because the site between them already stands; so what is fewest gap by gap is fewest for
the road.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil


@dataclass(frozen=True, slots=True, order=True)
class Gap:
    """A stretch from one mark of a road to another, in metres from its start, with no site inside."""

    opens_m: Fraction
    closes_m: Fraction

    @property
    def length_m(self) -> Fraction:
        return self.closes_m - self.opens_m


def list_stretches(length_m: Fraction, marks: Iterable[Fraction]) -> list[Gap]:
    """The road cut at its sites, ends included. Marks that are not on the road are left out."""
    inside = sorted(mark for mark in marks if 0 <= mark <= length_m)
    return [Gap(before, after) for before, after in pairwise((Fraction(0), *inside, length_m))]


def find_longest(length_m: Fraction, marks: Iterable[Fraction]) -> Fraction:
    """The longest stretch with none, in metres."""
    return max((stretch.length_m for stretch in list_stretches(length_m, marks)), default=Fraction(0))


def find_gaps(length_m: Fraction, marks: Iterable[Fraction], limit_m: Fraction) -> list[Gap]:
    """The stretches that are longer than the limit, from the start on."""
    return [stretch for stretch in list_stretches(length_m, marks) if stretch.length_m > limit_m]


def count_needed(gap: Gap, limit_m: Fraction) -> int:
    """The fewest new sites after which no part of the gap is above the limit. The limit is above zero."""
    return max(0, ceil(gap.length_m / limit_m) - 1)


def place_needed(gap: Gap, limit_m: Fraction) -> tuple[Fraction, ...]:
    """Where the fewest new sites would stand: evenly spread over the gap, in metres from the road's start."""
    number = count_needed(gap, limit_m)
    step = gap.length_m / (number + 1)
    return tuple(gap.opens_m + step * count for count in range(1, number + 1))


def find_share(part_m2: Fraction, whole_m2: Fraction) -> Fraction | None:
    """The share of a hoarding that is adverts, never above one; none where the hoarding has no size."""
    return min(Fraction(1), part_m2 / whole_m2) if whole_m2 > 0 else None

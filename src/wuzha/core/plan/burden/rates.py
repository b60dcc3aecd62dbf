"""Work spread over days: minutes a day on half-open stretches, their sums, and the heaviest week.

A duty of twelve rallies a year does not say on which days they are held, so the work of a window is spread evenly over
its days. Everything here is exact and adds up: the work of a stretch is the work of its parts.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from wuzha.core.base.interval import Interval
from wuzha.core.base.windows import Cadence, Rhythm, list_windows

WEEKS = Rhythm(Cadence.WEEK)
DAYS_OF_WEEK = 7
NONE = Fraction(0)


@dataclass(frozen=True, slots=True)
class Rate:
    """So many minutes on each of these days."""

    days: Interval
    minutes: Fraction


Rates = tuple[Rate, ...]


def add_rates(rates: Iterable[Rate]) -> Rates:
    """The same work as stretches in order that do not overlap; days without work are left out."""
    steps: dict[date, Fraction] = {}
    for rate in rates:
        if rate.days.days and rate.minutes:
            steps[rate.days.opens] = steps.get(rate.days.opens, NONE) + rate.minutes
            steps[rate.days.closes] = steps.get(rate.days.closes, NONE) - rate.minutes
    found: list[Rate] = []
    level = NONE
    for opens, closes in pairwise(sorted(day for day, step in steps.items() if step)):
        level += steps[opens]
        if level:
            found.append(Rate(Interval(opens, closes), level))
    return tuple(found)


def scale_rates(rates: Rates, factor: Fraction) -> Rates:
    return tuple(Rate(rate.days, rate.minutes * factor) for rate in rates) if factor else ()


def cut_rates(rates: Rates, within: Interval) -> Rates:
    """The part of the work that lies within the stretch."""
    cut = (Rate(rate.days.overlap(within), rate.minutes) for rate in rates)
    return tuple(rate for rate in cut if rate.days.days)


def sum_minutes(rates: Iterable[Rate]) -> Fraction:
    return sum((rate.minutes * rate.days.days for rate in rates), NONE)


def split_days(layers: Sequence[Rates]) -> Iterator[tuple[Interval, list[Fraction]]]:
    """Stretches on which no layer changes, each with what every layer has there. Each layer must be in order."""
    edges = sorted({day for rates in layers for rate in rates for day in (rate.days.opens, rate.days.closes)})
    at = [0] * len(layers)
    for opens, closes in pairwise(edges):
        found = []
        for number, rates in enumerate(layers):
            while at[number] < len(rates) and rates[at[number]].days.closes <= opens:
                at[number] += 1
            rate = rates[at[number]] if at[number] < len(rates) else None
            found.append(rate.minutes if rate is not None and opens in rate.days else NONE)
        yield Interval(opens, closes), found


@dataclass(frozen=True, slots=True)
class Peak:
    """The heaviest week: its first day, a Monday but for a stretch of no more than a week, and the minutes in it."""

    opens: date
    minutes: Fraction


def find_heaviest_week(rates: Rates, within: Interval) -> Peak | None:
    """Of equally heavy calendar weeks the first; none where there is no work. ``rates`` must be in order.

    A stretch of no more than seven days is a week of its own, on whatever day it opens.
    """
    if within.days <= DAYS_OF_WEEK:
        total = sum_minutes(cut_rates(rates, within))
        return Peak(within.opens, total) if total else None
    heaviest: Peak | None = None
    start = 0
    for week in list_windows(WEEKS, within):
        while start < len(rates) and rates[start].days.closes <= week.opens:
            start += 1
        minutes = _sum_week(rates, start, week.interval)
        if minutes and (heaviest is None or minutes > heaviest.minutes):
            heaviest = Peak(week.opens, minutes)
    return heaviest


def _sum_week(rates: Rates, start: int, week: Interval) -> Fraction:
    total = NONE
    for rate in rates[start:]:
        if rate.days.opens >= week.closes:
            break
        total += rate.minutes * rate.days.overlap(week).days
    return total

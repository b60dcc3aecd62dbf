"""The places right below a unit, beside each other: what their counts say of their rates, and what chance would make.

It compares how many things happened where, never who did what. It decides nothing and orders nothing: places stand as
in the roster. Rates are per 1,000 residents over the same days. Source of the formulas: :mod:`wuzha.core.base.chance`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from wuzha.core.assessment.obligations import find_due_day
from wuzha.core.base.chance import (
    Estimate,
    find_count_interval,
    find_spread_chance,
    list_place_chances,
    shrink_rates,
)
from wuzha.core.base.interval import DAY, Interval
from wuzha.core.base.unit import Attribute, Tree, Unit
from wuzha.core.base.windows import Window
from wuzha.core.duty.kinds.measure import add_up, is_counted
from wuzha.core.duty.model import Duty, Fact
from wuzha.core.ledger.credit import trace_nearest

PLACE_KINDS = frozenset({"county", "town", "village", "community", "grid"})
BASE = "population"
PER = 1000
# Things that happen one by one. People come to a meeting in crowds, and a sum of money hangs on one large case.
ONE_BY_ONE = "quantity"
UNLIKELY = 0.05
# Whether all differ together, and whether one differs from the others: each question has half of the chance to err.
QUESTIONS = 2
FEWEST = 2


class Missing(StrEnum):
    """Why a place has no rate. Where nobody recorded anything the count is unknown, not 0: a 0 is a record too."""

    NO_RECORD = "no-record"
    NO_BASE = "no-base"
    NOT_THROUGHOUT = "not-throughout"


class Apart(StrEnum):
    """On which side of all others a place lies, farther than chance would have it."""

    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Place:
    """One place; ``base`` are its residents with their date. Rate, interval and ``shrunk`` are per 1,000.

    ``low`` and ``high`` bound the raw rate at 95 %. ``shrunk`` is the rate drawn towards that of all, with its own
    interval. They are none where something is ``missing``; ``shrunk`` also where there is no other place.
    """

    unit: Unit
    count: int | None
    base: Attribute | None
    missing: Missing | None
    low: float | None = None
    high: float | None = None
    rate: float | None = None
    shrunk: Estimate | None = None
    apart: Apart | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Places in the order of the roster. ``elsewhere`` counts what is recorded in none of them, and is left out.

    ``chance`` is how likely the compared places differ at least so much when all have one rate, all together or any
    one of them from the others, whichever is less likely; none without any.
    """

    days: Interval
    places: tuple[Place, ...]
    chance: float | None
    elsewhere: int

    @property
    def compared(self) -> tuple[Place, ...]:
        """The places of which nothing is missing; fewer than two tell nothing of each other."""
        known = tuple(place for place in self.places if place.missing is None)
        return known if len(known) >= FEWEST else ()

    @property
    def is_chance(self) -> bool:
        """Whether chance alone explains how the compared places differ."""
        return self.chance is not None and self.chance >= UNLIKELY

    @property
    def has_records(self) -> bool:
        return any(place.count is not None for place in self.places)


def is_comparable(duty: Duty) -> bool:
    """Whether the duty's indicator is a number of things that happen one by one, or its change."""
    target = duty.target
    is_count = target is not None and (bool(target.against) or not target.share)
    return duty.verb == "attain" and is_count and duty.measure == ONE_BY_ONE


def compare_places(
    duty: Duty, window: Window, tree: Tree, unit_code: str, facts: Iterable[Fact], as_of: date
) -> Comparison | None:
    """What the window holds up to the day, by place; none for what cannot be compared so, or has no places below.

    ``facts`` are in effect and can feed the duty. Each belongs to the place that its unit stood in or under on its day.
    """
    days = Interval(window.opens, min(window.closes, as_of + DAY))
    units = _list_places(tree.at(as_of), unit_code, days)
    if not is_comparable(duty) or as_of < window.opens or not units:
        return None
    counted = [fact for fact in facts if fact.happened_on in days and is_counted(duty.narrow, fact)]
    by_place = _sort_facts(tree, unit_code, units, counted)
    base_on = min(days.last_day, find_due_day(duty, window))
    counts = {code: int(add_up(found, duty.measure)) for code, found in by_place.items()}
    places = [_make_place(unit, counts.get(unit.code), days, base_on) for unit in units]
    return Comparison(days, *_hold_together(places), counts.get(unit_code, 0))


def _list_places(tree: Tree, unit_code: str, days: Interval) -> list[Unit]:
    """The places right below that were there on any of the days."""
    children = (unit for unit in tree.list_children(unit_code) if unit.kind in PLACE_KINDS)
    return [unit for unit in children if unit.opens_on < days.closes and days.opens < unit.closes_on]


def _sort_facts(tree: Tree, unit_code: str, units: Sequence[Unit], facts: Iterable[Fact]) -> Mapping[str, list[Fact]]:
    """The facts by place; under the unit's own code those that are in none of its places."""
    crediting = trace_nearest(tree, (unit_code, *(unit.code for unit in units)))
    found: dict[str, list[Fact]] = {}
    for fact in facts:
        code = crediting.find_bearer(fact.unit, fact.happened_on)
        if code is not None:
            found.setdefault(code, []).append(fact)
    return found


def _make_place(unit: Unit, count: int | None, days: Interval, base_on: date) -> Place:
    base = unit.find_attribute(BASE, base_on)
    missing = _find_missing(unit, count, base, days)
    if missing is not None or base is None or count is None:
        return Place(unit, count, base, missing)
    thousands = float(base.value) / PER
    low, high = find_count_interval(count)
    return Place(unit, count, base, None, float(low) / thousands, float(high) / thousands, count / thousands)


def _find_missing(unit: Unit, count: int | None, base: Attribute | None, days: Interval) -> Missing | None:
    if unit.opens_on > days.opens or unit.closes_on < days.closes:
        return Missing.NOT_THROUGHOUT
    if count is None:
        return Missing.NO_RECORD
    return None if base is not None and base.value > 0 else Missing.NO_BASE


def _hold_together(places: Sequence[Place]) -> tuple[tuple[Place, ...], float | None]:
    """The places with what each of them looks like beside the others, and how likely all of them differ so much."""
    known = [place for place in places if place.missing is None]
    if len(known) < FEWEST:
        return tuple(places), None
    counts = [place.count or 0 for place in known]
    thousands = [float(place.base.value) / PER if place.base else 0.0 for place in known]
    apart = [min(1.0, QUESTIONS * chance) for chance in list_place_chances(counts, thousands)]
    together = min(1.0, QUESTIONS * find_spread_chance(counts, thousands))
    mean = sum(counts) / sum(thousands)
    held = {
        place.unit.code: replace(place, shrunk=shrunk, apart=_judge(place, mean, own))
        for place, shrunk, own in zip(known, shrink_rates(counts, thousands), apart, strict=True)
    }
    return tuple(held.get(place.unit.code, place) for place in places), min(together, *apart)


def _judge(place: Place, mean: float, chance: float) -> Apart | None:
    if chance >= UNLIKELY:
        return None
    return Apart.ABOVE if (place.rate or 0) > mean else Apart.BELOW

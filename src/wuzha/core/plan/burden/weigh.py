"""The burden of one or several plans for each kind of unit: per duty, in total, on average and in the heaviest week."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from types import MappingProxyType

from wuzha.core.base.interval import Interval
from wuzha.core.base.unit import UNIT_KINDS, Tree, Unit
from wuzha.core.duty.kinds.measure import NO_BASE
from wuzha.core.duty.model import ALL, Duty, Narrow, Who
from wuzha.core.duty.who import list_bearers
from wuzha.core.plan.burden.load import (
    ANYWHERE,
    NO_BEARER,
    NO_ROSTER,
    NO_UNIT_KIND,
    NO_WHO,
    VAGUE,
    Costing,
    Term,
    cost_duty,
    make_typical,
)
from wuzha.core.plan.burden.rates import (
    DAYS_OF_WEEK,
    NONE,
    Peak,
    Rate,
    Rates,
    add_rates,
    find_heaviest_week,
    scale_rates,
    split_days,
    sum_minutes,
)
from wuzha.core.plan.model import Plan

ONE = Fraction(1)
ORDER: Mapping[str, int] = MappingProxyType({kind: place for place, kind in enumerate(UNIT_KINDS)})
"""Of equally burdened kinds the one first that stands first wherever kinds are listed."""


@dataclass(frozen=True, slots=True)
class Bound:
    """A plan with the units that it can bind; ``ref`` tells it from the others; without a tree they are not known."""

    plan: Plan
    ref: str = ""
    tree: Tree | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """What one duty costs one unit of a kind that bears it.

    ``reason`` says why nothing is known; it is empty where ``terms`` tell it. ``bearers`` of ``units`` of the kind bear
    the duty; both are 0 where no roster was given.
    """

    ref: str
    duty: Duty
    kind: str
    terms: tuple[Term, ...] = ()
    reason: str = ""
    bearers: int = 0
    units: int = 0

    @property
    def share(self) -> Fraction:
        return Fraction(self.bearers, self.units) if self.units else ONE

    @property
    def minutes(self) -> Fraction | None:
        """For a unit that bears it, over the whole stretch; none when it is not known."""
        return None if self.reason else sum((term.total for term in self.terms), NONE)

    @property
    def average(self) -> Fraction:
        """Over all units of the kind, those that do not bear it included; what is unknown adds nothing."""
        return (self.minutes or NONE) * self.share


@dataclass(frozen=True, slots=True)
class KindBurden:
    """The burden of an average unit of one kind, in minutes over the stretch ``within``.

    ``asked`` is the sum of the duties. ``needed`` is less where one record serves several of them.
    """

    kind: str
    units: int
    within: Interval
    loads: tuple[Load, ...]
    needed: Fraction
    peak: Peak | None

    @property
    def asked(self) -> Fraction:
        return sum((load.average for load in self.loads), NONE)

    @property
    def saved(self) -> Fraction:
        return self.asked - self.needed

    @property
    def known(self) -> tuple[Load, ...]:
        return tuple(load for load in self.loads if not load.reason)

    @property
    def unknown(self) -> tuple[Load, ...]:
        return tuple(load for load in self.loads if load.reason)

    @property
    def weeks(self) -> Fraction:
        """Over how many weeks the work is spread: one at least, and no fewer than the heaviest week leaves to do.

        Eight days from a Friday on touch two weeks with three and five days: the average is no more than either has.
        """
        least = self.needed / self.peak.minutes if self.peak else ONE
        return max(ONE, Fraction(self.within.days, DAYS_OF_WEEK), least)

    def per_week(self, minutes: Fraction) -> Fraction:
        return minutes / self.weeks

    @property
    def weekly(self) -> Fraction:
        return self.per_week(self.needed)


@dataclass(frozen=True, slots=True)
class Burden:
    """Each kind of unit, the most burdened first. ``homeless`` are duties that fall on no known kind of unit."""

    within: Interval
    kinds: tuple[KindBurden, ...]
    homeless: tuple[Load, ...] = field(default=())

    def find_kind(self, kind: str) -> KindBurden | None:
        return next((item for item in self.kinds if item.kind == kind), None)


def weigh_plan(plan: Plan, costing: Costing, tree: Tree | None = None, within: Interval | None = None) -> Burden:
    """What the plan costs each kind of unit, over its validity or a part of it."""
    return weigh_plans((Bound(plan, "", tree),), costing, tree, within or plan.valid)


@dataclass(frozen=True, slots=True)
class _Frame:
    """What all duties are weighed in: the units looked at, how many there are of each kind, and the stretch."""

    costing: Costing
    tree: Tree | None
    within: Interval
    units: Mapping[str, int]


def weigh_plans(bounds: Sequence[Bound], costing: Costing, tree: Tree | None, within: Interval) -> Burden:
    """The plans together. ``tree`` holds the units that are looked at; each duty falls on those that its plan binds."""
    units = Counter(unit.kind for unit in tree.units if costing.day in unit.life) if tree else Counter[str]()
    frame = _Frame(costing, tree, within, units)
    loads: list[Load] = []
    carried: dict[str, list[int]] = {}
    for bound in bounds:
        for duty in bound.plan.duties:
            for load, codes in _list_loads(bound, duty, frame):
                for code in codes:
                    carried.setdefault(code, []).append(len(loads))
                loads.append(load)
    kinds = sorted({load.kind for load in loads if load.kind})
    found = [_weigh_kind(kind, loads, _list_profiles(kind, loads, carried, frame), within) for kind in kinds]
    found.sort(key=lambda item: (-item.needed, ORDER.get(item.kind, len(ORDER))))
    return Burden(within, tuple(found), tuple(load for load in loads if not load.kind))


Carried = tuple[Load, tuple[str, ...]]


def _list_loads(bound: Bound, duty: Duty, frame: _Frame) -> Iterator[Carried]:
    """One load for each kind of unit the duty falls on, with the codes of those units."""
    if duty.who == Who():
        yield Load(bound.ref, duty, "", reason=NO_WHO), ()
    elif frame.tree is None or bound.tree is None:
        yield from _list_named_kinds(bound, duty, frame)
    else:
        yield from _list_borne_kinds(bound, duty, frame.tree, frame)


def _list_named_kinds(bound: Bound, duty: Duty, frame: _Frame) -> Iterator[Carried]:
    """Without a roster the kinds are those the plan names, and no denominator is known."""
    kinds = tuple(kind for kind in duty.who.kind if kind != ALL)
    if not kinds or len(kinds) < len(duty.who.kind):
        yield Load(bound.ref, duty, "", reason=VAGUE if duty.vague else NO_UNIT_KIND), ()
        return
    for kind in kinds:
        terms, reason = cost_duty(duty, Unit("", "", kind), frame.costing, frame.within)
        yield Load(bound.ref, duty, kind, terms, NO_ROSTER if reason == NO_BASE else reason), ()


def _list_borne_kinds(bound: Bound, duty: Duty, tree: Tree, frame: _Frame) -> Iterator[Carried]:
    """With a roster: the kinds of the bearing units in sight, each reckoned for a typical one of them."""
    day = frame.costing.day
    bearers = list_bearers(duty.who, bound.tree, day) if bound.tree else ()
    by_kind: dict[str, list[Unit]] = {}
    for unit in bearers:
        if unit.code in tree.by_code and day in unit.life:
            by_kind.setdefault(unit.kind, []).append(unit)
    if not bearers:
        yield Load(bound.ref, duty, "", reason=VAGUE if duty.vague else NO_BEARER), ()
    for kind, units in by_kind.items():
        terms, reason = cost_duty(duty, make_typical(kind, units, day), frame.costing, frame.within)
        load = Load(bound.ref, duty, kind, terms, reason, len(units), frame.units[kind])
        yield load, tuple(unit.code for unit in units)


Profile = tuple[tuple[int, ...], Fraction]
"""Places of the loads that some units carry together, and which share of the kind's units they are."""


def _list_profiles(kind: str, loads: Sequence[Load], carried: Mapping[str, list[int]], frame: _Frame) -> list[Profile]:
    places = [place for place, load in enumerate(loads) if load.kind == kind]
    if frame.tree is None or not any(loads[place].units for place in places):
        return [(tuple(places), ONE)]
    units = [unit for unit in frame.tree.units if unit.kind == kind and frame.costing.day in unit.life]
    counted = Counter(tuple(carried.get(unit.code, ())) for unit in units)
    return [(profile, Fraction(count, len(units))) for profile, count in counted.items()]


def _weigh_kind(kind: str, loads: Sequence[Load], profiles: Iterable[Profile], within: Interval) -> KindBurden:
    own = tuple(load for load in loads if load.kind == kind)
    rates = add_rates(
        rate for places, share in profiles for rate in scale_rates(_need([loads[p] for p in places]), share)
    )
    units = max((load.units for load in own), default=0)
    return KindBurden(kind, units, within, own, sum_minutes(rates), find_heaviest_week(rates, within))


def _need(loads: Iterable[Load]) -> Rates:
    """The work of a unit that carries these loads, where one record serves every duty that it satisfies."""
    groups: dict[tuple[str, str], list[Term]] = {}
    for load in loads:
        for term in load.terms:
            groups.setdefault((term.part, term.kind), []).append(term)
    return add_rates(rate for terms in groups.values() for rate in _share_records(terms))


def _share_records(terms: Sequence[Term]) -> Rates:
    """Of duties that want records of one kind, the greatest demand is enough on each day.

    Records wanted at different places or for different people are taken to be different records; each of them also
    serves a duty that does not say where.
    """
    if len(terms) == 1:
        return terms[0].rates
    found = []
    for days, minutes in split_days([term.rates for term in terms]):
        most: dict[Narrow, Fraction] = {}
        for term, amount in zip(terms, minutes, strict=True):
            most[term.narrow] = max(most.get(term.narrow, NONE), amount)
        anywhere = most.pop(ANYWHERE, NONE)
        found.append(Rate(days, max(anywhere, sum(most.values(), NONE))))
    return tuple(found)

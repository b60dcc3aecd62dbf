"""The work of one duty for one unit: how many records, of which kind, in which windows, at how many minutes each.

What cannot be known is a reason and no number: a burden never counts it as nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from math import ceil
from statistics import median
from types import MappingProxyType
from typing import Literal

from wuzha.core.base.interval import DAY, Interval
from wuzha.core.base.unit import Attribute, Unit
from wuzha.core.base.windows import list_windows
from wuzha.core.duty.kinds.cover import find_base_name, make_head_tally
from wuzha.core.duty.kinds.measure import HEADS, NO_BASE, find_goal
from wuzha.core.duty.kinds.space import find_length_name, list_roads, sum_lengths
from wuzha.core.duty.model import Duty, Narrow
from wuzha.core.plan.burden.minutes import CostedKinds, Minutes, find_minutes
from wuzha.core.plan.burden.rates import NONE, Rate, Rates, add_rates, sum_minutes

VAGUE, NO_WHO, NO_BEARER, NO_UNIT_KIND = "vague", "no-who", "no-bearer", "no-unit-kind"
NO_ROSTER = "no-roster"
ANYWHERE = Narrow()
NO_KIND, NO_SIZE, NO_REGISTER = "no-kind", "no-size", "no-register"
REASONS = (VAGUE, NO_WHO, NO_BEARER, NO_UNIT_KIND, NO_ROSTER, NO_BASE, NO_KIND, NO_SIZE, NO_REGISTER)

# One record of these shapes says how many there were altogether: one a window will do, whatever the number.
BATCHED = ("handout", "pledge", "count", "filing")

Part = Literal["record", "look"]
Registers = Mapping[tuple[str, str, str], Fraction]
Feeds = Callable[[Duty], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Costing:
    """What the cost of a duty is reckoned with.

    ``feeds`` tells the record kinds that count for a duty. ``day`` is the day whose minutes and denominators hold.
    ``registers`` holds the usual number of files of one unit, by kind of unit, record kind and grade.
    """

    kinds: CostedKinds
    minutes: Minutes
    feeds: Feeds
    day: date
    registers: Registers = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Term:
    """One summand: ``number`` records in each of so many ``windows``, at ``minutes`` each.

    A window that lies only partly in the time the duty runs counts by the share of its days. ``look`` is the look
    again at what was put up. ``base`` is the denominator that the number came from, if there is one.
    """

    part: Part
    kind: str
    number: Fraction
    windows: Fraction
    minutes: Fraction
    rates: Rates
    narrow: Narrow = ANYWHERE
    base_name: str = ""
    base: Fraction | None = None

    @property
    def total(self) -> Fraction:
        return sum_minutes(self.rates)


Cost = tuple[tuple[Term, ...], str]
"""The terms, or none of them and the reason why nothing is known."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A window of the duty and the days of it in which the duty runs."""

    window: Interval
    days: Interval


def cost_duty(duty: Duty, unit: Unit, costing: Costing, within: Interval) -> Cost:
    """The terms of one unit, in the days of ``within`` alone; ``unit`` may be typical, see :func:`make_typical`."""
    if duty.vague:
        return (), VAGUE
    return COSTS[duty.verb](duty, unit, costing, within)


def make_typical(kind: str, units: Sequence[Unit], day: date) -> Unit:
    """A unit of that kind whose every attribute is the median of those known; unknown where none is known."""
    known: dict[str, list[Fraction]] = {}
    for unit in units:
        for name in {attribute.name for attribute in unit.attributes}:
            attribute = unit.find_attribute(name, day)
            if attribute is not None:
                known.setdefault(name, []).append(attribute.value)
    middle = tuple(Attribute(name, day, Fraction(median(values))) for name, values in sorted(known.items()))
    return Unit("", "", kind, attributes=middle)


def list_turns(duty: Duty, within: Interval) -> Iterator[Turn]:
    """The duty's windows that share a day with ``within``. What is owed once has one, up to its last good day."""
    if duty.rhythm is None:
        last = max(duty.by or duty.valid.last_day, duty.valid.opens)
        windows: Iterable[Interval] = (Interval(duty.valid.opens, last + DAY),)
    else:
        windows = (window.interval for window in list_windows(duty.rhythm, duty.valid))
    for window in windows:
        days = window.overlap(within) if duty.rhythm is None else window.overlap(duty.valid).overlap(within)
        if days.days:
            yield Turn(window, days)


def _make_term(duty: Duty, kind: str, number: Fraction, costing: Costing, within: Interval) -> Term | None:
    """``number`` records in every window; none when nobody knows what a record of the kind costs."""
    figure = find_minutes(costing.minutes, kind, costing.day)
    if figure is None:
        return None
    minutes, turns = Fraction(figure.minutes), tuple(list_turns(duty, within))
    rates = add_rates(Rate(turn.days, number * minutes / turn.window.days) for turn in turns)
    windows = sum((Fraction(turn.days.days, turn.window.days) for turn in turns), NONE)
    return Term("record", kind, number, windows, minutes, rates, duty.narrow)


def _find_kind(duty: Duty, costing: Costing, shapes: Sequence[str] = ()) -> str:
    """The kind that costs least of those that count for the duty; empty where none of them is known."""
    known = [code for code in costing.feeds(duty) if code in costing.kinds]
    fitting = [code for code in known if not shapes or costing.kinds[code].shape in shapes]
    return min(fitting, key=lambda code: (_find_cost(costing, code), code), default="")


def _find_cost(costing: Costing, code: str) -> int:
    figure = find_minutes(costing.minutes, code, costing.day)
    return figure.minutes if figure else 0


def _answer(term: Term | None, *more: Term | None) -> Cost:
    terms = tuple(item for item in (term, *more) if item is not None)
    return (terms, "") if term is not None else ((), NO_KIND)


def _cost_done(duty: Duty, unit: Unit, costing: Costing, within: Interval) -> Cost:
    code = _find_kind(duty, costing)
    if not code:
        return (), NO_KIND
    if costing.kinds[code].shape in BATCHED:
        return _answer(_make_term(duty, code, Fraction(1), costing, within))
    if _find_measure(duty, code, costing) != "quantity":
        return (), NO_SIZE
    number = find_goal(duty, unit, costing.day)
    if number is None:
        return (), NO_BASE
    return _answer(_add_base(_make_term(duty, code, number, costing, within), duty, unit, costing.day))


def _find_measure(duty: Duty, code: str, costing: Costing) -> str:
    """What is counted. Of heads or square metres nobody can say how many one record has."""
    return costing.kinds[code].counts if duty.measure in ("", HEADS) else duty.measure


def _add_base(term: Term | None, duty: Duty, unit: Unit, day: date) -> Term | None:
    name = find_base_name(duty)
    base = unit.find_attribute(name, day) if name else None
    return term if term is None or base is None else _with_base(term, name, base.value)


def _with_base(term: Term, name: str, base: Fraction) -> Term:
    return Term(term.part, term.kind, term.number, term.windows, term.minutes, term.rates, term.narrow, name, base)


def _cost_kept(duty: Duty, unit: Unit, costing: Costing, within: Interval) -> Cost:
    """Put up once in the time the duty leaves for it, and looked at again as often as the plan says."""
    code = _find_kind(duty, costing)
    if not code:
        return (), NO_KIND
    if _find_measure(duty, code, costing) != "quantity":
        return (), NO_SIZE
    number = find_goal(duty, unit, costing.day)
    if number is None:
        return (), NO_BASE
    term = _add_base(_make_term(duty, code, number, costing, within), duty, unit, costing.day)
    return _answer(term, _make_looks(duty, term, within))


def _make_looks(duty: Duty, term: Term | None, within: Interval) -> Term | None:
    days = duty.valid.overlap(within)
    if term is None or not duty.seen_every_days or not days.days:
        return None
    often = Fraction(days.days, duty.seen_every_days)
    rates = (Rate(days, term.number * term.minutes / duty.seen_every_days),)
    return Term("look", term.kind, term.number, often, term.minutes, rates, term.narrow, term.base_name, term.base)


def _cost_spaced(duty: Duty, unit: Unit, costing: Costing, within: Interval) -> Cost:
    """As many as stand along the road at the widest distance allowed."""
    code = _find_kind(duty, costing)
    roads = list_roads(unit, duty.along, costing.day)
    if not code:
        return (), NO_KIND
    if not roads or duty.target is None or not duty.target.amount:
        return (), NO_BASE
    length_m = sum_lengths(roads)
    number = Fraction(ceil(length_m / duty.target.amount))
    term = _make_term(duty, code, number, costing, within)
    based = None if term is None else _with_base(term, find_length_name(duty.along), length_m)
    return _answer(based, _make_looks(duty, based, within))


def _cost_covered(duty: Duty, unit: Unit, costing: Costing, within: Interval) -> Cost:
    """One visit a head; where only meetings or letters reach them, nobody can say how many heads one record has."""
    if not _find_kind(duty, costing):
        return (), NO_KIND
    goal = make_head_tally(duty, unit, costing.day, NONE).goal
    if goal is None:
        return (), NO_BASE
    code = _find_kind(duty, costing, ("visit",))
    if not code:
        return (), NO_SIZE
    return _answer(_add_base(_make_term(duty, code, goal, costing, within), duty, unit, costing.day))


def _cost_single(duty: Duty, unit: Unit, costing: Costing, within: Interval) -> Cost:
    """One record a window: a document handed in, or one reading of an indicator."""
    code = _find_kind(duty, costing)
    if not code:
        return (), NO_KIND
    return _answer(_make_term(duty, code, Fraction(1), costing, within))


def _cost_indicator(duty: Duty, unit: Unit, costing: Costing, within: Interval) -> Cost:
    """Nothing where the figure is computed from records that are kept anyway."""
    if duty.object in costing.kinds and duty.object not in set(costing.feeds(duty)):
        return (), ""
    return _cost_single(duty, unit, costing, within)


def _cost_checked(duty: Duty, unit: Unit, costing: Costing, within: Interval) -> Cost:
    files = _find_files(duty, unit.kind, costing.registers)
    if files is None:
        return (), NO_REGISTER
    code = _find_kind(duty, costing)
    return _answer(_make_term(duty, code, files, costing, within))


def _find_files(duty: Duty, unit_kind: str, registers: Registers) -> Fraction | None:
    """Files of one such unit in the duty's grade; with no grade all of them. None where there is no register."""
    wanted = duty.narrow.grade
    sizes = [
        size
        for (kind, record, grade), size in registers.items()
        if (kind, record) == (unit_kind, duty.object) and wanted in ("", grade)
    ]
    return sum(sizes, NONE) if sizes else None


COSTS: Mapping[str, Callable[[Duty, Unit, Costing, Interval], Cost]] = MappingProxyType(
    {
        "do": _cost_done,
        "keep": _cost_kept,
        "cover": _cost_covered,
        "file": _cost_single,
        "check": _cost_checked,
        "space": _cost_spaced,
        "attain": _cost_indicator,
    }
)
"""A new verb says here what it costs; a test holds this table to the table of verbs."""

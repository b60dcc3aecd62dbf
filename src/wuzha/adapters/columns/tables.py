"""A plan, a tree and a ledger as plain tables of integers, the ground that every engine counts on.

Nothing in them needs a calendar, a tree or a text to be understood: windows are days with a number, the way up the tree
is a list of who is credited, and so a sum is a chain of equal keys.

=========  =============================================================================================
``unit``   number, last, parent, opens, closes: units numbered depth-first, so that what is below a unit
           (and the unit) is the slice from ``number`` to ``last``, both inside; ``parent`` is -1 on top
``duty``   a row for each duty and stretch of windows that the same units bear (:class:`Demand`):
           measure, bearers, calendar, grade, place, audience; of verb and measure the place in :data:`VERB_NAMES` and
           :data:`MEASURES`; ``grade`` is the text's number, -1 for any; ``place`` and ``audience`` are 1 where the
           duty names words that must stand there
``feed``   duty, kind: a kind (a text's number) whose records can count for the duty
``credit`` bearers, unit, bearer, opens, closes: records of the unit on these days are the bearer's
``win``    calendar, number, opens, closes, due: days ``opens`` to ``closes - 1`` counted up to the day asked
           about; ``due`` is the last good day, or the day asked about where that comes first
``day``    calendar, day, win, in_time: the same, day by day; ``in_time`` is 1 up to the due day
``word``   duty, field, word: field 0 is the place, 1 the audience (text, no number)
``record`` number, unit, kind, day, quantity, people, heads, area, loss, subject, change, grade, place, audience,
           replaces, withdrawn, received: amounts left empty are 0; text by number; ``unit`` -1 where unknown
``text``   number, text
=========  =============================================================================================

Days are those of :meth:`datetime.date.toordinal`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from wuzha.adapters.columns.ledger import NONE, TEXT_FIELDS, Columns, Ints
from wuzha.core.assessment.assess import complete_duty
from wuzha.core.assessment.obligations import expand_windows, find_due_day
from wuzha.core.base.interval import Interval
from wuzha.core.base.unit import Tree, Unit
from wuzha.core.base.windows import Window
from wuzha.core.duty.kinds import VERBS
from wuzha.core.duty.model import Duty, Narrow
from wuzha.core.duty.who import list_turns, trace_bearers
from wuzha.core.ledger.credit import Crediting, list_feeding_kinds, trace_nearest
from wuzha.core.ledger.record import Kinds
from wuzha.core.plan.model import Plan

VERB_NAMES = tuple(VERBS)
MEASURES = ("quantity", "people", "heads", "area_m2", "loss_yuan")
# In hundredths; the others are whole.
HUNDREDTHS = frozenset({"area_m2", "loss_yuan"})
PLACE, AUDIENCE = 0, 1
ALWAYS = Interval(date.min, date.max)

T = TypeVar("T")
Column = Ints | tuple[str, ...]
Table = Mapping[str, Column]


@dataclass(frozen=True, slots=True)
class Demand:
    """A duty of the plan with windows on end that the same units bear: what the tables say by numbers.

    ``place`` is the duty's in the plan. A duty has several demands where units changed within its time.
    """

    number: int
    place: int
    duty: Duty
    windows: tuple[Window, ...]
    bearers: tuple[Unit, ...]
    codes: frozenset[str]


@dataclass(frozen=True)
class Tables:
    """The tables of this module, by name in :attr:`all`, with the values that their numbers stand for."""

    as_of: date
    demands: tuple[Demand, ...]
    codes: Sequence[str]
    columns: Columns
    unit: Table
    duty: Table
    feed: Table
    credit: Table
    win: Table
    day: Table
    word: Table

    @cached_property
    def record(self) -> Table:
        """Every record of the ledger, voided ones too."""
        own = self.columns
        numbers = {code: number for number, code in enumerate(self.codes)}
        units = np.array([numbers.get(text, -1) for text in own.texts], dtype=np.int64)
        people = np.where(own.people == NONE, 0, own.people)
        return {
            "number": np.arange(own.size, dtype=np.int64),
            "unit": units[own.codes["unit"]],
            **{name: own.codes[name] for name in TEXT_FIELDS if name != "unit"},
            "day": own.happened_on,
            "quantity": own.quantity,
            "people": people,
            "heads": np.where(own.people == NONE, own.quantity, own.people),
            "area": np.where(own.area == NONE, 0, own.area),
            "loss": np.where(own.loss == NONE, 0, own.loss),
            "replaces": own.replaces,
            "withdrawn": own.withdrawn.astype(np.int64),
            "received": own.received_at,
        }

    @property
    def in_effect(self) -> NDArray[np.bool_]:
        """Which rows of ``record`` count."""
        return self.columns.in_effect

    @cached_property
    def text(self) -> Table:
        return {"number": np.arange(len(self.columns.texts), dtype=np.int64), "text": self.columns.texts}

    @property
    def all(self) -> Mapping[str, Table]:
        names = ("unit", "duty", "feed", "credit", "win", "day", "word", "record", "text")
        return {name: getattr(self, name) for name in names}


# Of each window opened by the day asked about: its number, opens, closes, due.
Calendar = tuple[tuple[int, int, int, int], ...]


def make_tables(*, plan: Plan, tree: Tree, kinds: Kinds, columns: Columns, as_of: date) -> Tables:
    """The tables of a plan on a tree over a ledger, as of a day (that day inside)."""
    demands = list_demands(plan, tree, kinds, as_of)
    order = _list_depth_first(tree)
    codes = tuple(unit.code for unit in order)
    numbers = {code: number for number, code in enumerate(codes)}
    bearers = _number_each(demand.codes for demand in demands)
    calendars = _number_each(make_calendar(demand, as_of) for demand in demands)
    return Tables(
        as_of,
        demands,
        codes,
        columns,
        unit=_make_units(tree, order, numbers),
        duty=_make_duties(demands, columns, bearers, calendars, as_of),
        feed=_make_feed(demands, kinds, columns),
        credit=_make_credit(tree, numbers, bearers),
        win=_make_windows(calendars),
        day=_make_days(calendars, columns),
        word=_make_words(demands),
    )


def list_demands(plan: Plan, tree: Tree, kinds: Kinds, as_of: date) -> tuple[Demand, ...]:
    """The duties of the plan, completed from their record kinds, with who bears them and when."""
    duties = [complete_duty(duty, kinds) for duty in plan.duties]
    traced = {who: trace_bearers(who, tree) for who in {duty.who for duty in duties}}
    turns = [
        (place, duty, turn)
        for place, duty in enumerate(duties)
        for turn in list_turns(duty, tree, expand_windows(duty, plan.valid), as_of, traced[duty.who])
    ]
    units = {codes: _pick(tree, codes) for codes in {turn.bearers for _, _, turn in turns}}
    return tuple(
        Demand(number, place, duty, turn.windows, units[turn.bearers], turn.bearers)
        for number, (place, duty, turn) in enumerate(turns)
    )


def _pick(tree: Tree, codes: frozenset[str]) -> tuple[Unit, ...]:
    return tuple(unit for unit in tree.units if unit.code in codes)


def make_calendar(demand: Demand, as_of: date) -> Calendar:
    """The demand's windows up to the day asked about, in numbers."""
    last = as_of.toordinal()
    rows = (
        (number, window.opens.toordinal(), window.closes.toordinal(), find_due_day(demand.duty, window).toordinal())
        for number, window in enumerate(demand.windows)
    )
    return tuple(
        (number, opens, min(closes, last + 1), min(due, last)) for number, opens, closes, due in rows if opens <= last
    )


def read_ints(table: Table, name: str) -> Ints:
    """A column that holds numbers."""
    return np.asarray(table[name], dtype=np.int64)


def _number_each(things: Iterable[T]) -> dict[T, int]:
    """A number for each different thing, in the order in which they come."""
    found: dict[T, int] = {}
    for thing in things:
        found.setdefault(thing, len(found))
    return found


def _make_table(names: tuple[str, ...], rows: Iterable[tuple[int, ...]]) -> Table:
    columns = np.array(list(rows), dtype=np.int64).reshape(-1, len(names)).T
    return {name: np.ascontiguousarray(column) for name, column in zip(names, columns, strict=True)}


def _list_depth_first(tree: Tree) -> list[Unit]:
    """Every unit, each with what is below it right after it; last those whose parent nobody knows."""
    found = [unit for root in tree.list_children("") for unit in tree.walk_down(root.code)]
    seen = {unit.code for unit in found}
    return found + [unit for unit in tree.units if unit.code not in seen]


def _make_units(tree: Tree, order: Sequence[Unit], numbers: Mapping[str, int]) -> Table:
    last = list(range(len(order)))
    parents = [numbers.get(unit.parent, -1) for unit in order]
    for number in range(len(order) - 1, -1, -1):
        if parents[number] >= 0:
            last[parents[number]] = max(last[parents[number]], last[number])
    rows = (
        (number, last[number], parents[number], unit.opens_on.toordinal(), unit.closes_on.toordinal())
        for number, unit in enumerate(order)
    )
    return _make_table(("number", "last", "parent", "opens", "closes"), rows)


def _make_duties(
    demands: Iterable[Demand],
    columns: Columns,
    bearers: Mapping[frozenset[str], int],
    calendars: Mapping[Calendar, int],
    as_of: date,
) -> Table:
    names = ("number", "verb", "measure", "bearers", "calendar", "grade", "place", "audience")
    rows = (
        (
            demand.number,
            VERB_NAMES.index(demand.duty.verb),
            _find_measure(demand.duty),
            bearers[demand.codes],
            calendars[make_calendar(demand, as_of)],
            _find_grade(_find_narrow(demand.duty), columns),
            int(bool(_find_narrow(demand.duty).place)),
            int(bool(_find_narrow(demand.duty).audience)),
        )
        for demand in demands
    )
    return _make_table(names, rows)


def _find_measure(duty: Duty) -> int:
    return MEASURES.index(duty.measure) if duty.measure in MEASURES else 0


def _find_narrow(duty: Duty) -> Narrow:
    """A document handed in is one wherever and for whomever it was."""
    return Narrow() if duty.verb == "file" else duty.narrow


def _find_grade(narrow: Narrow, columns: Columns) -> int:
    """The text's number; one that no record has where no record is of that grade."""
    if not narrow.grade:
        return -1
    number = columns.find_text(narrow.grade)
    return number if number >= 0 else len(columns.texts)


def _make_feed(demands: Iterable[Demand], kinds: Kinds, columns: Columns) -> Table:
    """Kinds of which there is no record are left out."""
    found = ((d.number, columns.find_text(kind)) for d in demands for kind in sorted(list_feeding_kinds(d.duty, kinds)))
    return _make_table(("duty", "kind"), (row for row in found if row[1] >= 0))


def _make_credit(tree: Tree, numbers: Mapping[str, int], bearers: Mapping[frozenset[str], int]) -> Table:
    """Who is credited, on the days on which the bearer exists: what happened on others counts for nobody."""
    rows: list[tuple[int, ...]] = []
    lives = {unit.code: unit.life for unit in tree.units}
    for codes, group in bearers.items():
        for unit, found, days in _list_credits(trace_nearest(tree, codes)):
            held = days.overlap(lives[found])
            if held.days:
                rows.append((group, numbers[unit], numbers[found], held.opens.toordinal(), held.closes.toordinal()))
    return _make_table(("bearers", "unit", "bearer", "opens", "closes"), rows)


def _list_credits(crediting: Crediting) -> Iterator[tuple[str, str, Interval]]:
    """The unit, whose its records are, and when."""
    for unit, bearer in crediting.nearest.items():
        yield unit, bearer, ALWAYS
    for unit, servings in crediting.moving.items():
        yield from ((unit, bearer, days) for days, bearer in servings)


def _make_windows(calendars: Mapping[Calendar, int]) -> Table:
    rows = ((group, *window) for calendar, group in calendars.items() for window in calendar)
    return _make_table(("calendar", "number", "opens", "closes", "due"), rows)


def _make_days(calendars: Mapping[Calendar, int], columns: Columns) -> Table:
    """Only days on which the ledger tells of something can count."""
    told = np.unique(columns.happened_on)
    rows: list[tuple[int, ...]] = []
    for calendar, group in calendars.items():
        for number, opens, closes, due in calendar:
            inside = told[np.searchsorted(told, opens) : np.searchsorted(told, closes)]
            rows += ((group, day, number, int(day <= due)) for day in inside.tolist())
    return _make_table(("calendar", "day", "win", "in_time"), rows)


def _make_words(demands: Iterable[Demand]) -> Table:
    rows = [
        (demand.number, field, word)
        for demand in demands
        for field, words in ((PLACE, _find_narrow(demand.duty).place), (AUDIENCE, _find_narrow(demand.duty).audience))
        for word in dict.fromkeys(words)
    ]
    numbers = _make_table(("duty", "field"), ((duty, field) for duty, field, _ in rows))
    return {**numbers, "word": tuple(word for _, _, word in rows)}

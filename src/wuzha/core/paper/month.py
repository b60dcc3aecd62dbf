"""The monthly table as a value: what is asked, its rows with their cells, and what each cell rests on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal
from uuid import UUID

from wuzha.core.assessment.certainty import Certainty
from wuzha.core.assessment.model import Totals
from wuzha.core.assessment.rollup import Cell as Place
from wuzha.core.base.interval import DAY, Interval
from wuzha.core.base.unit import Tree, Unit
from wuzha.core.base.windows import Cadence, Rhythm, Window, find_window
from wuzha.core.ledger.record import Kinds, Moment
from wuzha.core.paper.column import Column
from wuzha.core.plan.model import Plan


@dataclass(frozen=True)
class MonthlyQuestion:
    """Which table: of ``top`` and all below it, for the month, as of a day.

    ``tree`` holds the whole history. ``month`` may end on a chosen day; ``month_ends`` is 0 for the calendar month.
    ``since`` is the first day of what is counted up. ``known_by`` only says what the facts are of: whoever gathers them
    has kept to it.
    """

    tree: Tree
    top: str
    month: Window
    since: date
    as_of: date
    kinds: Kinds
    plan: Plan
    known_by: Moment | None = None
    month_ends: int = 0

    @cached_property
    def day(self) -> date:
        """The last day that counts: of a month that is over its own last day."""
        return min(self.as_of, self.month.interval.last_day)

    @cached_property
    def days(self) -> Interval:
        """The days of the month so far."""
        return Interval(self.month.opens, self.day + DAY)

    @property
    def rhythm(self) -> Rhythm:
        return Rhythm(Cadence.MONTH, self.month_ends)

    @cached_property
    def kept(self) -> dict[object, Any]:
        """What is found out once for all cells of the table."""
        return {}


def find_month(label: str, month_ends: int = 0) -> Window:
    """The month that people call 2026-11; one that ends on the 20th began on the 21st of October.

    Raises ValueError for what is no month, or no day for one to end on.
    """
    year, _, month = label.partition("-")
    if len(year) != 4 or len(month) != 2 or not (year + month).isdecimal():
        raise ValueError(f"{label} is no month such as 2026-11")
    return find_window(Rhythm(Cadence.MONTH, month_ends), date(int(year), int(month), 1))


def find_since(plan: Plan, month: Window, month_ends: int = 0) -> date:
    """The first day of what is counted up: that of the month's year or, when the plan is younger, of the plan."""
    year = find_window(Rhythm(Cadence.YEAR, month_ends), month.interval.last_day)
    return max(year.opens, plan.valid.opens) if plan.valid.opens < month.closes else year.opens


# By unit and column: what was typed, or what an imported sheet says.
Entry = Fraction | str


@dataclass(frozen=True, slots=True)
class TitleBook:
    """The titles that offices keep: the kinds of unit that may apply, and by unit and deed (applied, awarded) the days.

    Without kinds nobody keeps any.
    """

    kinds: frozenset[str] = frozenset()
    days: Mapping[tuple[str, str], tuple[date, ...]] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Entries:
    """What the table takes from elsewhere, by unit and column; ``standings`` by unit and duty, each unit's own.

    ``signed`` is who handed the unit's line in, and when. ``titles`` are of all units.
    """

    standings: Mapping[Place, Totals] = field(default_factory=lambda: MappingProxyType({}))
    typed: Mapping[tuple[str, str], Entry] = field(default_factory=lambda: MappingProxyType({}))
    imported: Mapping[tuple[str, str], Entry] = field(default_factory=lambda: MappingProxyType({}))
    signed: Mapping[tuple[str, str], Entry] = field(default_factory=lambda: MappingProxyType({}))
    titles: TitleBook = field(default_factory=TitleBook)


class State(StrEnum):
    """``none``: the question does not arise. ``unknown``: it does, and nobody can answer it, which is not 0."""

    KNOWN = "known"
    UNKNOWN = "unknown"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure. ``value`` is none where it is not known, and for a change from 0.

    ``count`` is how many records it rests on and ``records`` which, for a unit; those of a town or of the county are
    its rows' (:meth:`MonthlyTable.list_records`), and so are those of what is counted elsewhere. ``parts`` are what a
    share or a change is made of. ``missing`` counts the units that a sum lacks. ``summed`` are the numbers of the rows
    that a total was made of: one list for a sum, two for the parts of a share or a change.
    """

    state: State
    value: Fraction | None = None
    text: str = ""
    reason: str = ""
    count: int = 0
    records: tuple[UUID, ...] = ()
    parts: tuple[Fraction, ...] = ()
    missing: int = 0
    certainty: Certainty | None = None
    summed: tuple[tuple[int, ...], ...] = ()

    @property
    def is_known(self) -> bool:
        return self.state is State.KNOWN

    @property
    def is_unknown(self) -> bool:
        return self.state is State.UNKNOWN


RowKind = Literal["unit", "subtotal", "total"]


@dataclass(frozen=True, slots=True)
class MonthlyRow:
    """One line. ``is_own``: what the unit did itself, with units below it in rows of their own.

    ``has_base``: a place that nothing smaller divides, whose residents and households count. ``members`` are the
    numbers of the rows that a subtotal or the total is made of.
    """

    kind: RowKind
    unit: Unit
    cells: tuple[Cell, ...] = ()
    is_own: bool = False
    has_base: bool = False
    members: tuple[int, ...] = ()


@dataclass(frozen=True)
class MonthlyTable:
    """The table. Units stand town by town, each town closed by its subtotal, all by the total.

    ``mark`` stands behind the title, such as 草稿; ``notes`` stand below the table.
    """

    question: MonthlyQuestion
    columns: tuple[Column, ...]
    rows: tuple[MonthlyRow, ...]
    mark: str = ""
    notes: tuple[str, ...] = ()

    @cached_property
    def places(self) -> Mapping[str, int]:
        """Where each column stands."""
        return {column.code: place for place, column in enumerate(self.columns)}

    @property
    def total(self) -> MonthlyRow:
        return self.rows[-1]

    def read(self, row: MonthlyRow, code: str) -> Cell:
        return row.cells[self.places[code]]

    def list_records(self, row: MonthlyRow, code: str) -> tuple[UUID, ...]:
        """The records behind a figure, of a total those of its rows."""
        rows = [self.rows[number] for number in row.members] if row.members else [row]
        return tuple(record for one in rows for record in self.read(one, code).records)

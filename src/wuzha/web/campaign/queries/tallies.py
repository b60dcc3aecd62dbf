"""Tallies counted by the database: one sum per bearer and window, equal to the specification's.

Only what is a plain sum over a window is counted here (``do`` and ``file``). The other verbs remember the past and are
tallied by the specification itself, over the few records that feed them.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from wuzha.core.assessment.obligations import find_due_day
from wuzha.core.base.interval import DAY
from wuzha.core.base.windows import Window
from wuzha.core.duty.kinds.measure import is_counted, read_measure
from wuzha.core.duty.model import Duty
from wuzha.web.campaign.models import Record

COLUMNS = (
    "id", "unit_id", "kind", "happened_on", "quantity", "people", "subject",
    "area_m2", "at_m", "change", "grade", "place", "audience", "loss_yuan",
)  # fmt: skip

# What one record adds to a sum. A name that is no column of the ledger never reaches the database.
SUMMED = {
    "": "r.quantity",
    "quantity": "r.quantity",
    "people": "COALESCE(r.people, 0)",
    "area_m2": "COALESCE(r.area_m2, 0)",
    "loss_yuan": "COALESCE(r.loss_yuan, 0)",
}

Cell = tuple[str, int]
Codes = Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Row:
    """A record as far as a duty can count it. ``unit`` is the code of the unit that it is counted for."""

    id: UUID
    unit: str
    kind: str
    happened_on: date
    quantity: int
    people: int | None
    subject: str
    area_m2: Fraction | None
    at_m: int | None
    change: str
    grade: str
    place: str
    audience: str
    loss_yuan: Fraction | None


@dataclass(frozen=True, slots=True)
class Voided:
    """The records that count no longer: replaced by a correction, or withdrawn. They are few."""

    ids: frozenset[UUID]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Sums:
    """By bearer and number of the window: what was done up to the day asked about, and of that up to the due day."""

    now: dict[Cell, Fraction]
    at_due: dict[Cell, Fraction]

    def add(self, cell: Cell, now: Fraction, at_due: Fraction) -> None:
        self.now[cell] = self.now.get(cell, Fraction(0)) + now
        self.at_due[cell] = self.at_due.get(cell, Fraction(0)) + at_due


def list_rows(condition: Q, codes: Codes, voided: frozenset[UUID] = frozenset()) -> list[Row]:
    """The records under the condition whose unit ``codes`` knows, by its number, without the voided ones."""
    found = Record.objects.filter(condition).order_by().values_list(*COLUMNS)
    return [
        _make_row(values, codes[values[1]])
        for values in found.iterator(5000)
        if values[1] in codes and values[0] not in voided
    ]


def load_voided(codes: Codes) -> Voided:
    """Every record that counts no longer, each with the code of its own unit."""
    rows = list_rows(Q(replaced_by__isnull=False) | Q(withdrawn=True), codes)
    return Voided(frozenset(row.id for row in rows), tuple(rows))


def sum_by_window(duty: Duty, feeding: Iterable[str], windows: Sequence[Window], as_of: date, codes: Codes) -> Sums:
    """The sums over everything that was recorded, voided records too, credited to the bearers that ``codes`` names."""
    sums = Sums({}, {})
    opened = [(number, window) for number, window in enumerate(windows) if window.opens <= as_of]
    if opened:
        for unit, number, now, at_due in _query_sums(duty, sorted(feeding), opened, as_of):
            if unit in codes:
                sums.add((codes[unit], number), Fraction(now), Fraction(at_due))
    return sums


def subtract_voided(sums: Sums, duty: Duty, rows: Iterable[Row], windows: Sequence[Window], as_of: date) -> None:
    """Take the voided records, given by the bearers they had credited, off the sums again."""
    opens = [window.opens for window in windows]
    for row in rows:
        number = bisect_right(opens, row.happened_on) - 1
        inside = number >= 0 and row.happened_on in windows[number].interval
        if inside and row.happened_on <= as_of and is_counted(duty.narrow, row):
            value = -_measure(duty, row)
            in_time = row.happened_on <= find_due_day(duty, windows[number])
            sums.add((row.unit, number), value, value if in_time else Fraction(0))


def _measure(duty: Duty, row: Row) -> Fraction:
    return Fraction(1) if duty.verb == "file" else read_measure(row, duty.measure)


def _query_sums(
    duty: Duty, feeding: Sequence[str], windows: Sequence[tuple[int, Window]], as_of: date
) -> list[tuple[int, int, Any, Any]]:
    value = "1" if duty.verb == "file" else SUMMED[duty.measure]
    narrow, words = _write_narrow(duty)
    kinds = ", ".join(["%s"] * len(feeding))
    # Every part of the text is written here; what people typed goes in as parameters. CROSS JOIN keeps the windows as the outer loop, so that each record is met once, through the index.
    query = f"""
        WITH win(number, opens, closes, due) AS (VALUES {_write_windows(duty, windows, as_of)})
        SELECT r.unit_id, win.number, SUM({value}), SUM(CASE WHEN r.happened_on <= win.due THEN {value} ELSE 0 END)
        FROM win CROSS JOIN campaign_record r
        WHERE r.kind IN ({kinds}) AND r.happened_on >= win.opens AND r.happened_on < win.closes {narrow}
        GROUP BY r.unit_id, win.number
    """
    with connection.cursor() as cursor:
        cursor.execute(query, [*feeding, *words])
        rows: list[tuple[int, int, Any, Any]] = cursor.fetchall()
    return rows


def _write_windows(duty: Duty, windows: Sequence[tuple[int, Window]], as_of: date) -> str:
    rows = (
        (number, _write_day(w.opens), _write_day(min(w.closes, as_of + DAY)), _write_day(find_due_day(duty, w)))
        for number, w in windows
    )
    return ", ".join(f"({number}, {opens}, {closes}, {due})" for number, opens, closes, due in rows)


def _write_day(day: date) -> str:
    """A date literal; SQLite keeps dates as ISO text."""
    return f"DATE '{day.isoformat()}'" if connection.vendor == "postgresql" else f"'{day.isoformat()}'"


def _write_narrow(duty: Duty) -> tuple[str, list[str]]:
    """The duty's ``where``, ``for`` and ``grade`` as SQL with its parameters, matching words as the core does."""
    parts: list[str] = []
    words: list[str] = []
    position = "STRPOS" if connection.vendor == "postgresql" else "INSTR"
    for column, wanted in (("place", duty.narrow.place), ("audience", duty.narrow.audience)):
        if wanted:
            parts.append("AND (" + " OR ".join([f"{position}(r.{column}, %s) > 0"] * len(wanted)) + ")")
            words.extend(wanted)
    if duty.narrow.grade:
        parts.append("AND r.grade = %s")
        words.append(duty.narrow.grade)
    return " ".join(parts), words


def _make_row(values: tuple[Any, ...], unit: str) -> Row:
    row = Row(values[0], unit, *values[2:])
    if row.area_m2 is None and row.loss_yuan is None:
        return row
    return replace(row, area_m2=_make_exact(row.area_m2), loss_yuan=_make_exact(row.loss_yuan))


def _make_exact(value: Any) -> Fraction | None:
    return None if value is None else Fraction(value)

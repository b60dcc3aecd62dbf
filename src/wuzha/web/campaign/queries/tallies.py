"""Tallies counted by the database: one sum per bearer and window, equal to the specification's.

Counted here are plain sums over a window (``do``, ``file``) and heads reached (``cover``). The other verbs remember the
past and are tallied by the specification itself, over the few records that feed them.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from wuzha.core.assessment.obligations import find_due_day
from wuzha.core.base.interval import DAY
from wuzha.core.base.windows import Window
from wuzha.core.duty.kinds.measure import is_counted, read_measure
from wuzha.core.duty.model import Duty
from wuzha.core.ledger.record import find_limit
from wuzha.core.ledger.row import Row
from wuzha.web.campaign.models import Record

COLUMNS = (
    "id", "unit_id", "kind", "happened_on", "quantity", "people", "subject",
    "area_m2", "at_m", "change", "grade", "place", "audience", "loss_yuan",
)  # fmt: skip

# What one record adds to a sum. A name that is no column of the ledger never reaches the database.
SUMMED: Mapping[str, str] = MappingProxyType(
    {
        "": "r.quantity",
        "quantity": "r.quantity",
        "people": "COALESCE(r.people, 0)",
        "heads": "COALESCE(r.people, r.quantity)",
        "area_m2": "COALESCE(r.area_m2, 0)",
        "loss_yuan": "COALESCE(r.loss_yuan, 0)",
    }
)

# Heads by the subject that was reached, whose number is its unit's own, and heads of records that name none.
NAMED = "SELECT r.unit_id, r.subject, MIN(r.happened_on) FROM campaign_record r"
UNNAMED = "SELECT r.unit_id, SUM({value}), r.happened_on FROM campaign_record r"
UNNAMED_GROUPS = "AND r.subject = '' GROUP BY r.unit_id, r.happened_on"

Cell = tuple[str, int]
# The code of the unit that a record is counted for, by the database's number of the record's own unit.
Codes = Mapping[int, str]
Numbered = tuple[int, Window]


@dataclass(frozen=True, slots=True)
class Sums:
    """By bearer and number of the window: what was done up to the day asked about, and of that up to the due day."""

    now: dict[Cell, Fraction | int]
    at_due: dict[Cell, Fraction | int]

    def add(self, cell: Cell, now: Fraction | int, at_due: Fraction | int) -> None:
        self.now[cell] = self.now.get(cell, 0) + now
        self.at_due[cell] = self.at_due.get(cell, 0) + at_due


def list_rows(condition: Q, codes: Codes) -> list[Row]:
    """The records under the condition whose unit ``codes`` knows, voided ones too."""
    found = Record.objects.filter(condition).order_by().values_list(*COLUMNS)
    return [_make_row(values, codes[values[1]]) for values in found.iterator(20_000) if values[1] in codes]


def in_effect(known_by: date | None = None) -> Q:
    """Records that count: neither replaced nor withdrawn; of what was received by the end of that day, if one is named.

    What came later is not there, so that its original counts.
    """
    if known_by is None:
        return Q(replaced_by__isnull=True, withdrawn=False)
    limit = find_limit(known_by)
    later = Record.objects.filter(replaces=OuterRef("pk"), received_at__lte=limit)
    return Q(received_at__lte=limit, withdrawn=False) & ~Q(Exists(later))


def list_voided(codes: Codes) -> list[Row]:
    """The records that count no longer: replaced by a correction, or withdrawn. They are few."""
    corrections = Record.objects.filter(replaces__isnull=False)
    gone = Q(pk__in=corrections.values("replaces")) | Q(pk__in=corrections.filter(withdrawn=True).values("pk"))
    return list_rows(gone, codes)


def sum_by_window(duty: Duty, feeding: Iterable[str], windows: Sequence[Window], as_of: date, codes: Codes) -> Sums:
    """The sums over everything that was recorded, voided records too, credited to the bearers that ``codes`` names."""
    sums = Sums({}, {})
    opened = _list_opened(windows, as_of)
    if opened:
        for unit, number, now, at_due in _query_sums(duty, sorted(feeding), opened, as_of):
            if unit in codes:
                sums.add((codes[unit], number), _make_exact(now), _make_exact(at_due))
    return sums


def subtract_voided(
    sums: Sums, duty: Duty, rows: Iterable[tuple[str, Row]], windows: Sequence[Window], as_of: date
) -> None:
    """Take the voided records, each with the bearer that it had credited, off the sums again."""
    opens = [window.opens for window in windows]
    for bearer, row in rows:
        number = bisect_right(opens, row.happened_on) - 1
        inside = number >= 0 and row.happened_on in windows[number].interval
        if inside and row.happened_on <= as_of and is_counted(duty.narrow, row):
            value = -_measure(duty, row)
            in_time = row.happened_on <= find_due_day(duty, windows[number])
            sums.add((bearer, number), value, value if in_time else 0)


@dataclass(frozen=True, slots=True)
class Reach:
    """Heads reached over time: by bearer, the days on which each distinct subject was first reached, in order, and what
    was reached on which day without naming a subject. Days are ISO text. Good for any day asked about."""

    first_days: Mapping[str, Sequence[str]]
    unnamed: Mapping[str, Sequence[tuple[str, Fraction | int]]]

    def count(self, bearer: str, day: date) -> Fraction | int:
        """Heads reached by the end of that day."""
        last = day.isoformat()
        named = bisect_right(self.first_days.get(bearer, ()), last)
        return named + sum(value for on, value in self.unnamed.get(bearer, ()) if on <= last)


def load_reach(duty: Duty, feeding: Iterable[str], opens: date, codes: Codes) -> Reach:
    """What the records in effect since ``opens`` have reached."""
    first: dict[str, list[str]] = {}
    for unit, _subject, day in _query_reach(duty, feeding, opens, NAMED):
        if unit in codes:
            first.setdefault(codes[unit], []).append(str(day))
    unnamed: dict[str, list[tuple[str, Fraction | int]]] = {}
    for unit, value, day in _query_reach(duty, feeding, opens, UNNAMED):
        if unit in codes:
            unnamed.setdefault(codes[unit], []).append((str(day), _make_exact(value)))
    return Reach({code: sorted(days) for code, days in first.items()}, unnamed)


def _list_opened(windows: Sequence[Window], as_of: date) -> list[Numbered]:
    return [(number, window) for number, window in enumerate(windows) if window.opens <= as_of]


def _measure(duty: Duty, row: Row) -> Fraction:
    return Fraction(1) if duty.verb == "file" else read_measure(row, duty.measure)


def _query_sums(duty: Duty, feeding: Sequence[str], windows: Sequence[Numbered], as_of: date) -> list[tuple[Any, ...]]:
    value = "1" if duty.verb == "file" else SUMMED[duty.measure]
    narrow, words = _write_narrow(duty)
    # Every part of the text is written here; what people typed goes in as parameters.
    # CROSS JOIN keeps the windows as the outer loop, so that each record is met once, through the index.
    query = f"""
        WITH win(number, opens, closes, due) AS (VALUES {_write_windows(duty, windows, as_of)})
        SELECT r.unit_id, win.number, SUM({value}), SUM(CASE WHEN r.happened_on <= win.due THEN {value} ELSE 0 END)
        FROM win CROSS JOIN campaign_record r {_write_index()}
        WHERE {_write_fed(feeding)} {narrow}
        GROUP BY r.unit_id, win.number
    """
    return _fetch(query, [*feeding, *words])


def _query_reach(duty: Duty, feeding: Iterable[str], opens: date, asked: str) -> list[tuple[Any, ...]]:
    kinds = sorted(feeding)
    narrow, words = _write_narrow(duty)
    places = ", ".join(["%s"] * len(kinds))
    query = f"""
        {asked.format(value=SUMMED[duty.measure])}
        WHERE r.kind IN ({places}) AND r.happened_on >= {_write_day(opens)} {narrow} AND NOT r.withdrawn
            AND NOT EXISTS (SELECT 1 FROM campaign_record later WHERE later.replaces_id = r.id)
    """
    grouped = "AND r.subject <> '' GROUP BY r.unit_id, r.subject" if asked is NAMED else UNNAMED_GROUPS
    return _fetch(query + grouped, [*kinds, *words])


def _write_fed(feeding: Sequence[str]) -> str:
    kinds = ", ".join(["%s"] * len(feeding))
    return f"r.kind IN ({kinds}) AND r.happened_on >= win.opens AND r.happened_on < win.closes"


def _fetch(query: str, words: Sequence[str]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, words)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _write_windows(duty: Duty, windows: Sequence[Numbered], as_of: date) -> str:
    rows = (
        (number, _write_day(w.opens), _write_day(min(w.closes, as_of + DAY)), _write_day(find_due_day(duty, w)))
        for number, w in windows
    )
    return ", ".join(f"({number}, {opens}, {closes}, {due})" for number, opens, closes, due in rows)


def _write_index() -> str:
    """SQLite must be told: by its statistics one day holds fewer records than one kind, and it would read them all."""
    return "INDEXED BY record_for_tallies" if connection.vendor == "sqlite" else ""


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
    return row._replace(area_m2=_make_fraction(row.area_m2), loss_yuan=_make_fraction(row.loss_yuan))


def _make_fraction(value: Any) -> Fraction | None:
    return None if value is None else Fraction(value)


def _make_exact(value: Any) -> Fraction | int:
    """A database's sum as an exact number: whole numbers as they come, decimals with their two places."""
    return value if isinstance(value, int) else round(Fraction(value) * 100) / Fraction(100)

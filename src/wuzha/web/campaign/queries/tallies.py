"""Records as rows for counting, asked of the database itself. Reads only."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import Exists, OuterRef, Q

from wuzha.core.ledger.record import find_limit
from wuzha.core.ledger.row import Row
from wuzha.web.campaign.models import Record

COLUMNS = (
    "id", "unit_id", "kind", "happened_on", "quantity", "people", "subject",
    "area_m2", "at_m", "change", "grade", "place", "audience", "loss_yuan",
)  # fmt: skip

# The code of the unit that a record is counted for, by the database's number of the record's own unit.
Codes = Mapping[int, str]


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


def _make_row(values: tuple[Any, ...], unit: str) -> Row:
    row = Row(values[0], unit, *values[2:])
    if row.area_m2 is None and row.loss_yuan is None:
        return row
    return row._replace(area_m2=_make_fraction(row.area_m2), loss_yuan=_make_fraction(row.loss_yuan))


def _make_fraction(value: Any) -> Fraction | None:
    return None if value is None else Fraction(value)

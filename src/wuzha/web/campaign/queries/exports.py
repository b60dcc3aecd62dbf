"""The records of a list as the rows of a file, fetched a piece at a time. Reads only."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any

from django.db.models import QuerySet

from wuzha.adapters.record_export import ExportRow
from wuzha.core.ledger.record import Record as CoreRecord
from wuzha.web.campaign.models import Record

PIECE = 2000
NOTHING: Mapping[str, str] = MappingProxyType({})
PLAIN = (
    "id",
    "kind",
    "happened_on",
    "quantity",
    "people",
    "subject",
    "at_m",
    "change",
    "grade",
    "place",
    "audience",
    "note",
    "recorded_at",
    "received_at",
    "withdrawn",
    "extra",
)
BESIDE = (
    "unit__code",
    "unit__name",
    "area_m2",
    "loss_yuan",
    "replaces_id",
    "author__display_name",
    "author__username",
    "replaced_by__withdrawn",
)


def list_export_rows(records: QuerySet[Record], names: Mapping[str, str] = NOTHING) -> Iterator[ExportRow]:
    """The records in their order. No more than a piece of them is in memory at a time.

    ``names`` are those of units that were called otherwise on the day of the list, by their codes.
    """
    for values in records.values_list(*PLAIN, *BESIDE).iterator(chunk_size=PIECE):
        yield _make_row(values[: len(PLAIN)], values[len(PLAIN) :], names)


def _make_row(plain: tuple[Any, ...], beside: tuple[Any, ...], names: Mapping[str, str]) -> ExportRow:
    code, name, area_m2, loss_yuan, replaces, shown, username, taken_back = beside
    told = dict(zip(PLAIN, plain, strict=True))
    record = CoreRecord(
        unit=code,
        area_m2=None if area_m2 is None else Fraction(area_m2),
        loss_yuan=None if loss_yuan is None else Fraction(loss_yuan),
        replaces=replaces,
        author=shown or username,
        **told,
    )
    return ExportRow(record, names.get(code, name), _tell_state(record, taken_back=taken_back))


def _tell_state(record: CoreRecord, *, taken_back: bool | None) -> str:
    """``taken_back`` says of the version that came after whether it takes back; none without such."""
    if record.withdrawn:
        return "撤回说明"
    if taken_back is None:
        return "有效"
    return "已撤回" if taken_back else "已更正"

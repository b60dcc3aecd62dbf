"""Numbers in texts that came in before they were masked: masked and sealed in batches, while the site is in use.

The record stays the same record: what it counts does not change, and the original can be shown.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from wuzha.core.ledger.personal import mask_record
from wuzha.core.ledger.wire import write_record
from wuzha.web.campaign.models import HeldRecord, Record
from wuzha.web.personal.guard import make_sealed_part
from wuzha.web.personal.models import SealedPart
from wuzha.web.personal.ring import stand_in

COLUMNS = ("place", "audience", "note", "subject", "extra")


def seal_existing(*, batch: int) -> dict[str, int]:
    """How many rows of each table held a number. Done twice, the second time finds none."""
    records, held = Record.objects.all(), HeldRecord.objects.all()
    return {"record": _seal_all(records, batch), "heldrecord": _seal_all(held, batch)}


def _seal_all(rows: "QuerySet[Any]", batch: int) -> int:
    done, last = 0, UUID(int=0)
    while True:
        some = list(rows.filter(pk__gt=last).select_related("unit", "author").order_by("pk")[:batch])
        if not some:
            return done
        last = some[-1].pk
        done += _seal_some(some)


def _seal_some(rows: Iterable[Record | HeldRecord]) -> int:
    """A row that somebody else has masked meanwhile is the same after it."""
    done = 0
    for row in rows:
        told = row.to_core()
        hidden, parts = mask_record(told, stand_in)
        if not parts:
            continue
        with transaction.atomic():
            if isinstance(row, HeldRecord):
                type(row)._default_manager.filter(pk=row.pk).update(told=write_record(hidden))
            else:
                changed = {name: getattr(hidden, name) for name in COLUMNS if name != "extra"}
                type(row)._default_manager.filter(pk=row.pk).update(**changed, extra=dict(hidden.extra))
            sealed = [make_sealed_part("record", row.pk, one.field, one.part) for one in parts]
            SealedPart.objects.bulk_create(sealed, ignore_conflicts=True)
        done += 1
    return done

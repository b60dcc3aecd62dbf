"""Files of records: kept until they are confirmed, then taken in through the door of records."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from wuzha.core.ledger.record import Record as CoreRecord
from wuzha.web.accounts.actions import write_audit
from wuzha.web.accounts.models import User
from wuzha.web.campaign.actions.records import Answer, Result, add_record, correct_record, withdraw_record
from wuzha.web.campaign.models import Record, RecordUpload


@transaction.atomic
def hold_records(*, actor: User, name: str, content: bytes, now: datetime) -> RecordUpload:
    """Keeps an uploaded file until it is taken in; a newer upload of the same person takes its place."""
    held = {"name": name[:200], "content": content, "uploaded_at": now}
    upload, _ = RecordUpload.objects.update_or_create(uploaded_by=actor, defaults=held)
    write_audit(action="records.uploaded", actor=actor, target=upload, at=now, name=name[:200])
    return upload


@transaction.atomic
def drop_records(*, actor: User, now: datetime) -> None:
    """Forgets the file that was handed in."""
    for upload in RecordUpload.objects.filter(uploaded_by=actor):
        write_audit(action="records.dropped", actor=actor, target=upload, at=now, name=upload.name)
        upload.delete()


@transaction.atomic
def import_records(
    *, actor: User, upload: RecordUpload, records: Iterable[CoreRecord], now: datetime
) -> Mapping[Result, int]:
    """Takes the records in, all in one transaction, and counts what became of them.

    The caller has made sure that the actor may record at their units.
    """
    counts = Counter(_take_in(actor, record, now)[0].result for record in records)
    told = {str(result): number for result, number in counts.items()}
    write_audit(action="records.imported", actor=actor, target=upload, at=now, name=upload.name, **told)
    return counts


def _take_in(actor: User, record: CoreRecord, now: datetime) -> Answer:
    if record.replaces is None:
        return add_record(actor=actor, record=record, now=now)
    original = Record.objects.select_related("unit", "author").get(pk=record.replaces)
    if record.withdrawn:
        return withdraw_record(actor=actor, original=original, record_id=record.id, note=record.note, now=now)
    return correct_record(actor=actor, original=original, record=record, now=now)

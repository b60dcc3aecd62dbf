"""Files of records: kept until they are confirmed, then taken in through the door of records."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from wuzha.core.ledger.record import Record as CoreRecord
from wuzha.web.accounts.actions import write_audit
from wuzha.web.accounts.models import User
from wuzha.web.campaign.actions.door import Result
from wuzha.web.campaign.actions.intake import take_in_records
from wuzha.web.campaign.models import RecordUpload


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
    *, actor: User, upload: RecordUpload, records: Sequence[CoreRecord], now: datetime
) -> Mapping[Result, int]:
    """Takes the records in, all in one transaction, and counts what became of them."""
    receipts = take_in_records(actor=actor, records=records, sent_at=None, now=now)
    counts = Counter(receipt.result for receipt in receipts)
    told = {str(result): number for result, number in counts.items()}
    write_audit(action="records.imported", actor=actor, target=upload, at=now, name=upload.name, **told)
    return counts

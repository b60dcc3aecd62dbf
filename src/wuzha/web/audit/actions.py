"""What the room writes: that somebody read the log, and what a check of it came to."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from wuzha.web.accounts.actions import write_audit
from wuzha.web.accounts.audit import Verdict
from wuzha.web.accounts.models import AuditCheck, Unit, User


@transaction.atomic
def note_reading(*, actor: User, unit: Unit, filters: Mapping[str, str], now: datetime) -> None:
    """Somebody opened the log of the unit and what is below it, with these filters."""
    write_audit(action="audit.looked-at", actor=actor, target=unit, at=now, filters=dict(filters))


@transaction.atomic
def note_check(*, verdict: Verdict, now: datetime) -> AuditCheck:
    """What came of a check of the whole chain; pages tell it with its day."""
    first, last = verdict.broken or (None, None)
    row = AuditCheck(checked_at=now, last_id=verdict.last_id, entries=verdict.entries, seals=verdict.held)
    row.digest, row.broken_from, row.broken_to = verdict.digest, first, last
    row.knows_expected = verdict.knows_expected and not verdict.lost
    row.save(force_insert=True)
    return row

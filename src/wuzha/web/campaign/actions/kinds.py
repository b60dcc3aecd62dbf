"""Kinds of record that a county adds, changes or closes. Entries are only added."""

from dataclasses import asdict
from datetime import date, datetime

from django.db import transaction

from wuzha.core.ledger.record import RecordKind
from wuzha.web.accounts.actions import write_audit
from wuzha.web.accounts.models import Unit, User
from wuzha.web.campaign.kinds import forget_kinds
from wuzha.web.campaign.models import OwnKind
from wuzha.web.campaign.models.kinds import TOLD


@transaction.atomic
def set_kind(*, actor: User, unit: Unit, kind: RecordKind, valid_from: date, reason: str, now: datetime) -> OwnKind:
    """From now on the kind is what this entry says; what was recorded before stays as it is.

    Raises ``ValueError`` for a code that a kind of another unit has: the ledger reads records by their codes.
    """
    if OwnKind.objects.filter(code=kind.code).exclude(unit=unit).exists():
        raise ValueError(f"the code {kind.code} is taken")
    row = _make_row(unit, kind)
    row.valid_from, row.reason = valid_from, reason
    return _write(row, actor, now, action="kind.set")


@transaction.atomic
def close_kind(*, actor: User, unit: Unit, kind: RecordKind, last_day: date, reason: str, now: datetime) -> OwnKind:
    """From that day on nothing of the kind is recorded any more; old records stay and still read well."""
    row = _make_row(unit, kind)
    row.valid_from, row.reason, row.is_closed = last_day, reason, True
    return _write(row, actor, now, action="kind.closed")


def _make_row(unit: Unit, kind: RecordKind) -> OwnKind:
    told = {name: getattr(kind, name) for name in TOLD}
    details = [list(asdict(detail).values()) for detail in kind.details]
    return OwnKind(unit=unit, **told, asks=list(kind.asks), details=details, counts=list(kind.countable))


def _write(row: OwnKind, actor: User, now: datetime, *, action: str) -> OwnKind:
    row.author, row.created_at = actor, now
    row.save(force_insert=True)
    told = {"kind": row.code, "title": row.title, "valid_from": str(row.valid_from), "reason": row.reason}
    write_audit(action=action, actor=actor, target=row, at=now, unit=row.unit.code, **told)
    forget_kinds()
    return row

"""A county's own minutes for a kind of record. Figures are only added; what held on an old day keeps holding."""

from datetime import date, datetime

from django.db import transaction

from wuzha.web.accounts.actions import write_audit
from wuzha.web.accounts.models import Unit, User
from wuzha.web.campaign.models import KindMinutes


@transaction.atomic
def set_minutes(  # noqa: PLR0913 - a figure has a kind, a day and a reason, and somebody set it for somewhere
    *, actor: User, unit: Unit, kind: str, minutes: int, valid_from: date, reason: str, now: datetime
) -> KindMinutes:
    """From that day on a record of the kind is reckoned at so many minutes, at the unit and below it."""
    row = KindMinutes(unit=unit, kind=kind, minutes=minutes, valid_from=valid_from, reason=reason)
    row.author, row.created_at = actor, now
    row.save(force_insert=True)
    told = {"kind": kind, "minutes": minutes, "valid_from": str(valid_from), "reason": reason}
    write_audit(action="minutes.set", actor=actor, target=row, at=now, unit=unit.code, **told)
    return row

"""What a county says of its own days, and what it takes back. Rows are never changed beyond that."""

from datetime import date, datetime

from django.db import transaction

from wuzha.web.accounts.actions import write_audit
from wuzha.web.accounts.models import Unit, User
from wuzha.web.campaign.models import CalendarDay


@transaction.atomic
def say_day(*, actor: User, unit: Unit, day: date, says: str, reason: str, now: datetime) -> CalendarDay:
    """From now on the day is what this entry says, at the unit and below; due days follow at once."""
    row = CalendarDay(unit=unit, day=day, says=says, reason=reason, author=actor, created_at=now)
    row.save(force_insert=True)
    _write(row, actor, now, action="calendar.said")
    return row


@transaction.atomic
def withdraw_day(*, actor: User, row: CalendarDay, now: datetime) -> bool:
    """The day is again what it was before; the entry stays. False when somebody has done so already."""
    found = CalendarDay.objects.filter(pk=row.pk, withdrawn_at=None).update(withdrawn_by=actor, withdrawn_at=now)
    if found:
        _write(row, actor, now, action="calendar.withdrawn")
    return bool(found)


def _write(row: CalendarDay, actor: User, now: datetime, *, action: str) -> None:
    told = {"unit": row.unit.code, "day": str(row.day), "says": row.says, "reason": row.reason}
    write_audit(action=action, actor=actor, target=row, at=now, **told)

"""Duties set aside for a unit, and taken up again. Rows are never changed beyond that."""

from datetime import datetime

from django.db import transaction

from wuzha.core.plan.waiver import WaiverSaid
from wuzha.web.accounts.actions import write_audit
from wuzha.web.accounts.models import Unit, User
from wuzha.web.campaign.models import DutyWaiver, PlanVersion


@transaction.atomic
def give_waiver(*, actor: User, version: PlanVersion, unit: Unit, said: WaiverSaid, now: datetime) -> DutyWaiver:
    """What the waiver covers is owed no more from now on, and counts in no total."""
    row = DutyWaiver(
        version=version,
        duty=said.duty,
        unit=unit,
        is_below=said.is_below,
        opens_on=said.days.opens,
        last_on=said.days.last_day,
        reason=said.reason,
        given_as=said.given_by,
        author=actor,
        created_at=now,
    )
    row.save(force_insert=True)
    days = {"opens_on": str(row.opens_on), "last_on": str(row.last_on)}
    _write(row, actor, now, action="waiver.given", is_below=row.is_below, reason=row.reason, **days)
    return row


@transaction.atomic
def withdraw_waiver(*, actor: User, row: DutyWaiver, reason: str, now: datetime) -> bool:
    """The duty is owed again as if it had never been set aside; the row stays. False when it was withdrawn already."""
    found = DutyWaiver.objects.filter(pk=row.pk, withdrawn_at=None)
    done = found.update(withdrawn_by=actor, withdrawn_at=now, withdrawn_because=reason)
    if done:
        _write(row, actor, now, action="waiver.withdrawn", reason=reason)
    return bool(done)


def _write(row: DutyWaiver, actor: User, now: datetime, *, action: str, **told: object) -> None:
    place = {"plan": row.version_id, "duty": row.duty, "unit": row.unit.code}
    write_audit(action=action, actor=actor, target=row, at=now, **place, **told)

"""The list of numbers that a unit's visit round goes through."""

from datetime import datetime

from django.db import transaction

from wuzha.web.accounts.actions import write_audit
from wuzha.web.accounts.models import Unit, User
from wuzha.web.campaign.models import SubjectList


@transaction.atomic
def set_subjects(*, actor: User, unit: Unit, numbers: str, now: datetime) -> SubjectList:
    """From now on the round goes through these numbers; what was visited before stays visited."""
    row = SubjectList(unit=unit, numbers=numbers, author=actor, created_at=now)
    row.save(force_insert=True)
    write_audit(action="subjects.set", actor=actor, target=row, at=now, unit=unit.code)
    return row

"""Every write about personal data: numbers of people, holds, clocks. Each with its audit row in one transaction."""

from datetime import datetime

from django.db import transaction

from wuzha.core.base.personal import mask_text
from wuzha.web.accounts.actions import write_audit
from wuzha.web.accounts.models import Unit, User
from wuzha.web.personal.models import LegalHold, PersonContact, RetentionDays


@transaction.atomic
def set_phone(*, actor: User, person: User, phone: str, now: datetime) -> None:
    """The number at which the person can be rung; an empty one takes it away. The audit row never says it."""
    contact = PersonContact(user=person, phone=phone, masked=mask_text(phone), changed_at=now)
    contact.finder = ""
    contact.save()
    write_audit(action="person.phone-changed", actor=actor, target=person, at=now, is_set=bool(phone))


@transaction.atomic
def hold(
    *, actor: User, reason: str, now: datetime, unit: Unit | None = None, target: tuple[str, str] = ("", "")
) -> LegalHold:
    """Nothing of the unit and below, or of the object by table and key, is deleted until the hold is lifted."""
    row = LegalHold(unit=unit, object_type=target[0], object_id=target[1], reason=reason, made_by=actor, made_at=now)
    row.save(force_insert=True)
    write_audit(action="hold.placed", actor=actor, target=row, at=now, on=str(row), reason=reason)
    return row


@transaction.atomic
def lift_hold(*, actor: User, row: LegalHold, reason: str, now: datetime) -> bool:
    """Whether it was still in force."""
    fields = {"lifted_by": actor, "lifted_at": now, "lifted_because": reason}
    if not LegalHold.objects.filter(pk=row.pk, lifted_at=None).update(**fields):
        return False
    write_audit(action="hold.lifted", actor=actor, target=row, at=now, on=str(row), reason=reason)
    return True


@transaction.atomic
def set_days(*, actor: User, kind: str, days: int, reason: str, now: datetime) -> None:
    """For how many days a kind is kept from now on. The caller has looked at the bounds of the law."""
    row = RetentionDays(kind=kind, days=days, reason=reason, made_by=actor, made_at=now)
    row.save(force_insert=True)
    write_audit(action="retention.changed", actor=actor, target=row, at=now, kind=kind, days=days, reason=reason)

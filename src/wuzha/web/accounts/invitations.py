"""One-time links: who may open which, and the accounts that many people get at once with a link each."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.db import transaction

from wuzha.core.base.staff import NewPerson
from wuzha.web.accounts.actions import appoint, write_audit
from wuzha.web.accounts.models import Invitation, PeopleUpload, Unit, User

# Why a link does not open, by the name that its page has for it.
UNKNOWN, USED, EXPIRED, REPLACED, CLOSED = "unknown", "used", "expired", "replaced", "closed"


def _sign(secret: str) -> str:
    return Signer(salt="wuzha.invitation").sign(secret)


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def find_invitation(link: str, now: datetime) -> tuple[Invitation | None, str]:
    """The invitation of that link, or why it does not open. What we have not signed is not looked up."""
    try:
        secret = Signer(salt="wuzha.invitation").unsign(link)
    except BadSignature:
        return None, UNKNOWN
    row = Invitation.objects.filter(digest=_digest(secret)).select_related("user").first()
    why = UNKNOWN if row is None else _find_fault(row, now)
    return (None, why) if why else (row, "")


def _find_fault(row: Invitation, now: datetime) -> str:
    if row.used_at is not None:
        return USED
    if row.user.invitations.filter(pk__gt=row.pk).exists():
        return REPLACED
    if row.expires_at <= now:
        return EXPIRED
    return "" if row.user.is_active else CLOSED


@transaction.atomic
def invite(*, actor: User, user: User, now: datetime) -> str:
    """What the link ends with. It is given here and never again; links made before for the same person open no more."""
    secret = secrets.token_urlsafe(24)
    row = Invitation(user=user, digest=_digest(secret), made_by=actor, made_at=now)
    row.expires_at = now + timedelta(days=settings.INVITATION_DAYS)
    row.save(force_insert=True)
    write_audit(action="user.invited", actor=actor, target=user, at=now, expires_at=row.expires_at.isoformat())
    return _sign(secret)


@transaction.atomic
def accept(*, invitation: Invitation, password: str, now: datetime) -> str:
    """The person's own first password. Gives why the link does not open any more, if it does not: it opens once."""
    row = Invitation.objects.select_for_update(of=("self",)).select_related("user").get(pk=invitation.pk)
    if why := _find_fault(row, now):
        return why
    row.used_at = now
    row.save(update_fields=["used_at"])
    row.user.set_password(password)
    row.user.save(update_fields=["password"])
    write_audit(action="user.password-set", actor=row.user, target=row.user, at=now)
    return ""


@dataclass(frozen=True, slots=True)
class Invited:
    """A new person with what their link ends with."""

    user: User
    unit: Unit
    link: str


@transaction.atomic
def hold_people(*, actor: User, name: str, content: bytes, now: datetime) -> PeopleUpload:
    """Keeps an uploaded sheet until it is confirmed; a newer upload of the same person takes its place."""
    held = {"name": name[:200], "content": content, "uploaded_at": now}
    upload, _ = PeopleUpload.objects.update_or_create(uploaded_by=actor, defaults=held)
    write_audit(action="people.uploaded", actor=actor, target=upload, at=now, name=name[:200])
    return upload


@transaction.atomic
def create_people(*, actor: User, people: Sequence[NewPerson], now: datetime) -> list[Invited]:
    """An account without a password, a post and a link for each. The caller has checked them; all are made, or none.

    Raises ``IntegrityError`` where somebody took one of the user names in the meantime.
    """
    units = {unit.code: unit for unit in Unit.objects.filter(code__in={one.unit for one in people})}
    made = []
    for one in people:
        user = User(username=one.username, display_name=one.name)
        user.set_unusable_password()
        user.save(force_insert=True)
        write_audit(action="user.created", actor=actor, target=user, at=now, username=one.username)
        days = {"opens_on": one.opens_on, "closes_on": one.closes_on}
        unit = units[one.unit]
        appoint(actor=actor, user=user, unit=unit, role=one.role, line=one.line, now=now, **days)
        made.append(Invited(user, unit, invite(actor=actor, user=user, now=now)))
    PeopleUpload.objects.filter(uploaded_by=actor).delete()
    return made

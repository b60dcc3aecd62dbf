"""Every write of signing in. Each is atomic and leaves its audit row in the same transaction."""

from dataclasses import replace
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from allauth.socialaccount.models import SocialAccount
from django.contrib import auth
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction

from wuzha.web.accounts.access import UserRequest
from wuzha.web.accounts.actions import change_password as write_password
from wuzha.web.accounts.actions import write_audit
from wuzha.web.accounts.clock import TimedRequest
from wuzha.web.accounts.models import AuditEntry, User
from wuzha.web.accounts.signin.address import read_address
from wuzha.web.accounts.signin.browsers import name_browser
from wuzha.web.accounts.signin.central import Identity
from wuzha.web.accounts.signin.factors import Type
from wuzha.web.accounts.signin.models import SignIn
from wuzha.web.accounts.signin.sessions import Mark, find_live, leave, read_mark, to_epoch, write_mark

BACKEND = "django.contrib.auth.backends.ModelBackend"
LOG_IN = "log-in"


@transaction.atomic
def begin_session(*, request: TimedRequest, user: User, way: str, must_enrol: bool = False) -> SignIn:
    """The person is signed in from here on, under a new session key, so that a key planted beforehand opens nothing."""
    now = request.now
    auth.login(request, user, backend=BACKEND)
    if request.session.session_key is None:
        request.session.create()
    SignIn.objects.filter(user=user).exclude(**find_live(now)).delete()
    row = _note_device(request, user, way, must_enrol=must_enrol)
    write_audit(
        action="log-in.done", actor=user, target=user, at=now, way=way, address=row.address, browser=row.browser
    )
    return row


def _note_device(request: TimedRequest, user: User, way: str, *, must_enrol: bool = False) -> SignIn:
    """From here on the session knows since when it lasts, and stands in the list of devices."""
    row = SignIn(user=user, session_key=str(request.session.session_key), way=way)
    row.began_at = row.seen_at = request.now
    row.address = read_address(request)
    row.browser = name_browser(request.headers.get("User-Agent", ""))
    row.save(force_insert=True)
    at = to_epoch(request.now)
    write_mark(request.session, Mark(row.pk, began=at, seen=at, proved=at, must_enrol=must_enrol))
    return row


@transaction.atomic
def note_failed_log_in(*, key: str, username: str, address: str, why: str, now: datetime) -> None:
    """One attempt that was refused: ``why`` is wrong, waits, unknown or closed.

    A name that nobody has is not written down: people type their password into the wrong field.
    """
    known = User.objects.filter(username=username).exists()
    entry = AuditEntry(action="log-in.failed", at=now, object_type=LOG_IN, object_id=key)
    entry.details = {"why": why, "address": address} | ({"username": username} if known else {})
    entry.save(force_insert=True)


@transaction.atomic
def link_person(*, identity: Identity, now: datetime) -> User | None:
    """The person here whom the central log-in names, if somebody has created them and they are active.

    The first time they are found by their user name, and from then on by the number that the central log-in gives
    them: whoever is given the name of another later does not come in as that other one.
    """
    known = SocialAccount.objects.select_related("user").filter(provider=identity.issuer, uid=identity.number).first()
    if known is not None:
        return known.user if known.user.is_active else None
    user = User.objects.filter(username=identity.name, is_active=True).first() if identity.name else None
    if user is None or SocialAccount.objects.filter(provider=identity.issuer, user=user).exists():
        return None
    SocialAccount(user=user, provider=identity.issuer, uid=identity.number).save(force_insert=True)
    write_audit(action="central.linked", actor=user, target=user, at=now, issuer=identity.issuer)
    return user


@transaction.atomic
def end_own_session(*, request: TimedRequest) -> None:
    """The person logs out on this device."""
    if isinstance(request.user, User):
        write_audit(action="log-in.ended", actor=request.user, target=request.user, at=request.now)
    leave(request)


@transaction.atomic
def end_session(*, actor: User, row: SignIn, now: datetime) -> None:
    """Signs one device out, at once."""
    SessionStore(row.session_key).delete()
    row.delete()
    told = {"address": row.address, "browser": row.browser}
    write_audit(action="session.ended", actor=actor, target=row.user, at=now, **told)


@transaction.atomic
def end_sessions(*, actor: User, user: User, now: datetime, but: str | None = None) -> int:
    """Signs the person out everywhere, or everywhere but in the session with that key. Says on how many devices."""
    rows = list(SignIn.objects.filter(user=user).exclude(session_key=but or ""))
    for row in rows:
        SessionStore(row.session_key).delete()
        row.delete()
    if rows:
        write_audit(action="session.ended-elsewhere", actor=actor, target=user, at=now, devices=len(rows))
    return len(rows)


@transaction.atomic
def change_password(*, request: UserRequest, password: str) -> None:
    """The person's own new password. Whoever is signed in elsewhere with the old one is signed out."""
    user, mark = request.user, read_mark(request.session)
    write_password(actor=user, password=password, now=request.now)
    end_sessions(actor=user, user=user, now=request.now, but=request.session.session_key)
    auth.update_session_auth_hash(request, user)
    if mark is not None:
        SignIn.objects.filter(pk=mark.sign_in).update(session_key=request.session.session_key)


@transaction.atomic
def note_proof(*, request: UserRequest, way: str) -> None:
    """The person has proved once more who they are. A session from before devices were listed is listed now; else it
    could never be proved."""
    mark = read_mark(request.session)
    if mark is None:
        _note_device(request, request.user, way)
    else:
        write_mark(request.session, replace(mark, proved=to_epoch(request.now)))
    write_audit(action="proof.given", actor=request.user, target=request.user, at=request.now, way=way)


@transaction.atomic
def note_failed_proof(*, user: User, way: str, now: datetime) -> None:
    """Somebody who is signed in, or knows the password, gave a wrong proof."""
    write_audit(action="proof.failed", actor=user, target=user, at=now, way=way)


@transaction.atomic
def add_app(*, request: UserRequest, secret: str, counter: int) -> tuple[str, ...]:
    """An authenticator app, with the code that showed that it works. Gives recovery codes where there were none."""
    user = request.user
    app = TOTP.activate(user, secret).instance
    app.data["last_counter"] = counter
    app.save(update_fields=["data"])
    write_audit(action="factor.added", actor=user, target=user, at=request.now, factor=Type.TOTP.value)
    return _settle_enrolment(request)


@transaction.atomic
def add_passkey(*, request: UserRequest, name: str, credential: dict[str, object]) -> tuple[str, ...]:
    """A passkey that has just been made. Gives recovery codes where there were none."""
    user = request.user
    WebAuthn.add(user, name, credential)
    write_audit(action="factor.added", actor=user, target=user, at=request.now, factor=Type.WEBAUTHN.value, name=name)
    return _settle_enrolment(request)


def _settle_enrolment(request: UserRequest) -> tuple[str, ...]:
    mark = read_mark(request.session)
    if mark is not None and mark.must_enrol:
        write_mark(request.session, replace(mark, must_enrol=False))
    if Authenticator.objects.filter(user=request.user, type=Type.RECOVERY_CODES).exists():
        return ()
    return _make_codes(request.user)


def _make_codes(user: User) -> tuple[str, ...]:
    return tuple(RecoveryCodes.activate(user).generate_codes())


@transaction.atomic
def renew_codes(*, user: User, now: datetime) -> tuple[str, ...]:
    """New recovery codes; the old ones open nothing any more. They are given here and never again."""
    Authenticator.objects.filter(user=user, type=Type.RECOVERY_CODES).delete()
    write_audit(action="codes.made", actor=user, target=user, at=now)
    return _make_codes(user)


@transaction.atomic
def remove_factor(*, user: User, row: Authenticator, now: datetime) -> None:
    """One factor less; with the last one the recovery codes go too."""
    factor = row.type
    row.delete()
    write_audit(action="factor.removed", actor=user, target=user, at=now, factor=factor)
    if not Authenticator.objects.filter(user=user).exclude(type=Type.RECOVERY_CODES).exists():
        Authenticator.objects.filter(user=user).delete()


@transaction.atomic
def note_code_used(*, user: User, left: int, now: datetime) -> None:
    """A recovery code was used: whoever has lost none of theirs should ask who did that."""
    write_audit(action="codes.used", actor=user, target=user, at=now, left=left)


@transaction.atomic
def reset_factors(*, actor: User, user: User, reason: str, now: datetime) -> None:
    """Takes away the second factors of somebody who has lost them, and signs them out everywhere."""
    Authenticator.objects.filter(user=user).delete()
    write_audit(action="factor.reset", actor=actor, target=user, at=now, reason=reason)
    end_sessions(actor=actor, user=user, now=now)

"""Second factors: codes of an authenticator app, passkeys, and recovery codes for the day the phone is lost.

The tables, the reckoning of codes and the exchange with passkeys are django-allauth's. Ours is that a code is taken
once only, whichever process it comes to, and that all of it runs on the time of the request.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.crypto import constant_time_compare

from wuzha.web.accounts.models import User
from wuzha.web.accounts.signin.seal import SealError

Type = Authenticator.Type
PERIOD_S = 30
# A phone's clock may be half a minute wrong either way.
TOLERANCE = 1
DIGITS = 6
make_secret = generate_totp_secret


@dataclass(frozen=True, slots=True)
class Factors:
    """What a person has set up: the app or none, the passkeys, and how many recovery codes are left."""

    app: Authenticator | None
    passkeys: tuple[Authenticator, ...]
    codes: Authenticator | None

    @property
    def are_set_up(self) -> bool:
        return self.app is not None or bool(self.passkeys)

    @property
    def codes_left(self) -> int:
        try:
            return len(RecoveryCodes(self.codes).get_unused_codes()) if self.codes else 0
        except SealError:
            return 0


def list_factors(user: User) -> Factors:
    found = list(Authenticator.objects.filter(user=user).order_by("id"))
    by_type = {one.type: one for one in found}
    passkeys = tuple(one for one in found if one.type == Type.WEBAUTHN)
    return Factors(by_type.get(Type.TOTP), passkeys, by_type.get(Type.RECOVERY_CODES))


def find_counter(secret: str, code: str, now: datetime) -> int | None:
    """The half minute whose code this is; none where it is no code of about now."""
    typed = "".join(code.split())
    here = int(now.timestamp()) // PERIOD_S
    for counter in range(here - TOLERANCE, here + TOLERANCE + 1):
        if constant_time_compare(format_hotp_value(hotp_value(secret, counter)), typed):
            return counter
    return None


def take_app_code(user: User, code: str, now: datetime) -> bool:
    """Whether the code of the app is right. Each is taken once, and none that is older than one already taken.

    Where the key to the secrets was lost no code is right: the person is helped as one who has lost the phone.
    """
    try:
        return _take_app_code(user, code, now)
    except SealError:
        return False


@transaction.atomic
def _take_app_code(user: User, code: str, now: datetime) -> bool:
    row = Authenticator.objects.select_for_update().filter(user=user, type=Type.TOTP).first()
    counter = find_counter(decrypt(row.data["secret"]), code, now) if row else None
    if row is None or counter is None or counter <= row.data.get("last_counter", 0):
        return False
    row.data["last_counter"] = counter
    row.last_used_at = now
    row.save(update_fields=["data", "last_used_at"])
    return True


def take_recovery_code(user: User, code: str, now: datetime) -> bool:
    """Whether it is one of the recovery codes and was not used yet; from now on it is."""
    try:
        return _take_recovery_code(user, code, now)
    except SealError:
        return False


@transaction.atomic
def _take_recovery_code(user: User, code: str, now: datetime) -> bool:
    row = Authenticator.objects.select_for_update().filter(user=user, type=Type.RECOVERY_CODES).first()
    if row is None or not RecoveryCodes(row).validate_code("".join(code.split())):
        return False
    Authenticator.objects.filter(pk=row.pk).update(last_used_at=now)
    return True


def take_passkey(user: User | None, answer: object, now: datetime) -> User | None:
    """The person whose passkey answered what this session asked for; without ``user`` whoever it says.

    None where the answer is to another question, was given before, or is of another person's passkey.
    """
    if not isinstance(answer, Mapping):
        return None
    said: Any = answer
    try:
        webauthn.parse_authentication_response(said)
        person = user or webauthn.extract_user_from_response(said)
        row = webauthn.complete_authentication(person, said)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError):
        return None
    finally:
        webauthn.clear_state()
    if not person.is_active:
        return None
    Authenticator.objects.filter(pk=row.pk).update(last_used_at=now)
    return person if isinstance(person, User) else None

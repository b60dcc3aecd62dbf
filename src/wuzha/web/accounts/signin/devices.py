"""Which people have logged in on this device before: a signed cookie; others' failures do not slow them here."""

import secrets
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import salted_hmac

from wuzha.web.accounts.signin.patience import fold_name

COOKIE = "wuzha_device"
SALT = "wuzha.device"
AGE_S = 180 * 24 * 3600
MOST = 8


def find_device(request: HttpRequest, username: str) -> str:
    """The device's own name, if this person has logged in on it before; else nothing."""
    told = _read(request)
    return str(told.get("id", "")) if _hash(username) in told.get("people", ()) else ""


def remember_device(request: HttpRequest, response: HttpResponseBase, username: str) -> None:
    """Notes in the cookie that this person has logged in here. It names nobody: the names in it are hashed."""
    told = _read(request)
    people = [_hash(username), *(one for one in told.get("people", ()) if one != _hash(username))]
    value = signing.dumps({"id": told.get("id") or secrets.token_hex(16), "people": people[:MOST]}, salt=SALT)
    response.set_cookie(
        COOKIE,
        value,
        max_age=AGE_S,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> dict[str, Any]:
    try:
        told = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=AGE_S)
    except signing.BadSignature:
        return {}
    return told if isinstance(told, dict) else {}


def _hash(username: str) -> str:
    return salted_hmac(SALT, fold_name(username)).hexdigest()[:32]

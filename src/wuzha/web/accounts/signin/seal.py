"""Secrets of second factors, sealed before they reach the database. The key is never in the database."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

PURPOSE = b"wuzha.second-factor\0"


class SealError(ValueError):
    """What was sealed cannot be opened: the key is another one than it was, or it was changed."""


def seal_secret(text: str) -> str:
    return _make_box().encrypt(text.encode()).decode()


def open_secret(sealed: str) -> str:
    """Raises :class:`SealError` when it was sealed with another key, or changed since."""
    try:
        return _make_box().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SealError from None


def _make_box() -> Fernet:
    digest = hashlib.sha256(PURPOSE + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))

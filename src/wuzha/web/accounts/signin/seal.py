"""Secrets of second factors, sealed before they reach the database. The key is never in the database."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes

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


def _make_box() -> MultiFernet:
    """Seals with the key of the site, and opens what was sealed with one of those before it too."""
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    digests = (hashlib.sha256(PURPOSE + force_bytes(key)).digest() for key in keys)
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])

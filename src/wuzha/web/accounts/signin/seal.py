"""Secrets of second factors, sealed before they reach the database. The key is never in the database."""

import base64
import hashlib

from cryptography.fernet import Fernet
from django.conf import settings

PURPOSE = b"wuzha.second-factor\0"


def seal_secret(text: str) -> str:
    return _make_box().encrypt(text.encode()).decode()


def open_secret(sealed: str) -> str:
    """Raises ``cryptography.fernet.InvalidToken`` when it was sealed with another key, or changed since."""
    return _make_box().decrypt(sealed.encode()).decode()


def _make_box() -> Fernet:
    digest = hashlib.sha256(PURPOSE + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))

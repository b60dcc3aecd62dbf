"""An authenticator app and a security key in software, for tests of the second step."""

import hashlib
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import timezone
from fido2.cose import ES256
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

from wuzha.web.accounts.models import User

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
Flag = AuthenticatorData.FLAG
PRESENT, VERIFIED, HOLDS_KEY = 0x01, 0x04, 0x40


def set_up_app(user: User, secret: str = SECRET) -> tuple[str, ...]:
    """The person has an app with that secret, and these recovery codes."""
    TOTP.activate(user, secret)
    return tuple(RecoveryCodes.activate(user).generate_codes())


def read_code(secret: str = SECRET, at: datetime | None = None, later: int = 0) -> str:
    """What the app shows now, or so many half minutes later."""
    counter = int((at or timezone.now()).timestamp()) // 30 + later
    return str(format_hotp_value(hotp_value(secret.replace(" ", ""), counter)))


def encode(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def decode(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class Key:
    """A security key in software: makes one passkey and signs with it. ``flags`` say that its person was asked."""

    origin: str = "https://testserver"
    site: str = "testserver"
    flags: int = PRESENT | VERIFIED
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    number: bytes = b"0123456789abcdef"
    person: str = ""

    def make(self, options: dict[str, Any]) -> str:
        """The answer to what a site asked for to make a passkey."""
        told = options["publicKey"]
        self.person = told["user"]["id"]
        own = ES256.from_cryptography_key(self.key.public_key())  # type: ignore[no-untyped-call] # published so
        held = AttestedCredentialData.create(b"\0" * 16, self.number, own)
        seen = AuthenticatorData.create(self._hash_site(), Flag(self.flags | HOLDS_KEY), 0, bytes(held))
        response = {"attestationObject": encode(bytes(AttestationObject.create("none", seen, {})))}
        return self._write("webauthn.create", told["challenge"], response, {"credProps": {"rk": True}})

    def sign(self, options: dict[str, Any]) -> str:
        """The answer to what a site asked for to log in."""
        told = options["publicKey"]
        seen = bytes(AuthenticatorData.create(self._hash_site(), Flag(self.flags), 0))
        data = self._tell("webauthn.get", told["challenge"])
        signed = self.key.sign(seen + hashlib.sha256(data).digest(), ec.ECDSA(hashes.SHA256()))
        response = {"authenticatorData": encode(seen), "signature": encode(signed), "userHandle": self.person}
        return self._write("webauthn.get", told["challenge"], response, {})

    def _tell(self, sort: str, challenge: str) -> bytes:
        return json.dumps({"type": sort, "challenge": challenge, "origin": self.origin}).encode()

    def _write(self, sort: str, challenge: str, response: dict[str, str], more: dict[str, Any]) -> str:
        name = encode(self.number)
        response |= {"clientDataJSON": encode(self._tell(sort, challenge))}
        told = {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": more}
        return json.dumps(told)

    def _hash_site(self) -> bytes:
        return hashlib.sha256(self.site.encode()).digest()


def list_types(user: User) -> list[str]:
    return sorted(Authenticator.objects.filter(user=user).values_list("type", flat=True))

"""Values sealed for the database with keys that lie outside of it: AES-256-GCM, with the key's name in what is sealed.

A sealed value reads ``w1.<key>.<nonce and ciphertext>``. Where it stands (table, column, row) goes into the seal, so
that one that is copied to another row does not open. ``w1`` names the way of sealing: another one, such as SM4, is
another name beside it.
"""

import hashlib
import hmac
import os
import re
import secrets
from base64 import b32encode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

WAY = "w1"
SEALED = re.compile(rf"{WAY}\.(?P<key>[0-9a-f-]{{1,40}})\.(?P<content>[A-Za-z0-9_=-]+)")
NONCE = 12
SIZE = 32
ENDING = ".key"
# What stands in for numbers that tell things apart; it never changes, else one household would become two.
STAND_IN = "stand-in"
FIRST = "00000000-000000"
RETIRED = "retired"
KEY_NAME = re.compile(rf"[0-9a-f-]{{1,40}}|{STAND_IN}")


class SealingError(Exception):
    """A value cannot be sealed or opened. ``code`` says which sentence tells why; ``key`` names the key."""

    def __init__(self, code: str, key: str = "") -> None:
        super().__init__(f"{code} {key}".strip())
        self.code = code
        self.key = key


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys by their names, the newest of which seals. ``stand_in`` makes stand-ins for numbers."""

    keys: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    stand_in: bytes = field(default=b"", repr=False)

    @property
    def newest(self) -> str:
        """Raises :class:`SealingError` for an empty ring."""
        if not self.keys:
            raise SealingError("keys.none")
        return max(self.keys)

    def seal(self, text: str, place: str) -> str:
        name = self.newest
        nonce = os.urandom(NONCE)
        content = AESGCM(_derive(self.keys[name], b"seal")).encrypt(nonce, text.encode(), _bind(name, place))
        return f"{WAY}.{name}.{urlsafe_b64encode(nonce + content).decode()}"

    def open(self, sealed: str, place: str) -> str:
        """The text. Raises :class:`SealingError` without the key, or for a value of another place or a changed one."""
        name = find_key_name(sealed)
        if name not in self.keys:
            raise SealingError("keys.missing", key=name)
        raw = urlsafe_b64decode(sealed.rsplit(".", 1)[1])
        try:
            opened = AESGCM(_derive(self.keys[name], b"seal")).decrypt(raw[:NONCE], raw[NONCE:], _bind(name, place))
        except InvalidTag:
            raise SealingError("keys.not-its-place", key=name) from None
        return opened.decode()

    def index(self, text: str, column: str) -> str:
        """What equal texts of one column have in common under the newest key, and tells nothing without it."""
        return self._index(self.newest, text, column)

    def list_indexes(self, text: str, column: str) -> list[str]:
        """The same under every key, since older rows stand under older keys."""
        return [self._index(name, text, column) for name in self.keys]

    def _index(self, name: str, text: str, column: str) -> str:
        digest = hmac.new(_derive(self.keys[name], b"index"), f"{column}\0{text}".encode(), hashlib.sha256).hexdigest()
        return f"{name}.{digest[:40]}"

    def stand_in_for(self, text: str, length: int) -> str:
        """So many letters that stand for the text always, and from which it cannot be found without the ring."""
        if not self.stand_in:
            raise SealingError("keys.none")
        digest = hmac.new(_derive(self.stand_in, b"stand-in"), text.encode(), hashlib.sha256).digest()
        letters = b32encode(digest).decode().lower().translate(str.maketrans("234567", "mnopqr"))
        return letters[:length]


def find_key_name(sealed: str) -> str:
    """The name of the key that opens it. Raises :class:`SealingError` for what is no sealed value."""
    match = SEALED.fullmatch(sealed)
    if match is None:
        raise SealingError("keys.not-sealed")
    return match["key"]


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=SIZE, salt=None, info=b"wuzha " + purpose).derive(secret)


def _bind(name: str, place: str) -> bytes:
    return f"{WAY}\0{name}\0{place}".encode()


def read_ring(folder: Path) -> KeyRing:
    """The keys of a folder; an empty ring where there is none. Raises :class:`SealingError` for a damaged file."""
    keys = {path.stem: _read_key(path) for path in sorted(folder.glob(f"*{ENDING}"))} if folder.is_dir() else {}
    return KeyRing({name: key for name, key in keys.items() if name != STAND_IN}, keys.get(STAND_IN, b""))


def _read_key(path: Path) -> bytes:
    lines = [line.strip() for line in path.read_text(encoding="ascii").splitlines()]
    found = [line for line in lines if line and not line.startswith("#")]
    try:
        key = urlsafe_b64decode(found[0])
    except (ValueError, IndexError):
        key = b""
    if len(key) != SIZE:
        raise SealingError("keys.damaged", key=path.stem)
    return key


def make_key(folder: Path, now: datetime | None) -> str:
    """A new key in the folder, which is the newest from now on, and the one for stand-ins where there is none.

    The first key of an installation needs no time: without one it is older than all that come.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    at = f"{now.astimezone(UTC):%Y%m%d-%H%M%S}" if now else FIRST
    name = f"{at}-{secrets.token_hex(3)}"
    if not (folder / f"{STAND_IN}{ENDING}").exists():
        write_key(folder, STAND_IN, secrets.token_bytes(SIZE))
    write_key(folder, name, secrets.token_bytes(SIZE))
    return name


def write_key(folder: Path, name: str, key: bytes) -> None:
    """Written through to the disk and readable by its owner only. Another key of that name is never replaced."""
    path = folder / f"{name}{ENDING}"
    if path.exists():
        return
    fresh = folder / f".{name}.{secrets.token_hex(4)}"
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(f"# wuzha {name}\n{urlsafe_b64encode(key).decode()}\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, path)  # of two that make it at once one wins, and both use that one
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def retire_key(folder: Path, name: str) -> Path:
    """Lays a key aside: it opens nothing from now on, and is there still for backups from its days."""
    (folder / RETIRED).mkdir(exist_ok=True, mode=0o700)
    return (folder / f"{name}{ENDING}").rename(folder / RETIRED / f"{name}{ENDING}")


def pack_ring(ring: KeyRing) -> bytes:
    """All keys of a ring as one text, to be sealed before it is kept anywhere."""
    told = {**ring.keys, STAND_IN: ring.stand_in}
    return "".join(f"{name} {urlsafe_b64encode(key).decode()}\n" for name, key in told.items() if key).encode()


def unpack_ring(folder: Path, packed: bytes) -> int:
    """Puts the keys of a packed ring that are not there into the folder; says how many those were.

    Raises ``ValueError`` for what is no packed ring; then none is put in.
    """
    found = {}
    for line in packed.decode("ascii").splitlines():
        name, key = line.split(" ")
        found[name] = urlsafe_b64decode(key)
        if not KEY_NAME.fullmatch(name) or len(found[name]) != SIZE:
            raise ValueError("no ring")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    missing = [name for name in found if not (folder / f"{name}{ENDING}").exists()]
    for name in missing:
        write_key(folder, name, found[name])
    return len(missing)

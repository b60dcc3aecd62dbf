"""Entries linked by hashes: each seal holds the digest of the entries behind it and of the seal before.

Whoever changes, adds or takes out an entry behind a seal, or a seal itself, breaks the chain from there on. Whoever can
rewrite everything can rewrite the seals too; so the last digest is also kept somewhere else, on paper if need be.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

BEGINNING = "0" * 64
"""What stands before the first seal."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a log as it is sealed; ``details`` is JSON, ``request`` the number of the request it came by."""

    id: int
    action: str
    actor: int | None
    object_type: str
    object_id: str
    at: datetime
    details: Mapping[str, Any]
    request: str = ""


@dataclass(frozen=True, slots=True)
class Seal:
    """``count`` entries with ids after those of the seal ``before`` up to ``last_id``, and their digest."""

    last_id: int
    count: int
    before: str
    digest: str


def make_seal(before: Seal | None, entries: Iterable[Entry]) -> Seal | None:
    """The seal on entries in the order of their ids, all after those of ``before``; none on nothing."""
    digest, count, last_id = sha256(), 0, 0
    start = before.digest if before else BEGINNING
    digest.update(start.encode())
    for entry in entries:
        digest.update(write_entry(entry))
        count, last_id = count + 1, entry.id
    return Seal(last_id, count, start, digest.hexdigest()) if count else None


def write_entry(entry: Entry) -> bytes:
    """The entry as a line, the same from every database."""
    at = entry.at.astimezone(UTC).isoformat()
    told = [entry.id, entry.action, entry.actor, entry.object_type, entry.object_id, at, dict(entry.details)]
    # Entries from before requests were numbered stay as they were sealed.
    told += [entry.request] if entry.request else []
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"

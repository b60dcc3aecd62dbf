"""What a sender says of a file, and names that are safe to keep and to show."""

from dataclasses import dataclass
from uuid import UUID

from wuzha.adapters.media import ENDINGS

NAME_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Upload:
    """What the sender says of a file: its id, the record it goes with, its size in bytes, its SHA-256 and its name."""

    id: UUID
    record_id: UUID
    size: int
    sha256: str
    name: str


def clean_name(name: str) -> str:
    """The last part of a name, without signs that steer a terminal or a header, not too long, its ending kept."""
    last = name.replace("\\", "/").split("/")[-1]
    plain = "".join(sign for sign in last if sign.isprintable()).strip(" .") or "file"
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending) > 8:
        return plain[:NAME_LENGTH]
    return f"{stem[: NAME_LENGTH - len(ending) - 1]}.{ending}"


def find_ending(name: str) -> str:
    """The ending with its dot in small letters; an empty text for a name without one."""
    stem, dot, ending = name.rpartition(".")
    return f".{ending.lower()}" if dot and stem and len(ending) <= 5 and ending.isalnum() else ""


def mend_ending(name: str, media_type: str) -> str:
    """The name with an ending of its true type."""
    ending = find_ending(name)
    if ending in ENDINGS[media_type]:
        return name
    stem = name[: -len(ending)] if ending else name
    return f"{stem[: NAME_LENGTH - 6]}{ENDINGS[media_type][0]}"

"""How the site is: each part answers for itself, and one that cannot answer is not well."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from django.conf import settings
from django.db import DatabaseError, connection

from wuzha.adapters.sealing import SealingError, read_ring
from wuzha.web.accounts.database_file import find_unapplied
from wuzha.web.campaign.start import READY
from wuzha.web.personal.ring import find_folder
from wuzha.web.personal.rotation import has_all_keys

MEGABYTE = 1024 * 1024


class _Migrated:
    """Tables do not go back, so that what was right once is not asked again: to ask takes a tenth of a second."""

    def __init__(self) -> None:
        self.known = False

    def __call__(self) -> bool:
        self.known = self.known or not find_unapplied()
        return self.known


def can_ask() -> bool:
    """The database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def has_room() -> bool:
    """The disk of the data folder has as much left as the settings ask for."""
    return shutil.disk_usage(settings.DATA).free >= settings.DISK_LEAST_MB * MEGABYTE


class _Keys:
    """The key ring can be read, and has every key that something in the database is sealed with.

    What is sealed later is sealed with a key of the ring, so that while no key goes the answer stays; the database is
    asked again only where one went, or where the answer was no.
    """

    def __init__(self) -> None:
        self.seen: tuple[Path, frozenset[str]] | None = None

    def __call__(self) -> bool:
        try:
            folder, known = find_folder(), frozenset(read_ring(find_folder()).keys)
        except SealingError:
            return False
        if self.seen is not None and self.seen[0] == folder and self.seen[1] and self.seen[1] <= known:
            return True
        self.seen = (folder, known) if has_all_keys(known) else None
        return self.seen is not None


PARTS: Mapping[str, Callable[[], bool]] = MappingProxyType(
    {"database": can_ask, "tables": _Migrated(), "disk": has_room, "keys": _Keys(), "ledger": READY.is_set}
)


def read_state() -> dict[str, bool]:
    """Each part by its name, and whether it is well."""
    return {name: _ask(part) for name, part in PARTS.items()}


def _ask(part: Callable[[], bool]) -> bool:
    try:
        return part()
    except (DatabaseError, OSError):
        return False

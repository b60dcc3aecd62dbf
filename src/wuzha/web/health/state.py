"""How the site is: each part answers for itself, and one that cannot answer is not well."""

import shutil
from collections.abc import Callable, Mapping
from types import MappingProxyType

from django.conf import settings
from django.db import DatabaseError, connection

from wuzha.web.accounts.database_file import find_unapplied
from wuzha.web.campaign.start import READY

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


PARTS: Mapping[str, Callable[[], bool]] = MappingProxyType(
    {"database": can_ask, "tables": _Migrated(), "disk": has_room, "ledger": READY.is_set}
)


def read_state() -> dict[str, bool]:
    """Each part by its name, and whether it is well."""
    return {name: _ask(part) for name, part in PARTS.items()}


def _ask(part: Callable[[], bool]) -> bool:
    try:
        return part()
    except (DatabaseError, OSError):
        return False

"""Which files that go out hold personal data: tables that name who did what, and words that were written about people.

Whoever takes one out shows first who they are. A test takes every table of the site out and looks whether it names
somebody, so that one which is missing here is found.
"""

from collections.abc import Mapping
from types import MappingProxyType

from django.http import QueryDict

# By the address of the page: which of its tables.
TABLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "accounts:people": ("posts",),
        "accounts:tokens": ("keys",),
        "audit:log": ("audit",),
        "campaign:calendar": ("days",),
        "campaign:findings": ("findings",),
        "campaign:kinds": ("entries",),
        "campaign:looks": ("looks",),
        "campaign:minutes": ("minutes",),
        "campaign:papers": ("papers",),
        "campaign:record": ("versions",),
        "campaign:records-held": ("held",),
        "campaign:supervision": ("measures",),
        "campaign:waivers": ("waivers",),
        "personal:holds": ("holds",),
    }
)
# Addresses that are such a file: the records with their remarks.
FILES = ("campaign:records-csv", "campaign:records-xlsx")


def is_personal(name: str, asked: QueryDict) -> bool:
    """Whether this address, by its name and what stands behind the question mark, gives such a file."""
    if name in FILES:
        return True
    # Without a name it is the first of the page, whichever that is.
    return bool(asked.get("format")) and name in TABLES and asked.get("table", "") in ("", *TABLES[name])

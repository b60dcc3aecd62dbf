"""What people type may hold numbers of persons; the audit log, which is never changed, takes it with those masked."""

import re
from collections.abc import Mapping

from wuzha.core.base.personal import mask_text

# Who somebody was and which unit it was stand on every page; a mask would only hide whom a row is about.
NAMES = frozenset({"username", "unit", "units", "code"})
# Digests and the ids of rows hold long runs of digits by chance.
_ID = re.compile("[0-9a-f]{32,128}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def mask_details(details: Mapping[str, object]) -> dict[str, object]:
    """The details of an entry, the numbers of persons in every text of them masked."""
    return {name: told if name in NAMES else mask_told(told) for name, told in details.items()}


def mask_told(told: object) -> object:
    """What was typed, words by words; digests and ids of rows stay."""
    match told:
        case str():
            return told if _ID.fullmatch(told) else mask_text(told)
        case Mapping():
            return mask_details(told)
        case list() | tuple():
            return [mask_told(one) for one in told]
        case _:
            return told

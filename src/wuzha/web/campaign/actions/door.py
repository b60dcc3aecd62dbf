"""What stands at the door of the ledger: who brings records, and the receipt that each record gets."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from wuzha.core.base.problem import Problem
from wuzha.core.ledger.record import Record as CoreRecord
from wuzha.web.accounts.models import User
from wuzha.web.accounts.request_id import read_request_id


class Result(StrEnum):
    """What became of a record that was sent."""

    SAVED = "saved"
    KNOWN = "known"
    CONFLICT = "conflict"
    REFUSED = "refused"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to one record. ``kept`` is what the ledger holds under the id, where the person may see it.

    ``problems`` says why it was not taken in; of a record that was, only warnings.
    """

    record_id: UUID
    result: Result
    problems: tuple[Problem, ...] = ()
    kept: CoreRecord | None = None

    @property
    def is_good(self) -> bool:
        return self.result in (Result.SAVED, Result.KNOWN)


@dataclass(frozen=True, slots=True)
class Doorway:
    """Who brings records, when, and the paths of the units at or below which they may: of all, or of one of ``lines``.

    ``today`` is the local day of ``now``; ``for_whom`` is the name on the file, where somebody hands in another's
    records; ``skew_s`` is how far the sender's clock is ahead, none when it did not tell; ``request`` is the number of
    the request that they came by.
    """

    actor: User
    paths: tuple[str, ...]
    now: datetime
    today: date
    skew_s: int | None = None
    for_whom: str = ""
    lines: tuple[tuple[str, str], ...] = ()
    request: str = field(default_factory=read_request_id)

    def opens(self, path: str, line: str) -> bool:
        """Whether records of the unit at that path, of that line, may come in here."""
        return path.startswith(self.paths) or any(line == one and path.startswith(top) for top, one in self.lines)


@dataclass(frozen=True, slots=True)
class Sending:
    """Records that came through one doorway together."""

    door: Doorway
    records: Sequence[CoreRecord]

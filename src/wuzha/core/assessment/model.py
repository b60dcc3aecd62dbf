"""Obligations, standings and totals: what is owed, how it stands on a day, and the sums up the tree."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from wuzha.core.base.windows import Window
from wuzha.core.duty.model import Tally


class Status(StrEnum):
    """``unknown`` is an answer of its own: no denominator, no data source, no number. It is never shown as 0 %."""

    UPCOMING = "upcoming"
    OPEN = "open"
    MET = "met"
    LATE = "late"
    MISSED = "missed"
    EXEMPT = "exempt"
    WAIVED = "waived"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Obligation:
    """One duty × one unit × one window.

    ``begins_on`` is the first day on which the unit can do anything for it, ``due_on`` the last good day: the due
    day, or the unit's last one where that comes first. ``exempt`` holds the reason code, if any; ``waived`` the reason
    given by the person who set the obligation aside.
    """

    duty: str
    unit: str
    window: Window
    begins_on: date
    due_on: date
    exempt: str = ""
    waived: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """An obligation with its tally and status as of a day. ``shortfall`` is what is still wanting, none if unknown."""

    obligation: Obligation
    tally: Tally
    status: Status
    shortfall: Fraction | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts of standings by status. Adding totals adds counts, so the parts are the whole."""

    counts: Mapping[Status, int] = field(default_factory=dict)

    def __add__(self, other: "Totals") -> "Totals":
        sums = {status: self.count(status) + other.count(status) for status in Status}
        return Totals({status: n for status, n in sums.items() if n})

    def count(self, *statuses: Status) -> int:
        return sum(self.counts.get(status, 0) for status in statuses)

    @property
    def expected(self) -> int:
        """All that has opened and counts: not what lies ahead, is exempt or was waived."""
        return self.count(Status.OPEN, Status.MET, Status.LATE, Status.MISSED, Status.UNKNOWN)

    @property
    def met(self) -> int:
        """Done, in time or late. Never more than :attr:`expected`."""
        return self.count(Status.MET, Status.LATE)

    @property
    def on_time(self) -> int:
        return self.count(Status.MET)

    @property
    def missed(self) -> int:
        return self.count(Status.MISSED)

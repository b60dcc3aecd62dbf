"""Standings counted by status for each bearing unit: quickly where a sum is enough, by the specification elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from wuzha.core.assessment.counted import stand_counted
from wuzha.core.assessment.model import Status
from wuzha.core.assessment.obligations import expand_obligations, list_waivers
from wuzha.core.base.unit import Unit
from wuzha.core.base.windows import Window
from wuzha.core.duty.model import Duty
from wuzha.web.campaign.queries.tallies import Sums

# By the bearing unit's code: how many of its obligations stand in each status.
Counts = Mapping[str, Mapping[Status, int]]
Number = Fraction | int


@dataclass(slots=True)
class Counter:
    """Decides each window once for each sum that occurs in it, since most units share a few small numbers."""

    duty: Duty
    windows: tuple[Window, ...]
    sums: Sums
    as_of: date
    decided: dict[tuple[int, Number, Number], Status] = field(default_factory=dict)

    def count(self, unit: Unit) -> Mapping[Status, int]:
        """The unit's windows by status. The unit must have lived through all of them."""
        found: dict[Status, int] = {}
        now, at_due = self.sums.now, self.sums.at_due
        decided = {} if self._has_own_goal() else self.decided
        for number in range(len(self.windows)):
            cell = (unit.code, number)
            key = (number, now.get(cell, 0), at_due.get(cell, 0))
            status = decided.get(key)
            if status is None:
                status = decided[key] = self._decide(unit, *key)
            found[status] = found.get(status, 0) + 1
        return found

    def _has_own_goal(self) -> bool:
        """Whether each unit's goal hangs on its own base, so that what was decided for one says nothing of another."""
        return self.duty.verb == "cover" or bool(self.duty.target and self.duty.target.of)

    def _decide(self, unit: Unit, number: int, now: Number, at_due: Number) -> Status:
        obligation = next(expand_obligations(self.duty, unit, (self.windows[number],)))
        return stand_counted(self.duty, unit, obligation, (Fraction(now), Fraction(at_due)), self.as_of).status


def lives_through(unit: Unit, windows: tuple[Window, ...]) -> bool:
    """Whether the unit existed on every day of the windows."""
    return bool(windows) and unit.opens_on <= windows[0].opens and unit.closes_on >= windows[-1].closes


def is_waived(duty: Duty, unit: Unit) -> bool:
    """Whether some of what the unit owes may be set aside, so that what others owe says nothing of it."""
    return bool(list_waivers(duty, unit.code))

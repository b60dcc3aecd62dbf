"""Standings counted by status for each bearing unit: quickly where a sum is enough, by the specification elsewhere."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from django.db.models import Q

from wuzha.core.assessment.assess import assess_unit, decide, find_counted_days
from wuzha.core.assessment.model import Status
from wuzha.core.assessment.obligations import expand_obligations
from wuzha.core.base.unit import Unit
from wuzha.core.base.windows import Window
from wuzha.core.duty.kinds.measure import find_goal
from wuzha.core.duty.model import Duty, Tally
from wuzha.web.campaign.queries.tallies import Codes, Row, Sums, list_rows, load_voided, subtract_voided, sum_by_window

NOTHING = Fraction(0)

# By the bearing unit's code: how many of its obligations stand in each status.
Counts = Mapping[str, Mapping[Status, int]]


def count_summed(
    duty: Duty,
    windows: tuple[Window, ...],
    bearers: Sequence[Unit],
    feeding: frozenset[str],
    nearest: Codes,
    as_of: date,
) -> Counts:
    """For a verb whose tally is a sum over the window. Units that lived only part of the time go the exact long way."""
    lasting = [unit for unit in bearers if _lives_through(unit, windows)]
    short = [unit for unit in bearers if not _lives_through(unit, windows)]
    sums = sum_by_window(duty, feeding, windows, as_of, nearest)
    voided = [row for row in load_voided(nearest).rows if row.kind in feeding]
    subtract_voided(sums, duty, voided, windows, as_of)
    counter = Counter(duty, windows, sums, as_of)
    counts = {unit.code: counter.count(unit) for unit in lasting}
    return counts | dict(count_remembering(duty, windows, short, feeding, _keep_only(nearest, short), as_of))


def count_remembering(
    duty: Duty,
    windows: tuple[Window, ...],
    bearers: Sequence[Unit],
    feeding: frozenset[str],
    nearest: Codes,
    as_of: date,
) -> Counts:
    """By the specification, over the records that feed the duty."""
    rows = _list_by_bearer(feeding, nearest, as_of) if bearers and not duty.vague else {}
    return {unit.code: _count_statuses(duty, unit, windows, rows.get(unit.code, ()), as_of) for unit in bearers}


@dataclass(slots=True)
class Counter:
    """Decides each window once for each sum that occurs in it, since most units share a few small numbers."""

    duty: Duty
    windows: tuple[Window, ...]
    sums: Sums
    as_of: date
    decided: dict[tuple[int, Fraction, Fraction], Status] = field(default_factory=dict)

    def count(self, unit: Unit) -> Mapping[Status, int]:
        found: dict[Status, int] = {}
        for number in range(len(self.windows)):
            status = self._find_status(unit, number)
            found[status] = found.get(status, 0) + 1
        return found

    def _find_status(self, unit: Unit, number: int) -> Status:
        cell = (unit.code, number)
        key = (number, self.sums.now.get(cell, NOTHING), self.sums.at_due.get(cell, NOTHING))
        if self.duty.target is not None and self.duty.target.of:
            return self._decide(unit, *key)
        if key not in self.decided:
            self.decided[key] = self._decide(unit, *key)
        return self.decided[key]

    def _decide(self, unit: Unit, number: int, now: Fraction, at_due: Fraction) -> Status:
        window = self.windows[number]
        obligation = next(expand_obligations(self.duty, unit, (window,)))
        if self.as_of < window.opens:
            return Status.EXEMPT if obligation.exempt else Status.UPCOMING
        tallies = [
            self._tally(unit, window, value, min(day, self.as_of))
            for value, day in ((now, self.as_of), (at_due, obligation.due_on))
        ]
        return decide(self.duty, obligation, tallies[0], tallies[1], self.as_of).status

    def _tally(self, unit: Unit, window: Window, value: Fraction, day: date) -> Tally:
        value = min(value, Fraction(1)) if self.duty.verb == "file" else value
        if self.duty.verb == "file":
            return Tally(value, Fraction(1))
        goal = find_goal(self.duty, unit, find_counted_days(unit, window, day).last_day)
        return Tally(None if goal is None else value, goal, reason="" if goal is not None else "no-base")


def _lives_through(unit: Unit, windows: tuple[Window, ...]) -> bool:
    return bool(windows) and unit.opens_on <= windows[0].opens and unit.closes_on >= windows[-1].closes


def _keep_only(nearest: Codes, bearers: Iterable[Unit]) -> Codes:
    codes = frozenset(unit.code for unit in bearers)
    return {number: code for number, code in nearest.items() if code in codes}


def _list_by_bearer(feeding: frozenset[str], nearest: Codes, as_of: date) -> Mapping[str, list[Row]]:
    """The records in effect by the bearer they credit."""
    condition = Q(kind__in=feeding, happened_on__lte=as_of)
    found: dict[str, list[Row]] = {}
    for row in list_rows(condition, nearest, load_voided(nearest).ids):
        found.setdefault(row.unit, []).append(row)
    return found


def _count_statuses(
    duty: Duty, unit: Unit, windows: tuple[Window, ...], rows: Iterable[Row], as_of: date
) -> Mapping[Status, int]:
    found: dict[Status, int] = {}
    for standing in assess_unit(duty, unit, windows, rows, as_of):
        found[standing.status] = found.get(standing.status, 0) + 1
    return found

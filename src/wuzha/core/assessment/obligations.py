"""What is owed: one obligation for each duty, bearing unit and window."""

from collections.abc import Iterable, Iterator
from datetime import date

from wuzha.core.assessment.model import Obligation
from wuzha.core.base.interval import DAY, Interval
from wuzha.core.base.unit import Unit
from wuzha.core.base.windows import Window
from wuzha.core.duty.model import Duty, Waiver
from wuzha.core.duty.span import ONCE, expand_windows, find_due_day

__all__ = ("DUTY_SHORT", "ONCE", "UNIT_SHORT", "expand_obligations", "expand_windows", "find_due_day", "list_waivers")

UNIT_SHORT = "unit-short"
DUTY_SHORT = "duty-short"


def expand_obligations(duty: Duty, unit: Unit, windows: tuple[Window, ...]) -> Iterator[Obligation]:
    """The unit's obligations, in order. None for a time in which the unit did not exist at all."""
    waivers = list_waivers(duty, unit.code)
    for window in windows:
        due_on = find_due_day(duty, window)
        until_due = Interval(window.whole.opens, due_on + DAY)
        owed = window.whole if duty.rhythm is not None else until_due
        if unit.life.overlap(owed).overlap(window.interval).days:
            begins_on = max(window.opens, unit.opens_on)
            exempt = _find_exemption(duty, unit, owed, due_on)
            waived = (
                "" if exempt or not waivers else _find_waiver(waivers, until_due, _find_asked(duty, unit, until_due))
            )
            # Nothing can come after the unit's last day: then it is settled, done or not.
            last_on = min(due_on, unit.life.last_day)
            yield Obligation(duty.id, unit.code, window, begins_on, last_on, exempt, waived)


def list_waivers(duty: Duty, code: str) -> tuple[Waiver, ...]:
    """Those that set this duty aside for the unit, the earliest first."""
    mine = (one for one in duty.waivers if one.duty == duty.id and code in one.units)
    return tuple(sorted(mine, key=lambda one: (one.days, one.reason)))


def _find_asked(duty: Duty, unit: Unit, owed: Interval) -> Interval:
    """As much of the time as lies inside the unit's life and the duty's validity."""
    lived = unit.life.overlap(owed)
    return lived if duty.rhythm is None else lived.overlap(duty.valid)


def _find_waiver(waivers: Iterable[Waiver], until_due: Interval, asked: Interval) -> str:
    """Why the window is set aside, if it is: when less than half of the time until its due day is left for the work.

    What comes after the due day frees nobody from what was due before it, and leaves no time to be in time.
    """
    free, reason, since = asked.days, "", asked.opens
    for waiver in waivers:
        days = waiver.days.overlap(asked)
        fresh = Interval(max(since, days.opens), days.closes)  # two waivers may share days
        if fresh.days:
            free, since, reason = free - fresh.days, days.closes, reason or waiver.reason
    return reason if 2 * free < until_due.days else ""


def _find_exemption(duty: Duty, unit: Unit, owed: Interval, due_on: date) -> str:
    """A window is owed when at least half of it lies inside the unit's life and the duty's validity, and some of it
    before the due day: what cannot be begun in time cannot be late.

    Of a duty owed once the window is the time until its due day, not the time in which it can still be made good.
    """
    if 2 * unit.life.overlap(owed).days < owed.days or unit.opens_on > due_on:
        return UNIT_SHORT
    is_short = 2 * _find_asked(duty, unit, owed).days < owed.days or duty.valid.opens > due_on
    return DUTY_SHORT if is_short else ""

"""What is owed: one obligation for each duty, bearing unit and window."""

from collections.abc import Iterator
from datetime import date

from wuzha.core.assessment.model import Obligation
from wuzha.core.base.interval import DAY, Interval
from wuzha.core.base.unit import Unit
from wuzha.core.base.windows import Window, list_windows
from wuzha.core.duty.kinds import VERBS
from wuzha.core.duty.model import Duty

ONCE = "once"
UNIT_SHORT = "unit-short"
DUTY_SHORT = "duty-short"


def expand_windows(duty: Duty, plan_valid: Interval) -> tuple[Window, ...]:
    """The duty's windows. A duty owed once has one, from its first day until nothing counts any more."""
    if duty.rhythm is not None:
        return tuple(list_windows(duty.rhythm, duty.valid))
    return (Window(duty.valid.opens, _find_end(duty, plan_valid), ONCE),)


def _find_end(duty: Duty, plan_valid: Interval) -> date:
    """When a duty owed once is over.

    What is done can be made good until the plan ends; a state is owed while the duty lasts; an indicator is settled on
    its due day.
    """
    verb = VERBS[duty.verb]
    if verb.settles:
        return _find_once_due(duty) + DAY
    return duty.valid.closes if verb.remembers else max(duty.valid.closes, plan_valid.closes)


def _find_once_due(duty: Duty) -> date:
    """Never before the first day, whatever the plan says: what cannot be begun cannot be late."""
    return max(duty.by or duty.valid.last_day, duty.valid.opens)


def find_due_day(duty: Duty, window: Window) -> date:
    """The last day on which the window's work is in time."""
    if duty.rhythm is None:
        return _find_once_due(duty)
    if not duty.due.day:
        return window.interval.last_day
    return _find_day_of_month(window, duty.due.day)


def expand_obligations(duty: Duty, unit: Unit, windows: tuple[Window, ...]) -> Iterator[Obligation]:
    """The unit's obligations, in order. None for a time in which the unit did not exist at all."""
    for window in windows:
        due_on = find_due_day(duty, window)
        owed = window.interval if duty.rhythm is not None else Interval(window.opens, due_on + DAY)
        if unit.life.overlap(owed).days:
            begins_on = max(window.opens, unit.opens_on)
            yield Obligation(duty.id, unit.code, window, begins_on, due_on, _find_exemption(duty, unit, owed))


def _find_exemption(duty: Duty, unit: Unit, owed: Interval) -> str:
    """A window is owed when at least half of it lies inside the unit's life and the duty's validity.

    Of a duty owed once the window is the time until its due day, not the time in which it can still be made good.
    """
    if 2 * unit.life.overlap(owed).days < owed.days:
        return UNIT_SHORT
    if duty.rhythm is not None and 2 * duty.valid.overlap(unit.life).overlap(owed).days < owed.days:
        return DUTY_SHORT
    return ""


def _find_day_of_month(window: Window, day_of_month: int) -> date:
    """That day of the month in which the window ends; its last day where the month is too short."""
    last = window.interval.last_day
    day = last
    while day.day > day_of_month and day > window.opens:
        day -= DAY
    return day

"""What is owed: one obligation for each duty, bearing unit and window."""

from collections.abc import Iterator
from datetime import date

from wuzha.core.assessment.model import Obligation
from wuzha.core.base.interval import DAY, Interval
from wuzha.core.base.unit import Unit
from wuzha.core.base.windows import Window, list_windows
from wuzha.core.duty.model import Duty

ONCE = "once"
UNIT_SHORT = "unit-short"
DUTY_SHORT = "duty-short"


def expand_windows(duty: Duty, plan_valid: Interval) -> tuple[Window, ...]:
    """The duty's windows. A duty owed once has one, which stays open until the plan ends, so that late is not never."""
    if duty.rhythm is not None:
        return tuple(list_windows(duty.rhythm, duty.valid))
    return (Window(duty.valid.opens, max(duty.valid.closes, plan_valid.closes), ONCE),)


def find_due_day(duty: Duty, window: Window) -> date:
    """The last day on which the window's work is in time."""
    if duty.rhythm is None:
        return duty.by or duty.valid.last_day
    if not duty.due.day:
        return window.interval.last_day
    return _find_day_of_month(window, duty.due.day)


def expand_obligations(duty: Duty, unit: Unit, windows: tuple[Window, ...]) -> Iterator[Obligation]:
    """The unit's obligations, in order. None for a window in which the unit did not exist at all."""
    for window in windows:
        if unit.life.overlap(window.interval).days:
            yield Obligation(
                duty.id, unit.code, window, find_due_day(duty, window), _find_exemption(duty, unit, window)
            )


def _find_exemption(duty: Duty, unit: Unit, window: Window) -> str:
    """A window is owed when at least half of it lies inside the unit's life and the duty's validity."""
    if 2 * unit.life.overlap(window.interval).days < window.interval.days:
        return UNIT_SHORT
    inside = duty.valid.overlap(unit.life).overlap(window.interval)
    if duty.rhythm is not None and 2 * inside.days < window.interval.days:
        return DUTY_SHORT
    return ""


def _find_day_of_month(window: Window, day_of_month: int) -> date:
    """That day of the month in which the window ends; its last day where the month is too short."""
    last = window.interval.last_day
    day = last
    while day.day > day_of_month and day > window.opens:
        day -= DAY
    return day

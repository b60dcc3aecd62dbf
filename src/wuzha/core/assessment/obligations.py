"""What is owed: one obligation for each duty, bearing unit and window."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from wuzha.core.assessment.model import Obligation
from wuzha.core.base.interval import DAY, Interval
from wuzha.core.base.unit import Unit
from wuzha.core.base.windows import Rhythm, Window, find_window, list_windows
from wuzha.core.base.workdays import find_next_workday, find_previous_workday
from wuzha.core.duty.kinds import VERBS
from wuzha.core.duty.model import Due, Duty, OnDayOff, Waiver

ONCE = "once"
UNIT_SHORT = "unit-short"
DUTY_SHORT = "duty-short"


def expand_windows(duty: Duty, plan_valid: Interval) -> tuple[Window, ...]:
    """The duty's windows. A duty owed once has one, from its first day until nothing counts any more.

    A due day that a day off moves past the end of its window takes the end with it: what comes in by then is of this
    window, and the next one begins on the day after. So the windows still tile, and nothing counts twice.
    """
    if duty.rhythm is None:
        return (Window(duty.valid.opens, _find_end(duty, plan_valid), ONCE),)
    windows = list_windows(duty.rhythm, duty.valid)
    if not duty.due.on_day_off:
        return tuple(windows)
    moved = (_move_window(duty, duty.rhythm, window) for window in windows)
    return tuple(window for window in moved if window.interval.overlap(duty.valid).days)


def _move_window(duty: Duty, rhythm: Rhythm, window: Window) -> Window:
    """The window with its ends where the due days took them. Nothing goes before the duty's own first day, so that its
    first window begins by the calendar."""
    opens = find_due_day(duty, find_window(rhythm, window.opens - DAY)) + DAY
    if window.opens <= duty.valid.opens:
        opens = min(opens, duty.valid.opens)
    opens = max(opens, window.opens)
    closes = max(window.closes, find_due_day(duty, window) + DAY)
    if (opens, closes) == (window.opens, window.closes):
        return window
    return replace(window, opens=opens, closes=closes, regular=window.interval)


def _find_end(duty: Duty, plan_valid: Interval) -> date:
    """When a duty owed once is over.

    What is done can be made good until the plan ends; a state is owed while the duty lasts; an indicator is settled on
    its due day. A due day that moved past the end counts still.
    """
    verb = VERBS[duty.verb]
    if verb.settles:
        return _find_once_due(duty) + DAY
    end = duty.valid.closes if verb.remembers else max(duty.valid.closes, plan_valid.closes)
    return max(end, _find_once_due(duty) + DAY) if duty.due.on_day_off else end


def _find_once_due(duty: Duty) -> date:
    """Never before the first day, whatever the plan says: what cannot be begun cannot be late."""
    due_on = max(duty.by or duty.valid.last_day, duty.valid.opens)
    return _move_due_day(duty.due, due_on, duty.valid.opens)


def find_due_day(duty: Duty, window: Window) -> date:
    """The last day on which the window's work is in time, moved off a day off where the plan says so."""
    if duty.rhythm is None:
        return _find_once_due(duty)
    regular = window.regular or window.interval
    due_on = _find_day_of_month(regular, duty.due.day) if duty.due.day else regular.last_day
    return _move_due_day(duty.due, due_on, regular.opens)


def _move_due_day(due: Due, day: date, opens: date) -> date:
    """Off a day off, as the plan says. Never to before the first day ``opens``: rather to the next working day."""
    if not due.on_day_off:
        return day
    earlier = find_previous_workday(due.workdays, day) if due.on_day_off is OnDayOff.PREVIOUS else None
    if earlier is not None and earlier >= opens:
        return earlier
    return find_next_workday(due.workdays, day) or day


def expand_obligations(duty: Duty, unit: Unit, windows: tuple[Window, ...]) -> Iterator[Obligation]:
    """The unit's obligations, in order. None for a time in which the unit did not exist at all."""
    waivers = list_waivers(duty, unit.code)
    for window in windows:
        due_on = find_due_day(duty, window)
        owed = window.interval if duty.rhythm is not None else Interval(window.opens, due_on + DAY)
        if unit.life.overlap(owed).days:
            begins_on = max(window.opens, unit.opens_on)
            exempt = _find_exemption(duty, unit, owed)
            waived = "" if exempt or not waivers else _find_waiver(waivers, owed, _find_asked(duty, unit, owed))
            yield Obligation(duty.id, unit.code, window, begins_on, due_on, exempt, waived)


def list_waivers(duty: Duty, code: str) -> tuple[Waiver, ...]:
    """Those that set this duty aside for the unit, the earliest first."""
    mine = (one for one in duty.waivers if one.duty == duty.id and code in one.units)
    return tuple(sorted(mine, key=lambda one: (one.days, one.reason)))


def _find_asked(duty: Duty, unit: Unit, owed: Interval) -> Interval:
    """As much of the window as lies inside the unit's life and the duty's validity."""
    lived = unit.life.overlap(owed)
    return lived if duty.rhythm is None else lived.overlap(duty.valid)


def _find_waiver(waivers: Iterable[Waiver], owed: Interval, asked: Interval) -> str:
    """Why the window is set aside, if it is: when less than half of it is left for the work.

    The rule is that of lives and validities, so that a waiver which ends in the middle of a month has one meaning.
    """
    free, reason, since = asked.days, "", asked.opens
    for waiver in waivers:
        days = waiver.days.overlap(asked)
        fresh = Interval(max(since, days.opens), days.closes)  # two waivers may share days
        if fresh.days:
            free, since, reason = free - fresh.days, days.closes, reason or waiver.reason
    return reason if 2 * free < owed.days else ""


def _find_exemption(duty: Duty, unit: Unit, owed: Interval) -> str:
    """A window is owed when at least half of it lies inside the unit's life and the duty's validity.

    Of a duty owed once the window is the time until its due day, not the time in which it can still be made good.
    """
    if 2 * unit.life.overlap(owed).days < owed.days:
        return UNIT_SHORT
    return DUTY_SHORT if 2 * _find_asked(duty, unit, owed).days < owed.days else ""


def _find_day_of_month(window: Interval, day_of_month: int) -> date:
    """That day of the month in which the window ends; its last day where the month is too short."""
    day = window.last_day
    while day.day > day_of_month and day > window.opens:
        day -= DAY
    return day

"""When a duty asks for its work: its windows, each with the last day on which it is in time.

Windows go by the calendar (:mod:`wuzha.core.base.windows`) but for two things. A due day that a day off moves past the
end of its window takes the end with it. And a duty that comes into force inside a window has no more of it than the
rest: what was done before its first day was asked for by nobody. A last window runs on to its end by the calendar, so
that the plan's last week is not lost ([decision 10](docs/decisions/0010-when-a-standing-is-settled.md)).
"""

from dataclasses import replace
from datetime import date

from wuzha.core.base.interval import DAY, Interval
from wuzha.core.base.windows import Rhythm, Window, find_window, list_windows
from wuzha.core.base.workdays import find_next_workday, find_previous_workday
from wuzha.core.duty.kinds import VERBS
from wuzha.core.duty.model import Due, Duty, OnDayOff

ONCE = "once"


def expand_windows(duty: Duty, plan_valid: Interval) -> tuple[Window, ...]:
    """The duty's windows, from its first day on. A duty owed once has one, until nothing counts any more.

    A due day that a day off moves past the end of its window takes the end with it: what comes in by then is of this
    window, and the next one begins on the day after. So the windows still tile, and nothing counts twice.
    """
    if duty.rhythm is None:
        return (Window(duty.valid.opens, _find_end(duty, plan_valid), ONCE),)
    windows = (_fit_window(duty, duty.rhythm, window) for window in list_windows(duty.rhythm, duty.valid))
    return tuple(window for window in windows if window.interval.overlap(duty.valid).days)


def _fit_window(duty: Duty, rhythm: Rhythm, window: Window) -> Window:
    """The window with its ends where the due days took them, and without the days before the duty's own first day."""
    if not duty.due.on_day_off:
        return _cut(duty, window)
    fitted = _cut(duty, replace(window, opens=_find_opening(duty, rhythm, window), regular=window.interval))
    fitted = replace(fitted, closes=max(window.closes, find_due_day(duty, fitted) + DAY))
    return window if fitted == window else fitted


def _cut(duty: Duty, window: Window) -> Window:
    """Without the days before the duty came into force, if it did so inside the window."""
    if duty.valid.opens not in window.interval or duty.valid.opens == window.opens:
        return window
    return replace(window, opens=duty.valid.opens, began=window.opens, regular=window.regular or window.interval)


def _find_opening(duty: Duty, rhythm: Rhythm, window: Window) -> date:
    """The day after the due day of the window before, where that moved past its end; the duty's own first day at the
    latest, because before it no window was owed."""
    opens = find_due_day(duty, _cut(duty, find_window(rhythm, window.opens - DAY))) + DAY
    if window.opens <= duty.valid.opens:
        opens = min(opens, duty.valid.opens)
    return max(opens, window.opens)


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
    """The last day on which the window's work is in time, moved off a day off where the plan says so.

    It may lie before the window opens, where the duty came into force too late in it.
    """
    if duty.rhythm is None:
        return _find_once_due(duty)
    regular = window.regular or window.interval
    due_on = _find_day_of_month(regular, duty.due.day) if duty.due.day else regular.last_day
    return _move_due_day(duty.due, due_on, window.opens)


def _move_due_day(due: Due, day: date, opens: date) -> date:
    """Off a day off, as the plan says. Never to before the first day ``opens``: rather to the next working day."""
    if not due.on_day_off:
        return day
    earlier = find_previous_workday(due.workdays, day) if due.on_day_off is OnDayOff.PREVIOUS else None
    if earlier is not None and earlier >= opens:
        return earlier
    return find_next_workday(due.workdays, day) or day


def _find_day_of_month(window: Interval, day_of_month: int) -> date:
    """That day of the month in which the window ends; its last day where the month is too short."""
    day = window.last_day
    while day.day > day_of_month and day > window.opens:
        day -= DAY
    return day

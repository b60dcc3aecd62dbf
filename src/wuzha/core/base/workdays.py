"""The working calendar: weekends, public holidays and the make-up working days (调休) that pay for them.

The list of a year is published about two months before it begins. Of a year without a list only the weekdays are
known, and whoever shows a day that hangs on it must say so: :meth:`Workdays.is_published`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from wuzha.core.base.interval import DAY, Interval

LONGEST_REST_DAYS = 13
"""No day is moved further than this: more days off in a row are a slip in the data, and a month must not lose half of
its days to the one before it. The longest that was ever published is nine."""


@dataclass(frozen=True, slots=True)
class Workdays:
    """Which days are worked beside the plain weekdays: ``off`` are weekdays off, ``worked`` weekend days worked.

    ``years`` are those whose list has been published.
    """

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
    years: frozenset[int] = frozenset()

    def is_published(self, year: int) -> bool:
        return year in self.years


WEEKDAYS = Workdays()
"""Monday to Friday, and nothing known of holidays."""


class DayChange(StrEnum):
    """What a county says of a day of its own: off, worked, or the first of a school semester; or that the year's list
    is complete."""

    OFF = "off"
    WORK = "work"
    SPRING = "spring"
    AUTUMN = "autumn"
    LISTED = "listed"


@dataclass(frozen=True, slots=True)
class DaySaid:
    """One day with what is said of it, why, and by whom (a post, on a date)."""

    day: date
    change: DayChange
    reason: str = ""
    said_by: str = ""
    said_on: date | None = None


Semesters = tuple[tuple[str, date], ...]
"""First days of school semesters that are known, by label (``2027-S1`` is the spring of 2027)."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days, and the first days of the school semesters that differ from the usual ones."""

    workdays: Workdays = WEEKDAYS
    semesters: Semesters = ()


def amend_calendar(calendar: Calendar, said: Iterable[DaySaid]) -> Calendar:
    """The calendar with a county's own days upon it; of two that speak of the same thing the later one holds."""
    off, worked = set(calendar.workdays.off), set(calendar.workdays.worked)
    years, semesters = set(calendar.workdays.years), dict(calendar.semesters)
    for one in said:
        match one.change:
            case DayChange.OFF:
                off.add(one.day)
                worked.discard(one.day)
            case DayChange.WORK:
                worked.add(one.day)
                off.discard(one.day)
            case DayChange.LISTED:
                years.add(one.day.year)
            case _:
                semesters[label_semester(one)] = one.day
    workdays = Workdays(frozenset(off), frozenset(worked), frozenset(years))
    return Calendar(workdays, tuple(sorted(semesters.items())))


def label_semester(said: DaySaid) -> str:
    return f"{said.day.year}-{'S1' if said.change is DayChange.SPRING else 'S2'}"


def is_workday(workdays: Workdays, day: date) -> bool:
    """A day that is named counts as named; any other by its weekday."""
    if day in workdays.worked:
        return True
    return day.weekday() < 5 and day not in workdays.off


def find_next_workday(workdays: Workdays, day: date) -> date | None:
    """The day itself if it is worked, else the first one after it that is; none within :data:`LONGEST_REST_DAYS`."""
    return next((day + n * DAY for n in range(LONGEST_REST_DAYS + 1) if is_workday(workdays, day + n * DAY)), None)


def find_previous_workday(workdays: Workdays, day: date) -> date | None:
    """The day itself if it is worked, else the last one before it that is; none within :data:`LONGEST_REST_DAYS`."""
    return next((day - n * DAY for n in range(LONGEST_REST_DAYS + 1) if is_workday(workdays, day - n * DAY)), None)


def count_workdays(workdays: Workdays, days: Interval) -> int:
    """How many days of the interval are worked."""
    return sum(is_workday(workdays, days.opens + n * DAY) for n in range(days.days))

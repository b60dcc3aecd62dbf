"""Calendar windows: "once a week" means once in each week from Monday to Sunday, not seven days after the last time.

The windows of one cadence tile time: each day lies in exactly one of them. A month (and the quarter, half-year and
year built of months) may end on a chosen day, since a table due on the 20th usually counts the 21st to the 20th.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from wuzha.core.base.interval import DAY, Interval


class Cadence(StrEnum):
    DAY = "day"
    WEEK = "week"
    FORTNIGHT = "fortnight"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half-year"
    SEMESTER = "semester"
    YEAR = "year"


MONTHS: Mapping[Cadence, int] = MappingProxyType(
    {Cadence.MONTH: 1, Cadence.QUARTER: 3, Cadence.HALF_YEAR: 6, Cadence.YEAR: 12}
)

# Fortnights are counted from a Monday that every year shares, so that they tile time across the new year.
FORTNIGHT_EPOCH = date(2001, 1, 1)

# School semesters open on 1 February and 1 September where the county has not said its own days [practice].
SEMESTER_MONTHS = (2, 9)
MOST_SEMESTER_SHIFT_DAYS = 60


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """One stretch in which a duty wants its tally. ``label`` is stable text such as ``2027-W03`` or ``2027-05``.

    ``regular`` is the stretch by the calendar where the window is another: a due day that moved has taken an end with
    it, or the duty came into force inside. Then ``began`` is the window's own first day, before the duty's.
    """

    opens: date
    closes: date
    label: str
    regular: Interval | None = field(default=None, compare=False)
    began: date | None = field(default=None, compare=False)

    @property
    def interval(self) -> Interval:
        return Interval(self.opens, self.closes)

    @property
    def whole(self) -> Interval:
        """With the days before the duty came into force: what half a window is half of."""
        return Interval(self.began or self.opens, self.closes)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """A cadence with the day on which its months end (0: the calendar month; 20: from the 21st to the 20th).

    ``semesters`` are first days of school semesters by label, where they are known; none is further than
    ``MOST_SEMESTER_SHIFT_DAYS`` from the usual one.
    """

    cadence: Cadence
    month_ends: int = 0
    semesters: tuple[tuple[str, date], ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.month_ends <= 28:
            raise ValueError(f"month_ends must be 0 to 28, not {self.month_ends}")


def find_window(rhythm: Rhythm, day: date) -> Window:
    """The one window of this rhythm in which the day lies."""
    match rhythm.cadence:
        case Cadence.DAY:
            return Window(day, day + DAY, day.isoformat())
        case Cadence.WEEK:
            return _week(day)
        case Cadence.FORTNIGHT:
            return _fortnight(day)
        case Cadence.SEMESTER:
            return _semester(rhythm, day)
        case _:
            return _months(rhythm, day)


def list_windows(rhythm: Rhythm, interval: Interval) -> Iterator[Window]:
    """Every window that shares a day with the interval, in order."""
    day = interval.opens
    while day < interval.closes:
        window = find_window(rhythm, day)
        yield window
        day = window.closes


def _week(day: date) -> Window:
    opens = day - timedelta(days=day.weekday())
    year, week, _ = day.isocalendar()
    return Window(opens, opens + timedelta(days=7), f"{year}-W{week:02}")


def _fortnight(day: date) -> Window:
    opens = day - timedelta(days=(day - FORTNIGHT_EPOCH).days % 14)
    return Window(opens, opens + timedelta(days=14), f"{opens.isoformat()}/14")


def _semester(rhythm: Rhythm, day: date) -> Window:
    openings = list(_list_semesters(rhythm, day.year))
    number = max(n for n, (opens, _) in enumerate(openings) if opens <= day)
    (opens, label), (closes, _) = openings[number : number + 2]
    return Window(opens, closes, label)


def _list_semesters(rhythm: Rhythm, year: int) -> Iterator[tuple[date, str]]:
    """The first days of the semesters from the year before to the year after, in order."""
    known = dict(rhythm.semesters)
    for each in (year - 1, year, year + 1):
        for number, month in enumerate(SEMESTER_MONTHS, start=1):
            label = f"{each}-S{number}"
            yield known.get(label, date(each, month, 1)), label


def _months(rhythm: Rhythm, day: date) -> Window:
    length = MONTHS[rhythm.cadence]
    # Months are numbered on from year 0; the month that a day belongs to is the one in which its window ends.
    number = day.year * 12 + day.month - 1
    if rhythm.month_ends and day.day > rhythm.month_ends:
        number += 1
    first = number - number % length
    opens, closes = _month_opens(rhythm, first), _month_opens(rhythm, first + length)
    return Window(opens, closes, _month_label(rhythm.cadence, first))


def _month_opens(rhythm: Rhythm, number: int) -> date:
    if not rhythm.month_ends:
        return date(number // 12, number % 12 + 1, 1)
    number -= 1
    return date(number // 12, number % 12 + 1, rhythm.month_ends) + DAY


def _month_label(cadence: Cadence, first: int) -> str:
    year, month = divmod(first, 12)
    match cadence:
        case Cadence.MONTH:
            return f"{year}-{month + 1:02}"
        case Cadence.QUARTER:
            return f"{year}-Q{month // 3 + 1}"
        case Cadence.HALF_YEAR:
            return f"{year}-H{month // 6 + 1}"
        case _:
            return f"{year}"

"""The working calendar that comes with the package, and how days off are written: plain values to days.

Values are those of a YAML file of the plain kind; :mod:`wuzha.adapters.calendar_yaml` reads a county's own file.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from importlib.resources import files

import yaml

from wuzha.core.base.interval import DAY
from wuzha.core.base.problem import Problem, has_errors
from wuzha.core.base.windows import MOST_SEMESTER_SHIFT_DAYS, SEMESTER_MONTHS
from wuzha.core.base.workdays import Calendar, DayChange, DaySaid, amend_calendar
from wuzha.core.plan.node import Findings, Locate, Node, locate_nothing

YEAR_KEYS = ("year", "notice", "number", "dated", "holidays")
HOLIDAY_KEYS = ("name", "from", "to", "work")
DAY_KEYS = ("day", "works", "reason", "by", "dated")
SEMESTER_KEYS = ("semester", "opens", "reason", "by", "dated")
FILE_KEYS = ("days", "semesters", "years")
SEMESTER = re.compile(r"(\d{4})-S([12])")
MOST_HOLIDAY_DAYS = 31


@cache
def load_calendar() -> Calendar:
    """The published calendar. Raises ``ValueError`` when the package's own file is wrong."""
    text = files("wuzha.core.base").joinpath("holidays.yaml").read_text(encoding="utf-8")
    said, problems = read_days(yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    if problems:
        raise ValueError(f"holidays.yaml: {problems[0]}")
    return amend_calendar(Calendar(), said)


def read_days(data: object, locate: Locate = locate_nothing) -> tuple[tuple[DaySaid, ...], tuple[Problem, ...]]:
    """Everything that the values say, in their order, and what is wrong with them. Nothing if anything is wrong."""
    findings = Findings(locate)
    said = tuple(_read_file(Node(data, (), findings)))
    return (() if has_errors(findings.problems) else said), tuple(findings.problems)


def _read_file(root: Node) -> Iterator[DaySaid]:
    if not root.is_mapping(FILE_KEYS):
        return
    for key, read in (("years", _read_year), ("days", _read_own_day), ("semesters", _read_semester)):
        for item in root.find(key).list_items():
            yield from read(item)


def _read_year(item: Node) -> Iterator[DaySaid]:
    if not item.is_mapping(YEAR_KEYS) or not item.find("year").require():
        return
    year, source = item.find("year").read_whole(2000, 2999), item.find("notice").read_text()
    dated = item.find("dated").read_day()
    for holiday in item.find("holidays").list_items():
        if holiday.is_mapping(HOLIDAY_KEYS):
            yield from _read_holiday(holiday, source, dated)
    if year:
        yield DaySaid(date(year, 1, 1), DayChange.LISTED, source, "", dated)


def _read_holiday(item: Node, source: str, dated: date | None) -> Iterator[DaySaid]:
    name, ends = item.find("name").read_text(), (item.find("from"), item.find("to"))
    first, last = (end.read_day() if end.require() else None for end in ends)
    if first is not None and last is not None:
        if not 0 <= (last - first).days < MOST_HOLIDAY_DAYS:
            ends[1].tell("plan.dates-reversed", opens=first, last=last)
            return
        days = (first + n * DAY for n in range((last - first).days + 1))
        yield from (DaySaid(day, DayChange.OFF, name, source, dated) for day in days)
    works = (work.read_day() for work in item.find("work").list_items())
    yield from (DaySaid(day, DayChange.WORK, name, source, dated) for day in works if day is not None)


def _read_own_day(item: Node) -> Iterator[DaySaid]:
    if not item.is_mapping(DAY_KEYS) or not _require(item, ("day", "works", "reason")):
        return
    day = item.find("day").read_day()
    change = DayChange.WORK if item.find("works").read_flag() else DayChange.OFF
    if day is not None:
        yield DaySaid(day, change, *_read_author(item))


def _read_semester(item: Node) -> Iterator[DaySaid]:
    if not item.is_mapping(SEMESTER_KEYS) or not _require(item, ("semester", "opens", "reason")):
        return
    day, label = item.find("opens").read_day(), SEMESTER.fullmatch(item.find("semester").read_text())
    if label is None:
        item.find("semester").refuse("calendar.not-a-semester")
    elif day is not None:
        said = DaySaid(day, (DayChange.SPRING, DayChange.AUTUMN)[int(label[2]) - 1], *_read_author(item))
        if day.year != int(label[1]) or not is_near_semester(said):
            item.find("opens").tell("calendar.semester-far", day=day, most=MOST_SEMESTER_SHIFT_DAYS)
        yield said


def is_near_semester(said: DaySaid) -> bool:
    """Whether the first day of a semester lies where such a day can be."""
    month = SEMESTER_MONTHS[0] if said.change is DayChange.SPRING else SEMESTER_MONTHS[1]
    return abs((said.day - date(said.day.year, month, 1)).days) <= MOST_SEMESTER_SHIFT_DAYS


def _read_author(item: Node) -> tuple[str, str, date | None]:
    return item.find("reason").read_text(), item.find("by").read_text(), item.find("dated").read_day()


def _require(item: Node, keys: Iterable[str]) -> bool:
    """Whether all of them are there; tells of each that is missing."""
    missing = [key for key in keys if not item.find(key).require()]
    return not missing

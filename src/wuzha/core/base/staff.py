"""Many people at once: the rows of a sheet become accounts with a post each, or problems that name the row."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType

from wuzha.core.base.problem import NOWHERE, Problem, Source
from wuzha.core.base.unit import EARLIEST, LATEST, LINES

COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "name": "姓名",
        "username": "用户名",
        "unit": "单位编码",
        "role": "岗位",
        "line": "条线",
        "opens_on": "开始日期",
        "last_day": "最后一天",
    }
)
REQUIRED = ("name", "username", "unit", "role")
ROLES: Mapping[str, str] = MappingProxyType(
    {
        "officer": "专干",
        "secretary": "记录员",
        "reviewer": "审核员",
        "supervisor": "督导员",
        "publisher": "发布员",
        "analyst": "分析员",
        "admin": "管理员",
    }
)
# What a role is called on the pages, beside the word of the sheet.
ALSO = MappingProxyType({"系统管理员": "admin"})
MOST_LETTERS = 60
USERNAME = re.compile(r"[\w.@+-]{1,60}")
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One row as typed: raw text by field (see :data:`COLUMNS`), and the sheet and row it stands in."""

    cells: Mapping[str, str]
    place: Source = NOWHERE

    def read(self, name: str) -> str:
        """The cell without its margins, full-width letters and figures made plain; empty when there is none."""
        return unicodedata.normalize("NFKC", self.cells.get(name, "")).strip()

    def locate(self, name: str) -> Source:
        return replace(self.place, column=COLUMNS[name])


@dataclass(frozen=True, slots=True)
class NewPerson:
    """An account to be made, with its post: in force from ``opens_on`` up to, not including, ``closes_on``."""

    name: str
    username: str
    unit: str
    role: str
    line: str
    opens_on: date
    closes_on: date = LATEST


@dataclass(frozen=True, slots=True)
class Desk:
    """What the rows are checked against: the day, the user names that are taken, and which posts may be given.

    ``may_give`` is asked with a unit's code, a role and a line; it says none of a unit that is out of sight.
    """

    today: date
    taken: frozenset[str]
    may_give: Callable[[str, str, str], bool | None]


@dataclass(slots=True)
class _Reading:
    row: PersonRow
    problems: list[Problem] = field(default_factory=list)

    def tell(self, code: str, column: str, **params: object) -> None:
        shown = tuple(sorted((name, str(value)) for name, value in params.items()))
        self.problems.append(Problem(code, self.row.locate(column), shown))


def check_people(rows: Sequence[PersonRow], desk: Desk) -> tuple[tuple[NewPerson, ...], tuple[Problem, ...]]:
    """The people of the rows, in their order, and every problem of every row. With a problem nobody is to be made."""
    readings = [_Reading(row) for row in rows]
    people = [_read_person(reading, desk) for reading in readings]
    _find_twice(readings)
    problems = tuple(problem for reading in readings for problem in reading.problems)
    return tuple(person for person in people if person is not None), problems


def _read_person(reading: _Reading, desk: Desk) -> NewPerson | None:
    row = reading.row
    for name in REQUIRED:
        if not row.read(name):
            reading.tell("people.cell-missing", name, head=COLUMNS[name])
    role, line = _read_role(reading), _read_line(reading)
    days = _read_days(reading, desk.today)
    _check_names(reading, desk)
    if row.read("unit"):
        _check_giving(reading, desk, role, line)
    if reading.problems or role is None or line is None or days is None:
        return None
    return NewPerson(row.read("name"), row.read("username"), row.read("unit"), role, line, *days)


def _check_names(reading: _Reading, desk: Desk) -> None:
    name, username = reading.row.read("name"), reading.row.read("username")
    if len(name) > MOST_LETTERS:
        reading.tell("people.name-long", "name", limit=MOST_LETTERS)
    if username and not USERNAME.fullmatch(username):
        reading.tell("people.username-wrong", "username", value=username[:80], limit=MOST_LETTERS)
    elif username.casefold() in desk.taken:
        reading.tell("people.username-taken", "username", value=username)


def _read_role(reading: _Reading) -> str | None:
    typed = reading.row.read("role")
    known = {**{word: code for code, word in ROLES.items()}, **ALSO}
    if typed and typed not in known:
        reading.tell("people.role-unknown", "role", value=typed[:40], known="、".join(ROLES.values()))
    return known.get(typed)


def _read_line(reading: _Reading) -> str | None:
    typed = reading.row.read("line")
    known = {word: code for code, word in LINES.items()}
    if typed and typed not in known:
        reading.tell("people.line-unknown", "line", value=typed[:40], known="、".join(LINES.values()))
    return known.get(typed) if typed else ""


def _check_giving(reading: _Reading, desk: Desk, role: str | None, line: str | None) -> None:
    """Whether the unit is there is told whatever else is wrong; whether the post may be given, once it is known."""
    unit = reading.row.read("unit")
    may = desk.may_give(unit, role or "", line or "")
    if may is None:
        reading.tell("people.unit-unknown", "unit", value=unit[:40])
    elif not may and role and line is not None:
        reading.tell("people.post-not-yours", "role", role=ROLES[role])


def _read_days(reading: _Reading, today: date) -> tuple[date, date] | None:
    opens_on = _read_day(reading, "opens_on") if reading.row.read("opens_on") else today
    last_day = _read_day(reading, "last_day") if reading.row.read("last_day") else LATEST
    if opens_on is None or last_day is None:
        return None
    if last_day < opens_on:
        reading.tell("people.days-reversed", "last_day")
    return opens_on, last_day if last_day >= LATEST else last_day + DAY


def _read_day(reading: _Reading, name: str) -> date | None:
    text = reading.row.read(name)
    try:
        day = date(*(int(part) for part in re.split(r"[-/.年月]", text.removesuffix("日"))))
    except (TypeError, ValueError):
        day = date.min
    if day < EARLIEST:
        reading.tell("people.day-wrong", name, value=text[:40])
        return None
    return day


def _find_twice(readings: Sequence[_Reading]) -> None:
    """A user name that stands in several rows is told in every one of them but the first."""
    seen: Counter[str] = Counter()
    for reading in readings:
        name = reading.row.read("username").casefold()
        seen[name] += 1
        if name and seen[name] > 1:
            reading.tell("people.username-twice", "username", value=reading.row.read("username")[:80])


def list_notes() -> Iterator[str]:
    """What the second sheet of the template says."""
    yield "每人一行。姓名、用户名、单位编码、岗位必须填。"
    yield "用户名由字母、数字、汉字和 . @ + - _ 组成，最多 60 个字符，不能和已有的重复。"
    yield "单位编码照“单位”页面上的填写。"
    yield "岗位填：" + "、".join(ROLES.values()) + "。"
    yield "条线不填，岗位管该单位及以下的全部单位；填了（如“教育”），只管其中这一条线的单位。"
    yield "开始日期不填，从导入当天算起；最后一天不填，一直有效。日期写成 2026-01-01。"
    yield "导入后每人有一个一次性链接，本人打开后自己设置密码。"

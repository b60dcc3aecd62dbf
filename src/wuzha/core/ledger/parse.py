"""Rows of raw text to records, with everything that is wrong told at once.

Problem codes and their parameters, each with the row and column it is about: ``record.cell-missing``;
``record.kind-unknown`` (kind); ``record.not-a-date`` (value); ``record.not-a-time`` (value); ``record.not-a-number``
(value); ``record.negative`` (field, value); ``record.id-invalid`` (value); ``record.change-unknown`` (change);
``record.grade-unknown`` (grade); ``record.yes-or-no`` (value); ``record.id-twice`` (value, first_row);
``record.unit-unknown`` (unit).
"""

import re
import unicodedata
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from types import MappingProxyType
from typing import TypeVar
from uuid import NAMESPACE_URL, UUID, uuid5

from wuzha.core.base.problem import NOWHERE, Problem, Source
from wuzha.core.base.roster import parse_day
from wuzha.core.ledger.record import Kinds, Record, RecordKind

# Field of a record → head of its column.
RECORD_COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        "id": "编号",
        "unit": "单位编码",
        "kind": "类型",
        "happened_on": "日期",
        "quantity": "数量",
        "people": "人数",
        "subject": "对象编号",
        "area_m2": "面积",
        "at_m": "里程",
        "change": "变动",
        "grade": "等级",
        "place": "地点",
        "audience": "对象",
        "note": "备注",
        "loss_yuan": "损失金额",
        "replaces": "更正编号",
        "withdrawn": "撤回",
        "recorded_at": "记录时间",
        "received_at": "接收时间",
    }
)
CHANGE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("install", "设置", "新装", "新增", "悬挂", "张贴"), "install"),
        **dict.fromkeys(("seen", "巡查", "在位", "完好"), "seen"),
        **dict.fromkeys(("damage", "损坏", "破损"), "damage"),
        **dict.fromkeys(("remove", "拆除", "撤除"), "remove"),
        **dict.fromkeys(("enrol", "建档", "列管", "纳入"), "enrol"),
        **dict.fromkeys(("check", "核查", "回访"), "check"),
        **dict.fromkeys(("close", "销档", "撤管", "退出"), "close"),
    }
)
GRADE_WORDS: Mapping[str, str] = MappingProxyType({"高": "high", "中": "medium", "低": "low"})
YES = frozenset({"是", "1", "true", "yes", "y", "撤回"})
NO = frozenset({"", "否", "0", "false", "no", "n"})
WHOLE = re.compile(r"-?\d{1,18}")
DECIMAL = re.compile(r"-?\d{1,18}(\.\d{1,20})?")
Default = TypeVar("Default", int, None)
# China keeps one time, without summer time.
BEIJING = timezone(timedelta(hours=8))
# The namespace of ids made from a row's content, so that reading the same file twice gives the same records.
ROWS = uuid5(NAMESPACE_URL, "urn:wuzha:record-row")


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One row as typed: raw text by field (see :data:`RECORD_COLUMNS`), and the row it stands in."""

    cells: Mapping[str, str]
    place: Source = NOWHERE


@dataclass(slots=True)
class _Reading:
    row: RecordRow
    problems: list[Problem] = field(default_factory=list)

    def read(self, name: str) -> str:
        return unicodedata.normalize("NFKC", self.row.cells.get(name, "")).strip()

    def read_text(self, name: str) -> str:
        """What people wrote for people stays as they wrote it."""
        return self.row.cells.get(name, "").strip()

    def tell(self, code: str, name: str, **params: object) -> None:
        place = replace(self.row.place, column=RECORD_COLUMNS[name])
        self.problems.append(Problem(code, place, tuple(sorted((key, str(value)) for key, value in params.items()))))

    def need(self, name: str) -> str:
        text = self.read(name)
        if not text:
            self.tell("record.cell-missing", name)
        return text


def parse_records(
    rows: Iterable[RecordRow], kinds: Kinds, units: Container[str] | None = None
) -> tuple[tuple[Record, ...], tuple[Problem, ...]]:
    """Every row that can be read as a record, and every problem of the others, in the order of the rows.

    With ``units``, the codes of the roster, a row of any other unit is told and left out.
    A row without an id gets one made from its content. Rows of the same content in one file are told apart by their
    order: two equal talks on one day stay two, and the same file read again gives the same ids.
    """
    records: dict[UUID, tuple[Record, RecordRow]] = {}
    problems: list[Problem] = []
    met: dict[UUID, int] = {}
    for row in rows:
        record, found = parse_record(row, kinds)
        problems += found
        if record is None:
            continue
        if not row.cells.get("id", "").strip():
            record = _tell_apart(record, met)
        if units is not None and record.unit not in units:
            problems.append(_tell_unit(row, record.unit))
        elif record.id in records:
            problems.append(_tell_twice(row, record, records[record.id][1]))
        else:
            records[record.id] = (record, row)
    return tuple(record for record, _ in records.values()), tuple(problems)


def _tell_apart(record: Record, met: dict[UUID, int]) -> Record:
    """The second row of the same content, the third and so on get ids of their own."""
    met[record.id] = nth = met.get(record.id, 0) + 1
    return record if nth == 1 else replace(record, id=uuid5(record.id, str(nth)))


def _tell_unit(row: RecordRow, unit: str) -> Problem:
    return Problem("record.unit-unknown", replace(row.place, column=RECORD_COLUMNS["unit"]), (("unit", unit),))


def _tell_twice(row: RecordRow, record: Record, first: RecordRow) -> Problem:
    place = replace(row.place, column=RECORD_COLUMNS["id"])
    return Problem("record.id-twice", place, (("first_row", str(first.place.row)), ("value", str(record.id))))


def parse_record(row: RecordRow, kinds: Kinds) -> tuple[Record | None, tuple[Problem, ...]]:
    """The record of one row; none, and why, when anything in it cannot be read."""
    reading = _Reading(row)
    kind = _read_kind(reading, kinds)
    happened_on = _read_day(reading)
    record = Record(
        id=_read_id(reading, "id") or ROWS,
        unit=reading.need("unit"),
        kind=kind.code if kind else "",
        happened_on=happened_on or date.min,
        quantity=_read_whole(reading, "quantity", 1),
        people=_read_whole(reading, "people", None),
        area_m2=_read_decimal(reading, "area_m2"),
        at_m=_read_whole(reading, "at_m", None),
        change=_read_change(reading, kind),
        grade=_read_grade(reading, kind),
        loss_yuan=_read_decimal(reading, "loss_yuan"),
        recorded_at=_read_time(reading, "recorded_at"),
        received_at=_read_time(reading, "received_at"),
        replaces=_read_id(reading, "replaces"),
        withdrawn=_read_yes(reading),
        subject=reading.read("subject"),
        **{name: reading.read_text(name) for name in ("place", "audience", "note")},
    )
    if reading.problems:
        return None, tuple(reading.problems)
    return (record if reading.read("id") else replace(record, id=make_content_id(record))), ()


def make_content_id(record: Record) -> UUID:
    """An id that follows from what the record says, whatever id it has now."""
    told = (f"{item.name}={getattr(record, item.name)}" for item in fields(record) if item.name != "id")
    return uuid5(ROWS, "\x1f".join(told))


def _read_kind(reading: _Reading, kinds: Kinds) -> RecordKind | None:
    """By its code or by its Chinese title."""
    text = reading.need("kind")
    kind = kinds.get(text) or next((item for item in kinds.values() if item.title == text), None)
    if text and kind is None:
        reading.tell("record.kind-unknown", "kind", kind=text)
    return kind


def _read_day(reading: _Reading) -> date | None:
    text = reading.need("happened_on")
    day = parse_day(text)
    if text and day is None:
        reading.tell("record.not-a-date", "happened_on", value=text[:40])
    return day


def _read_id(reading: _Reading, name: str) -> UUID | None:
    text = reading.read(name)
    try:
        return UUID(text) if text else None
    except ValueError:
        reading.tell("record.id-invalid", name, value=text[:40])
        return None


def _read_whole(reading: _Reading, name: str, default: Default) -> int | Default:
    text = reading.read(name).replace(",", "")
    if not text:
        return default
    plain = text.removesuffix(".0")
    if not WHOLE.fullmatch(plain):
        reading.tell("record.not-a-number", name, value=text[:40])
    elif plain.startswith("-"):
        reading.tell("record.negative", name, field=name, value=text)
    else:
        return int(plain)
    return default


def _read_decimal(reading: _Reading, name: str) -> Fraction | None:
    text = reading.read(name).replace(",", "")
    if not text:
        return None
    if not DECIMAL.fullmatch(text):
        reading.tell("record.not-a-number", name, value=text[:40])
    elif text.startswith("-"):
        reading.tell("record.negative", name, field=name, value=text)
    else:
        return Fraction(text)
    return None


def _read_change(reading: _Reading, kind: RecordKind | None) -> str:
    text = reading.read("change")
    change = CHANGE_WORDS.get(text, "")
    if text and (not change or (kind is not None and change not in kind.changes)):
        reading.tell("record.change-unknown", "change", change=text)
    return change


def _read_grade(reading: _Reading, kind: RecordKind | None) -> str:
    text = reading.read("grade")
    grade = GRADE_WORDS.get(text, text)
    if grade and kind is not None and grade not in kind.grades:
        reading.tell("record.grade-unknown", "grade", grade=text)
    return grade


def _read_time(reading: _Reading, name: str) -> datetime | None:
    """An instant in ISO form; without a zone it is Beijing time."""
    text = reading.read(name)
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        reading.tell("record.not-a-time", name, value=text[:40])
        return None
    return at if at.tzinfo else at.replace(tzinfo=BEIJING)


def _read_yes(reading: _Reading) -> bool:
    text = reading.read("withdrawn").lower()
    if text not in YES | NO:
        reading.tell("record.yes-or-no", "withdrawn", value=text[:40])
    return text in YES

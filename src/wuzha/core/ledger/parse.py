"""Rows of raw text to records, with everything that is wrong told at once.

Problem codes and their parameters, each with the row and column it is about: ``record.cell-missing``;
``record.kind-unknown`` (kind); ``record.not-a-date`` (value); ``record.not-a-time`` (value); ``record.not-a-number``
(value); ``record.negative`` (field, value); ``record.id-invalid`` (value); ``record.change-unknown`` (change);
``record.grade-unknown`` (grade); ``record.yes-or-no`` (value); ``record.id-twice`` (field, value, first_row);
``record.unit-unknown`` (unit); ``record.extra-unknown`` (detail, kind); and those of
:mod:`wuzha.core.ledger.check`, whose ``first`` is a row here.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from fractions import Fraction
from types import MappingProxyType
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from wuzha.core.base.problem import NOWHERE, Problem, Source
from wuzha.core.base.roster import parse_day
from wuzha.core.base.unit import Unit
from wuzha.core.ledger.check import check_corrections, check_record, list_differences
from wuzha.core.ledger.record import BEIJING, Kinds, Record, RecordKind

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
        "extra": "其他说明",
    }
)
CHANGE_WORDS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(("install", "设置", "新设", "新装", "新增", "悬挂", "张贴"), "install"),
        **dict.fromkeys(("seen", "巡查", "在位", "完好", "查看", "查看在位"), "seen"),
        **dict.fromkeys(("damage", "损坏", "破损", "登记损坏", "登记损坏的"), "damage"),
        **dict.fromkeys(("replace", "更换", "换新", "更新"), "replace"),
        **dict.fromkeys(("remove", "拆除", "撤除"), "remove"),
        **dict.fromkeys(("enrol", "建档", "列管", "纳入", "列入名册"), "enrol"),
        **dict.fromkeys(("check", "核查", "回访", "已核查"), "check"),
        **dict.fromkeys(("close", "销档", "撤管", "退出", "移出名册"), "close"),
    }
)
GRADE_WORDS: Mapping[str, str] = MappingProxyType(
    {"高": "high", "中": "medium", "低": "low", "高风险": "high", "中风险": "medium", "低风险": "low"}
)
YES = frozenset({"是", "1", "true", "yes", "y", "撤回"})
NO = frozenset({"", "否", "0", "false", "no", "n"})
WHOLE = re.compile(r"-?\d{1,30}")
DECIMAL = re.compile(r"-?\d{1,30}(\.\d{1,20})?")
PARTS = re.compile(r"[；;\r\n]+")
NEEDED = ("unit", "kind", "happened_on")
# The namespace of ids made from a row's content, so that reading the same file twice gives the same records.
ROWS = uuid5(NAMESPACE_URL, "urn:wuzha:record-row")


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One row as typed: raw text by field (see :data:`RECORD_COLUMNS`), and the row it stands in."""

    cells: Mapping[str, str]
    place: Source = NOWHERE


@dataclass(slots=True)
class _Reading:
    """One row on its way to a record: what could be read by field, and what could not."""

    row: RecordRow
    kinds: Mapping[str, RecordKind]
    values: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def tell(self, code: str, name: str, **params: object) -> None:
        self.problems.append(_tell(self.row, code, name, **params))

    def find_kind(self) -> RecordKind | None:
        return self.kinds.get(_make_plain(self.row.cells.get("kind", "")))


def _tell(row: RecordRow, code: str, name: str, **params: object) -> Problem:
    """The problem, told of the cell that holds this field."""
    place = replace(row.place, column=RECORD_COLUMNS[name])
    return Problem(code, place, tuple(sorted((key, str(value)) for key, value in params.items())))


def _make_plain(text: str) -> str:
    """Full-width letters and figures made plain, without margins."""
    return (text if text.isascii() else unicodedata.normalize("NFKC", text)).strip()


def parse_records(
    rows: Iterable[RecordRow], kinds: Kinds, units: Mapping[str, Unit] | None = None
) -> tuple[tuple[Record, ...], tuple[Problem, ...]]:
    """Every row that can be taken in as a record, and every problem of the others, in the order of the rows.

    With ``units``, the roster by code, each row is asked all that a form asks, but for whether its day has come: who
    assesses as of a day leaves later ones out. Corrections are looked at once all rows are known, whatever their order.

    A row without an id gets one made from its content. Rows of the same content in one file are told apart by their
    order: two equal talks on one day stay two, and the same file read again gives the same ids.
    """
    ledger = _Ledger(kinds, units)
    words = name_kinds(kinds)
    for row in rows:
        ledger.take(row, *_parse(row, words))
    ledger.check_corrections()
    problems = sorted(ledger.problems, key=lambda problem: problem.source.row or 0)
    return tuple(ledger.records.values()), tuple(problems)


@dataclass(slots=True)
class _Ledger:
    """The records taken in so far, with the row of each; the ids of rows that were refused; what was told."""

    kinds: Kinds
    units: Mapping[str, Unit] | None
    records: dict[UUID, Record] = field(default_factory=dict)
    rows: dict[UUID, RecordRow] = field(default_factory=dict)
    refused: set[UUID] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    met: dict[UUID, int] = field(default_factory=dict)

    def take(self, row: RecordRow, record: Record | None, problems: tuple[Problem, ...]) -> None:
        if record is None:
            self._refuse(_find_id(row), row, problems)
            return
        if not row.cells.get("id", "").strip():
            record = self._tell_apart(record)
        first = self.records.get(record.id)
        if first is not None:
            self._take_again(row, record, first)
        elif found := self._check(row, record):
            self._refuse(record.id, row, found)
        else:
            self.records[record.id], self.rows[record.id] = record, row

    def check_corrections(self) -> None:
        """Takes out the corrections that cannot stand, and tells why."""
        if self.units is None:
            return
        for record_id, found in check_corrections(self.records, self.refused).items():
            del self.records[record_id]
            self.problems += [_place(problem, self.rows[record_id], self.rows) for problem in found]

    def _refuse(self, record_id: UUID | None, row: RecordRow, problems: Iterable[Problem]) -> None:
        self.problems += problems
        if record_id is not None:
            self.refused.add(record_id)
            self.rows.setdefault(record_id, row)

    def _tell_apart(self, record: Record) -> Record:
        """The second row of the same content, the third and so on get ids of their own."""
        self.met[record.id] = nth = self.met.get(record.id, 0) + 1
        return tell_apart(record, nth)

    def _take_again(self, row: RecordRow, record: Record, first: Record) -> None:
        """The same id with the same content is the same record sent twice; with another content it is a conflict."""
        differing = list_differences(first, record)
        if differing:
            first_row, name = self.rows[record.id].place.row, differing[0]
            problem = _tell(row, "record.id-twice", "id", first_row=first_row, value=record.id, field=name)
            self.problems.append(problem)

    def _check(self, row: RecordRow, record: Record) -> list[Problem]:
        if self.units is None:
            return []
        unit = self.units.get(record.unit)
        if unit is None:
            return [_tell(row, "record.unit-unknown", "unit", unit=record.unit)]
        return [_place(problem, row) for problem in check_record(record, self.kinds.get(record.kind), unit, date.max)]


def _place(problem: Problem, row: RecordRow, rows: Mapping[UUID, RecordRow] = MappingProxyType({})) -> Problem:
    """What was told of a field, told of the cell; another record that it names is called by its row."""
    params: dict[str, object] = {**problem.values}
    if "first" in params:
        params["first"] = rows[UUID(problem.values["first"])].place.row
    return _tell(row, problem.code, problem.source.key, **params)


def _find_id(row: RecordRow) -> UUID | None:
    """The id of a row that could not be read otherwise, so that its corrections know where it stands."""
    try:
        return UUID(_make_plain(row.cells.get("id", "")))
    except ValueError:
        return None


def name_kinds(kinds: Kinds) -> Mapping[str, RecordKind]:
    """The kinds by what people write for them: the code or the Chinese title."""
    return {**{_make_plain(kind.title): kind for kind in kinds.values()}, **kinds}


def parse_record(
    row: RecordRow, kinds: Kinds, words: Mapping[str, RecordKind] | None = None
) -> tuple[Record | None, tuple[Problem, ...]]:
    """The record of one row; none, and why, when anything in it cannot be read.

    ``words`` is what :func:`name_kinds` says of the kinds; who reads many rows asks for it once.
    """
    return _parse(row, name_kinds(kinds) if words is None else words)


def _parse(row: RecordRow, words: Mapping[str, RecordKind]) -> tuple[Record | None, tuple[Problem, ...]]:
    reading = _Reading(row, words)
    values = reading.values
    for name, text in row.cells.items():
        reader, plain = READERS.get(name), _make_plain(text) if text else ""
        if reader and plain:
            values[name] = reader(reading, name, plain)
    for name in NEEDED:
        if name not in values:
            reading.tell("record.cell-missing", name)
    if reading.problems:
        return None, tuple(reading.problems)
    if "id" in values:
        return Record(**values), ()
    record = Record(ROWS, **values)
    return replace(record, id=make_content_id(record)), ()


def make_content_id(record: Record) -> UUID:
    """An id that follows from what the record says, whatever id it has now."""
    told = [f"{item.name}={getattr(record, item.name)}" for item in fields(record) if item.name not in ("id", "extra")]
    # Only where there are any, so that a row without details keeps the id that it always had.
    told.extend(f"extra.{name}={text}" for name, text in sorted(record.extra.items()))
    return uuid5(ROWS, "\x1f".join(told))


def tell_apart(record: Record, nth: int) -> Record:
    """The nth row of one content in a file: each after the first gets an id of its own, the same at every reading."""
    return record if nth == 1 else replace(record, id=uuid5(record.id, str(nth)))


def _read_word(_: _Reading, name: str, text: str) -> str:
    return text


def _read_text(reading: _Reading, name: str, _: str) -> str:
    """What people wrote for people stays as they wrote it."""
    return reading.row.cells[name].strip()


def _read_kind(reading: _Reading, name: str, text: str) -> str:
    kind = reading.kinds.get(text)
    if kind is None:
        reading.tell("record.kind-unknown", name, kind=text)
    return kind.code if kind else ""


def _read_day(reading: _Reading, name: str, text: str) -> date | None:
    day = parse_day(text)
    if day is None:
        reading.tell("record.not-a-date", name, value=text[:40])
    return day


def _read_id(reading: _Reading, name: str, text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        reading.tell("record.id-invalid", name, value=text[:40])
        return None


def _read_whole(reading: _Reading, name: str, text: str) -> int | None:
    plain = text.replace(",", "").removesuffix(".0")
    if not WHOLE.fullmatch(plain):
        reading.tell("record.not-a-number", name, value=text[:40])
    elif plain.startswith("-"):
        reading.tell("record.negative", name, field=name, value=text)
    else:
        return int(plain)
    return None


def _read_decimal(reading: _Reading, name: str, text: str) -> Fraction | None:
    plain = text.replace(",", "")
    if not DECIMAL.fullmatch(plain):
        reading.tell("record.not-a-number", name, value=text[:40])
    elif plain.startswith("-"):
        reading.tell("record.negative", name, field=name, value=text)
    else:
        return Fraction(plain)
    return None


def _read_change(reading: _Reading, name: str, text: str) -> str:
    change, kind = CHANGE_WORDS.get(text, ""), reading.find_kind()
    if not change or (kind is not None and change not in kind.changes):
        reading.tell("record.change-unknown", name, change=text)
    return change


def _read_grade(reading: _Reading, name: str, text: str) -> str:
    grade, kind = GRADE_WORDS.get(text, text), reading.find_kind()
    if kind is not None and grade not in kind.grades:
        reading.tell("record.grade-unknown", name, grade=text)
    return grade


def _read_extra(reading: _Reading, name: str, _: str) -> dict[str, str]:
    """Details as people list them in one cell: “主题：……；主讲：……”, by titles or codes. See :func:`write_extra`."""
    kind = reading.find_kind()
    known = kind.known_details if kind else ()
    titles = {title: detail.code for detail in known for title in (detail.title, detail.code)}
    found: dict[str, str] = {}
    for part in filter(str.strip, PARTS.split(reading.row.cells[name])):
        title, mark, text = (piece.strip() for piece in part.replace("：", ":", 1).partition(":"))
        if not mark or (kind is not None and title not in titles):
            reading.tell("record.extra-unknown", name, detail=title[:40], kind=kind.title if kind else "")
        elif text:
            found[titles.get(title, title)] = text
    return found


def write_extra(record: Record, kind: RecordKind | None) -> str:
    """The details of a record as one cell, which reads back to the same. A mark that would part it becomes a comma."""
    titles = {detail.code: detail.title for detail in kind.known_details} if kind else {}
    return "；".join(f"{titles.get(name, name)}：{PARTS.sub('，', text)}" for name, text in record.extra.items())


def _read_time(reading: _Reading, name: str, text: str) -> datetime | None:
    """An instant in ISO form; without a zone it is Beijing time."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        reading.tell("record.not-a-time", name, value=text[:40])
        return None
    return at if at.tzinfo else at.replace(tzinfo=BEIJING)


def _read_yes(reading: _Reading, name: str, text: str) -> bool:
    word = text.lower()
    if word not in YES | NO:
        reading.tell("record.yes-or-no", name, value=text[:40])
    return word in YES


READERS: Mapping[str, Callable[[_Reading, str, str], object]] = MappingProxyType(
    {
        **dict.fromkeys(("unit", "subject"), _read_word),
        **dict.fromkeys(("place", "audience", "note"), _read_text),
        **dict.fromkeys(("id", "replaces"), _read_id),
        **dict.fromkeys(("quantity", "people", "at_m"), _read_whole),
        **dict.fromkeys(("area_m2", "loss_yuan"), _read_decimal),
        **dict.fromkeys(("recorded_at", "received_at"), _read_time),
        "kind": _read_kind,
        "happened_on": _read_day,
        "change": _read_change,
        "grade": _read_grade,
        "withdrawn": _read_yes,
        "extra": _read_extra,
    }
)

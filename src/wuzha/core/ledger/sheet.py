"""A record as a row of a sheet that people open: which columns, in which words, and back again without a change.

What stands here holds for templates, for files that come in and for files that go out, so that each can be read again.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from types import MappingProxyType

from wuzha.core.ledger.check import is_survey
from wuzha.core.ledger.parse import (
    CHANGE_WORDS,
    GRADE_WORDS,
    PARTS,
    RECORD_COLUMNS,
    RecordRow,
    parse_record,
    write_extra,
)
from wuzha.core.ledger.record import BEIJING, Kinds, Record, RecordKind

# Columns that go out, in this order, beside those of RECORD_COLUMNS; the last three are for reading only.
UNIT_NAME, AUTHOR, STATE = "unit_name", "author", "state"
SHEET_HEADS: Mapping[str, str] = MappingProxyType(
    {**RECORD_COLUMNS, UNIT_NAME: "单位名称", AUTHOR: "记录人", STATE: "状态"}
)
MEASURES: Mapping[str, str] = MappingProxyType({"area_m2": "平方米", "at_m": "米，从路的起点算", "loss_yuan": "元"})
COUNTERS: Mapping[str, str] = MappingProxyType(
    {"event": "次", "visit": "户或人次", "site": "处", "handout": "份", "pledge": "份", "posting": "条", "filing": "份"}
)
SURVEY: Mapping[str, str] = MappingProxyType({"quantity": "知道或做到的人", "people": "一共问到的人"})
# Before the title of a kind's detail that has a column of its own, where the fields have theirs.
DETAIL = "+"
# Excel takes a text that begins so for a formula. An apostrophe before it makes it a text again; see guard_text().
# Wide signs count too, since spreadsheets here make narrow ones of them, and so do blanks that a program takes off.
RISKY = re.compile(r"'*(?:[ \ufeff]*[=+\-@＝＋－＠]|[\t\r\n])")
GUARDED = re.compile(r"'+(?:[ \ufeff]*[=+\-@＝＋－＠]|[\t\r\n])")
# A sheet cannot hold these, and nobody can see them (XML 1.0, section 2.2).
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def _name_codes(words: Mapping[str, str]) -> Mapping[str, str]:
    """Code → the first word that people write for it."""
    named: dict[str, str] = {}
    for word, code in words.items():
        if word != code:
            named.setdefault(code, word)
    return MappingProxyType(named)


CHANGE_TITLES = _name_codes(CHANGE_WORDS)
GRADE_TITLES = _name_codes(GRADE_WORDS)


def guard_text(text: str) -> str:
    """The text as a cell that no spreadsheet program computes. :func:`unguard_text` gives back what went in."""
    return f"'{text}" if RISKY.match(text) else text


def unguard_text(text: str) -> str:
    return text[1:] if GUARDED.match(text) else text


def name_head(name: str) -> str:
    """The head of a column without its measure: of a field, or of a detail."""
    return name.removeprefix(DETAIL) if name.startswith(DETAIL) else SHEET_HEADS[name]


def gather_details(cells: Mapping[str, str]) -> dict[str, str]:
    """The cells with the columns of details joined into the one of ``extra``, as :func:`write_extra` writes it."""
    told = {name: text for name, text in cells.items() if not name.startswith(DETAIL)}
    parts = [f"{name_head(name)}：{PARTS.sub('，', text)}" for name, text in cells.items() if name.startswith(DETAIL)]
    if parts:
        told["extra"] = "；".join(filter(None, [told.get("extra", ""), *parts]))
    return told


def write_head(name: str, kind: RecordKind | None = None) -> str:
    """The head of a column with the measure in brackets: 面积（平方米）, and for talks 数量（次）."""
    measure = MEASURES.get(name, "")
    if kind and is_survey(kind):
        measure = SURVEY.get(name, measure)
    elif kind and name == "quantity":
        measure = COUNTERS.get(kind.shape, measure)
    return f"{name_head(name)}（{measure}）" if measure else name_head(name)


def write_cells(record: Record, kinds: Kinds) -> dict[str, str]:
    """The record as text by field, as people would write it. Empty cells are left out."""
    kind = kinds.get(record.kind)
    cells = {
        "id": str(record.id),
        "unit": record.unit,
        "kind": kind.title if kind else record.kind,
        "happened_on": record.happened_on.isoformat(),
        "quantity": str(record.quantity),
        "people": _write_number(record.people),
        "subject": record.subject,
        "area_m2": _write_number(record.area_m2),
        "at_m": _write_number(record.at_m),
        "change": CHANGE_TITLES.get(record.change, record.change),
        "grade": GRADE_TITLES.get(record.grade, record.grade),
        "place": record.place,
        "audience": record.audience,
        "note": record.note,
        "loss_yuan": _write_number(record.loss_yuan),
        "replaces": str(record.replaces or ""),
        "withdrawn": "是" if record.withdrawn else "",
        "recorded_at": _write_time(record.recorded_at),
        "received_at": _write_time(record.received_at),
        "extra": write_extra(record, kind),
        AUTHOR: record.author,
    }
    return {name: UNSEEN.sub("", text) for name, text in cells.items() if text}


def _write_number(value: int | Fraction | None) -> str:
    if value is None:
        return ""
    # Rounded while it is exact, as the ledger rounds: a half to the even hundredth.
    return str(value.numerator) if value.denominator == 1 else f"{round(value * 100) / 100:.2f}"


def _write_time(at: datetime | None) -> str:
    return "" if at is None else at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")


def reread(record: Record, kinds: Kinds, words: Mapping[str, RecordKind] | None = None) -> Record:
    """The record as it comes back from a sheet: without what a sheet cannot hold, such as a blank at an edge.

    ``words`` as for :func:`parse_record`.
    """
    cells = {name: text.replace("\r\n", "\n").replace("\r", "\n") for name, text in write_cells(record, kinds).items()}
    back, _ = parse_record(RecordRow(cells), kinds, words)
    return back or record

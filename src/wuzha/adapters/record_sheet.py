"""A file of records as uploaded, .xlsx or .csv, row by row as text. Every byte is hostile until read.

Problem codes with their parameters: of the whole file ``record.file-not-a-spreadsheet``; ``record.file-old-format``;
``record.file-too-large`` (size_mb, limit_mb); ``record.file-unpacks`` (limit_mb); ``record.file-external`` (part);
``record.file-empty``; ``record.file-encoding``; ``record.file-headless``; ``record.file-too-many-rows`` (limit); of a
head ``record.head-twice`` (column); of a cell ``record.cell-failed`` (value), ``record.formula-unsaved``,
``record.merged-count`` (first, last); of a row ``record.row-broken``; as warnings ``record.sheet-hidden`` and
``record.column-unread`` (columns).
"""

import io
import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from wuzha.adapters.spreadsheets import (
    BROKEN,
    DELIMITERS,
    HEAD_WITHIN,
    MEGABYTE,
    Marks,
    RefusedError,
    decode,
    guard_workbook,
    in_mb,
    list_cells,
    list_csv,
    name_part,
    plain_head,
    scan_marks,
)
from wuzha.core.base.problem import Problem, Source, make_problem
from wuzha.core.ledger.parse import RecordRow
from wuzha.core.ledger.sheet import AUTHOR, DETAIL, SHEET_HEADS, STATE, UNIT_NAME, name_head, unguard_text

# A month of a large county has some thousands; the page that shows what would happen answers in seconds.
MAX_ROWS = 20_000
MAX_BYTES = 20 * MEGABYTE
# What a marked copy of the file is made from is held in memory as a whole.
MAX_UNPACKED = 60 * MEGABYTE
FIELDS: Mapping[str, str] = MappingProxyType({head: name for name, head in SHEET_HEADS.items()} | {"单位": "unit"})
BRACKET = re.compile(r"（[^（）]*）$")
# The last line of an export, which says how many there are.
TALLY = re.compile(r"共\s*\d+\s*条.*", re.DOTALL)
# A merged cell of these says the same for each of its rows; of the others, which count, nobody knows for which.
TELLING = frozenset({"unit", UNIT_NAME, "kind", "happened_on", "change", "grade", "place", "audience", "note"})
FOR_READING = frozenset({UNIT_NAME, AUTHOR, STATE})
REASONS = "未收原因"
CODES: Mapping[str, str] = MappingProxyType(
    {
        "roster.empty": "record.file-empty",
        "roster.not-a-spreadsheet": "record.file-not-a-spreadsheet",
        "roster.old-format": "record.file-old-format",
        "roster.too-large": "record.file-too-large",
        "roster.zip-bomb": "record.file-unpacks",
        "roster.too-costly": "record.file-too-costly",
        "roster.external-entity": "record.file-external",
    }
)


@dataclass(slots=True)
class RecordFile:
    """What a file gave: its rows, what is wrong with it as a whole, and what is wrong in single cells.

    ``details`` are titles of details, whose columns are read beside those of the fields. ``letters`` names the column
    of a head of a sheet: (sheet, 日期) → C. ``tops`` is the row of each sheet's heads.
    """

    name: str
    details: Collection[str] = ()
    rows: list[RecordRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    cell_problems: list[Problem] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list)
    letters: dict[tuple[str, str], str] = field(default_factory=dict)
    tops: dict[str, int] = field(default_factory=dict)
    widths: dict[str, int] = field(default_factory=dict)

    def locate(self, source: Source) -> str:
        """The cell as a spreadsheet shows it, C7; the row alone where no column is named."""
        return f"{self.letters.get((source.sheet, source.column), '')}{source.row or ''}"


def is_workbook(name: str, content: bytes) -> bool:
    """Whether to read it as .xlsx: a package by its first bytes, or by its name when it is no text either."""
    return content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")) or name.lower().endswith((".xlsx", ".xls"))


def read_record_file(name: str, content: bytes, details: Collection[str] = ()) -> RecordFile:
    """Every row below the heads, as text. With anything in ``problems`` the file as a whole cannot be taken in."""
    found = RecordFile(name, details)
    try:
        if len(content) > MAX_BYTES:
            raise _refuse("record.file-too-large", name, size_mb=in_mb(len(content)), limit_mb=in_mb(MAX_BYTES))
        (_read_workbook if is_workbook(name, content) else _read_csv)(content, found)
    except RefusedError as refused:
        code = CODES.get(refused.problem.code, refused.problem.code)
        return RecordFile(name, problems=[replace(refused.problem, code=code)])
    if not found.rows and not found.problems and not found.cell_problems:
        code = "record.file-empty" if found.tops else "record.file-headless"
        found.problems.append(make_problem(code, Source(document=name)))
    return found


def _refuse(code: str, name: str, **params: int) -> RefusedError:
    told = tuple(sorted((key, str(value)) for key, value in params.items()))
    return RefusedError(Problem(code, Source(document=name), told))


def _read_workbook(content: bytes, found: RecordFile) -> None:
    guard_workbook(found.name, content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if sum(part.file_size for part in package.infolist()) > MAX_UNPACKED:
                raise _refuse("record.file-unpacks", found.name, limit_mb=in_mb(MAX_UNPACKED))
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            for sheet in book.worksheets:
                _read_sheet(sheet, package, found)
            book.close()
    except (InvalidFileException, *BROKEN) as error:
        raise _refuse("record.file-not-a-spreadsheet", found.name) from error


def _read_sheet(sheet: Worksheet, package: zipfile.ZipFile, found: RecordFile) -> None:
    place = Source(document=found.name, sheet=sheet.title)
    cells = list_cells(sheet)
    top, names = _find_heads(cells, place, found)
    if not names:
        return
    if sheet.sheet_state != "visible":
        del found.tops[sheet.title]
        found.doubts.append(make_problem("record.sheet-hidden", place, severity="warning"))
        return
    rows = _list_rows(names, cells, place, found)
    with package.open(name_part(sheet)) as stream:
        found.rows += _mark_rows(rows, names, scan_marks(stream, top), found)


def _find_heads(cells: Iterable[tuple[int, list[str]]], place: Source, found: RecordFile) -> tuple[int, Sequence[str]]:
    """The row of the heads, looked for within the first ten that have any text, and its columns as fields."""
    for _, (number, values) in zip(range(HEAD_WITHIN), cells, strict=False):
        names = [_name_field(value) or _name_detail(value, found) for value in values]
        if "happened_on" in names and sum(map(bool, names)) > 1:
            _note_heads(values, names, replace(place, row=number), found)
            return number, names
    return 0, ()


def _name_field(head: str) -> str:
    plain = plain_head(head)
    return FIELDS.get(plain) or FIELDS.get(BRACKET.sub("", plain), "")


def _name_detail(head: str, found: RecordFile) -> str:
    plain = plain_head(head)
    return f"{DETAIL}{plain}" if plain in found.details else ""


def _note_heads(values: Sequence[str], names: Sequence[str], place: Source, found: RecordFile) -> None:
    found.tops[place.sheet], found.widths[place.sheet] = place.row or 1, len(values)
    for number, name in enumerate(names, start=1):
        if name:
            found.letters[place.sheet, name_head(name)] = get_column_letter(number)
    for name in dict.fromkeys(filter(None, names)):
        if names.count(name) > 1:
            found.problems.append(make_problem("record.head-twice", place, column=name_head(name)))
    unread = [value for value, name in zip(values, names, strict=True) if value and not name and value != REASONS]
    if unread:
        shown = "、".join(value[:20] for value in unread[:10])
        found.doubts.append(make_problem("record.column-unread", place, severity="warning", columns=shown))


def _list_rows(
    names: Sequence[str], cells: Iterable[tuple[int, list[str]]], place: Source, found: RecordFile
) -> list[RecordRow]:
    rows: list[RecordRow] = []
    for number, values in cells:
        if not any(value and not value.isspace() for value in values) or _is_tally(values):
            continue
        if len(rows) + len(found.rows) >= MAX_ROWS:
            raise _refuse("record.file-too-many-rows", found.name, limit=MAX_ROWS)
        row = _make_row(names, values, replace(place, row=number))
        found.cell_problems += _check_failed(row)
        if row.cells:
            rows.append(row)
    return rows


def _is_tally(values: Sequence[str]) -> bool:
    told = [value for value in values if value]
    return len(told) == 1 and TALLY.fullmatch(told[0]) is not None


def _make_row(names: Sequence[str], values: Sequence[str], place: Source) -> RecordRow:
    told = zip(names, values, strict=False)
    return RecordRow({name: unguard_text(value) for name, value in told if name and value}, place)


def _check_failed(row: RecordRow) -> Iterator[Problem]:
    """#REF! and its kin: the formula behind the cell failed when the file was saved."""
    for name, value in row.cells.items():
        if value.startswith("#") and value.rstrip("!?").isupper():
            yield make_problem("record.cell-failed", _locate(row, name), value=value)


def _locate(row: RecordRow, name: str) -> Source:
    return replace(row.place, column=name_head(name))


def _mark_rows(rows: list[RecordRow], names: Sequence[str], marks: Marks, found: RecordFile) -> list[RecordRow]:
    """The rows with their merged cells filled; formulas without a value and merged counts are told."""
    by_number = {row.place.row: row for row in rows}
    for number, column in marks.unsaved:
        name = names[column - 1] if column <= len(names) else ""
        if name and number in by_number:
            found.cell_problems.append(make_problem("record.formula-unsaved", _locate(by_number[number], name)))
    for left, first, _, last in marks.merged:
        name = names[left - 1] if left <= len(names) else ""
        covered = [by_number[number] for number in range(first, min(last, first + MAX_ROWS) + 1) if number in by_number]
        if name and len(covered) > 1:
            by_number |= {row.place.row: row for row in _fill_merged(covered, name, (first, last), found)}
    return list(by_number.values())


def _fill_merged(
    covered: Sequence[RecordRow], name: str, ends: tuple[int, int], found: RecordFile
) -> Iterator[RecordRow]:
    value = covered[0].cells.get(name, "")
    for row in covered:
        if value and (name in TELLING or name.startswith(DETAIL)):
            yield replace(row, cells={**row.cells, name: value})
        elif value and name not in FOR_READING:
            place = _locate(row, name)
            found.cell_problems.append(make_problem("record.merged-count", place, first=ends[0], last=ends[1]))


def _read_csv(content: bytes, found: RecordFile) -> None:
    # Not splitlines(), which would break a line at characters that a note may well hold.
    lines = tuple(io.StringIO(decode(found.name, content), newline=""))
    place = Source(document=found.name)
    for top, line in enumerate(lines[:HEAD_WITHIN]):
        delimiter = max(DELIMITERS, key=lambda mark: sum(bool(_name_field(cell)) for cell in _split(line, mark)))
        if "happened_on" in map(_name_field, _split(line, delimiter)):
            rows = (
                (top + number, values)
                for number, values in list_csv(found.name, lines[top:], delimiter, found.cell_problems)
            )
            _, names = _find_heads(rows, place, found)
            found.rows += _list_rows(names, rows, place, found)
            found.cell_problems = [_move_down(problem, top) for problem in found.cell_problems]
            return


def _split(line: str, delimiter: str) -> list[str]:
    return [cell.strip(' "\r\n\ufeff') for cell in line.split(delimiter)]


def _move_down(problem: Problem, top: int) -> Problem:
    """Broken rows are told by the lines below the title; the others know their row already."""
    if problem.code != "record.row-broken" or not top:
        return problem
    return replace(problem, source=replace(problem.source, row=(problem.source.row or 0) + top))

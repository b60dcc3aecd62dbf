"""Spreadsheets as uploaded: a roster in .xlsx, records in .csv. Every byte is hostile until read.

Problem codes beside those of :mod:`wuzha.core.base.roster`, with their parameters: ``roster.not-a-spreadsheet``;
``roster.old-format``; ``roster.too-large`` (size_mb, limit_mb); ``roster.zip-bomb`` (limit_mb);
``roster.external-entity`` (part); ``roster.too-costly``; ``roster.too-many-rows`` (limit);
``roster.header-missing`` (columns);
``roster.header-duplicate`` (column); ``roster.cell-error`` (value); ``roster.formula-unsaved``;
``roster.merged-cells`` (first, last); ``roster.only-hidden``; as warnings ``roster.hidden-sheet`` (read) and
``roster.hidden-rows`` (number, rows); ``record.file-encoding``; ``record.file-empty``;
``record.file-too-large`` (size_mb, limit_mb); ``record.header-missing`` (columns); ``record.row-broken``.
"""

import codecs
import csv
import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import MappingProxyType
from typing import IO
from xml.etree.ElementTree import Element, ParseError, iterparse
from xml.parsers.expat import ExpatError, ParserCreate, XMLParserType

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import coordinate_to_tuple, get_column_letter, range_boundaries
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from wuzha.core.base.problem import Problem, Source, make_problem
from wuzha.core.base.roster import COLUMNS, REQUIRED, RosterRow
from wuzha.core.base.unit import LINES, UNIT_KINDS
from wuzha.core.ledger.parse import NEEDED, RECORD_COLUMNS, RecordRow

MEGABYTE = 1024 * 1024
MAX_BYTES = 20 * MEGABYTE
MAX_UNPACKED_BYTES = 300 * MEGABYTE
# Shared strings and styles are held in memory as a whole, sheets are streamed.
MAX_PART_IN_MEMORY = 80 * MEGABYTE
MAX_CSV_BYTES = 200 * MEGABYTE
MAX_ROWS = 200_000
MAX_COLUMNS = 60
HEAD_WITHIN = 10
MAX_NAMED = 20
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
DOCTYPE = re.compile(rb"<\x00?!\x00?(?:D\x00?O\x00?C\x00?T\x00?Y\x00?P\x00?E|E\x00?N\x00?T\x00?I\x00?T\x00?Y)")
FIELDS: Mapping[str, str] = MappingProxyType({head: name for name, head in COLUMNS.items()})
RECORD_FIELDS: Mapping[str, str] = MappingProxyType({head: name for name, head in RECORD_COLUMNS.items()})

Cells = Sequence[str]


class RefusedError(Exception):
    """Carries the problem of a whole file out of a reader; never leaves the readers of this package."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


def read_roster(name: str, content: bytes) -> tuple[tuple[RosterRow, ...], tuple[Problem, ...]]:
    """The rows of every sheet that has the roster's heads, as raw text, with what could not be read.

    The heads may stand in any order within the first ten rows of a sheet; sheets without them are passed over, and so,
    with a doubt, are hidden ones. Formulas are taken at the value that was saved with them. The problems are errors;
    what a person should only look at stands with the rows (:func:`wuzha.core.base.roster.list_doubts`).
    """
    try:
        guard_workbook(name, content)
        return _read_workbook(name, content)
    except RefusedError as refused:
        return (), (refused.problem,)


def _refuse(code: str, name: str, **params: object) -> RefusedError:
    shown = tuple(sorted((key, str(value)) for key, value in params.items()))
    return RefusedError(Problem(code, Source(document=name), shown))


def guard_workbook(name: str, content: bytes) -> None:
    """Looks at the package before anything is read from it: size, kind, what it unpacks to, and entities."""
    if not content:
        raise _refuse("roster.empty", name)
    if len(content) > MAX_BYTES:
        raise _refuse("roster.too-large", name, size_mb=in_mb(len(content)), limit_mb=in_mb(MAX_BYTES))
    if content.startswith(OLE):
        raise _refuse("roster.old-format", name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            _guard_parts(name, package)
    # All that the library raises on a zip that is cut off, packed in an unknown way, locked, or spoilt within.
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error) as error:
        raise _refuse("roster.not-a-spreadsheet", name) from error


def in_mb(size: int) -> int:
    return -(-size // MEGABYTE)


def _guard_parts(name: str, package: zipfile.ZipFile) -> None:
    """The declared size is only believed when it is too much; what is unpacked is counted."""
    parts = package.infolist()
    if len(parts) > MAX_PARTS:
        raise _refuse("roster.too-costly", name)
    if "[Content_Types].xml" not in package.namelist():
        raise _refuse("roster.not-a-spreadsheet", name)
    left = MAX_UNPACKED_BYTES
    for part in parts:
        held_whole = not part.filename.startswith("xl/worksheets/")
        left -= _scan_part(name, package, part, min(left, MAX_PART_IN_MEMORY) if held_whole else left)


def _scan_part(name: str, package: zipfile.ZipFile, part: zipfile.ZipInfo, limit: int) -> int:
    """The unpacked size of a part. Raises when it is over the limit, or brings its own document type."""
    if part.file_size > limit:
        raise _refuse("roster.zip-bomb", name, limit_mb=in_mb(MAX_UNPACKED_BYTES))
    if part.file_size > max(part.compress_size * MAX_RATIO, SMALL_BYTES):
        raise _refuse("roster.too-costly", name)
    shape = XmlShape() if part.filename.lower().endswith((".xml", ".rels")) else None
    size, tail = 0, b""
    with package.open(part) as stream:
        while piece := stream.read(MEGABYTE):
            size += len(piece)
            if size > limit:
                raise _refuse("roster.zip-bomb", name, limit_mb=in_mb(MAX_UNPACKED_BYTES))
            if DOCTYPE.search(tail + piece):
                raise _refuse("roster.external-entity", name, part=part.filename)
            if shape is not None and not shape.bears(piece):
                raise _refuse("roster.too-costly", name)
            tail = piece[-32:]
    return size


# What a reader holds at once. Excel has 1,048,576 rows and 16,384 columns; honest styles and links stay far below.
MAX_PARTS = 2000
MAX_DEPTH = 64
MAX_IN_ROW = 70_000
MAX_KEPT = 300_000
MAX_PASSED = 1_100_000
# 200,000 rows of fifteen filled cells, each with its value; to read them takes half a minute.
MAX_ELEMENTS = 6_000_000
# Tables of nearly nothing pack to a fiftieth at the best; a part that swells more was made to. Small ones cost little.
MAX_RATIO = 200
SMALL_BYTES = 16 * MEGABYTE
MAX_SILENT_BYTES = 4 * MEGABYTE
SPREADSHEET_ML = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PASSED = frozenset({f"{SPREADSHEET_ML} row", f"{SPREADSHEET_ML} si"})


@dataclass(slots=True)
class XmlShape:
    """Follows the elements of one part as it is unpacked, and says when reading it would take memory without end.

    The reader drops each row and each shared text once it is over, and holds everything else: so rows may be many but
    none of them wide, and other elements few. A hundred kilobytes can unpack to millions of empty elements, each of
    which takes forty times its length.
    """

    depth: int = 0
    row_depth: int = 0
    in_row: int = 0
    kept: int = 0
    passed: int = 0
    elements: int = 0
    silent: int = 0
    is_over: bool = False
    parser: "XMLParserType | None" = None

    def __post_init__(self) -> None:
        self.parser = ParserCreate(namespace_separator=" ")
        self.parser.ordered_attributes = True
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._open, self._close

    def bears(self, piece: bytes) -> bool:
        """Whether the part, up to the end of this piece, can be read at a bounded cost.

        What is no XML ends the look: the reader, which has the same parser, gets no further either.
        """
        if self.parser is None:
            return True
        self.silent += len(piece)
        try:
            self.parser.Parse(piece, False)
        except ExpatError:
            self.parser = None
            return True
        return not self.is_over and self.silent <= MAX_SILENT_BYTES

    def _open(self, tag: str, _: list[str]) -> None:
        self.depth += 1
        self.elements += 1
        self.silent = 0
        if self.row_depth:
            self.in_row += 1
        elif tag in PASSED:
            self.row_depth, self.in_row = self.depth, 0
            self.passed += 1
        else:
            self.kept += 1
        if self.depth > MAX_DEPTH or self.in_row > MAX_IN_ROW or self.kept > MAX_KEPT:
            self.is_over = True
        if self.passed > MAX_PASSED or self.elements > MAX_ELEMENTS:
            self.is_over = True

    def _close(self, _: str) -> None:
        if self.depth == self.row_depth:
            self.row_depth = 0
        self.depth -= 1


# Whatever openpyxl trips over in bytes that somebody sent: a package without its parts, parts that are none, lengths
# that lie. RuntimeError is an encrypted part, OSError a package in which no workbook is found.
BROKEN = (
    KeyError, ValueError, TypeError, AttributeError, IndexError, ArithmeticError, AssertionError, EOFError, OSError,
    RuntimeError, struct.error, zlib.error, ParseError, zipfile.BadZipFile,
)  # fmt: skip


def _read_workbook(name: str, content: bytes) -> tuple[tuple[RosterRow, ...], tuple[Problem, ...]]:
    found = _Found(name)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
            for sheet in book.worksheets:
                _read_sheet(sheet, package, found)
            book.close()
    except (InvalidFileException, *BROKEN) as error:
        raise _refuse("roster.not-a-spreadsheet", name) from error
    if not found.rows and not found.problems:
        found.problems.append(_tell_headless(found))
    elif found.rows:
        found.rows[0] = replace(found.rows[0], doubts=(*_doubt_hidden_sheets(found), *found.rows[0].doubts))
    return tuple(found.rows), tuple(found.problems)


@dataclass(slots=True)
class _Found:
    """What the sheets of one file have given so far; ``heads`` is the fullest row of each sheet without heads."""

    name: str
    rows: list[RosterRow] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    heads: list[tuple[str, Cells]] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)


def _doubt_hidden_sheets(found: _Found) -> Iterator[Problem]:
    """A hidden sheet is often last year's: it is not read, and that is told."""
    read = "、".join(dict.fromkeys(row.place.sheet for row in found.rows))
    for title in found.hidden:
        place = Source(document=found.name, sheet=title)
        yield make_problem("roster.hidden-sheet", place, severity="warning", read=read)


def list_cells(sheet: Worksheet) -> Iterator[tuple[int, list[str]]]:
    """Each row that has any text, with its number as the spreadsheet shows it."""
    for number, values in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS, max_row=2**20, values_only=True), start=1):
        if any(value is not None for value in values):
            cells = [_write_cell(value) for value in values]
            if any(cells):
                yield number, cells


def _write_cell(value: object) -> str:
    """A cell as a person sees it: a day without its midnight, a whole number without its point."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value).strip()


def _read_sheet(sheet: Worksheet, package: zipfile.ZipFile, found: _Found) -> None:
    """The rows below the heads; or what stood in the fullest first row of a sheet without them."""
    place = Source(document=found.name, sheet=sheet.title)
    cells = list_cells(sheet)
    top, heads, fullest = _find_heads(cells)
    if heads is None:
        found.heads += [(sheet.title, fullest)] if fullest is not None else []
    elif sheet.sheet_state != "visible":
        found.hidden.append(sheet.title)
    else:
        found.problems += _check_heads(heads, place)
        rows = _read_rows(heads, cells, place, found)
        with package.open(name_part(sheet)) as stream:
            found.rows += _mark_rows(rows, heads, scan_marks(stream, top), place, found.problems)


def _read_rows(
    heads: Sequence[str], cells: Iterator[tuple[int, list[str]]], place: Source, found: _Found
) -> list[RosterRow]:
    rows: list[RosterRow] = []
    for number, values in cells:
        if len(rows) + len(found.rows) >= MAX_ROWS:
            found.problems.append(make_problem("roster.too-many-rows", place, limit=MAX_ROWS))
            break
        row = _make_row(heads, values, replace(place, row=number))
        found.problems += _check_cell_errors(row)
        rows.append(row)
    if not rows:
        found.problems.append(make_problem("roster.empty", place))
    return rows


MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
MAX_MERGED = 1000
Bounds = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Marks:
    """What a sheet below its heads has beside values: rows out of sight, formulas never computed, merged cells."""

    hidden: set[int] = field(default_factory=set)
    unsaved: list[tuple[int, int]] = field(default_factory=list)
    merged: list[Bounds] = field(default_factory=list)


def name_part(sheet: Worksheet) -> str:
    # The streaming reader tells neither merged cells nor formulas nor hidden rows, so its part is looked through again.
    path: str = getattr(sheet, "_worksheet_path")  # noqa: B009 - the stubs know the attribute of no streamed sheet
    return path


def scan_marks(stream: IO[bytes], top: int) -> Marks:
    marks, number = Marks(), 0
    for _, element in iterparse(stream):
        if element.tag == f"{MAIN}row":
            number = int(float(element.get("r", number + 1)))
            if number > top:
                _scan_row(element, number, marks)
            element.clear()
        elif element.tag == f"{MAIN}mergeCell":
            left, first, right, last = (edge or 1 for edge in range_boundaries(element.get("ref", "")))
            if last > top and len(marks.merged) < MAX_MERGED:
                marks.merged.append((left, first, right, last))
    return marks


def _scan_row(element: Element, number: int, marks: Marks) -> None:
    if element.get("hidden") in ("1", "true"):
        marks.hidden.add(number)
    for column, cell in enumerate(element, start=1):
        # A formula that gives an empty text has been computed: its cell is of the type "str".
        if cell.find(f"{MAIN}f") is not None and not cell.findtext(f"{MAIN}v") and cell.get("t") != "str":
            at = cell.get("r")
            marks.unsaved.append((number, coordinate_to_tuple(at)[1] if at else column))


def _mark_rows(
    rows: list[RosterRow], heads: Sequence[str], marks: Marks, place: Source, problems: list[Problem]
) -> list[RosterRow]:
    """The rows as a person sees them, merged cells filled; what may not stay so is told."""
    for number, column in marks.unsaved:
        if name := _name_column(heads, column):
            problems.append(make_problem("roster.formula-unsaved", replace(place, row=number, column=COLUMNS[name])))
    for bounds in marks.merged:
        rows = _fill_merged(rows, heads, bounds)
        problems += _tell_merged(heads, bounds, place)
    hidden = [row.place.row for row in rows if row.place.row in marks.hidden]
    if hidden:
        shown = "、".join(map(str, hidden[:MAX_NAMED]))
        doubt = make_problem("roster.hidden-rows", place, severity="warning", number=len(hidden), rows=shown)
        rows[0] = replace(rows[0], doubts=(doubt,))
    return rows


def _name_column(heads: Sequence[str], column: int) -> str:
    return heads[column - 1] if column <= len(heads) else ""


def _fill_merged(rows: list[RosterRow], heads: Sequence[str], bounds: Bounds) -> list[RosterRow]:
    """The value of a merged cell belongs to each of its rows: so one mistake is told, not one for every row."""
    left, first, _, last = bounds
    name = _name_column(heads, left)
    value = next((row.cells.get(name, "") for row in rows if row.place.row == first), "")
    covered = range(first + 1, last + 1) if name and value else range(0)
    return [replace(row, cells={**row.cells, name: value}) if row.place.row in covered else row for row in rows]


def _tell_merged(heads: Sequence[str], bounds: Bounds, place: Source) -> Iterator[Problem]:
    left, first, right, last = bounds
    name = next((name for name in heads[left - 1 : right] if name), "")
    if name:
        at = replace(place, row=first, column=COLUMNS[name])
        yield make_problem("roster.merged-cells", at, first=first, last=last)


def _find_heads(cells: Iterator[tuple[int, list[str]]]) -> tuple[int, list[str] | None, Cells | None]:
    """The row that names both code and name, by its number and as fields by column; else the fullest that was seen."""
    fullest: Cells | None = None
    for _ in range(HEAD_WITHIN):
        number, values = next(cells, (0, []))
        names = [FIELDS.get(plain_head(value), "") for value in values]
        if "code" in names and "name" in names:
            return number, names, None
        if fullest is None or sum(map(bool, names)) > sum(bool(plain_head(value) in FIELDS) for value in fullest):
            fullest = values or fullest
    return 0, None, fullest


_PLAIN = str.maketrans({"(": "（", ")": "）", "*": None, " ": None, "\n": None, "\u3000": None, "㎡": "平方米"})


def plain_head(text: str) -> str:
    return text.translate(_PLAIN)


def _check_heads(names: Sequence[str], place: Source) -> Iterator[Problem]:
    missing = [COLUMNS[name] for name in REQUIRED if name not in names]
    if missing:
        yield make_problem("roster.header-missing", place, columns="、".join(missing))
    for name, head in COLUMNS.items():
        if names.count(name) > 1:
            yield make_problem("roster.header-duplicate", place, column=head)


def _make_row(names: Sequence[str], values: Sequence[str], place: Source) -> RosterRow:
    return RosterRow({name: value for name, value in zip(names, values, strict=False) if name}, place)


def _check_cell_errors(row: RosterRow) -> Iterator[Problem]:
    """#REF! and its kin: the formula behind the cell failed when the file was saved."""
    for name, value in row.cells.items():
        if value.startswith("#") and value.rstrip("!?").isupper():
            yield make_problem("roster.cell-error", row.locate(name), value=value)


def _tell_headless(found: _Found) -> Problem:
    """No sheet names its columns: told on the hidden one that does, the one that comes nearest, or as an empty file."""
    place = Source(document=found.name)
    if found.hidden:
        return make_problem("roster.only-hidden", replace(place, sheet=found.hidden[0]))
    if not found.heads:
        return make_problem("roster.empty", place)
    title, values = max(found.heads, key=lambda item: sum(plain_head(value) in FIELDS for value in item[1]))
    known = {FIELDS.get(plain_head(value), "") for value in values}
    missing = "、".join(COLUMNS[name] for name in REQUIRED if name not in known)
    return make_problem("roster.header-missing", replace(place, sheet=title), columns=missing)


def write_roster_template() -> bytes:
    """An empty roster to fill in: the heads, lists to choose kinds from, and a second sheet that explains."""
    book = Workbook()
    sheet = book.active
    if not isinstance(sheet, Worksheet):  # openpyxl types the first sheet of a new book as perhaps a chart
        raise TypeError("a new workbook begins with a worksheet")
    sheet.title = "花名册"
    sheet.append(list(COLUMNS.values()))
    _dress_heads(sheet)
    _offer_choices(sheet, "类型", UNIT_KINDS.values())
    _offer_choices(sheet, "条线", LINES.values())
    _write_notes(book.create_sheet("填写说明"))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _dress_heads(sheet: Worksheet) -> None:
    for number, cell in enumerate(sheet[1], start=1):
        cell.font = Font(name="宋体", bold=True)
        cell.fill = PatternFill("solid", fgColor="E8EFF8")
        cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(number)].width = 22 if cell.value in ("名称", "数据来源") else 14
    sheet.row_dimensions[1].height = 32
    sheet.freeze_panes = "C2"


def _offer_choices(sheet: Worksheet, head: str, words: Iterable[str]) -> None:
    letter = get_column_letter(list(COLUMNS.values()).index(head) + 1)
    choice = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
    sheet.add_data_validation(choice)
    choice.add(f"{letter}2:{letter}5000")


NOTES = (
    "每个单位一行。编码、名称、类型、上级编码必须有；最上一级单位（县）的“上级编码”留空，全表只能有一个。",
    "编码只用字母、数字、横线和下划线，最多 32 个，全县不能重复；可以用统计用区划代码。",
    "类型填：" + "、".join(UNIT_KINDS.values()) + "。",
    "条线填：" + "、".join(LINES.values()) + "；乡镇、村、社区、网格不填。",
    "常住人口、户数等只填数字。填了任何一项，就要填“基数日期”，即这些数字是哪一天的。",
    "新一年的数字用新的“基数日期”再导入一次，旧的数字仍然保留。",
    "单位撤销时填“撤销日期”，不要删掉这一行；从那一天起它不再有任务。",
    "单位改了名称、类型、条线或上级，填“变更日期”，即从哪一天起；以前的页面还按原来的算。不填，就当作原来写错了，以前的也改。",
    "日期写成 2026-01-01。",
    "同一份表导入两次，第二次不会有任何变化。",
)


def _write_notes(sheet: Worksheet) -> None:
    sheet.column_dimensions["A"].width = 100
    for note in NOTES:
        sheet.append([note])
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def read_records_csv(name: str, content: bytes) -> tuple[tuple[RecordRow, ...], tuple[Problem, ...]]:
    """The rows of a .csv of records as raw text, each with the number of the line it begins on.

    UTF-8, with or without its mark, UTF-16 with it, or GB18030; cells set off by commas, semicolons or tabs. A row
    whose quotation marks do not pair is told and left out, and the reading goes on in the next line.
    """
    place = Source(document=name)
    try:
        # Not splitlines(), which would break a line at characters that a note may well hold.
        lines = tuple(io.StringIO(decode(name, content), newline=""))
    except RefusedError as refused:
        return (), (refused.problem,)
    problems: list[Problem] = []
    rows = list_csv(name, lines, _find_delimiter(lines), problems)
    head = next(rows, None)
    if head is None or problems:
        return (), tuple(problems) or (make_problem("record.file-empty", place),)
    names = _name_fields(head[1])
    missing = [RECORD_COLUMNS[needed] for needed in NEEDED if needed not in names]
    if missing:
        return (), (make_problem("record.header-missing", place, columns="、".join(missing)),)
    return tuple(_make_record_row(name, names, *row) for row in rows), tuple(problems)


DELIMITERS = (",", ";", "\t")


def _find_delimiter(lines: Iterable[str]) -> str:
    """What sets off the most heads that are known; a comma where that decides nothing."""
    head = next((line for line in lines if line.strip()), "")
    return max(DELIMITERS, key=lambda delimiter: _count_heads(head.split(delimiter)))


def _count_heads(cells: Iterable[str]) -> int:
    return sum(plain_head(cell.strip(' "\r\n')) in RECORD_FIELDS for cell in cells)


def _name_fields(heads: Iterable[str]) -> list[str]:
    plain = (plain_head(head) for head in heads)
    return [RECORD_FIELDS.get(head, head) for head in plain]


def decode(name: str, content: bytes) -> str:
    if len(content) > MAX_CSV_BYTES:
        size = in_mb(len(content))
        raise _refuse("record.file-too-large", name, size_mb=size, limit_mb=in_mb(MAX_CSV_BYTES))
    marked = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise _refuse("record.file-encoding", name)


def list_csv(
    name: str, lines: Sequence[str], delimiter: str, problems: list[Problem]
) -> Iterator[tuple[int, list[str]]]:
    """Each row that has any text, with the number of its first line; rows that are broken are told."""
    start, width = 0, 0
    while start < len(lines):
        rest = map(lines.__getitem__, range(start, len(lines)))
        reader = csv.reader(rest, delimiter=delimiter, strict=True)
        begins = start
        try:
            for values in reader:
                ends = start + reader.line_num
                if ends - begins > 1 and _has_swallowed(values, lines[begins + 1 : ends], delimiter, width):
                    break
                if any(values) and any(value.strip() for value in values):
                    width = width or len(values)
                    yield begins + 1, values
                begins = ends
            else:
                return
        except csv.Error:
            pass  # told below, with the rows that have swallowed others
        problems.append(make_problem("record.row-broken", Source(document=name, row=begins + 1)))
        start = begins + 1


def _has_swallowed(values: Sequence[str], more_lines: Iterable[str], delimiter: str, width: int) -> bool:
    """Whether an open quotation mark took in the rows below it, and this is no note or head of several lines."""
    return width > 0 and (len(values) != width or any(line.count(delimiter) >= width - 1 for line in more_lines))


def _make_record_row(name: str, names: Sequence[str], number: int, values: Sequence[str]) -> RecordRow:
    cells: Mapping[str, str] = {key: value for key, value in zip(names, values, strict=False) if key and value}
    return RecordRow(cells, Source(document=name, row=number))

"""Records as a file that goes out, .csv or .xlsx, a piece at a time: what is held in memory does not grow with them.

The number of records stands in the first line and, counted again while writing, in the last. openpyxl's writer took
80 s for 200,000 records; so the one sheet is written as the XML that it is (ECMA-376, part 1, chapter 18).
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from types import MappingProxyType

from openpyxl.utils import get_column_letter

from wuzha.core.ledger.record import Kinds, Record
from wuzha.core.ledger.sheet import AUTHOR, SHEET_HEADS, STATE, UNIT_NAME, guard_text, write_cells, write_head

FIRST = ("unit", UNIT_NAME, "kind", "happened_on")
# What only programs and whoever mends the file want stands behind what is printed.
UNPRINTED = ("recorded_at", "received_at", "withdrawn", "id", "replaces")
LAST = (STATE, AUTHOR, *UNPRINTED)
COLUMNS = (*FIRST, *(name for name in SHEET_HEADS if name not in (*FIRST, *LAST)), *LAST)
NUMERIC = frozenset({"quantity", "people", "area_m2", "at_m", "loss_yuan"})
# As wide as what usually stands there, so that a printed page across can be read.
WIDTHS: Mapping[str, int] = MappingProxyType(
    {
        **{"id": 38, "replaces": 38, "recorded_at": 20, "received_at": 20, "withdrawn": 6},
        **{"unit": 11, UNIT_NAME: 20, "kind": 17, "happened_on": 11, "subject": 15, "place": 18, "audience": 12},
        **{"quantity": 6, "people": 6, "area_m2": 12, "at_m": 12, "loss_yuan": 13, "change": 6, "grade": 6},
        **{"note": 26, "extra": 22, STATE: 6, AUTHOR: 14},
    }
)
# Of the 1,048,576 rows of a sheet some are for the title, the heads and the sum.
MOST_IN_SHEET = 1_048_000
PIECE_ROWS = 500
# High enough for two lines.
HEAD_ROW = '<row r="2" ht="44" customHeight="1">'
# Excel counts days from here, and takes 1900 for a leap year.
DAY_ZERO = date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class ExportRow:
    """A record with what only a reader wants: its unit's name, and whether it still counts."""

    record: Record
    unit_name: str
    state: str


def _list_cells(row: ExportRow, kinds: Kinds) -> list[str]:
    cells = write_cells(row.record, kinds)
    cells[UNIT_NAME], cells[STATE] = row.unit_name, row.state
    return [cells.get(name, "") for name in COLUMNS]


def write_sum(written: int, expected: int) -> str:
    """The last line. Where records came or went while the file was written, it says so."""
    if written == expected:
        return f"共 {written} 条"
    return f"共 {written} 条，开始导出时是 {expected} 条，其间台账有变动。请再导出一次。"


def stream_csv(rows: Iterable[ExportRow], title: str, count: int, kinds: Kinds) -> Iterator[bytes]:
    """UTF-8 with its mark, so that Excel opens it right; every line as wide as the heads."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    blanks = [""] * (len(COLUMNS) - 1)
    buffer.write("\ufeff")
    writer.writerow([guard_text(title), *blanks])
    writer.writerow([write_head(name) for name in COLUMNS])
    written = 0
    for row in rows:
        writer.writerow(map(guard_text, _list_cells(row, kinds)))
        written += 1
        if written % PIECE_ROWS == 0:
            yield _take(buffer)
    writer.writerow([write_sum(written, count), *blanks])
    yield _take(buffer)


def _take(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


class _Pipe(io.RawIOBase):
    """Where the package is written to, and taken from at once. It cannot be wound back, so nothing is kept."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: "bytes | bytearray | memoryview") -> int:  # type: ignore[override]  # the stub's Buffer is 3.12's
        self.pieces.append(bytes(piece))
        return len(piece)

    def take(self) -> bytes:
        taken = b"".join(self.pieces)
        self.pieces.clear()
        return taken


def stream_xlsx(rows: Iterable[ExportRow], title: str, count: int, kinds: Kinds) -> Iterator[bytes]:
    """A workbook of one sheet: the title with the number, the heads, the records, and the number once more."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, text in PARTS.items():
            package.writestr(name, text.replace("LAST_ROW", str(count + 3)))
        with package.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for piece in _write_sheet(rows, title, count, kinds):
                sheet.write(piece.encode())
                yield pipe.take()
    yield pipe.take()


def _write_sheet(rows: Iterable[ExportRow], title: str, count: int, kinds: Kinds) -> Iterator[str]:
    heads = "".join(_write_text(letter, 2, write_head(name), 2) for letter, name in zip(LETTERS, COLUMNS, strict=True))
    yield f'{SHEET_START}<row r="1">{_write_text("A", 1, title, 3)}</row>{HEAD_ROW}{heads}</row>'
    written, piece = 0, []
    for written, row in enumerate(rows, start=1):
        piece.append(_write_row(written + 2, _list_cells(row, kinds)))
        if written % PIECE_ROWS == 0:
            yield "".join(piece)
            piece.clear()
    piece.append(f'<row r="{written + 3}">{_write_text("A", written + 3, write_sum(written, count), 3)}</row>')
    yield "".join(piece) + f'</sheetData><autoFilter ref="A2:{LETTERS[-1]}{written + 2}"/>{SHEET_END}'


def _write_row(number: int, cells: Iterable[str]) -> str:
    told = (
        _write_cell(letter, number, name, value)
        for letter, name, value in zip(LETTERS, COLUMNS, cells, strict=True)
        if value
    )
    return f'<row r="{number}">{"".join(told)}</row>'


def _write_cell(letter: str, number: int, name: str, value: str) -> str:
    if name in NUMERIC:
        return f'<c r="{letter}{number}"><v>{value}</v></c>'
    if name == "happened_on":
        return f'<c r="{letter}{number}" s="1"><v>{(date.fromisoformat(value) - DAY_ZERO).days}</v></c>'
    return _write_text(letter, number, guard_text(value))


def _write_text(letter: str, number: int, value: str, style: int = 0) -> str:
    text = escape(value, quote=False).replace("\r\n", "\n").replace("\r", "\n")
    return f'<c r="{letter}{number}" t="inlineStr" s="{style}"><is><t xml:space="preserve">{text}</t></is></c>'


LETTERS = tuple(get_column_letter(number) for number in range(1, len(COLUMNS) + 1))
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
SHEET_START = (
    f'{XML}<worksheet xmlns="{MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
    '<sheetViews><sheetView workbookViewId="0"><pane xSplit="4" ySplit="2" topLeftCell="E3" activePane="bottomRight" '
    'state="frozen"/></sheetView></sheetViews><cols>'
    + "".join(
        f'<col min="{number}" max="{number}" width="{WIDTHS.get(name, 14)}" customWidth="1"/>'
        for number, name in enumerate(COLUMNS, start=1)
    )
    + "</cols><sheetData>"
)
# A4 across, as wide as one page, the heads on every page.
SHEET_END = (
    '<pageMargins left="0.4" right="0.4" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
    '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>'
    "<headerFooter><oddFooter>&amp;C第 &amp;P 页，共 &amp;N 页</oddFooter></headerFooter></worksheet>"
)
FONT = '<font>{}<sz val="11"/><name val="宋体"/><family val="3"/><charset val="134"/></font>'
PARTS: Mapping[str, str] = MappingProxyType(
    {
        "[Content_Types].xml": f'{XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPES}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{TYPES}.styles+xml"/></Types>',
        "_rels/.rels": f'{XML}<Relationships xmlns="{RELATIONS}">'
        f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
        '<sheets><sheet name="台账" sheetId="1" r:id="rId1"/></sheets><definedNames>'
        f'<definedName name="_xlnm.Print_Area" localSheetId="0">台账!$A$1:${LETTERS[-len(UNPRINTED) - 1]}$LAST_ROW'
        "</definedName>"
        '<definedName name="_xlnm.Print_Titles" localSheetId="0">台账!$1:$2</definedName></definedNames></workbook>',
        "xl/_rels/workbook.xml.rels": f'{XML}<Relationships xmlns="{RELATIONS}">'
        f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
        # 0 text · 1 a day · 2 a head · 3 the title and the sum
        "xl/styles.xml": f'{XML}<styleSheet xmlns="{MAIN}">'
        '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
        f'<fonts count="2">{FONT.format("")}{FONT.format("<b/>")}</fonts>'
        '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/>'
        '</fill><fill><patternFill patternType="solid"><fgColor rgb="FFE8EFF8"/></patternFill></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        '<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        '<xf numFmtId="0" fontId="1" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1" applyAlignment="1">'
        '<alignment horizontal="center" vertical="center" wrapText="1"/></xf>'
        '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
    }
)

"""Records as a file that goes out, .csv or .xlsx, a piece at a time: what is held in memory does not grow with them.

The number of records stands in the first line and, counted again while writing, in the last. What goes out can come in
again, so the heads and the cells are those of :mod:`wuzha.core.ledger.sheet`.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from openpyxl.utils import get_column_letter

from wuzha.adapters.sheet_stream import (
    DAY,
    HEAD,
    PIECE_ROWS,
    TITLE,
    end_sheet,
    make_parts,
    start_sheet,
    stream_package,
    take_text,
    write_text,
)
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
            yield take_text(buffer)
    writer.writerow([write_sum(written, count), *blanks])
    yield take_text(buffer)


def stream_xlsx(rows: Iterable[ExportRow], title: str, count: int, kinds: Kinds) -> Iterator[bytes]:
    """A workbook of one sheet: the title with the number, the heads, the records, and the number once more."""
    last = LETTERS[-len(UNPRINTED) - 1]
    area = f"{{sheet}}!$A$1:${last}${count + 3}"
    parts = make_parts("台账", {"Print_Area": area, "Print_Titles": "{sheet}!$1:$2"})
    return stream_package(parts, _write_sheet(rows, title, count, kinds))


def _write_sheet(rows: Iterable[ExportRow], title: str, count: int, kinds: Kinds) -> Iterator[str]:
    heads = "".join(
        write_text(letter, 2, write_head(name), HEAD) for letter, name in zip(LETTERS, COLUMNS, strict=True)
    )
    yield f'{SHEET_START}<row r="1">{write_text("A", 1, title, TITLE)}</row>{HEAD_ROW}{heads}</row>'
    written, piece = 0, []
    for written, row in enumerate(rows, start=1):
        piece.append(_write_row(written + 2, _list_cells(row, kinds)))
        if written % PIECE_ROWS == 0:
            yield "".join(piece)
            piece.clear()
    piece.append(f'<row r="{written + 3}">{write_text("A", written + 3, write_sum(written, count), TITLE)}</row>')
    yield "".join(piece) + end_sheet(f"A2:{LETTERS[-1]}{written + 2}")


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
        return f'<c r="{letter}{number}" s="{DAY}"><v>{(date.fromisoformat(value) - DAY_ZERO).days}</v></c>'
    return write_text(letter, number, guard_text(value))


LETTERS = tuple(get_column_letter(number) for number in range(1, len(COLUMNS) + 1))
SHEET_START = start_sheet((WIDTHS.get(name, 14) for name in COLUMNS), (4, 2), "E3")

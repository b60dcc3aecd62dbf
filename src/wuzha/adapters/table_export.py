"""Any table of a page as a file that goes out, .csv or .xlsx, a piece at a time.

A file says itself what it is: its title, what was asked for and as of when, and how many rows it has. Its last line
says that it is whole; a file cut short on its way does not have it. No cell is computed when it is opened.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate, chain, islice
from typing import Any, Literal, Protocol
from unicodedata import east_asian_width

from openpyxl.utils import get_column_letter

from wuzha.adapters.sheet_stream import (
    DAY,
    HEAD,
    MOMENT,
    PIECE_ROWS,
    SHARE,
    TEXT,
    TITLE,
    WRAPPED,
    end_sheet,
    make_parts,
    start_sheet,
    stream_package,
    take_text,
    write_text,
)
from wuzha.core.ledger.record import BEIJING
from wuzha.core.ledger.sheet import UNSEEN, guard_text

Kind = Literal["text", "number", "share"]
Value = str | int | float | Fraction | Decimal | date | None
# As many rows are looked at for the width of the columns.
SAMPLE = 200
NARROWEST, WIDEST = 8, 44
# Of so many signs in a row one page across can still be read; a row of cells is so high for each of its lines.
PAGE_WIDTH = 210
LINE, HIGHEST = 16, 400
# A cell of a workbook holds no more (Excel specifications and limits).
LONGEST = 32_767
# Excel reads so many digits of a text file as a number and rounds it, or drops its zeros in front.
LONG_DIGITS = re.compile(r"\d{12,}|0\d+")
NOT_IN_SHEET_NAME = re.compile(r"[\[\]:*?/\\']")
# Excel counts days from here, and takes 1900 for a leap year.
DAY_ZERO = datetime(1899, 12, 30, tzinfo=BEIJING)
SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Column:
    """``take`` gives the cell of a row: a text, a number, a day or an instant, or none.

    ``title`` may be a text that is translated when it is written. A ``share`` is a number from 0 to 1; the number that
    it is a share of belongs in a column beside it.
    """

    title: Any
    take: Callable[[Any], Value]
    kind: Kind = "text"


class Things(Protocol):
    """The rows of a table: how many there are, and one after the other."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Any]: ...


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a page. ``name`` stands in its address; ``things`` are its rows, one thing a row.

    Whoever asks for the file is asked for the things again, so that a generator will not do: a list, or anything else
    with a length. ``filters`` tell what was asked for, word and value, beyond what the page itself tells.
    Where columns take time to be made, a function that makes them will do.
    """

    name: str
    title: Any
    columns: Sequence[Column] | Callable[[], Sequence[Column]]
    things: Things
    filters: Sequence[tuple[Any, Any]] = ()

    def list_columns(self) -> Sequence[Column]:
        return self.columns() if callable(self.columns) else self.columns


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is written: the words above, the heads, the rows as cells, and the words below by how many rows came."""

    title: str
    told: str
    heads: Sequence[str]
    kinds: Sequence[Kind]
    rows: Iterable[Sequence[Value]]
    end: Callable[[int], str]


def stream_csv(sheet: Sheet) -> Iterator[bytes]:
    """UTF-8 with its mark, so that Excel opens it right; every line as wide as the heads."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    blanks = [""] * (len(sheet.heads) - 1)
    buffer.write("\ufeff")
    writer.writerow([guard_text(sheet.title), *blanks])
    writer.writerow([guard_text(sheet.told), *blanks])
    writer.writerow([guard_text(head) for head in sheet.heads])
    written = 0
    for row in sheet.rows:
        writer.writerow(map(_write_plain, row))
        written += 1
        if written % PIECE_ROWS == 0:
            yield take_text(buffer)
    writer.writerow([sheet.end(written), *blanks])
    yield take_text(buffer)


def _write_plain(value: Value) -> str:
    """The cell of a text file. Long digits get a tab in front, which Excel takes for the beginning of a text."""
    if value is None:
        return ""
    if isinstance(value, str):
        text = guard_text(UNSEEN.sub("", value))
        return f"\t{text}" if LONG_DIGITS.fullmatch(text) else text
    if isinstance(value, datetime):
        return f"{value.astimezone(BEIJING):%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else _write_number(value)


def _write_number(value: float | Fraction | Decimal) -> str:
    """At most six places behind the point; never a comma, never a power of ten."""
    exact = Fraction(value)
    if exact.denominator == 1:
        return str(exact.numerator)
    return f"{float(round(exact, 6)):.6f}".rstrip("0").rstrip(".")


def stream_xlsx(sheet: Sheet) -> Iterator[bytes]:
    """A workbook of one sheet, A4 across and as few pages wide as can be read. Heads and the first column stay in sight
    and stand on each page."""
    name = NOT_IN_SHEET_NAME.sub(" ", sheet.title)[:31].strip() or "表"
    parts = make_parts(name, {"Print_Titles": "{sheet}!$A:$A,{sheet}!$3:$3"})
    return stream_package(parts, _write_sheet(sheet))


def _write_sheet(sheet: Sheet) -> Iterator[str]:
    rows = iter(sheet.rows)
    first = list(islice(rows, SAMPLE))
    widths = [_measure(head, [row[at] for row in first]) for at, head in enumerate(sheet.heads)]
    letters = [get_column_letter(at + 1) for at in range(len(widths))]
    styles = [SHARE if kind == "share" else WRAPPED if width > WIDEST else TEXT for kind, width in _pair(sheet, widths)]
    shown = [min(width, WIDEST) for width in widths]
    yield start_sheet(shown, (1, 3), f"{'B' if len(letters) > 1 else 'A'}4") + _write_top(
        sheet, letters, min(sum(shown), PAGE_WIDTH)
    )
    written, piece = 0, []
    for written, row in enumerate(chain(first, rows), start=1):
        piece.append(_write_row(written + 3, letters, styles, row))
        if written % PIECE_ROWS == 0:
            yield "".join(piece)
            piece.clear()
    last = written + 4
    piece.append(f'<row r="{last}">{write_text("A", last, sheet.end(written), TITLE)}</row>')
    # What stands above the heads stays on the first page.
    across = sum(1 for width in accumulate(shown) if width <= PAGE_WIDTH)
    merged = [f"A{row}:{letters[across - 1]}{row}" for row in (1, 2)] if across > 1 else []
    footer = f"&L{sheet.title[:60].replace('&', '&&')}"
    pages = -(-int(sum(shown)) // PAGE_WIDTH)
    yield "".join(piece) + end_sheet(f"A3:{letters[-1]}{max(written, 1) + 3}", footer, merged, pages)


def _pair(sheet: Sheet, widths: Sequence[float]) -> Iterator[tuple[Kind, float]]:
    return zip(sheet.kinds, widths, strict=True)


def _write_top(sheet: Sheet, letters: Sequence[str], width: float) -> str:
    """Title, what it tells of itself, heads. A row does not grow with merged cells, so its height is said."""
    lines = -(-_count_width(sheet.told) // max(int(width) - 2, NARROWEST))
    heads = "".join(write_text(letter, 3, head, HEAD) for letter, head in zip(letters, sheet.heads, strict=True))
    return (
        f'<row r="1" ht="22" customHeight="1">{write_text("A", 1, sheet.title, TITLE)}</row>'
        f'<row r="2" ht="{16 * lines + 2}" customHeight="1">{write_text("A", 2, sheet.told, WRAPPED)}</row>'
        f'<row r="3" ht="34" customHeight="1">{heads}</row>'
    )


def _count_width(text: str) -> int:
    """In halves of a Chinese character."""
    return sum(2 if east_asian_width(sign) in "WFA" else 1 for sign in text)


def _measure(head: str, values: Iterable[Value]) -> float:
    """As wide as what stands there; a head may take two lines."""
    longest = max((_count_width(_write_plain(value)) for value in values), default=0)
    return max(longest + 2, (_count_width(head) + 1) // 2 + 4, NARROWEST)


def _write_row(number: int, letters: Sequence[str], styles: Sequence[int], row: Sequence[Value]) -> str:
    cells = (
        _write_cell(letter, number, value, style)
        for letter, style, value in zip(letters, styles, row, strict=True)
        if value is not None and value != ""
    )
    lines = max((_count_lines(value) for style, value in zip(styles, row, strict=True) if style == WRAPPED), default=1)
    # A row does not grow by itself in every program.
    height = f' ht="{min(LINE * lines, HIGHEST)}" customHeight="1"' if lines > 1 else ""
    return f'<row r="{number}"{height}>{"".join(cells)}</row>'


def _count_lines(value: Value) -> int:
    """How many lines the text takes in the widest column."""
    return sum(max(1, -(-_count_width(line) // (WIDEST - 2))) for line in _write_plain(value).split("\n"))


def _write_cell(letter: str, number: int, value: Value, style: int) -> str:
    if isinstance(value, str):
        text = guard_text(UNSEEN.sub("", value))[:LONGEST]
        return write_text(letter, number, text, style if style == WRAPPED else TEXT)
    if isinstance(value, datetime):
        days = (value - DAY_ZERO).total_seconds() / SECONDS_A_DAY
        return f'<c r="{letter}{number}" s="{MOMENT}"><v>{days:.9f}</v></c>'
    if isinstance(value, date):
        return f'<c r="{letter}{number}" s="{DAY}"><v>{(value - DAY_ZERO.date()).days}</v></c>'
    return f'<c r="{letter}{number}" s="{style if style == SHARE else TEXT}"><v>{_write_number(value or 0)}</v></c>'

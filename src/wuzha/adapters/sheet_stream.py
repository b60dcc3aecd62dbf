"""A workbook of one sheet written as it goes out: what is held in memory does not grow with its rows.

openpyxl's writer took 80 s for 200,000 rows; so the sheet is written as the XML that it is (ECMA-376, part 1,
chapter 18). Whoever writes one gives its rows as pieces of XML.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from html import escape

# Of the 1,048,576 rows of a sheet some are for the title, the heads and the sum.
MOST_IN_SHEET = 1_048_000
# So many rows are written before they are handed on.
PIECE_ROWS = 500
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
# High enough in points for one line of any Chinese font that stands in for another.
ROW_HEIGHT = 17
# What a cell looks like, by its number below.
TEXT, DAY, HEAD, TITLE, MOMENT, SHARE, WRAPPED = range(7)
FONT = '<font>{}<sz val="11"/><name val="宋体"/><family val="3"/><charset val="134"/></font>'
# Beside a cell of several lines the others of its row stand in the middle.
PLAIN = (
    '<xf numFmtId="{}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1">'
    '<alignment vertical="center"/></xf>'
)
STYLES = (
    f'{XML}<styleSheet xmlns="{MAIN}">'
    '<numFmts count="3"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd hh:mm"/><numFmt numFmtId="166" formatCode="0.0%"/></numFmts>'
    f'<fonts count="2">{FONT.format("")}{FONT.format("<b/>")}</fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/>'
    '</fill><fill><patternFill patternType="solid"><fgColor rgb="FFE8EFF8"/></patternFill></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    f'<cellXfs count="7">{PLAIN.format(0)}{PLAIN.format(164)}'
    '<xf numFmtId="0" fontId="1" fillId="2" borderId="0" xfId="0" applyFont="1" applyFill="1" applyAlignment="1">'
    '<alignment horizontal="center" vertical="center" wrapText="1"/></xf>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    f"{PLAIN.format(165)}{PLAIN.format(166)}"
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">'
    '<alignment vertical="center" wrapText="1"/></xf></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
# A4 across, with lines between the cells.
PAGE_SETUP = (
    '<printOptions gridLines="1"/>'
    '<pageMargins left="0.4" right="0.4" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
    '<pageSetup paperSize="9" orientation="landscape" fitToWidth="{}" fitToHeight="0"/>'
)


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


def stream_package(parts: Mapping[str, str], sheet_pieces: Iterable[str]) -> Iterator[bytes]:
    """The workbook of the parts and of one sheet, a piece at a time."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, text in parts.items():
            package.writestr(name, text)
        with package.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for piece in sheet_pieces:
                sheet.write(piece.encode())
                yield pipe.take()
    yield pipe.take()


def make_parts(sheet: str, defined: Mapping[str, str]) -> dict[str, str]:
    """Every part but the sheet. ``defined`` are names such as ``Print_Titles`` with their places: ``{sheet}!$3:$3``."""
    place = escape("'{}'".format(sheet.replace("'", "''")))
    names = "".join(
        f'<definedName name="_xlnm.{name}" localSheetId="0">{where.format(sheet=place)}</definedName>'
        for name, where in defined.items()
    )
    return {
        "[Content_Types].xml": f'{XML}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{TYPES}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPES}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{TYPES}.styles+xml"/></Types>',
        "_rels/.rels": f'{XML}<Relationships xmlns="{RELATIONS}">'
        f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{XML}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
        f'<sheets><sheet name="{escape(sheet)}" sheetId="1" r:id="rId1"/></sheets>'
        f"<definedNames>{names}</definedNames></workbook>",
        "xl/_rels/workbook.xml.rels": f'{XML}<Relationships xmlns="{RELATIONS}">'
        f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": STYLES,
    }


def start_sheet(widths: Iterable[float], split: tuple[int, int], corner: str) -> str:
    """The sheet up to its first row. ``split`` are the columns and rows that stay in sight, ``corner`` the first cell
    that moves."""
    columns, rows = split
    cols = "".join(
        f'<col min="{number}" max="{number}" width="{width:g}" customWidth="1"/>'
        for number, width in enumerate(widths, start=1)
    )
    return (
        f'{XML}<worksheet xmlns="{MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView workbookViewId="0"><pane xSplit="{columns}" ySplit="{rows}" topLeftCell="{corner}" '
        f'activePane="bottomRight" state="frozen"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="{ROW_HEIGHT}" customHeight="1"/><cols>{cols}</cols><sheetData>'
    )


def end_sheet(filtered: str, footer: str = "", merged: Iterable[str] = (), pages: int = 1) -> str:
    """The sheet from its last row on. ``filtered`` are the cells that can be filtered, heads included; it prints so
    many ``pages`` wide."""
    told = "".join(f'<mergeCell ref="{cells}"/>' for cells in merged)
    merges = f"<mergeCells>{told}</mergeCells>" if told else ""
    foot = f"{footer}&C第 &P 页，共 &N 页"
    return (
        f'</sheetData><autoFilter ref="{filtered}"/>{merges}{PAGE_SETUP.format(pages)}'
        f"<headerFooter><oddFooter>{escape(foot, quote=False)}</oddFooter></headerFooter></worksheet>"
    )


def write_text(letter: str, number: int, value: str, style: int = TEXT) -> str:
    """A cell that holds a text, never a formula."""
    text = escape(value, quote=False).replace("\r\n", "\n").replace("\r", "\n")
    return f'<c r="{letter}{number}" t="inlineStr" s="{style}"><is><t xml:space="preserve">{text}</t></is></c>'


def take_text(buffer: io.StringIO) -> bytes:
    """What has been written since it was taken last."""
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()

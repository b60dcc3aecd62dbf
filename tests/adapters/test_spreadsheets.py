"""Rosters in .xlsx and records in .csv: every byte is hostile until read."""

import io
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from wuzha.adapters.kinds import load_kinds
from wuzha.adapters.spreadsheets import read_records_csv, read_roster, write_roster_template
from wuzha.core.base.problem import Problem
from wuzha.core.base.roster import COLUMNS, check_roster, list_doubts
from wuzha.core.ledger.parse import parse_records

Cell = str | float | date | datetime | None
HEADS = ("编码", "名称", "类型", "上级编码")
ROWS = (("SQ", "石桥县", "县", ""), ("SQ01", "青石镇", "镇", "SQ"))


def make_workbook(*rows: tuple[Cell, ...], title: str = "花名册") -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    return save(book)


def save(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def rewrite_part(content: bytes, part: str, data: bytes) -> bytes:
    """The same package with one part replaced."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            if item.filename != part:
                new.writestr(item, old.read(item))
        new.writestr(part, data)
    return buffer.getvalue()


def list_codes(problems: tuple[Problem, ...]) -> list[str]:
    return [problem.code for problem in problems]


def test_rows_keep_their_numbers_and_heads_may_stand_in_any_order_below_a_title() -> None:
    content = make_workbook(
        ("石桥县单位花名册",),
        (),
        ("上级编码", "类型", "备注", "名称", "编码"),
        ("", "县", "略", "石桥县", "SQ"),
        (),
        ("SQ", "镇", "", "青石镇", "SQ01"),
    )
    rows, problems = read_roster("花名册.xlsx", content)

    assert problems == ()
    assert [row.place.row for row in rows] == [4, 6]
    assert dict(rows[1].cells) == {"parent": "SQ", "kind": "镇", "name": "青石镇", "code": "SQ01"}


def test_numbers_and_days_are_read_as_a_person_sees_them() -> None:
    content = make_workbook(
        (*HEADS, "常住人口", "工地围挡面积(平方米)", "基数日期", "成立日期"),
        (990101, "石桥县", "县", None, 412000.0, 12.5, datetime(2026, 1, 1), date(1988, 4, 1)),  # noqa: DTZ001 - a cell has no zone
    )
    rows, _ = read_roster("a.xlsx", content)

    cells = rows[0].cells
    assert (cells["code"], cells["population"], cells["hoarding_m2"]) == ("990101", "412000", "12.5")
    assert (cells["counted_on"], cells["opens_on"]) == ("2026-01-01", "1988-04-01")


def test_the_empty_roster_to_fill_in_has_every_column_and_no_rows() -> None:
    content = write_roster_template()
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]

    assert [cell.value for cell in sheet[1]] == list(COLUMNS.values())
    assert list_codes(read_roster("花名册.xlsx", content)[1]) == ["roster.empty"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "roster.empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "roster.old-format"),
        (b"not a spreadsheet at all", "roster.not-a-spreadsheet"),
        (b"PK\x03\x04" + b"\0" * 100, "roster.not-a-spreadsheet"),
        (b"\0" * (20 * 1024 * 1024 + 1), "roster.too-large"),
        (make_workbook(), "roster.empty"),
        (make_workbook(("单位", "人数"), ("青石镇", 3)), "roster.header-missing"),
        (make_workbook(("编码", "名称", "类型"), ("SQ", "石桥县", "县")), "roster.header-missing"),
        (make_workbook((*HEADS, "编码"), *ROWS), "roster.header-duplicate"),
        (make_workbook(HEADS), "roster.empty"),
        (make_workbook(HEADS, ("SQ", "#REF!", "县", "")), "roster.cell-error"),
    ],
)
def test_a_file_that_is_no_roster_is_refused_with_its_reason(content: bytes, code: str) -> None:
    _, problems = read_roster("花名册.xlsx", content)

    assert list_codes(problems) == [code]
    assert problems[0].source.document == "花名册.xlsx"


def test_a_part_that_unpacks_to_too_much_is_refused() -> None:
    bomb = rewrite_part(make_workbook(HEADS, *ROWS), "xl/sharedStrings.xml", b" " * (81 * 1024 * 1024))

    assert len(bomb) < 1024 * 1024
    assert list_codes(read_roster("a.xlsx", bomb)[1]) == ["roster.zip-bomb"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_part_with_entities_is_refused_in_any_encoding(encoding: str) -> None:
    text = '<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY x SYSTEM "file:///etc/passwd">]><sst><si><t>&x;</t></si></sst>'
    content = rewrite_part(make_workbook(HEADS, *ROWS), "xl/sharedStrings.xml", text.encode(encoding))

    assert list_codes(read_roster("a.xlsx", content)[1]) == ["roster.external-entity"]


def test_a_sheet_with_a_stray_cell_far_below_is_read_all_the_same() -> None:
    book = load_workbook(io.BytesIO(make_workbook(HEADS, *ROWS)))
    book.worksheets[0].cell(row=1_048_576, column=40, value=" ")
    rows, problems = read_roster("a.xlsx", save(book))

    assert (len(rows), problems) == (2, ())


def test_too_many_rows_are_told_and_not_cut_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wuzha.adapters.spreadsheets.MAX_ROWS", 1)

    assert list_codes(read_roster("a.xlsx", make_workbook(HEADS, *ROWS))[1]) == ["roster.too-many-rows"]


def test_a_broken_sheet_is_refused() -> None:
    content = rewrite_part(make_workbook(HEADS, *ROWS), "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row>")

    assert list_codes(read_roster("a.xlsx", content)[1]) == ["roster.not-a-spreadsheet"]


def test_a_formula_that_was_saved_without_its_value_is_told() -> None:
    rows, problems = read_roster(
        "a.xlsx", make_workbook((*HEADS, "常住人口"), *ROWS, ("SQ02", "河口镇", "镇", "SQ", "=1+1"))
    )

    assert [(problem.code, problem.source.row, problem.source.column) for problem in problems] == [
        ("roster.formula-unsaved", 4, "常住人口")
    ]
    assert len(rows) == 3


def test_a_formula_counts_with_its_saved_value() -> None:
    content = make_workbook((*HEADS, "常住人口", "数据来源"), ("SQ", "石桥县", "县", "", "=1+1", "=A9"))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        sheet = package.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("</f><v></v>") + sheet.count("</f><v />") + sheet.count("</f><v/>") == 2
    saved = sheet.replace('<c r="F2"', '<c r="F2" t="str"')
    for empty in ("<v></v>", "<v />", "<v/>"):
        saved = saved.replace(f"<f>1+1</f>{empty}", "<f>1+1</f><v>2</v>")
    rows, problems = read_roster("a.xlsx", rewrite_part(content, "xl/worksheets/sheet1.xml", saved.encode()))

    assert problems == ()
    assert (rows[0].cells["population"], rows[0].cells["source"]) == ("2", "")


def open_roster(*rows: tuple[Cell, ...]) -> tuple[Workbook, Worksheet]:
    book = load_workbook(io.BytesIO(make_workbook(HEADS, *ROWS, *rows)))
    return book, book.worksheets[0]


VILLAGES = (("SQ0101", "柳湾村", "村", "SQ01"), ("SQ0102", "上林村", "村", None), ("SQ0103", "杨庄村", "村", None))


def test_merged_cells_are_told_once_with_their_rows_and_hide_no_other_mistake() -> None:
    book, sheet = open_roster(*VILLAGES)
    sheet.merge_cells("D4:D6")
    rows, problems = read_roster("a.xlsx", save(book))

    assert [(problem.code, problem.source.row, problem.source.column, problem.values) for problem in problems] == [
        ("roster.merged-cells", 4, "上级编码", {"first": "4", "last": "6"})
    ]
    assert check_roster(rows)[1] == ()


def test_a_merged_title_above_the_heads_is_no_mistake() -> None:
    book = load_workbook(io.BytesIO(make_workbook(("石桥县花名册",), HEADS, *ROWS)))
    book.worksheets[0].merge_cells("A1:D1")

    assert read_roster("a.xlsx", save(book))[1] == ()


def test_hidden_rows_are_read_and_told_as_a_doubt() -> None:
    book, sheet = open_roster(*VILLAGES[:1])
    sheet.row_dimensions[3].hidden = True
    rows, problems = read_roster("a.xlsx", save(book))
    doubts = list_doubts(rows, check_roster(rows)[0])

    assert (len(rows), problems) == (3, ())
    assert [(doubt.code, doubt.severity, doubt.values) for doubt in doubts] == [
        ("roster.hidden-rows", "warning", {"number": "1", "rows": "3"})
    ]


def test_a_hidden_sheet_is_not_read_and_that_is_told() -> None:
    book, _ = open_roster()
    old = book.create_sheet("去年")
    old.sheet_state = "hidden"
    for row in (HEADS, *ROWS):
        old.append(row)
    rows, problems = read_roster("a.xlsx", save(book))

    assert (len(rows), problems) == (2, ())
    assert [(doubt.code, doubt.source.sheet, doubt.values["read"]) for doubt in rows[0].doubts] == [
        ("roster.hidden-sheet", "去年", "花名册")
    ]


def test_a_roster_on_a_hidden_sheet_alone_is_refused() -> None:
    book, sheet = open_roster()
    book.create_sheet("封面").append(("石桥县",))
    sheet.sheet_state = "hidden"
    rows, problems = read_roster("a.xlsx", save(book))

    assert rows == ()
    assert [(problem.code, problem.source.sheet) for problem in problems] == [("roster.only-hidden", "花名册")]


def test_sheets_of_several_towns_are_read_as_one_roster() -> None:
    book = load_workbook(io.BytesIO(make_workbook(HEADS, *ROWS)))
    second = book.create_sheet("河口镇")
    second.append(HEADS)
    second.append(("SQ02", "河口镇", "镇", "SQ"))
    rows, _ = read_roster("a.xlsx", save(book))
    tree, problems = check_roster(rows)

    assert problems == ()
    assert [unit.code for unit in tree.units] == ["SQ", "SQ01", "SQ02"]
    assert rows[-1].place.sheet == "河口镇"


CSV = "编号,单位编码,类型,日期,数量,备注\n,SQ01,集中宣传活动,2026-03-20,1,镇广场\n\n,SQ01,talk,2026/3/21,2,\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_records_are_read_in_the_encodings_that_offices_write(encoding: str) -> None:
    rows, problems = read_records_csv("台账.csv", CSV.encode(encoding))

    assert problems == ()
    assert [row.place.row for row in rows] == [2, 4]
    assert [record.kind for record in parse_records(rows, load_kinds())[0]] == ["rally", "talk"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8"])
@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_cells_may_be_set_off_by_semicolons_or_tabs(delimiter: str, encoding: str) -> None:
    rows, problems = read_records_csv("台账.csv", CSV.replace(",", delimiter).encode(encoding))

    assert problems == ()
    assert [record.kind for record in parse_records(rows, load_kinds())[0]] == ["rally", "talk"]


HEAD = "单位编码,类型,日期,数量,备注\n"
GOOD = "SQ01,talk,2026-03-21,1,\n"


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        (GOOD + 'SQ01,talk,2026-03-22,1,"没有收口\n' + GOOD * 3, [3]),
        ('"SQ01,talk,2026-03-22,1,\n' + GOOD * 4, [2]),
        (GOOD * 2 + 'SQ01,talk,2026-03-22,1,"没有收口\n' + GOOD + 'SQ01,talk,2026-03-23,1,"收了口"\n', [4]),
        (GOOD * 2 + 'SQ01,talk,2026-03-22,1,"没有收口\n' + GOOD + 'SQ01,talk,2026-03-23,1,"\n', [4, 6]),
        (GOOD * 4 + 'SQ01,talk,2026-03-22,1,"没有收口', [6]),
        (GOOD * 4 + 'SQ01,talk,2026-03-22,1,"多了"字\n', [6]),
        (GOOD * 4 + f"SQ01,talk,2026-03-22,1,{'长' * 140_000}\n", [6]),
    ],
)
def test_a_quotation_mark_without_its_partner_takes_no_other_row_along(broken: str, told: list[int]) -> None:
    rows, problems = read_records_csv("台账.csv", (HEAD + broken).encode())

    assert [(problem.code, problem.source.row) for problem in problems] == [("record.row-broken", row) for row in told]
    assert [row.place.row for row in rows] == [number for number in range(2, 7) if number not in told]


def test_a_note_of_several_lines_is_one_cell() -> None:
    rows, problems = read_records_csv("台账.csv", (HEAD + 'SQ01,talk,2026-03-20,1,"一行，\n又一行"\n' + GOOD).encode())

    assert problems == ()
    assert [(row.place.row, row.cells.get("note", "")) for row in rows] == [(2, "一行，\n又一行"), (4, "")]


def test_an_open_quotation_mark_among_the_heads_is_told_there() -> None:
    rows, problems = read_records_csv("台账.csv", ('"' + HEAD + GOOD).encode())

    assert rows == ()
    assert [(problem.code, problem.source.row) for problem in problems] == [("record.row-broken", 1)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "record.file-empty"),
        ("编号,类型\n1,2\n".encode(), "record.header-missing"),
        (b"\x00\x01\x02" * 20, "record.file-encoding"),
        (b"\xff\xff\xff", "record.file-encoding"),
        (f"单位编码,类型,日期\n{'x' * 200_000},a,b\n".encode(), "record.row-broken"),
    ],
)
def test_a_file_that_holds_no_records_is_refused_with_its_reason(content: bytes, code: str) -> None:
    rows, problems = read_records_csv("台账.csv", content)

    assert rows == ()
    assert list_codes(problems) == [code]

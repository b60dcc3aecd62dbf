"""Cells that a spreadsheet program would compute: in no file that goes out does a word begin a formula."""

import csv
import io
from datetime import date

import pytest
from openpyxl import load_workbook

from tests.attack.ground import ask
from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.ledger import enter
from wuzha.web.accounts.models import Unit
from wuzha.web.campaign.models import Record

FORMULAS = (
    '=HYPERLINK("http://evil.example","x")',
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    " =1+1",
    "\ufeff=1+1",
    "%0A=1+1",
)
BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
TABLES = (
    "/records/export.csv",
    "/units/?words=村&format=csv",
    "/records/export.xlsx",
    "/units/?words=村&format=xlsx",
)


@pytest.fixture
def hostile(cast: Cast) -> Cast:
    """Each formula as the place of a record, and as the name of a unit."""
    for number, formula in enumerate(FORMULAS):
        record = enter(cast.secretary, cast.village, date(2026, 3, 1 + number))
        Record.objects.filter(pk=record.pk).update(place=formula, note=formula)
    Unit.objects.filter(pk=cast.village.pk).update(name=FORMULAS[0] + "村")
    return cast


def list_cells(path: str, content: bytes) -> list[tuple[str, str]]:
    """Each cell's text with what a spreadsheet takes it for."""
    if "csv" in path:
        rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        return [(cell, "f" if cell.startswith(BEGINS) and not is_number(cell) else "s") for row in rows for cell in row]
    book = load_workbook(io.BytesIO(content))
    return [
        (str(cell.value), cell.data_type) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value
    ]


def is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


@pytest.mark.usefixtures("no_rates")
@pytest.mark.parametrize("path", TABLES)
def test_nothing_in_a_file_that_goes_out_is_computed(hostile: Cast, visit: Visit, path: str) -> None:
    status, content = ask(visit(hostile.officer), "get", path)
    assert status == 200
    cells = list_cells(path, content)
    assert any("HYPERLINK" in text for text, _ in cells), "what was typed is there"
    assert [text for text, kind in cells if kind == "f"] == []

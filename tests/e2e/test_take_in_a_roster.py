"""The roster from Excel: every mistake told at once, a good one shown first, and taken in only once."""

import io

import pytest
from openpyxl import Workbook
from playwright.sync_api import Page, expect

from tests.e2e.steps import COUNTY, TOWN
from tests.e2e.visitor import Visit, press

pytestmark = pytest.mark.browser

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADS = ("编码", "名称", "类型", "上级编码", "常住人口", "户数", "基数日期")
ABOVE = ((COUNTY, "石桥县", "县", "", "", "", ""), (TOWN, "葭浦镇", "镇", COUNTY, "", "", ""))
NEW = f"{TOWN}99"
GOOD = ((NEW, "新桥社区", "社区", TOWN, 1860, 640, "2026-01-01"),)
BAD = (
    (NEW, "新桥社区", "社区", TOWN, "一千八百多", 640, "2026-01-01"),
    (NEW, "新桥北社区", "社区", TOWN, 900, 300, "2026-01-01"),
    (f"{TOWN}98", "上桥村", "村", "SQ77", 900, 300, "2026-01-01"),
    (f"{TOWN}97", "", "村", TOWN, 900, 300, "2026-01-01"),
)
MISTAKES = ("一千八百多", NEW, "SQ77", "名称")


def make_workbook(*rows: tuple[object, ...]) -> bytes:
    book, buffer = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in (HEADS, *ABOVE, *rows):
        sheet.append(list(row))
    book.save(buffer)
    return buffer.getvalue()


def upload(page: Page, *rows: tuple[object, ...]) -> None:
    page.goto("/roster/")
    page.locator("[name=file]").set_input_files(
        {"name": "花名册.xlsx", "mimeType": KIND, "buffer": make_workbook(*rows)}
    )
    page.locator("main form button").click()
    page.wait_for_url("**/roster/preview/")


def find_confirm(page: Page) -> str:
    return 'main form[action="/roster/confirm/"] button'


def test_a_roster_is_corrected_shown_taken_in_and_not_doubled(visit: Visit) -> None:
    page = visit("officer")
    visit.expect(404)
    upload(page, *BAD)
    told = page.locator("main .problem-error")
    for mistake in MISTAKES:
        expect(told.filter(has_text=mistake)).not_to_have_count(0)
    expect(page.locator(find_confirm(page))).to_have_count(0)

    upload(page, *GOOD)
    expect(page.locator("main tbody tr")).to_have_count(1)
    answer = page.goto(f"/units/{NEW}/")
    assert answer
    assert answer.status == 404, "nothing is saved before it is confirmed"
    page.goto("/roster/preview/")
    press(page, page.locator(find_confirm(page)))
    page.goto(f"/units/{NEW}/")
    expect(page.locator("main h1")).to_have_text("新桥社区")
    expect(page.locator("main")).to_contain_text("1,860")

    upload(page, *GOOD)
    expect(page.locator(find_confirm(page))).to_have_count(0)
    expect(page.locator("main .problem")).to_have_count(0)
    page.goto(f"/units/?words={NEW}")
    expect(page.locator("main tbody tr")).to_have_count(1)

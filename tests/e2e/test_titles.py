"""From the application of a village to its notice, and from a notice that has hung to a title that is held."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.site import DESK, PHONE
from tests.e2e.steps import VILLAGE
from tests.e2e.visitor import Visit, fits_its_screen

pytestmark = pytest.mark.browser

# The village of the sample whose notice has hung for its five working days.
READY = "SQ0303"


def find_program(page: Page) -> str:
    """The address of the title's programme, from its link among the unit's tasks or on the page of titles."""
    address = page.locator('main .rows a[href^="/titles/"]').first.get_attribute("href") or ""
    found = re.match(r"/titles/\d+/", address)
    assert found, address
    return found[0]


def test_a_village_applies_mends_what_is_missing_and_is_visited_and_noticed(visit: Visit) -> None:
    village = visit("village", PHONE)
    village.goto("/today/work/")
    program = find_program(village)
    village.locator(f'main a[href^="{program}units/{VILLAGE}/"]').first.click()
    village.locator("#apply button").click()
    expect(village.locator("main")).to_contain_text("对照标准自查并确认")
    expect(village.locator("main")).to_contain_text("3 条中还有 1 条没达到")
    expect(village.locator("#self-check")).to_have_count(0)
    assert fits_its_screen(village)

    village.locator('#boards a[href^="/records/new/"]').click()
    village.locator("[name=quantity]").fill("2")
    village.locator(".save-bar button").click()
    village.wait_for_url("**/records/*/?saved=1")
    village.goto(f"{program}units/{VILLAGE}/")
    expect(village.locator("main")).to_contain_text("3 条都达到了")
    village.locator("#self-check button").click()
    expect(village.locator("main")).to_contain_text("工作人员到现场逐条核查")

    officer = visit("officer", DESK)
    officer.goto(f"{program}units/{VILLAGE}/")
    for choice in officer.locator("#visit select:not([name=inspection])").all():
        choice.select_option("met")
    officer.locator("#visit button").click()
    officer.locator("#notice button").click()
    expect(officer.locator("main")).to_contain_text("没有异议的")
    expect(officer.locator("#award")).to_have_count(0)
    village.goto("/today/work/")
    expect(village.locator("#titles + ul")).to_contain_text("公示中")


def test_a_title_whose_notice_has_hung_is_awarded_and_counted(visit: Visit) -> None:
    page = visit("officer", DESK)
    page.goto("/titles/")
    program = find_program(page)
    page.goto(f"{program}units/?stage=held")
    rows = page.locator("main .rows li")
    before = rows.count()
    page.goto(f"{program}units/{READY}/")
    page.locator("#award button").click()
    expect(page.locator(".answer")).to_contain_text("有效")
    expect(page.locator("main")).to_contain_text("可以申请延续")

    page.goto(f"{program}units/?stage=held")
    expect(rows).to_have_count(before + 1)
    page.goto(program)
    expect(page.locator(".answer")).to_contain_text(f"{before + 1} /")

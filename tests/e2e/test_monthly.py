"""A village checks its line on a phone, its town gives one back, the county issues, and a late record is told."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.e2e.site import DESK, PHONE
from tests.e2e.steps import VILLAGE
from tests.e2e.visitor import Visit, fits_its_screen

pytestmark = pytest.mark.browser
LAST = timezone.localdate().replace(day=1) - timedelta(days=1)
# A whole county's files take a while to make.
MAKING_MS = 240_000


def test_a_table_goes_from_the_villages_check_to_what_changed_since(visit: Visit) -> None:
    village = visit("village", PHONE)
    village.goto("/today/work/")
    village.locator("#tables a").first.click()
    village.wait_for_url(f"**/lines/{VILLAGE}/")
    line = village.url
    assert fits_its_screen(village)
    visits = village.locator(".line-group", has_text="入户宣传").locator("dd a").first
    then = int(re.sub(r"\D", "", visits.inner_text()))
    village.locator("[name=highlights]").fill("赶集日摆台讲反诈")
    village.locator("button[value=submit]").click()
    expect(village.locator(".answer")).to_contain_text("已核对")

    town = visit("town", DESK)
    town.goto(line)
    town.locator("details", has=town.locator("[name=reason]")).locator("summary").click()
    town.locator("[name=reason]").fill("亮点请写明哪天")
    town.locator('form[action$="/return/"] button').click()
    expect(town.locator(".answer")).to_contain_text("亮点请写明哪天")
    village.goto("/today/work/")
    expect(village.locator("#tables")).to_contain_text("亮点请写明哪天")
    village.goto(line)
    village.locator("[name=highlights]").fill("赶集日摆台讲反诈，当月12日")
    village.locator("button[value=submit]").click()
    expect(village.locator(".answer")).to_contain_text("已核对")

    county = visit("officer", DESK)
    county.set_default_timeout(MAKING_MS)
    county.goto(re.sub(r"lines/.*", "", line))
    county.locator('main form[action$="/issue/"] button').click()
    county.wait_for_url(re.compile(r"/papers/\d+/$"), timeout=MAKING_MS)
    paper = county.url
    county.locator("#subtotal-SQ03 a").first.click()
    expect(county.locator(".month-grid")).to_contain_text("当月12日")
    expect(county.locator(".month-grid")).to_contain_text("未报送，按自动数字计")
    figure = county.locator("tr.month-unit", has_text="当月12日").locator("a[title^='本月入户宣传的户次']").first
    assert int(re.sub(r"\D", "", figure.inner_text())) == then

    village.goto(f"/records/new/?kind=visit&unit={VILLAGE}")
    village.locator("[name=happened_on]").fill(LAST.isoformat())
    village.locator("[name=quantity]").fill("3")
    village.locator(".save-bar button").click()
    village.wait_for_url("**/records/*/?saved=1")
    county.goto(paper)
    county.locator('main form[action$="/restate/"] button').click()
    expect(county.locator("#restated")).to_contain_text("本月入户宣传的户次")
    expect(county.locator("#restated tr", has_text="本月入户宣传的户次").first).to_contain_text(str(then + 3))

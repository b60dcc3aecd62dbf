"""From a village that is behind to the letter, the village's answer on its phone, and the clearing of the measure."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.site import PHONE
from tests.e2e.steps import TOWN, VILLAGE
from tests.e2e.visitor import Visit, fits_its_screen, press

pytestmark = pytest.mark.browser
MEASURE = re.compile(r"/supervision/measures/\d+/$")


def begin(page: Page) -> bool:
    """From the matrix of the town to the village's page and what may be given to it; whether anything may."""
    page.goto(f"/standings/{TOWN}/")
    press(page, page.locator(f'main a[href*="/{VILLAGE}/"]').first)
    page.goto(f"/units/{VILLAGE}/standing/")
    link = page.locator('main a[href^="/supervision/give/"]')
    if not link.count():
        return False
    press(page, link)
    return page.locator("[name=about]").count() > 0


def test_a_measure_goes_from_the_standing_to_the_letter_to_the_answer_to_its_end(visit: Visit) -> None:
    office, village = visit("officer"), visit("village", PHONE)
    if not begin(office):
        pytest.skip("the village of the sample log-in has done everything that was due by today")

    for box in office.locator("[name=about]").all():
        box.uncheck()
    office.locator("[name=about]").last.check()
    office.locator("[name=reason]").fill("上门了解，村里近期人手紧，先书面提示。")
    office.locator("main form.give button").click()
    office.wait_for_url("**/papers/drafts/*/")
    expect(office.locator("#gives")).to_contain_text("签发之前什么都没有出具")
    office.locator('main form[action$="/issue/"] button').click()
    office.wait_for_url(re.compile(r"/papers/\d+/$"))
    number = office.locator(".paper-number").inner_text()
    office.locator("#answer a").click()
    office.wait_for_url(MEASURE)
    address = office.url

    village.goto("/today/work/")
    village.locator("#letters a", has_text=number).click()
    village.wait_for_url(MEASURE)
    assert fits_its_screen(village)
    village.locator("#note-answered").fill("收到，这周就补办。")
    village.locator("#answer form").first.locator("button").click()
    expect(village.locator(".life")).to_contain_text("收到，这周就补办。")
    village.locator("#answer summary", has_text="报整改情况").click()
    village.locator("#note-mended").fill("已经补办，登记在台账里。")
    village.locator("#answer details", has=village.locator("#note-mended")).locator("button").click()
    expect(village.locator(".life")).to_contain_text("已经补办")

    office.goto(address)
    expect(office.locator(".life")).to_contain_text("收到，这周就补办。")
    office.locator('#decide form:has([value="cleared"]) button').click()
    expect(office.locator(".life")).to_contain_text("销号")
    village.goto("/today/work/")
    expect(village.locator("main")).not_to_contain_text(number)

    outsider = visit("outsider")
    visit.expect(404)
    answer = outsider.goto(address)
    assert answer is not None
    assert answer.status == 404
    expect(outsider.locator("main")).not_to_contain_text(number)

"""From a town that looks at its score to an appeal and its answer; and a change of the rules that comes too late."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.site import DESK, PHONE
from tests.e2e.visitor import Visit, fits_its_screen

pytestmark = pytest.mark.browser


def test_a_county_adopts_a_card_a_town_appeals_and_the_county_answers(visit: Visit) -> None:
    """The sample has a card for this year; the next one is prepared, changed item by item and adopted."""
    page = visit("officer", DESK)
    page.goto("/scores/")
    expect(page.locator("main")).to_contain_text("不分高低")
    page.locator("#cards > summary").click()
    page.locator('main a[href="/scores/new/"]').click()
    page.locator("main form.panel button").click()
    page.wait_for_url("**/scores/drafts/*/")
    page.locator('main a[href$="/items/tasks/"]').click()
    page.locator("[name=points]").fill("9")
    page.locator("main form.panel button").first.click()
    page.wait_for_url("**/scores/drafts/*/")
    expect(page.locator("main .problems")).to_contain_text("各项分值加起来是 101 分，写的是 100 分")
    expect(page.locator('main form[action$="/adopt/"] button')).to_be_disabled()
    page.locator("[name=points]").fill("101")
    page.locator("main section.panel form button").first.click()
    page.wait_for_url("**/scores/drafts/*/")
    page.locator('main form[action$="/adopt/"] button').click()
    page.wait_for_url(re.compile(r"/scores/\d+/rules/$"))
    expect(page.locator("main")).to_contain_text("中间不改")

    town = visit("town", PHONE)
    town.goto("/scores/")
    town.locator("main .answer a").click()
    town.locator('main a[href*="/items/homes/"]').first.click()
    town.wait_for_url("**/items/homes/**")
    assert fits_its_screen(town)
    town.locator("#appeal textarea").fill("两个村的走访记在另一条里")
    town.locator("#appeal button").click()
    expect(town.locator("main")).to_contain_text("还没有答复")

    page.goto("/scores/")
    page.locator("main section.panel a", has_text="入户走访").click()
    page.locator("#answer [name=decision]").select_option("refused")
    page.locator("#answer textarea").fill("那一条已经算在里面")
    page.locator("#answer button").click()
    expect(page.locator("main")).to_contain_text("不采纳申诉")
    town.reload()
    expect(town.locator("main")).to_contain_text("那一条已经算在里面")
    assert fits_its_screen(town)


def test_a_rule_changed_in_the_middle_is_refused_with_words(visit: Visit) -> None:
    page = visit("officer", DESK)
    page.goto("/scores/")
    page.locator('main p > a[href*="/rules/"]').click()
    page.locator('main form[action$="/copy/"] button').click()
    page.wait_for_url("**/scores/drafts/*/")
    for item, points in (("tasks", "7"), ("homes", "5")):
        page.locator(f'main a[href$="/items/{item}/"]').click()
        page.locator("[name=points]").fill(points)
        page.locator("main form.panel button").first.click()
        page.wait_for_url("**/scores/drafts/*/")
    expect(page.locator("main .problems")).to_contain_text("不能改，改动的有：宣传任务按方案完成、入户走访达到方案进度")
    expect(page.locator('main form[action$="/adopt/"] button')).to_be_disabled()
    page.goto("/scores/")
    page.locator('main p > a[href*="/rules/"]').click()
    expect(page.locator("#tasks")).to_contain_text("8 分")

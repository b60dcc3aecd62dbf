"""A county officer brings a plan, mends what was misread, and issues it."""

import io
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from docx import Document
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.e2e.site import DESK, PHONE, find_year
from tests.e2e.steps import COUNTY, find_link
from tests.e2e.visitor import Visit, press

pytestmark = pytest.mark.browser

RALLY = "各村（社区）每月至少开展2次集中宣传活动"
POSTER = "各银行网点张贴海报不少于6张"
CLASS = "各学校每学期至少开展1次主题班会"
TALK = "各派出所每月至少开展1次宣讲"
TABLE = "各乡镇（街道）每月25日前报送工作进展情况表"


def write_plan(title: str) -> list[str]:
    return [
        title,
        "为把防骗的话说到群众心里，结合实际，制定本方案。",
        "一、主要任务",
        f"（一）集中宣传。{RALLY}。",
        f"（二）张贴海报。{POSTER}。",
        f"（三）校园宣传。{CLASS}。",
        f"（四）警民恳谈。{TALK}。",
        "二、工作要求",
        f"{TABLE}。",
    ]


def write_docx(title: str) -> bytes:
    document = Document()
    for line in write_plan(title):
        document.add_paragraph(line)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def upload(page: Page, name: str, content: bytes) -> str:
    """Uploads the plan for the county and gives the address of its review."""
    page.locator("#upload [name=file]").set_input_files({"name": name, "mimeType": "", "buffer": content})
    page.locator("#upload [name=year]").fill(str(find_year()))
    page.locator("#upload button").click()
    page.wait_for_url(lambda url: urlsplit(url).path not in ("/plans/", "/plans/upload/"))
    return urlsplit(page.url).path


def find_duty(page: Page, quote: str) -> Locator:
    return page.locator(".duty-card").filter(has_text=quote)


def decide(page: Page, quote: str, key: str, decision: str) -> None:
    find_duty(page, quote).locator(f'[data-key="{key}"]').click()
    expect(find_duty(page, quote)).to_have_attribute("data-decision", decision)


def mend_number(page: Page, quote: str, number: str) -> None:
    card = page.locator(f"#{find_duty(page, quote).get_attribute('id')}")
    card.locator('[data-key="e"]').click()
    card.locator("[name=number]").fill(number)
    card.locator("form button").click()
    expect(card).to_have_attribute("data-decision", "accepted")
    expect(card.locator(".sentence-made")).to_contain_text(number)


def accept_the_rest(page: Page) -> None:
    page.locator('form[action$="/accept-clear/"] button').click()
    expect(page.locator('form[action$="/accept-clear/"]')).to_have_count(0)
    waiting = page.locator('.duty-card[data-decision="proposed"]')
    while left := waiting.count():
        waiting.first.locator('[data-key="a"]').click()
        expect(waiting).to_have_count(left - 1)


def check_document_beside_duties(page: Page) -> None:
    document, duties = (page.locator(name).bounding_box() for name in ("#document", "#duties"))
    assert document
    assert duties
    assert document["x"] + document["width"] <= duties["x"]
    assert abs(document["y"] - duties["y"]) < 10


def check_document_above_duties(page: Page) -> None:
    """One above the other, with a way down and a way up that stays in sight."""
    document, duties = (page.locator(name).bounding_box() for name in ("#document", "#duties"))
    assert document
    assert duties
    assert document["y"] + document["height"] <= duties["y"]
    page.locator('.review-switch a[href="#duties"]').click()
    expect(page.locator("#duties-title")).to_be_in_viewport()
    expect(page.locator('.review-switch a[href="#document"]')).to_be_in_viewport()


def check_in_force(page: Page, review: str, title: str) -> None:
    """The plan is on the shelf of those in force, and the standings count its duties."""
    page.goto("/plans/")
    press(page, find_link(page, review))
    expect(page.locator("main h1")).to_have_text(title)
    expect(page.locator(".issued-duties > li")).to_have_count(4)
    expect(page.locator(".issued-duties")).not_to_contain_text(POSTER)
    press(page, page.locator('main a[href^="/standings/"]').first)
    expect(page.locator("main")).to_contain_text(title)
    plan = review.strip("/").split("/")[-1]
    expect(find_link(page, f"/standings/{COUNTY}/{plan}/")).to_be_visible()
    assert page.locator(f'main a[href^="/standings/{COUNTY}/{plan}/"]:visible').count() >= 5, (
        "four duties and their sum"
    )


@pytest.mark.parametrize(
    ("size", "check_sides"),
    [(DESK, check_document_beside_duties), (PHONE, check_document_above_duties)],
    ids=["desk", "phone"],
)
def test_an_officer_reads_mends_and_issues_a_plan(
    visit: Visit, size: ViewportSize, check_sides: Callable[[Page], None]
) -> None:
    title = "石桥县冬季防骗宣传方案" if size == DESK else "石桥县夏季防骗宣传方案"
    page = visit("officer", size)
    page.goto("/plans/")
    review = upload(page, "冬季方案.docx", write_docx(title))
    check_sides(page)
    expect(page.locator("#document .sentence[data-duties]")).to_have_count(5)
    expect(page.locator(".duty-card")).to_have_count(5)
    mend_number(page, RALLY, "3")
    decide(page, POSTER, "d", "dropped")
    accept_the_rest(page)
    press(page, page.locator(f'a[href="{review}issue/"]'))
    press(page, page.locator("main form.panel button"))
    page.wait_for_url(f"**{review}")
    check_in_force(page, review, title)


def press_until(page: Page, key: str, wanted: str) -> None:
    """Presses the key until what the selector names has the focus."""
    for _ in range(120):
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{key} never reached {wanted}")


def expect_current(page: Page, quote: str) -> None:
    expect(find_duty(page, quote)).to_be_focused()


def test_a_plan_is_reviewed_and_issued_without_touching_the_mouse(visit: Visit) -> None:
    page = visit("officer")
    page.goto("/plans/")
    title = "石桥县春季防骗宣传方案"
    review = upload(page, "春季方案.txt", "\n".join(write_plan(title)).encode())
    keys = page.keyboard
    for _ in range(2):
        keys.press("j")
    expect_current(page, POSTER)
    keys.press("k")
    expect_current(page, RALLY)
    keys.press("e")
    expect(page.locator(".duty-mending :focus")).to_have_count(1)
    press_until(page, "Tab", "[name=number]")
    keys.press("Control+a")
    keys.type("3")
    keys.press("Enter")
    expect(find_duty(page, RALLY)).to_have_attribute("data-decision", "accepted")
    expect(find_duty(page, RALLY).locator(".sentence-made")).to_contain_text("3")
    expect_current(page, RALLY)
    keys.press("j")
    keys.press("d")
    expect(find_duty(page, POSTER)).to_have_attribute("data-decision", "dropped")
    for quote in (CLASS, TALK, TABLE):
        expect_current(page, quote)
        keys.press("a")
        expect(find_duty(page, quote)).to_have_attribute("data-decision", "accepted")
    press_until(page, "Shift+Tab", f'a[href="{review}issue/"]')
    keys.press("Enter")
    page.wait_for_url("**/issue/")
    press_until(page, "Tab", "main form.panel button")
    keys.press("Enter")
    page.wait_for_url(f"**{review}")
    check_in_force(page, review, title)

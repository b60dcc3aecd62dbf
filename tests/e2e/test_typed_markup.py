"""Markup and scripts that somebody types into forms run on no page of a real browser: they stand there as text."""

import re

import pytest
from playwright.sync_api import Locator, Page

from tests.e2e.site import DESK
from tests.e2e.steps import VILLAGE
from tests.e2e.test_issue_a_plan import upload
from tests.e2e.visitor import Visit, press

pytestmark = pytest.mark.browser

MARK = "window.name='ran'"
HOSTILE = f"</title></textarea><img src=x onerror={MARK}><svg/onload={MARK}>"
SHORT = f"<img src=x onerror={MARK}>"
# Runs before every page, where the page's own policy does not reach; what breaks the policy is written down.
WATCH = """
window.broken = [];
document.addEventListener("securitypolicyviolation", event => window.broken.push(event.violatedDirective));
"""
LOOKED_AT = (
    "/records/", "/today/", "/today/work/", "/units/", f"/units/{VILLAGE}/", "/standings/", "/plans/", "/calendar/",
    "/audit/mine/", "/jobs/", "/papers/", f"/units/{VILLAGE}/people/", f"/units/{VILLAGE}/standing/",
)  # fmt: skip


def open_page(visit: Visit, user: str) -> Page:
    page = visit(user, DESK)
    page.add_init_script(WATCH)
    return page


def fill_all(form: Locator, text: str) -> int:
    """The text into every free field that can be seen, as much of it as the field takes; gives how many."""
    count = 0
    for field in form.locator("textarea:visible, input[type=text]:visible, input:not([type]):visible").all():
        if field.get_attribute("inputmode") in ("numeric", "decimal") or field.get_attribute("list"):
            continue
        longest = int(field.get_attribute("maxlength") or 200)
        field.fill(text if longest >= len(text) else SHORT[:longest])
        count += 1
    return count


def hold_quiet(page: Page) -> None:
    """Nothing ran, and nothing was even held back by the policy."""
    page.wait_for_load_state("load")
    assert page.evaluate("window.name") != "ran", page.url
    assert page.evaluate("window.broken") == [], page.url
    assert page.locator("img[src=x], svg[onload]").count() == 0, page.url


def test_what_is_typed_into_forms_runs_on_no_page(visit: Visit) -> None:
    visit_record = open_page(visit, "village")
    visit_record.goto(f"/records/new/?unit={VILLAGE}&kind=rally")
    form = visit_record.locator("main form:has(.save-bar)")
    for details in visit_record.locator("main details:not([open]) > summary").all():
        details.click()
    assert fill_all(form, HOSTILE) >= 1
    press(visit_record, visit_record.locator(".save-bar button").first)
    hold_quiet(visit_record)
    assert re.search(r"/records/[0-9a-f-]{36}/", visit_record.url), visit_record.locator("main").inner_text()[:600]
    record = re.sub(r"\?.*", "", visit_record.url)
    assert "onerror" in visit_record.locator("main").inner_text()

    officer = open_page(visit, "officer")
    officer.goto("/plans/")
    text = f"{SHORT}工作方案\n一、主要任务\n（一）集中宣传。各村（社区）每月至少开展2次集中宣传活动。"
    plan = upload(officer, f"{SHORT}.txt", text.encode())
    hold_quiet(officer)
    for address in (*LOOKED_AT, record, plan, f"/records/?words={SHORT}", f"/units/?words={SHORT}"):
        officer.goto(address)
        hold_quiet(officer)

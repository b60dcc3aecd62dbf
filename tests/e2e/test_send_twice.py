"""A record that is sent twice: the same is taken once, something else is shown beside what came first."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.site import PHONE
from tests.e2e.steps import VILLAGE
from tests.e2e.visitor import Visit

pytestmark = pytest.mark.browser

FORM = f"/records/new/?unit={VILLAGE}&kind=leaflet"


def read_form(page: Page) -> dict[str, str | float | bool]:
    """What the form would send, field by field."""
    sent: dict[str, str | float | bool] = page.locator(".record-form").evaluate(
        "form => Object.fromEntries(new FormData(form))"
    )
    return sent


def count_versions(page: Page, record: str) -> int:
    page.goto(f"/records/?unit={VILLAGE}&state=all")
    return page.locator(f'main th a[href="/records/{record}/"]').count()


def test_the_same_form_sent_twice_makes_one_record(visit: Visit) -> None:
    page = visit("village", PHONE)
    page.goto(FORM)
    page.locator("[name=quantity]").fill("40")
    sent = read_form(page)
    answers = [page.request.post(FORM, form=sent, headers={"Referer": page.url}) for _ in range(2)]

    assert [answer.status for answer in answers] == [200, 200]
    assert all(str(sent["id"]) in answer.url for answer in answers), "both lead to the receipt of the one record"
    assert count_versions(page, str(sent["id"])) == 1


def test_something_else_under_the_same_number_is_shown_beside_the_first(visit: Visit) -> None:
    """The first sending arrived, its answer got lost: the form still stands there, is changed and sent again."""
    page = visit("village", PHONE)
    visit.expect(409)
    page.goto(FORM)
    page.locator("[name=quantity]").fill("41")
    sent = read_form(page)
    page.request.post(FORM, form=sent, headers={"Referer": page.url})
    page.locator("[name=quantity]").fill("43")
    page.locator(".save-bar button").click()

    row = page.locator("tr.differs")
    expect(row.locator("td").nth(0)).to_contain_text("41")
    expect(row.locator("td").nth(1)).to_contain_text("43")
    page.locator(f'main a[href="/records/{sent["id"]}/"]').click()
    expect(page.locator("dl.facts").first).to_contain_text("41")
    assert count_versions(page, str(sent["id"])) == 1

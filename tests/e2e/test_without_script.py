"""An old phone, a strict browser, a script that did not arrive: the work is still done."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.e2e.site import DESK, PHONE
from tests.e2e.steps import find_longest_task, list_open_tasks, record_visit
from tests.e2e.visitor import Visit, log_in, press

pytestmark = pytest.mark.browser


def test_logging_in_and_recording_need_no_script(visit: Visit) -> None:
    page = visit(None, PHONE, script=False)
    log_in(page, "village")
    page.goto("/today/work/")
    before = find_longest_task(page)
    record_visit(page, 1)
    expect(page.locator(".note-success[role=status]")).to_be_visible()
    page.goto("/today/work/")
    after = next(task for task in list_open_tasks(page) if (task.duty, task.window) == (before.duty, before.window))
    assert after.tally.missing == before.tally.missing - 1


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_duties_are_accepted_mended_and_dropped_without_script(visit: Visit, size: ViewportSize) -> None:
    page = visit("town", size, script=False)
    page.goto("/plans/")
    press(page, page.locator('main .rows a[href^="/plans/"]').first)
    review = urlsplit(page.url).path
    card = page.locator('.duty-card[data-decision="proposed"]').first
    identity = card.get_attribute("id") or ""
    card.locator('[data-key="a"]').click()
    page.wait_for_url(f"**{review}*#{identity}")
    own = page.locator(f"#{identity}")
    expect(own).to_have_attribute("data-decision", "accepted")
    own.locator('[data-key="d"]').click()
    expect(own).to_have_attribute("data-decision", "dropped")
    own.locator('[data-key="d"]').click()
    expect(own).to_have_attribute("data-decision", "proposed")
    own.locator('[data-key="e"]').click()
    page.wait_for_url("**/duties/*/")
    page.locator("main form.duty-form button").click()
    page.wait_for_url(f"**{review}*#{identity}")
    expect(own).to_have_attribute("data-decision", "accepted")

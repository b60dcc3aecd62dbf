"""A village secretary makes a record on the phone; the county officer follows the figure down to that very record."""

from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.e2e.site import BEIJING, DESK, PHONE
from tests.e2e.steps import (
    COUNTY,
    TOWN,
    VILLAGE,
    Tally,
    Task,
    find_card,
    find_link,
    find_longest_task,
    list_open_tasks,
    read_tally,
    record_visit,
)
from tests.e2e.visitor import Visit

pytestmark = pytest.mark.browser

FEW_TAPS = 6


class Finger:
    """Counts what a thumb does on glass, or a mouse on a desk."""

    def __init__(self, size: ViewportSize) -> None:
        self.touches = size == PHONE
        self.taps = 0

    def tap(self, target: Locator) -> None:
        target.tap() if self.touches else target.click()
        self.taps += 1


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_secretary_records_within_six_taps_and_one_number(visit: Visit, size: ViewportSize) -> None:
    page, finger = visit("village", size), Finger(size)
    page.goto("/me/")
    finger.tap(page.locator('nav a[href^="/today/"]:visible').first)
    page.wait_for_url("**/today/work/")
    before = find_longest_task(page)
    finger.tap(find_card(page, before).locator(".actions a"))
    expect(page.locator("main .answer")).to_contain_text(str(before.tally.missing))
    finger.tap(page.locator("[name=quantity]"))
    page.keyboard.type("1")
    finger.tap(page.locator(".save-bar button"))

    receipt = page.locator(".note-success[role=status]")
    expect(receipt).to_contain_text(datetime.now(BEIJING).strftime("%H:"))
    finger.tap(receipt.locator('a[href="/today/work/"]'))
    page.wait_for_url("**/today/work/")
    after = next(task for task in list_open_tasks(page) if (task.duty, task.window) == (before.duty, before.window))
    assert after.tally == Tally(before.tally.done + 1, before.tally.wanted)
    expect(find_card(page, after)).to_contain_text(str(before.tally.missing - 1))
    assert finger.taps <= FEW_TAPS


def drill_down(page: Page, task: Task) -> Tally:
    """From the county over the town to the village, and there to the figure of the duty's window."""
    page.goto(f"/standings/?plan={task.plan}")
    expect(page.locator("main")).to_be_visible()
    for code in (TOWN, VILLAGE):
        find_link(page, f"/standings/{code}/").click()
        page.wait_for_url(f"**/standings/{code}/**")
    find_link(page, f"/standings/{VILLAGE}/{task.plan}/{task.duty}/").click()
    figure = page.locator(f'main a.figure[href^="/records/"][href*="window={task.window}"]')
    return read_tally(figure.inner_text())


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_an_officer_drills_from_the_county_to_the_record_just_made(visit: Visit, size: ViewportSize) -> None:
    village, officer = visit("village", PHONE), visit("officer", size)
    village.goto("/today/work/")
    task = find_longest_task(village)
    before = drill_down(officer, task)
    assert before == task.tally, "the officer and the village look at the same figure"
    _, record = record_visit(village, 1)

    assert drill_down(officer, task) == Tally(before.done + 1, before.wanted)
    officer.locator(f'main a.figure[href^="/records/"][href*="window={task.window}"]').click()
    find_link(officer, record).click()
    expect(officer.locator("main")).to_contain_text(record.strip("/").split("/")[-1])
    expect(find_link(officer, f"/units/{VILLAGE}/standing/")).to_be_visible()


def choose_day(page: Page, day: str) -> None:
    page.locator(".as-of > summary").click()
    page.locator(".as-of [name=as_of]").fill(day)
    page.locator(".as-of button").click()
    page.wait_for_url(f"**as_of={day}**")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_past_day_knows_nothing_of_a_record_made_today(visit: Visit, size: ViewportSize) -> None:
    _, record = record_visit(visit("village", PHONE), 1)
    yesterday = (datetime.now(BEIJING) - timedelta(days=1)).date().isoformat()
    page = visit("officer", size)
    page.goto(f"/records/?unit={VILLAGE}")
    expect(find_link(page, record)).to_be_visible()

    choose_day(page, yesterday)
    expect(page.locator(f'main a[href^="{record}"]')).to_have_count(0)
    assert parse_qs(urlsplit(page.url).query) == {"unit": [VILLAGE], "as_of": [yesterday]}
    expect(page.locator(".past")).to_be_visible()


def test_the_day_travels_down_the_tree(visit: Visit) -> None:
    page = visit("officer")
    page.goto(f"/standings/{COUNTY}/")
    yesterday = (datetime.now(BEIJING) - timedelta(days=1)).date().isoformat()
    choose_day(page, yesterday)
    for code in (TOWN, VILLAGE):
        find_link(page, f"/standings/{code}/").click()
        page.wait_for_url(f"**/standings/{code}/**")
        assert parse_qs(urlsplit(page.url).query)["as_of"] == [yesterday]
    page.locator(".past a").click()
    page.wait_for_url(lambda url: "as_of=2" not in url)
    expect(page.locator(".past")).to_have_count(0)

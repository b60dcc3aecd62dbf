"""What a cheap phone in a village gets: nothing wider than its screen, targets for a thumb, and few bytes."""

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.e2e.site import DESK, PHONE
from tests.e2e.steps import COUNTY, TOWN, VILLAGE
from tests.e2e.visitor import Visit

pytestmark = pytest.mark.browser

THUMB_PX = 44
LIGHT_BYTES = 150_000
PAGES = {
    "village": (
        *("/today/work/", "/records/new/", f"/records/new/?unit={VILLAGE}&kind=visit", "/records/", "/me/", "/units/"),
        *("/plans/", "/standings/", f"/units/{VILLAGE}/standing/"),
        *("/titles/", "/titles/1/", f"/titles/1/units/{VILLAGE}/", "/titles/1/criteria/"),
    ),
    "officer": (
        *("/today/", "/plans/", "/plans/1/", "/standings/", f"/standings/{TOWN}/", f"/standings/{COUNTY}/1/"),
        *("/records/", "/records/new/", "/units/", "/roster/", f"/units/{TOWN}/people/", "/me/password/"),
        *("/titles/", "/titles/1/", "/titles/1/units/", "/titles/1/units/SQ0201/", "/titles/new/"),
        *("/plans/1/burden/", "/plans/2/diff/?with=1", "/plans/2/diff/?with=1&view=covers", "/minutes/"),
    ),
    "town": ("/plans/2/", "/plans/2/issue/", "/plans/2/duties/new/"),
    "outsider": ("/today/", "/standings/", "/me/"),
}


@pytest.mark.parametrize("user", PAGES)
def test_no_page_is_wider_than_a_phone(visit: Visit, user: str) -> None:
    page = visit(user, PHONE)
    for address in PAGES[user]:
        answer = page.goto(address)
        assert answer
        assert answer.status == 200, address
        width = page.evaluate("document.scrollingElement.scrollWidth")
        assert width <= PHONE["width"], f"{address} is {width} px wide: {find_widest(page)}"


def find_widest(page: Page) -> str:
    return str(
        page.evaluate(
            """() => [...document.querySelectorAll("main *, header *, nav *")]
            .filter(one => one.getBoundingClientRect().right > innerWidth && !one.closest(".sheet"))
            .map(one => one.tagName + "." + one.className).slice(0, 5)"""
        )
    )


def test_the_tabs_are_large_enough_for_a_thumb_and_lie_at_the_bottom(visit: Visit) -> None:
    page = visit("village", PHONE)
    page.goto("/today/work/")
    boxes = [tab.bounding_box() for tab in page.locator(".tabs a").all()]
    assert len(boxes) == 4
    for box in boxes:
        assert box
        assert min(box["width"], box["height"]) >= THUMB_PX
        assert box["y"] + box["height"] <= PHONE["height"]
        assert box["y"] > PHONE["height"] * 0.85


@pytest.mark.parametrize(
    ("user", "address", "size"),
    [("officer", "/standings/", DESK), ("officer", "/standings/", PHONE), ("village", "/today/work/", PHONE)],
    ids=["standings-desk", "standings-phone", "work-phone"],
)
def test_a_first_load_is_light(visit: Visit, user: str, address: str, size: ViewportSize) -> None:
    """Every byte that comes over the line to a browser that has nothing yet, heads included."""
    page = visit(user, size)
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    received: list[int] = []
    session.on("Network.loadingFinished", lambda event: received.append(int(event["encodedDataLength"])))
    page.goto(address, wait_until="networkidle")

    assert len(received) >= 4, "the page, its styles and its script"
    assert sum(received) < LIGHT_BYTES

"""A road comes in from a file, its gap is drawn, and one advert where the page says closes it; a village looks only."""

import json

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.e2e.site import DESK, PHONE
from tests.e2e.steps import TOWN, VILLAGE
from tests.e2e.visitor import Visit

pytestmark = pytest.mark.browser

ROAD, SUBJECT = "试行新街", "试行-1"
# About 350 m, away from the sample's own roads.
LINE = [[113.5995, 31.1602], [113.6028, 31.161586]]
ROADS, PREVIEW = f"/sites/{TOWN}/roads/", f"**/sites/{TOWN}/roads/preview/"


def write_file(line: list[list[float]], **told: str) -> bytes:
    feature = {"type": "Feature", "properties": told, "geometry": {"type": "LineString", "coordinates": line}}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


def upload(page: Page, content: bytes) -> None:
    page.goto(ROADS)
    page.locator("[name=file]").set_input_files(
        {"name": "新街.geojson", "mimeType": "application/geo+json", "buffer": content}
    )
    page.locator("main form[enctype] button").click()
    page.wait_for_url(PREVIEW)


def find_gap(page: Page) -> Locator:
    """The row of the new road among the gaps."""
    return page.locator("#gaps tbody tr").filter(has_text=ROAD)


def find_drawn_gap(page: Page) -> Locator:
    return page.locator(f'.map-gap:has(title:text-matches("^{ROAD} "))')


def hang_advert(page: Page) -> None:
    page.goto(f"/records/new/?kind=advert&unit={TOWN}")
    page.locator("[name=subject]").fill(SUBJECT)
    page.locator("[name=place]").fill(ROAD)
    page.locator(".save-bar button").click()
    expect(page.locator(".note-success[role=status]")).to_be_visible()


def place_advert(page: Page, lon: str, lat: str) -> None:
    page.goto(f"/sites/{TOWN}/place/?subject={SUBJECT}")
    page.locator("[name=lon]").fill(lon)
    page.locator("[name=lat]").fill(lat)
    page.locator("main form button.btn-primary").click()
    page.wait_for_url(f"**/sites/{TOWN}/")


def test_a_road_is_mended_brought_in_and_its_gap_closed_where_the_page_says(visit: Visit) -> None:
    page = visit("town")
    upload(page, write_file(LINE[:1], name=ROAD))
    expect(page.locator("main .problem-error")).to_contain_text("第 1 个图形太短")
    expect(page.locator('main form[action$="/confirm/"]')).to_have_count(0)

    upload(page, write_file(LINE, name=ROAD))
    expect(page.locator("main tbody tr")).to_contain_text("新增")
    expect(page.locator(".map .map-road[d]").first).to_be_visible()
    page.goto(f"/sites/{TOWN}/")
    expect(find_gap(page)).to_have_count(0)

    page.goto(f"/sites/{TOWN}/roads/preview/")
    page.locator('main form[action$="/confirm/"] button').click()
    page.wait_for_url(f"**/sites/{TOWN}/")
    gap = find_gap(page)
    expect(gap).to_contain_text("0 – 350 米")
    expect(find_drawn_gap(page)).to_have_count(1)

    lon, lat = gap.locator(".muted.nowrap").inner_text().split(", ")
    hang_advert(page)
    page.goto(f"/sites/{TOWN}/")
    expect(find_gap(page)).to_have_count(1)
    place_advert(page, lon, lat)
    expect(page.locator(".map-site title").filter(has_text=SUBJECT)).to_have_count(1)
    expect(find_gap(page)).to_have_count(0)
    expect(find_drawn_gap(page)).to_have_count(0)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_village_sees_its_sites_and_brings_no_road_in(visit: Visit, size: ViewportSize) -> None:
    page = visit("village", size)
    page.goto("/sites/")
    expect(page.locator("main h1")).to_be_visible()
    expect(page.locator(".map .map-outline").first).to_be_visible()
    expect(page.locator('main a[href$="/roads/"]')).to_have_count(0)

    visit.expect(403, 404)
    own, above = page.goto(f"/sites/{VILLAGE}/roads/"), page.goto(ROADS)
    assert own
    assert own.status == 403
    assert above
    assert above.status in (403, 404)

"""From a unit that is behind to a letter that has gone out: drafted, looked at, issued, downloaded, opened."""

import re
from io import BytesIO
from pathlib import Path

import docx
import pytest
from playwright.sync_api import ViewportSize, expect

from tests.e2e.site import DESK, PHONE
from tests.e2e.visitor import Visit, fits_its_screen

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_a_letter_goes_from_the_standing_to_the_file(visit: Visit, size: ViewportSize) -> None:
    page = visit("officer", size)
    page.goto("/papers/")
    page.locator('main a[href^="/papers/new/?form=letter&unit="]').first.click()
    town = page.locator("[name=addressee]").input_value()
    page.locator("[name=mark]").fill("石反诈函")
    page.locator("main .panel form button").first.click()
    page.wait_for_url("**/papers/drafts/*/")

    figure = page.locator('.paper-figure[href*="status=missed"]').first
    printed, address = figure.inner_text(), figure.get_attribute("href") or ""
    draft = page.url
    page.goto(address)
    expect(page.locator("main")).to_contain_text(f"{int(printed):,}")
    page.goto(draft)
    page.locator('main form[action$="/issue/"] button').click()
    page.wait_for_url(re.compile(r"/papers/\d+/$"))

    expect(page.locator(".paper-number")).to_have_text(re.compile(r"石反诈函〔\d{4}〕\d+号"))
    number = page.locator(".paper-number").inner_text()
    assert fits_its_screen(page)
    with page.expect_download() as begun:
        page.locator('main a[href$="/files/docx"]').click()
    content = Path(begun.value.path()).read_bytes()
    text = "\n".join(line.text for line in docx.Document(BytesIO(content)).paragraphs)
    assert number in text
    assert f"{town}：" in text
    page.locator('main form[action$="/restate/"] button').click()
    expect(page.locator("#restated")).to_contain_text("每个数字都和原件一样")
    page.goto("/papers/")
    expect(page.locator("main")).to_contain_text(number)

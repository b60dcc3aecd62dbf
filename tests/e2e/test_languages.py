"""Chinese first, English complete, one tap from one to the other."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.visitor import Visit

pytestmark = pytest.mark.browser

HAN = re.compile(r"[\u4e00-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{3,}")


def read_words(page: Page) -> str:
    """The heading and the rooms: words of the site, none of the county's own."""
    return " ".join([*page.locator(".rail-link").all_inner_texts(), page.locator("main h1").inner_text()])


@pytest.mark.parametrize(
    "address", ["/today/", "/plans/", "/standings/", "/records/", "/records/new/", "/roster/", "/me/password/"]
)
def test_a_page_speaks_english_when_asked_and_chinese_again(visit: Visit, address: str) -> None:
    page = visit("officer")
    page.goto(address)
    assert not LATIN.search(read_words(page))
    for language, foreign, native in (("en", HAN, LATIN), ("zh-hans", LATIN, HAN)):
        page.locator(f'.top .language button[value="{language}"]').click()
        expect(page.locator("html")).to_have_attribute("lang", language)
        page.wait_for_load_state()
        assert page.url.endswith(address)
        assert not foreign.search(read_words(page))
        assert native.search(read_words(page))

"""From an event to a briefing and its public copy: photos chosen, a face covered, both copies downloaded and opened."""

import re
from io import BytesIO
from pathlib import Path

import docx
import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.adapters.photos import draw_scene, save_jpeg
from tests.e2e.site import DESK, PHONE
from tests.e2e.visitor import Visit, fits_its_screen, press

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_an_event_becomes_a_briefing_and_a_public_copy(visit: Visit, size: ViewportSize) -> None:
    page = visit("officer", size)
    _add_photo(page, 1 if size == DESK else 2)
    page.locator('[name="photos-0"]').check()
    page.locator('[name="photos-0-caption"]').fill("村民王小明在现场")
    page.locator("[name=closing]").fill("活动由村民王小明牵头。")
    page.locator("main .panel form button").first.click()
    page.wait_for_url("**/papers/drafts/*/")
    page.locator('main form[action$="/issue/"] button').click()
    page.wait_for_url(re.compile(r"/papers/\d+/$"))
    inside = _read_words(page, 'main a[href$="/files/docx"]')

    page.locator('main a[href$="/public/"]').click()
    expect(page.locator("main")).to_contain_text("还有 1 张照片没有看过")
    page.locator('main a[href*="/public/pictures/0/"]').click()
    _draw_box(page)
    expect(page.locator('[name="box-0-width"]')).not_to_have_value("")
    page.locator("main form button.btn-primary").click()
    expect(page.locator("main")).to_contain_text("遮盖了 1 处人脸")
    assert fits_its_screen(page)
    page.locator('main form a[href$="/public/"]').click()
    page.locator("[name=is_read]").check()
    page.locator("button[name=issue]").click()
    page.wait_for_url(re.compile(r"/papers/\d+/$"))
    public = _read_words(page, 'main a[href$="/public/1/docx"]')

    assert "王小明" in inside
    assert "王小明" not in public
    assert "公开稿" in public


def _add_photo(page: Page, seed: int) -> None:
    """A photo for the first event of the list, and the page of its briefing."""
    page.goto("/papers/briefings/")
    link = page.locator('main a[href*="form=briefing&record="]').nth(seed)
    record = (link.get_attribute("href") or "").split("record=")[1]
    page.goto(f"/records/{record}/")
    page.locator("details:has([name=files]) > summary").click()
    photo = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": save_jpeg(draw_scene(seed, (1200, 900)))}
    page.locator("[name=files]").set_input_files(photo)  # type: ignore[arg-type]  # a payload, told by its shape
    press(page, page.locator('form[action$="/evidence/"] button'))
    page.goto(f"/papers/new/?form=briefing&record={record}")


def _draw_box(page: Page) -> None:
    """By the pointer, from the middle down to the right."""
    page.locator("#faces img").evaluate("image => image.decode()")
    edge = page.locator("#faces").bounding_box()
    assert edge is not None
    page.mouse.move(edge["x"] + edge["width"] * 0.3, edge["y"] + edge["height"] * 0.3)
    page.mouse.down()
    page.mouse.move(edge["x"] + edge["width"] * 0.5, edge["y"] + edge["height"] * 0.6, steps=4)
    page.mouse.up()


def _read_words(page: Page, link: str) -> str:
    with page.expect_download() as begun:
        page.locator(link).click()
    document = docx.Document(BytesIO(Path(begun.value.path()).read_bytes()))
    return "\n".join(line.text for line in document.paragraphs)

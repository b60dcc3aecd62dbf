"""Draws the page's icon as PNG files of the sizes that home screens ask for, from ``icons/wuzha.svg``.

Run it when the drawing changes; the files are committed, so that neither running nor testing needs a browser. iOS takes
PNG alone and rounds the corners itself, so that its ground fills the square.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))  # the browser is opened as the journeys open it

from playwright.sync_api import Page, ViewportSize  # noqa: E402 - the path comes first
from tests.e2e.site import open_browser  # noqa: E402 - as above

ICONS = ROOT / "src/wuzha/web/static/icons"
GROUND = "#1a4b8c"
# File name, pixels, and whether the ground fills the square.
SIZES = (("wuzha-180.png", 180, True), ("wuzha-192.png", 192, False), ("wuzha-512.png", 512, False))


def main() -> None:
    drawing = (ICONS / "wuzha.svg").read_text(encoding="utf-8")
    with open_browser() as browser:
        page = browser.new_page()
        for name, size, is_filled in SIZES:
            (ICONS / name).write_bytes(draw(page, drawing, size, is_filled=is_filled))
        page.close()


def draw(page: Page, drawing: str, size: int, *, is_filled: bool) -> bytes:
    page.set_viewport_size(ViewportSize(width=size, height=size))
    ground = GROUND if is_filled else "transparent"
    style = f"html{{background:{ground}}} body{{margin:0}} svg{{display:block;width:100vw;height:100vh}}"
    page.set_content(f"<style>{style}</style>{drawing}")
    return page.screenshot(omit_background=not is_filled)


if __name__ == "__main__":
    main()

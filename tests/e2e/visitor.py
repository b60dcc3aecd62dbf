"""People with a browser: who logs in, how large the screen is, and a watch over everything the pages do."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Response,
    StorageState,
    ViewportSize,
    WebError,
)

from tests.e2e.site import DESK
from wuzha.adapters.sample.people import PASSWORD

# Long enough for a machine that does other things as well; whoever is answered at once waits for nothing.
PATIENCE_MS = 30_000
# The watch has its own line for what was refused, with the address that this sentence of Chromium leaves out.
REFUSED = "Failed to load resource"
# A page that is left, or an answer that becomes a download, is cut off by the browser itself.
CUT_OFF = "net::ERR_ABORTED"


@dataclass
class Watch:
    """Notes every error of a script, every refused or failed request, and every request to another host."""

    host: str
    expected: set[int] = field(default_factory=set)
    troubles: list[str] = field(default_factory=list)

    def look_after(self, context: BrowserContext) -> None:
        context.on("request", self._see_request)
        context.on("requestfailed", self._see_failure)
        context.on("response", self._see_response)
        context.on("console", self._see_console)
        context.on("weberror", self._see_error)

    def _see_request(self, request: Request) -> None:
        if urlsplit(request.url).netloc != self.host and not request.url.startswith(("data:", "blob:")):
            self.troubles.append(f"asked another host: {request.url}")

    def _see_failure(self, request: Request) -> None:
        if request.failure != CUT_OFF:
            self.troubles.append(f"{request.failure}: {request.url}")

    def _see_response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.troubles.append(f"{response.status} from {response.request.method} {response.url}")

    def _see_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(REFUSED):
            self.troubles.append(f"console: {message.text}")

    def _see_error(self, error: WebError) -> None:
        self.troubles.append(f"script: {error.error}")


@dataclass
class Visit:
    """``visit("officer")`` logs the officer in and gives their page. Each call is a browser of its own."""

    browser: Browser
    url: str
    keys: dict[str, StorageState]
    opened: list[tuple[BrowserContext, Watch]] = field(default_factory=list)

    def __call__(
        self,
        user: str | None,
        size: ViewportSize = DESK,
        *,
        script: bool = True,
        colour: Literal["light", "dark"] = "light",
    ) -> Page:
        known = user is not None and user in self.keys
        context = self.browser.new_context(
            base_url=self.url,
            viewport=size,
            is_mobile=size["width"] < 500,
            has_touch=size["width"] < 500,
            java_script_enabled=script,
            color_scheme=colour,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            storage_state=self.keys[user] if user and known else None,
        )
        context.set_default_timeout(PATIENCE_MS)
        watch = Watch(urlsplit(self.url).netloc)
        watch.look_after(context)
        self.opened.append((context, watch))
        page = context.new_page()
        if user and not known:
            log_in(page, user)
            self.keys[user] = context.storage_state()
        return page

    def expect(self, *statuses: int) -> None:
        """From here on these refusals belong to the journey."""
        for _, watch in self.opened:
            watch.expected.update(statuses)

    def end(self) -> list[str]:
        """Closes every browser and gives what went wrong in any of them."""
        for context, _ in self.opened:
            context.close()
        return [trouble for _, watch in self.opened for trouble in watch.troubles]


@contextmanager
def receive(browser: Browser, url: str, keys: dict[str, StorageState]) -> Iterator[Visit]:
    """A visit that ends well only when nothing went wrong behind the pages."""
    visit = Visit(browser, url, keys)
    troubles: list[str] = []
    try:
        yield visit
    finally:
        troubles = visit.end()
    assert not troubles, "\n".join(troubles)


def log_in(page: Page, user: str) -> None:
    page.goto("/log-in/")
    page.locator("[name=username]").fill(user)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("main form.panel button").click()
    page.wait_for_url(lambda url: "/log-in/" not in url)


def press(page: Page, button: Locator) -> None:
    """Clicks what opens another page, which may be at the same address, and waits until it is there.

    A page that stands already is loaded, whatever comes next; and whoever goes elsewhere at once takes back what was
    about to be sent.
    """
    with page.expect_navigation():
        button.click()


def wait_until(page: Page, holds: Callable[[], bool]) -> None:
    """Looks again and again. The browser's own way to wait for an expression is to evaluate it in the page, which the
    site's policy forbids."""
    for _ in range(PATIENCE_MS // 50):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError("what was waited for has not come")


def fits_its_screen(page: Page) -> bool:
    """Whether nothing has to be moved from side to side. Waits for the page: one that is only arriving has no width."""
    return bool(page.locator("main").evaluate("() => document.scrollingElement.scrollWidth <= innerWidth"))

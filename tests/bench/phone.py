"""What the first load of the phone page weighs on the wire, and how long it takes at the speed of 3G.

Run by ``make bench``; prints one table. Bytes are counted where they cross the wire, heads and requests of the service
worker with them, since a browser tells of the page's own alone. Speed and distance are the browser's own emulation,
which holds the page's requests back and not those of the service worker: that one works after the page stands.
"""

import socket
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, BrowserContext, Page, StorageState

from tests.e2e.site import PHONE, load_county, open_browser, serve_site
from tests.e2e.visitor import log_in

ROUNDS = 5
USER = "village"
BUDGET_BYTES, BUDGET_MS = 150 * 1024, 3000
KILOBIT = 1000 / 8
# When the first task stands on the page, by the page's own clock, which begins with the navigation.
WATCH = """
new MutationObserver((_, watch) => {
  if (!document.querySelector(".task")) return;
  watch.disconnect();
  requestAnimationFrame(() => { self.stoodAt = performance.now(); });
}).observe(document, { childList: true, subtree: true });
"""


@dataclass(frozen=True, slots=True)
class Speed:
    """A network: kilobits a second in both directions, milliseconds there and back; ``is_promised`` has the budget."""

    name: str
    down: float
    up: float
    latency_ms: float
    is_promised: bool


SPEEDS = (
    Speed("fast 3G, 1.6 Mbit/s, 150 ms", 1600, 750, 150, is_promised=True),
    Speed("slow 3G, 400 kbit/s, 400 ms", 400, 400, 400, is_promised=False),
)


@dataclass
class Counter:
    """Passes bytes between the browser and the site, and counts those on their way to the browser."""

    target: int
    received: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def serve(self, listening: socket.socket) -> None:
        while True:
            try:
                browser, _ = listening.accept()
            except OSError:
                return
            site = socket.create_connection(("127.0.0.1", self.target))
            threading.Thread(target=self._pass, args=(browser, site, False), daemon=True).start()
            threading.Thread(target=self._pass, args=(site, browser, True), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket, is_counted: bool) -> None:
        try:
            while piece := source.recv(65536):
                with self.lock:
                    self.received += len(piece) if is_counted else 0
                sink.sendall(piece)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            sink.close()


@contextmanager
def count_bytes(target: int) -> Iterator[tuple[Counter, str]]:
    """A door before the site at that port, with its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        counter = Counter(target)
        threading.Thread(target=counter.serve, args=(listening,), daemon=True).start()
        # A browser lets this name have a service worker without https.
        yield counter, f"http://localhost:{listening.getsockname()[1]}"


def main() -> int:
    with (
        tempfile.TemporaryDirectory() as folder,
        open_browser() as browser,
        serve_site(load_county(Path(folder)), Path(folder) / "data") as site,
        count_bytes(int(site.rpartition(":")[2])) as (counter, url),
    ):
        key = fetch_key(browser, url)
        print(f"\n{'first load of the phone page':44}{'bytes':>10}{'ms':>8}{'again, offline':>16}")
        return max([measure(browser, url, key, counter, speed) for speed in SPEEDS])


def fetch_key(browser: Browser, url: str) -> StorageState:
    """The log-in alone; nothing of the page is kept with it."""
    context = browser.new_context(base_url=url)
    log_in(context.new_page(), USER)
    key = StorageState(cookies=context.storage_state()["cookies"])
    context.close()
    return key


def measure(browser: Browser, url: str, key: StorageState, counter: Counter, speed: Speed) -> int:
    """One line of the table; 1 when it is over a budget that was promised."""
    loads = [load(browser, url, key, counter, speed) for _ in range(ROUNDS)]
    size, first_ms, again_ms = (median(column) for column in zip(*loads, strict=True))
    print(f"{speed.name:44}{size:10,.0f}{first_ms:8,.0f}{again_ms:16,.0f}")
    if not speed.is_promised:
        return 0
    print(f"{'  promised':44}{BUDGET_BYTES:10,}{BUDGET_MS:8,}")
    sys.stdout.flush()
    return int(size > BUDGET_BYTES or first_ms >= BUDGET_MS)


def load(browser: Browser, url: str, key: StorageState, counter: Counter, speed: Speed) -> tuple[float, float, float]:
    """A phone that has never seen the page: bytes until it could do without a network, ms to its tasks, then again."""
    context = browser.new_context(base_url=url, viewport=PHONE, is_mobile=True, storage_state=key, locale="zh-CN")
    context.add_init_script(WATCH)
    page = context.new_page()
    slow_down(context, page, speed)
    before = counter.received
    first_ms = open_page(page)
    page.evaluate("() => navigator.serviceWorker.ready.then(() => null)")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    page.wait_for_load_state("networkidle")
    size = counter.received - before
    context.set_offline(True)
    again_ms = open_page(page)
    context.close()
    return size, first_ms, again_ms


def slow_down(context: BrowserContext, page: Page, speed: Speed) -> None:
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    told = {
        "latency": speed.latency_ms,
        "downloadThroughput": speed.down * KILOBIT,
        "uploadThroughput": speed.up * KILOBIT,
    }
    wire.send("Network.emulateNetworkConditions", {"offline": False, **told})


def open_page(page: Page) -> float:
    """Opens the page anew. Milliseconds until its first task stands."""
    page.goto("/phone/")
    page.wait_for_function("() => self.stoodAt !== undefined")
    stood_at: float = page.evaluate("() => self.stoodAt")
    return stood_at


if __name__ == "__main__":
    sys.exit(main())

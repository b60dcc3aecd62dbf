"""A phone in the field: its page, its queue, and a server that can really be stopped and started again."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, Cookie, Page, expect

from tests.e2e.site import PHONE, WUZHA, clean_environment, find_free_port, stop, wait_for_answer
from tests.e2e.visitor import PATIENCE_MS, log_in


@dataclass
class Server:
    """``wuzha serve`` on a data folder of its own, always at the same address; who has logged in has a key to it."""

    data: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = field(default=None)
    keys: dict[str, list[Cookie]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        # A browser lets this name have a service worker without https.
        return f"http://localhost:{self.port}"

    def start(self) -> None:
        command = [str(WUZHA), "serve", "--host", "127.0.0.1", "--port", str(self.port), "--data", str(self.data)]
        with (self.data / "serve.log").open("a", encoding="utf-8") as log:
            self.process = subprocess.Popen(command, env=clean_environment(), stdout=log, stderr=subprocess.STDOUT)
        wait_for_answer(f"http://127.0.0.1:{self.port}/log-in/", self.process)

    def stop(self) -> None:
        if self.process is not None:
            stop(self.process)
            self.process.wait(10)
        self.process = None


@contextmanager
def open_server(county: Path, data: Path) -> Iterator[Server]:
    """Serves a copy of the county from ``data``."""
    shutil.copytree(county, data)
    server = Server(data, find_free_port())
    server.start()
    try:
        yield server
    finally:
        server.stop()


@dataclass
class Phone:
    """One phone: a browser with its own memory. Its page can be closed and opened; its network can be cut."""

    context: BrowserContext
    page: Page
    keys: dict[str, list[Cookie]]

    def log_in(self, user: str) -> None:
        """With the key that this person got the first time, since a password is slow to check on purpose."""
        if user not in self.keys:
            self.log_in_anew(user)
            self.keys[user] = self.context.cookies()
        self.context.clear_cookies()
        self.context.add_cookies(
            [
                {
                    "name": key["name"],
                    "value": key["value"],
                    "domain": key["domain"],
                    "path": key["path"],
                    "httpOnly": key["httpOnly"],
                    "sameSite": key["sameSite"],
                }
                for key in self.keys[user]
            ]
        )

    def log_in_anew(self, user: str) -> None:
        """By the page, with name and password."""
        self.context.clear_cookies()
        log_in(self.page, user)

    def visit(self) -> None:
        """Opens the page with a network, until it could do without one."""
        self.page.goto("/phone/")
        expect(self.page.locator("main h1")).to_be_visible()
        self.page.evaluate("() => navigator.serviceWorker.ready.then(() => null)")
        self.page.wait_for_function("() => navigator.serviceWorker.controller !== null")

    def reopen(self) -> None:
        """Closes the page and opens it anew, as after the phone was put away."""
        self.page.close()
        self.page = self.context.new_page()
        self.page.goto("/phone/")
        expect(self.page.locator("main h1")).to_be_visible()

    def cut(self) -> None:
        self.context.set_offline(True)

    def mend(self) -> None:
        self.context.set_offline(False)

    def go(self, place: str) -> None:
        self.page.evaluate("place => { location.hash = place; }", place)

    def record(self, quantity: int, kind: str = "leaflet", day: str = "") -> None:
        """One record, typed by a person; done when the phone has kept it."""
        self.go("#/work")
        self.go(f"#/record/{kind}")
        self.page.locator("[name=quantity]").fill(str(quantity))
        if day:
            self.page.locator("[name=happened_on]").fill(day)
        self.page.locator(".save-bar button").click()
        self.page.wait_for_url("**/phone/#/saved/*")
        expect(self.page.locator("main h1")).to_have_text("已存在手机上")

    def list_waiting(self) -> list[dict[str, Any]]:
        """The records that wait, in their wire form."""
        rows: list[dict[str, Any]] = self.page.evaluate(
            "() => self.wuzhaStore.list('records').then(rows => rows.map(row => row.wire))"
        )
        return rows

    def list_received(self) -> list[str]:
        ids: list[str] = self.page.evaluate(
            "() => self.wuzhaStore.list('receipts').then(rows => rows.map(row => row.id))"
        )
        return ids

    def wait_until_sent(self, left: int = 0) -> None:
        """Until so many records wait and no more; what came back does not wait."""
        end = time.monotonic() + PATIENCE_MS / 1000
        while (waiting := self.count_waiting()) > left:
            assert time.monotonic() < end, f"{waiting} records still wait"
            self.page.wait_for_timeout(100)

    def count_waiting(self) -> int:
        count: int = self.page.evaluate(
            "() => self.wuzhaStore.list('records').then(rows => rows.filter(row => row.state === 'waiting').length)"
        )
        return count

    def count_in_ledger(self, ids: list[str]) -> int:
        """How many of the records the server shows; each page is asked for by its address."""
        return sum(self.page.request.get(f"/records/{one}/").status == 200 for one in ids)


@contextmanager
def take_phone(
    browser: Browser, server: Server, *, colour: Literal["light", "dark"] = "light", script: str = ""
) -> Iterator[Phone]:
    context = browser.new_context(
        base_url=server.url,
        viewport=PHONE,
        is_mobile=True,
        has_touch=True,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        color_scheme=colour,
        accept_downloads=True,
    )
    context.set_default_timeout(PATIENCE_MS)
    if script:
        context.add_init_script(script)
    try:
        yield Phone(context, context.new_page(), server.keys)
    finally:
        context.close()

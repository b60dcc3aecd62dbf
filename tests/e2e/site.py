"""The real product, started the way a user starts it, and the browser that looks at it."""

import fcntl
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, BrowserType, ViewportSize, sync_playwright

BEIJING = ZoneInfo("Asia/Shanghai")
WUZHA = Path(sys.executable).with_name("wuzha")
DEBIAN = Path("/usr/bin/chromium")
DESK = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=390, height=844)
LOADING_S = 180
STARTING_S = 60
# Without them Chromium calls home, and a journey must see only what the pages themselves ask for.
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


class MissingBrowserError(Exception):
    """There is no Chromium on this machine."""


def load_county(shared: Path) -> Path:
    """The data folder with the sample county in it, loaded by whoever comes first; a copy of it can be served.

    Processes that share the folder ``shared`` wait for each other.
    """
    county, loading = shared / "county", shared / "county-loading"
    with (shared / "county.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not county.exists():
            command = [str(WUZHA), "demo", "--data", str(loading)]
            subprocess.run(command, check=True, env=clean_environment(), timeout=LOADING_S, capture_output=True)
            loading.rename(county)
    return county


def clean_environment() -> dict[str, str]:
    """What the shell around happens to set must not decide what is looked at."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("WUZHA_", "DJANGO_"))}


@contextmanager
def serve_site(county: Path, data: Path, **settings: str) -> Iterator[str]:
    """Serves a copy of the county from ``data``, with these settings beside. Gives the address without its last slash.

    A setting is named as in the environment, without its prefix.
    """
    shutil.copytree(county, data)
    port = find_free_port()
    environment = clean_environment() | {f"WUZHA_{name}": value for name, value in settings.items()}
    command = [str(WUZHA), "serve", "--host", "127.0.0.1", "--port", str(port), "--data", str(data)]
    with (
        (data / "serve.log").open("w+", encoding="utf-8") as log,
        subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT) as server,
    ):
        try:
            wait_for_answer(f"http://127.0.0.1:{port}/log-in/", server)
            yield f"http://127.0.0.1:{port}"
        finally:
            stop(server)


def find_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for_answer(url: str, server: "subprocess.Popen[bytes]") -> None:
    """Returns once the page answers; raises when the server has ended or stays silent too long."""
    end = time.monotonic() + STARTING_S
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:  # no door yet, or a machine too busy to answer in time
            if has_ended(server):
                raise RuntimeError(f"wuzha serve ended with {server.returncode} before it answered") from None
    raise TimeoutError(f"{url} did not answer within {STARTING_S} s")


def has_ended(server: "subprocess.Popen[bytes]", within_s: float = 0.1) -> bool:
    try:
        server.wait(within_s)
    except subprocess.TimeoutExpired:
        return False
    return True


def stop(server: "subprocess.Popen[bytes]") -> None:
    server.terminate()
    if not has_ended(server, 10):
        server.kill()


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Debian's Chromium, or the one WUZHA_CHROMIUM names, or Playwright's own. Raises :class:`MissingBrowserError`."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(playwright.chromium), args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def find_chromium(kind: BrowserType) -> Path:
    named = os.environ.get("WUZHA_CHROMIUM")
    places = [Path(named)] if named else [DEBIAN, Path(kind.executable_path)]
    found = next((place for place in places if place.exists()), None)
    if found is None:
        raise MissingBrowserError("no Chromium: " + ", ".join(str(place) for place in places))
    return found


def find_year() -> int:
    """The year in the county, whatever clock the machine keeps."""
    return datetime.now(BEIJING).year

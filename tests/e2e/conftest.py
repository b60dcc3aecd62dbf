"""One running site and one browser for all journeys of a worker; both are put away before other folders' tests."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, StorageState, expect

from tests.e2e.site import MissingBrowserError, load_county, open_browser, serve_site
from tests.e2e.visitor import PATIENCE_MS, Visit, receive

expect.set_options(timeout=PATIENCE_MS)


# The scope is the folder: Playwright's loop, left running, would keep Django from its database in later tests.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with ExitStack() as stack:
        try:
            browser = stack.enter_context(open_browser())
        except MissingBrowserError as missing:
            if os.environ.get("CI") == "true":
                raise
            pytest.skip(str(missing))
        yield browser


@pytest.fixture(scope="package")
def county(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample county, loaded once for all workers of this run, to be copied by whoever serves it.

    Takes the browser first, so that nothing is loaded that nobody can look at.
    """
    folder = tmp_path_factory.getbasetemp()
    return load_county(folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder)


@pytest.fixture(scope="package")
def site(county: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the sample county."""
    with serve_site(county, tmp_path_factory.mktemp("site") / "data") as url:
        yield url


@pytest.fixture(scope="package")
def keys(site: str) -> dict[str, StorageState]:
    """Whoever has logged in once keeps the key, since a password is slow to check on purpose."""
    return {}


@pytest.fixture
def visit(browser: Browser, site: str, keys: dict[str, StorageState]) -> Iterator[Visit]:
    with receive(browser, site, keys) as visit:
        yield visit

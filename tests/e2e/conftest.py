"""One running site and one browser for all journeys; both are put away before the tests of other folders begin."""

import os
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, StorageState, expect

from tests.e2e.site import MissingBrowserError, open_browser, serve_site
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
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the sample county. Takes the browser first, so that nothing is loaded that nobody can look at."""
    with serve_site(tmp_path_factory.mktemp("data")) as url:
        yield url


@pytest.fixture(scope="package")
def keys(site: str) -> dict[str, StorageState]:
    """Whoever has logged in once keeps the key, since a password is slow to check on purpose."""
    return {}


@pytest.fixture
def visit(browser: Browser, site: str, keys: dict[str, StorageState]) -> Iterator[Visit]:
    with receive(browser, site, keys) as visit:
        yield visit

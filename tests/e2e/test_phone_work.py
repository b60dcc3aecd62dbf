"""The tasks on the phone are those of the page: word for word, for a village and for its grid."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.phone import Phone, Server, open_server, take_phone
from tests.e2e.site import WUZHA, clean_environment
from tests.e2e.steps import VILLAGE

pytestmark = pytest.mark.browser

GRID = "grid-worker"
# The sample county appoints nobody at a grid; this one has the password of the others.
APPOINT = f"""
from wuzha.web.accounts.models import Post, Unit, User
village = Unit.objects.get(code="{VILLAGE}")
grid = Unit.objects.filter(kind="grid", path__startswith=village.path).first()
password = User.objects.get(username="village").password
worker = User.objects.create(username="{GRID}", display_name="网格员", password=password)
Post.objects.create(user=worker, unit=grid, role=Post.Role.SECRETARY)
"""
# Each task that asks something: its lines without the button to record. What lies folded asks nothing now.
READ_TASKS = """
() => Array.from(document.querySelectorAll(".task"), task => task)
  .filter(task => !task.closest("details"))
  .map(task => Array.from(task.querySelectorAll(".task-words p"), line => line.textContent.replace(/\\s+/g, "")))
"""


@pytest.fixture(scope="module")
def server(county: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with open_server(county, tmp_path_factory.mktemp("work") / "data") as server:
        told = clean_environment() | {"WUZHA_DATA": str(server.data)}
        subprocess.run([WUZHA, "manage", "shell", "-c", APPOINT], check=True, env=told, capture_output=True)
        yield server


def read_tasks(page: Page) -> list[list[str]]:
    tasks: list[list[str]] = page.evaluate(READ_TASKS)
    return tasks


def visit_both(phone: Phone, user: str) -> tuple[list[list[str]], list[list[str]]]:
    """The tasks of the page, and those of the phone once its network is cut."""
    phone.log_in(user)
    phone.page.goto("/today/work/")
    page = read_tasks(phone.page)
    phone.visit()
    phone.cut()
    phone.reopen()
    expect(phone.page.locator(".task")).to_have_count(len(page))
    return page, read_tasks(phone.page)


def test_a_village_reads_on_the_phone_what_the_page_says(browser: Browser, server: Server) -> None:
    with take_phone(browser, server) as phone:
        page, told = visit_both(phone, "village")
        assert page
        assert [lines[:3] for lines in told] == [lines[:3] for lines in page]


def test_a_grid_worker_reads_on_the_phone_what_the_village_owes_and_their_own_share(
    browser: Browser, server: Server
) -> None:
    with take_phone(browser, server) as phone:
        page, told = visit_both(phone, GRID)
        assert page
        assert [lines[:3] for lines in told] == [lines[:3] for lines in page]
        shares = [lines[3] for lines in page if "记了" in lines[3]]
        assert shares
        assert [lines[3] for lines in told if len(lines) > 3] == shares
        expect(phone.page.locator("main .answer")).to_contain_text("本单位没有要办的")

        phone.page.locator(".task .btn").first.tap()
        expect(phone.page.locator(".record-form, .kind-list")).to_be_visible()

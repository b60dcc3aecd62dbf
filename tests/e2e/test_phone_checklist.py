"""An inspector fills the list where there is no network; the village reports its mending the same way."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Page, Route, expect

from tests.e2e.phone import Phone, Server, open_server, take_phone
from tests.e2e.test_inspections import make_photo, plan_round
from tests.e2e.visitor import fits_its_screen

pytestmark = pytest.mark.browser

NO_SYNC = "delete self.SyncManager;"
FOUND = "宣传栏玻璃碎了，里面的画看不清"
MENDED = "玻璃换好了，换了新画"
FIND_WORDS = """
number => self.wuzhaStore.recall('state').then(state => state.mending.find(one => one.number === number).words)
"""
COUNT_WAITING = """
name => self.wuzhaStore.list(name).then(rows => rows.filter(row => row.state === 'waiting').length)
"""


@pytest.fixture(scope="module")
def server(county: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with open_server(county, tmp_path_factory.mktemp("checklist") / "data") as server:
        yield server


@pytest.fixture
def phone(browser: Browser, server: Server) -> Iterator[Phone]:
    """The officer's phone with a visit drawn, opened once with a network; then the network is cut."""
    with take_phone(browser, server, script=NO_SYNC) as phone:
        phone.log_in("officer")
        plan_round(phone.page)
        phone.visit()
        phone.cut()
        yield phone


def open_list(page: Page) -> str:
    """The list of the first visit. Gives the number of the visit."""
    page.locator('.checks a[href^="#/check/"]').first.tap()
    page.wait_for_url("**/phone/#/check/*")
    expect(page.locator(".check-form")).to_be_visible()
    return page.url.rsplit("/", 1)[1]


def fill_list(page: Page, photo: bool = True) -> None:
    """The first item wanting, with words and a photo; the second not seen, the others good."""
    lists = page.locator("fieldset.check")
    lists.first.locator("label.choice").nth(1).tap()
    lists.first.locator("textarea").fill(FOUND)
    if photo:
        file = FilePayload(name="现场.jpg", mimeType="image/jpeg", buffer=make_photo())
        lists.first.locator("input[type=file]").set_input_files(file)
        expect(lists.first.locator(".photo img")).to_be_visible()
    for number in range(1, lists.count()):
        expect(lists.nth(number).locator(".wanting")).to_be_hidden()
        lists.nth(number).locator("label.choice").nth(2 if number == 1 else 0).tap()


def save(page: Page) -> None:
    page.locator(".save-bar button").tap()
    page.wait_for_url("**/phone/#/saved/*")


def read_wire(phone: Phone) -> dict[str, Any]:
    [wire] = phone.list_waiting()
    return wire


def test_a_list_filled_without_a_network_waits_and_is_the_visit_once_it_is_back(phone: Phone) -> None:
    phone.reopen()
    number = open_list(phone.page)
    label = phone.page.locator("fieldset.check label.choice span").first.bounding_box()
    assert label is not None
    assert label["height"] >= 56
    assert fits_its_screen(phone.page)
    fill_list(phone.page)
    # Put away half-way: nothing typed is lost, the photo neither.
    phone.reopen()
    expect(phone.page.locator(".checks")).to_contain_text("还没有存")
    open_list(phone.page)
    expect(phone.page.locator("fieldset.check textarea").first).to_have_value(FOUND)
    expect(phone.page.locator("fieldset.check .photo img")).to_be_visible()
    save(phone.page)
    expect(phone.page.locator("main")).to_contain_text("没有网络")

    phone.reopen()
    expect(phone.page.locator(f'.checks a[href="#/check/{number}"]')).to_have_count(0)
    phone.go("#/me")
    expect(phone.page.locator(".waiting li")).to_have_count(1)
    wire = read_wire(phone)
    assert (str(wire["visit"]), wire["answers"][0]["words"]) == (number, FOUND)
    first, second, *others = [one["verdict"] for one in wire["answers"]]
    assert (first, second, set(others)) == ("bad", "unseen", {"good"})

    phone.mend()
    phone.wait_until_sent()
    assert phone.list_received() == [wire["id"]]
    expect(phone.page.locator(".receipts li").first).to_contain_text("服务器已收到")
    phone.page.wait_for_function(f"() => ({COUNT_WAITING})('photos').then(n => n === 0)")

    phone.page.goto(f"/inspections/visits/{number}/")
    expect(phone.page.locator("main")).to_contain_text(FOUND)
    phone.page.locator('main a[href^="/inspections/findings/"]').first.click()
    expect(phone.page.locator(".finding-photo img")).to_be_visible()
    phone.page.goto("/phone/")
    expect(phone.page.locator("main h1")).to_be_visible()
    expect(phone.page.locator(f'.checks a[href="#/check/{number}"]')).to_have_count(0)


def test_what_is_missing_is_said_before_it_is_saved(phone: Phone) -> None:
    open_list(phone.page)
    phone.page.locator(".save-bar button").tap()
    expect(phone.page.locator(".form-error")).to_contain_text("请选一项")
    fill_list(phone.page, photo=False)
    phone.page.locator("fieldset.check textarea").first.fill("  ")
    phone.page.locator(".save-bar button").tap()
    expect(phone.page.locator(".form-error")).to_contain_text("请写清哪里不合格")
    assert phone.list_waiting() == []


def test_a_visit_that_a_colleague_made_meanwhile_comes_back_and_stays_on_the_phone(
    browser: Browser, server: Server, phone: Phone
) -> None:
    number = open_list(phone.page)
    fill_list(phone.page, photo=False)
    save(phone.page)
    with take_phone(browser, server, script=NO_SYNC) as other:
        other.log_in("supervisor")
        other.visit()
        other.page.locator(f'.checks a[href="#/check/{number}"]').tap()
        expect(other.page.locator(".check-form")).to_be_visible()
        fill_list(other.page, photo=False)
        save(other.page)
        other.wait_until_sent()

    phone.mend()
    phone.wait_until_sent()

    phone.go("#/me")
    expect(phone.page.locator(".refused")).to_contain_text("已经记过结果")
    phone.page.locator(".refused .btn-primary").tap()
    expect(phone.page.locator(".check-form .note-error")).to_contain_text("已经记过结果")
    expect(phone.page.locator("fieldset.check textarea").first).to_have_value(FOUND)
    assert phone.list_received() == []


def test_a_list_changed_after_its_answer_was_lost_is_shown_beside_the_servers(phone: Phone) -> None:
    open_list(phone.page)
    fill_list(phone.page, photo=False)
    save(phone.page)
    wire = read_wire(phone)
    lost: list[int] = []

    def lose_answer(route: Route) -> None:
        lost.append(route.fetch().status)
        route.abort()

    phone.context.route("**/phone/records/", lose_answer)
    phone.mend()
    for _ in range(100):
        phone.page.wait_for_timeout(100 if not lost else 0)
    assert set(lost) == {200}
    phone.cut()
    phone.context.unroute("**/phone/records/")
    phone.go("#/me")
    phone.page.locator(".waiting .btn").first.tap()
    expect(phone.page.locator("fieldset.check textarea").first).to_have_value(FOUND)
    phone.page.locator("fieldset.check textarea").first.fill("门口堆了杂物")
    save(phone.page)
    assert read_wire(phone)["id"] == wire["id"]

    phone.mend()
    phone.wait_until_sent()

    phone.go("#/me")
    conflict = phone.page.locator(".conflict")
    expect(conflict).to_contain_text(FOUND)
    expect(conflict).to_contain_text("门口堆了杂物")
    conflict.locator(".btn-primary").tap()
    expect(conflict).to_have_count(0)
    assert phone.list_received() == [wire["id"]]


def test_the_village_reports_its_mending_without_a_network(browser: Browser, server: Server) -> None:
    with take_phone(browser, server, script=NO_SYNC) as phone:
        phone.log_in("village")
        phone.visit()
        expect(phone.page.locator(".mending li")).not_to_have_count(0)
        owed = phone.page.locator(".mending li").count()
        phone.cut()
        phone.reopen()
        phone.page.locator(".mending a").first.tap()
        chosen = phone.page.locator('select[name="extra.finding"]')
        expect(chosen).to_be_visible()
        number = chosen.input_value()
        assert number
        words = phone.page.evaluate(FIND_WORDS, number)
        phone.page.locator("[name=note]").fill(MENDED)
        save(phone.page)
        phone.reopen()
        expect(phone.page.locator(".mending li")).to_have_count(owed - 1)
        wire = read_wire(phone)
        assert (wire["kind"], wire["extra"]) == ("rectification", {"finding": number})

        phone.mend()
        phone.wait_until_sent()

        phone.page.goto("/inspections/findings/?state=reported")
        phone.page.locator('main a[href^="/inspections/findings/"]').filter(has_text=words).first.click()
        phone.page.wait_for_url("**/inspections/findings/*/")
        expect(phone.page.locator("main")).to_contain_text(MENDED)

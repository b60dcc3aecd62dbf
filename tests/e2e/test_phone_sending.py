"""When the phone sends: with the page closed, after a pause that grows, and never before the server wants it again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Route, expect

from tests.e2e.phone import Phone, Server, open_server, take_phone

pytestmark = pytest.mark.browser

NO_SYNC = "delete self.SyncManager;"
# Half of what chance may give is a pause that is neither shortened nor lengthened.
NO_CHANCE = "Math.random = () => 0.5;"
SHORTEST_S, LONGEST_S = 4, 1800


@pytest.fixture(scope="module")
def server(county: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with open_server(county, tmp_path_factory.mktemp("sending") / "data") as server:
        yield server


@pytest.fixture
def phone(browser: Browser, server: Server) -> Iterator[Phone]:
    with take_phone(browser, server, script=NO_SYNC + NO_CHANCE) as phone:
        phone.log_in("village")
        phone.visit()
        yield phone


@dataclass
class Gate:
    """Stands before a door of the server; counts who knocks, and answers in its place while it is shut."""

    phone: Phone
    status: int = 503
    retry_after: str = ""
    is_shut: bool = True
    address: str = "**/phone/records/"
    knocks: int = field(default=0)

    def __post_init__(self) -> None:
        self.phone.context.route(self.address, self.answer)

    def answer(self, route: Route) -> None:
        self.knocks += 1
        if not self.is_shut:
            return route.continue_()
        headers = {"Retry-After": self.retry_after} if self.retry_after else {}
        route.fulfill(status=self.status, headers=headers, json={"problems": []})
        return None


def send(phone: Phone, options: str = "{ force: true }") -> dict[str, Any]:
    outcome: dict[str, Any] = phone.page.evaluate(f"() => self.wuzhaSend.send({options})")
    return outcome


def read_pause(phone: Phone) -> float | None:
    """Seconds until the next try by the phone's own clock, as it was just decided; none where nothing is waited for."""
    pause: float | None = phone.page.evaluate(
        "() => self.wuzhaStore.recall('pause').then(pause => pause && (pause.until - Date.now()) / 1000)"
    )
    return pause


def record_and_settle(phone: Phone, gate: Gate, quantity: int) -> None:
    """A record, and the first sending that it starts by itself."""
    before = gate.knocks
    phone.record(quantity)
    wait_until(phone, lambda: gate.knocks > before)
    wait_until(phone, lambda: (read_pause(phone) is not None) == gate.is_shut)
    wait_until_nobody_sends(phone)


def wait_until_nobody_sends(phone: Phone) -> None:
    """A pause is written down before the sending that takes it has ended; a call until then would only join it."""
    wait_until(phone, lambda: phone.page.evaluate("() => navigator.locks.query().then(told => !told.held.length)"))


def wait_until(phone: Phone, is_so: Callable[[], bool]) -> None:
    for _ in range(100):
        if is_so():
            return
        phone.page.wait_for_timeout(100)
    raise AssertionError("it did not come about")


# --- with the page closed ---


def dispatch_sync(phone: Phone, *, is_last: bool = False) -> None:
    """The browser's own call to the worker that the network is back, while an empty page stands in the window."""
    wire = phone.context.new_cdp_session(phone.page)
    found: list[dict[str, Any]] = []
    wire.on("ServiceWorker.workerRegistrationUpdated", lambda told: found.extend(told["registrations"]))
    wire.send("ServiceWorker.enable")
    wait_until(phone, lambda: any(one["scopeURL"].endswith("/phone/") for one in found))
    wire.send(
        "ServiceWorker.dispatchSyncEvent",
        {
            "origin": next(one["scopeURL"] for one in found if one["scopeURL"].endswith("/phone/"))[: -len("/phone/")],
            "registrationId": next(one["registrationId"] for one in found if one["scopeURL"].endswith("/phone/")),
            "tag": "wuzha-send",
            "lastChance": is_last,
        },
    )


def list_tags(phone: Phone) -> list[str]:
    tags: list[str] = phone.page.evaluate("() => navigator.serviceWorker.ready.then(one => one.sync.getTags())")
    return tags


def test_what_waits_is_sent_by_the_worker_with_the_page_closed(browser: Browser, server: Server) -> None:
    with take_phone(browser, server) as phone:
        phone.log_in("village")
        phone.visit()
        server.stop()
        for number in range(3):
            phone.record(3100 + number)
        # The page asks the browser to call the worker once the record is kept, and does not wait for its answer.
        wait_until(phone, lambda: "wuzha-send" in list_tags(phone))
        ids = [one["id"] for one in phone.list_waiting()]
        assert len(ids) == 3
        phone.page.goto("about:blank")
        server.start()
        assert phone.count_in_ledger(ids) == 0

        dispatch_sync(phone)

        wait_until(phone, lambda: phone.count_in_ledger(ids) == 3)
        assert [page.url for page in phone.context.pages] == ["about:blank"]
        phone.page.goto("/phone/#/me")
        phone.wait_until_sent()
        assert phone.list_waiting() == []
        assert set(ids) <= set(phone.list_received())


# --- pauses ---


def test_the_pause_doubles_up_to_a_limit_and_begins_anew_after_success(phone: Phone) -> None:
    gate = Gate(phone)
    record_and_settle(phone, gate, 3201)
    pauses = [read_pause(phone) or 0]
    for _ in range(10):
        send(phone)
        pauses.append(read_pause(phone) or 0)
    expected = [min(SHORTEST_S * 2**number, LONGEST_S) for number in range(11)]
    assert pauses == pytest.approx(expected, abs=2)
    assert expected[-2:] == [LONGEST_S, LONGEST_S]

    gate.is_shut = False
    send(phone)
    assert phone.list_waiting() == []
    wait_until(phone, lambda: read_pause(phone) is None)

    gate.is_shut = True
    record_and_settle(phone, gate, 3202)
    assert read_pause(phone) == pytest.approx(SHORTEST_S, abs=2)
    gate.is_shut = False
    send(phone)


def test_two_phones_do_not_come_back_in_the_same_moment(browser: Browser, server: Server) -> None:
    pauses = []
    for chance in (0.0, 0.999):
        with take_phone(browser, server, script=NO_SYNC + f"Math.random = () => {chance};") as phone:
            phone.log_in("village")
            phone.visit()
            gate = Gate(phone)
            record_and_settle(phone, gate, 3301)
            send(phone)
            pauses.append(read_pause(phone) or 0)
    assert pauses == pytest.approx([SHORTEST_S, 3 * SHORTEST_S], abs=2)


@pytest.mark.parametrize(("asked_s", "status"), [(90, 429), (3 * 3600, 503)])
def test_the_server_is_left_alone_for_as_long_as_it_asked(phone: Phone, asked_s: int, status: int) -> None:
    """Three hours are longer than any pause that the phone takes of its own accord. "Too often" is only "later"."""
    gate = Gate(phone, retry_after=str(asked_s), status=status)
    record_and_settle(phone, gate, 3401)
    assert read_pause(phone) == pytest.approx(asked_s, abs=3)
    phone.go("#/me")
    expect(phone.page.locator("main .note-info").first).to_contain_text("服务器没有应答")

    knocks = gate.knocks
    for options in ("{}", "{ force: true }"):
        assert send(phone, options)["paused"] is True
    phone.page.evaluate("() => self.dispatchEvent(new Event('online'))")
    phone.record(3402)
    phone.reopen()
    phone.page.wait_for_timeout(1000)
    assert gate.knocks == knocks

    gate.is_shut = False
    phone.go("#/me")
    phone.page.get_by_role("button", name="现在发送").click()
    phone.wait_until_sent()
    wait_until(phone, lambda: read_pause(phone) is None)


def test_photos_too_leave_the_server_alone_for_as_long_as_it_asked(phone: Phone, tmp_path: Path) -> None:
    gate = Gate(phone, retry_after="90", status=429, address="**/evidence/**")
    picture = tmp_path / "photo.jpg"
    Image.effect_noise((320, 240), 60).convert("RGB").save(picture)
    phone.go("#/record/banner")
    phone.page.locator("#in-photo").set_input_files(picture)
    expect(phone.page.locator(".photo")).to_have_count(1)
    phone.page.locator(".save-bar button").click()
    wait_until(phone, lambda: read_pause(phone) is not None)
    wait_until_nobody_sends(phone)
    assert read_pause(phone) == pytest.approx(90, abs=3)
    assert phone.list_waiting() == [], "the record itself has arrived"
    assert send(phone)["paused"] is True
    assert gate.knocks == 1

    gate.is_shut = False
    send(phone, "{ pressed: true }")
    phone.go("#/me")
    expect(phone.page.locator(".receipts li").first).to_contain_text("照片 1 张")


def test_the_pause_ends_by_itself(phone: Phone) -> None:
    gate = Gate(phone, retry_after="3")
    record_and_settle(phone, gate, 3501)
    gate.is_shut = False
    phone.wait_until_sent()


def test_a_day_named_for_the_next_try_is_waited_for_too(phone: Phone) -> None:
    in_an_hour: str = phone.page.evaluate("() => new Date(Date.now() + 3600 * 1000).toUTCString()")
    gate = Gate(phone, retry_after=in_an_hour)
    record_and_settle(phone, gate, 3601)
    assert read_pause(phone) == pytest.approx(3600, abs=5)
    gate.is_shut = False
    send(phone, "{ pressed: true }")


def test_a_pause_that_a_wrong_clock_wrote_holds_nobody_up(phone: Phone) -> None:
    """The clock stood a year ahead when the server said to wait, and has been put right since."""
    gate = Gate(phone, is_shut=False)
    phone.page.evaluate(
        "() => { const year = Date.now() + 365 * 86400000;"
        " return self.wuzhaStore.keep('pause', { tries: 1, from: year, until: year + 1000, asked: true }); }"
    )
    record_and_settle(phone, gate, 3701)
    phone.wait_until_sent()

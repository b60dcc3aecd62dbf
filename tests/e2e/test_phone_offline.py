"""The phone page with the network really cut and the server really stopped: nothing typed is ever lost or doubled."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.phone import Phone, Server, open_server, take_phone
from tests.e2e.site import BEIJING
from tests.e2e.steps import VILLAGE

pytestmark = pytest.mark.browser

SENT = "服务器已收到"
NO_LOCKS = "Object.defineProperty(Navigator.prototype, 'locks', { value: undefined });"
NO_SYNC = "delete self.SyncManager;"
A_YEAR_BACK = """
(() => {
  const Right = Date, behind = 365 * 86400000;
  self.Date = class extends Right {
    constructor(...told) { if (told.length) super(...told); else super(Right.now() - behind); }
    static now() { return Right.now() - behind; }
  };
})();
"""


@pytest.fixture(scope="module")
def server(county: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with open_server(county, tmp_path_factory.mktemp("phone") / "data") as server:
        yield server


@pytest.fixture
def phone(browser: Browser, server: Server) -> Iterator[Phone]:
    with take_phone(browser, server, script=NO_SYNC) as phone:
        phone.log_in("village")
        phone.visit()
        yield phone


READ_ROWS = "rows => rows.map(row => Array.from(row.children, cell => cell.textContent))"


def tell_today() -> str:
    return datetime.now(BEIJING).date().isoformat()


def test_the_page_opens_and_shows_the_tasks_with_no_server_at_all(phone: Phone, server: Server) -> None:
    expect(phone.page.locator(".task")).not_to_have_count(0)
    tasks = phone.page.locator(".task").count()
    server.stop()
    try:
        phone.reopen()
        expect(phone.page.locator(".task")).to_have_count(tasks)
        expect(phone.page.locator("main")).to_contain_text("截至")
        phone.page.locator(".tab[data-tab=record]").click()
        expect(phone.page.locator(".kind-list-first .kind")).to_have_count(3)
    finally:
        server.start()


def test_forty_records_wait_through_a_closed_page_and_a_stopped_server_and_arrive_once(
    phone: Phone, server: Server
) -> None:
    phone.cut()
    server.stop()
    for number in range(40):
        phone.record(1000 + number)
    phone.reopen()
    waiting = phone.list_waiting()
    assert [one["quantity"] for one in waiting] == [1000 + number for number in range(40)]
    expect(phone.page.locator(".tab[data-tab=me]")).to_contain_text("40")

    server.start()
    phone.mend()
    phone.wait_until_sent()

    ids = [one["id"] for one in waiting]
    assert phone.list_waiting() == []
    assert set(ids) <= set(phone.list_received())
    assert phone.count_in_ledger(ids) == 40
    phone.go("#/me")
    expect(phone.page.locator(".receipts li").first).to_contain_text("服务器已收到")


def count_versions(page: Page, quantity: int) -> int:
    """How many records of the village have this quantity, taken from the ledger's own list."""
    page.goto(f"/records/?unit={VILLAGE}&state=all&kind=leaflet")
    return page.locator("main td.num").filter(has_text=f"{quantity:,}").count()


@pytest.mark.parametrize("script", ["", NO_LOCKS], ids=["with locks", "without locks"])
def test_the_same_queue_in_two_windows_is_stored_once(browser: Browser, server: Server, script: str) -> None:
    quantity = 2101 if script else 2201
    with take_phone(browser, server, script=NO_SYNC + script) as phone:
        phone.log_in("village")
        phone.visit()
        phone.cut()
        for number in range(5):
            phone.record(quantity + number)
        other = phone.context.new_page()
        other.goto("/phone/#/me")
        expect(other.locator(".waiting li")).to_have_count(5)
        sent: list[str] = []
        phone.context.on("request", lambda request: sent.append(request.post_data or ""))
        phone.mend()
        for page in (phone.page, other):
            page.evaluate("() => { self.wuzhaSend.send({ force: true }); }")
        phone.wait_until_sent()
        carried = [len(json.loads(body)["records"]) for body in sent if '"records"' in body]
        assert sum(carried) == 5, "one window sent, the other found nothing left"
        assert [count_versions(phone.page, quantity + number) for number in range(5)] == [1] * 5


def test_what_is_typed_stays_typed_through_a_reload(phone: Phone) -> None:
    phone.go("#/record/leaflet")
    phone.page.locator("[name=quantity]").fill("37")
    phone.page.locator("[name=note]").fill("集市上发的")
    phone.page.reload()
    expect(phone.page.locator("[name=quantity]")).to_have_value("37")
    expect(phone.page.locator("[name=note]")).to_have_value("集市上发的")
    phone.reopen()
    phone.page.locator(".tab[data-tab=record]").click()
    expect(phone.page.locator(".note")).to_contain_text("没有存完")


def test_a_phone_whose_clock_is_a_year_off_is_told_and_its_day_is_the_servers(browser: Browser, server: Server) -> None:
    with take_phone(browser, server, script=NO_SYNC + A_YEAR_BACK) as phone:
        phone.log_in("village")
        phone.visit()
        phone.go("#/record/leaflet")
        expect(phone.page.locator(".record-form .note-warning")).to_contain_text("手机时间与服务器不一致")
        expect(phone.page.locator("[name=happened_on]")).to_have_value(tell_today())
        phone.record(33)
        phone.wait_until_sent()
        [received] = phone.list_received()
        phone.go("#/me")
        expect(phone.page.locator("main .note-warning").first).to_contain_text("相差 365 天")
        assert phone.count_in_ledger([received]) == 1


def test_a_refused_record_tells_why_and_is_mended(phone: Phone) -> None:
    tomorrow = (datetime.now(BEIJING) + timedelta(days=1)).date().isoformat()
    phone.record(44, day=tomorrow)
    phone.wait_until_sent()
    phone.go("#/me")
    refused = phone.page.locator(".refused")
    expect(refused).to_contain_text("没有收下")
    expect(refused.locator("li")).to_contain_text("日期")

    refused.get_by_role("button", name="修改").click()
    expect(phone.page.locator("[name=quantity]")).to_have_value("44")
    expect(phone.page.locator(".field-error").first).to_be_visible()
    phone.page.locator("[name=happened_on]").fill(tell_today())
    phone.page.locator(".save-bar button").click()
    expect(phone.page.locator("main .answer")).to_contain_text(SENT)
    assert phone.list_waiting() == []


def test_a_conflict_shows_both_versions_and_loses_neither(phone: Phone) -> None:
    phone.cut()
    phone.record(51)
    [wire] = phone.list_waiting()
    phone.mend()
    token = next(one["value"] for one in phone.context.cookies() if one["name"] == "csrftoken")
    first = phone.page.request.post(
        "/phone/records/",
        data={"sent_at": datetime.now(BEIJING).isoformat(), "records": [wire | {"quantity": 50}]},
        headers={"X-CSRFToken": token, "Referer": phone.page.url},
    )
    assert first.json()["answers"][0]["result"] == "saved"
    phone.page.evaluate("() => { self.wuzhaSend.send({ force: true }); }")
    phone.wait_until_sent()
    phone.go("#/me")
    row = phone.page.locator(".conflict tbody tr")
    expect(row).to_have_count(1)
    expect(row.locator("td")).to_have_text(["50", "51"])

    phone.page.get_by_role("button", name="手机上的另存一笔").click()
    expect(phone.page.locator(".conflict")).to_have_count(0)
    phone.wait_until_sent()
    [new] = phone.list_received()
    assert new != wire["id"]
    assert phone.count_in_ledger([new, wire["id"]]) == 2


def test_what_is_typed_over_while_it_is_under_way_is_not_thrown_away(phone: Phone) -> None:
    """The first version arrives, the newer one waits on; as the server has the older under its number, both show."""
    held: list[Route] = []
    phone.context.route("**/phone/records/", lambda route: route.continue_() if held else held.append(route))
    phone.record(541)
    for _ in range(100):
        if held:
            break
        phone.page.wait_for_timeout(50)
    phone.go("#/me")
    phone.page.locator(".waiting").get_by_role("button", name="修改").click()
    expect(phone.page.locator("[name=quantity]")).to_have_value("541")
    phone.page.locator("[name=quantity]").fill("542")
    phone.page.locator(".save-bar button").click()
    phone.page.wait_for_url("**/phone/#/saved/*")
    held[0].continue_()
    phone.wait_until_sent()

    [wire] = phone.list_waiting()
    assert wire["quantity"] == 542
    phone.go("#/me")
    expect(phone.page.locator(".conflict tbody td")).to_have_text(["541", "542"])
    phone.page.get_by_role("button", name="手机上的另存一笔").click()
    expect(phone.page.locator(".conflict")).to_have_count(0)
    phone.wait_until_sent()
    assert [count_versions(phone.page, quantity) for quantity in (541, 542)] == [1, 1]


# Two versions that differ in everything; the server's is of a unit that this phone does not know.
BOTH = """
(() => {
  const id = "019aa000-0000-7000-8000-000000000001";
  const wire = {
    id, unit: "%s", kind: "banner", happened_on: "2026-03-02", quantity: 2, people: 3, subject: "横-1", area_m2: "4.5",
    at_m: 100, change: "damage", grade: "high", place: "村口", audience: "老年人", note: "甲", loss_yuan: "10",
    replaces: null, withdrawn: false, extra: { wording: "不转账", position: "34.1,113.1 ±9m" },
  };
  const kept = {
    id, unit: "SQ99", kind: "old_kind", happened_on: "2026-03-01", quantity: 1, people: 2, subject: "横-2",
    area_m2: "3.5", at_m: 200, change: "install", grade: "low", place: "集市", audience: "学生", note: "乙",
    loss_yuan: "20", replaces: "019aa000-0000-7000-8000-000000000009", withdrawn: true,
    extra: { wording: "不刷单", position: "34.2,113.2 ±9m" }, words: { unit: "柳湾村", kind: "旧种类" },
  };
  return self.wuzhaStore.recall("state").then((known) => self.wuzhaStore.put("records", {
    id, user: known.user.id, wire, kept, title: "横幅", unitName: "本村", state: "conflict", problems: [], page: "",
  }));
})()
"""
IN_WORDS = {
    "单位": ("柳湾村", "本村"),
    "类型": ("旧种类", "横幅"),
    "日期": ("3月1日（周日）", "3月2日（周一）"),
    "数量": ("1", "2"),
    "变动": ("设置", "损坏"),
    "等级": ("低风险", "高风险"),
    "地点": ("集市", "村口"),
    "撤回": ("是", "否"),
    "内容": ("不刷单", "不转账"),
    "定位": ("34.2,113.2 ±9m", "34.1,113.1 ±9m"),
}
CODES = ("install", "damage", "high", "low", "old_kind", "banner", "SQ99", VILLAGE, "true", "false", "wording", "extra")


def test_a_conflict_says_every_field_in_words(phone: Phone) -> None:
    phone.page.evaluate(BOTH % VILLAGE)
    phone.go("#/me")
    rows = phone.page.locator(".conflict tbody tr")
    expect(rows).to_have_count(18)
    told = {row[0]: tuple(row[1:]) for row in rows.evaluate_all(READ_ROWS)}
    assert {name: told.get(name) for name in IN_WORDS} == IN_WORDS
    said = phone.page.locator(".conflict table").inner_text()
    assert [code for code in CODES if code in said] == []


def test_a_queue_is_never_sent_by_another_person_on_the_same_phone(phone: Phone) -> None:
    phone.cut()
    phone.record(61)
    phone.record(62)
    ids = [one["id"] for one in phone.list_waiting()]
    phone.mend()
    phone.context.set_offline(True)
    phone.page.goto("about:blank")
    phone.context.set_offline(False)
    phone.log_in_anew("school")
    phone.visit()
    phone.go("#/me")
    expect(phone.page.locator("main")).to_contain_text("还有另一位用户的 2 笔没有发送")
    assert len(phone.list_waiting()) == 2
    phone.record(63)
    phone.wait_until_sent(left=2)
    assert {one["id"] for one in phone.list_waiting()} == set(ids)

    phone.page.goto("about:blank")
    phone.log_in_anew("village")
    phone.visit()
    phone.wait_until_sent()
    assert phone.count_in_ledger(ids) == 2


def test_a_log_in_that_has_ended_keeps_the_queue_and_asks_for_it(phone: Phone) -> None:
    phone.context.clear_cookies()
    phone.record(71)
    expect(phone.page.locator("#banner")).to_contain_text("登录已过期")
    assert len(phone.list_waiting()) == 1
    phone.page.locator("#banner a").click()
    phone.page.locator("[name=username]").wait_for()
    phone.log_in_anew("village")
    phone.visit()
    phone.wait_until_sent()


def test_the_commonest_record_takes_at_most_six_taps_and_one_number(phone: Phone) -> None:
    taps = [".tab[data-tab=record]", ".kind-list-first .kind >> nth=0", "[name=quantity]", ".save-bar button"]
    for tap in taps[:3]:
        phone.page.locator(tap).tap()
    phone.page.locator("[name=quantity]").fill("3")
    phone.page.locator(taps[3]).tap()
    expect(phone.page.locator("main h1")).to_have_text("已存在手机上")
    assert len(taps) <= 6


def load_at_3g(browser: Browser, server: Server) -> tuple[float, timedelta]:
    """The first load of a phone that has never seen the page: its bytes, and how long until the first task stands."""
    with take_phone(browser, server) as phone:
        phone.log_in_anew("village")
        wire = phone.context.new_cdp_session(phone.page)
        wire.send("Network.enable")
        wire.send(
            "Network.emulateNetworkConditions",
            {"offline": False, "latency": 300, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 768e3 / 8},
        )
        received: list[float] = []
        wire.on("Network.loadingFinished", lambda told: received.append(told["encodedDataLength"]))
        begun = datetime.now(BEIJING)
        phone.page.goto("/phone/", wait_until="commit")
        expect(phone.page.locator(".task").first).to_be_visible()
        taken = datetime.now(BEIJING) - begun
        phone.page.wait_for_load_state("networkidle")
        return sum(received), taken


def test_the_first_load_is_small_and_quick_at_the_speed_of_3g(browser: Browser, server: Server) -> None:
    """Of three phones the quickest: what else the machine does makes a load slower and never quicker."""
    loads = [load_at_3g(browser, server) for _ in range(3)]

    assert max(size for size, _ in loads) <= 150 * 1024
    assert min(taken for _, taken in loads) < timedelta(seconds=3)


def test_the_queue_as_a_file_is_taken_in_at_the_desk_and_the_phone_then_doubles_nothing(
    phone: Phone, browser: Browser, server: Server, tmp_path: Path
) -> None:
    phone.cut()
    phone.record(81)
    phone.record(82)
    ids = [one["id"] for one in phone.list_waiting()]
    phone.go("#/me")
    with phone.page.expect_download() as download:
        phone.page.get_by_role("button", name="未发送的导出成文件").click()
    file = tmp_path / "queue.json"
    download.value.save_as(file)

    with take_phone(browser, server) as desk:
        desk.log_in("officer")
        desk.page.goto("/records/queue-file/")
        desk.page.locator("[name=file]").set_input_files(file)
        desk.page.locator("main form .btn-primary").click()
        expect(desk.page.locator("main .answer")).to_contain_text("2 笔记录")
        assert desk.count_in_ledger(ids) == 0, "looking takes nothing in"
        desk.page.locator("[name=take]").click()
        expect(desk.page.locator("main tbody .status-met")).to_have_count(2)
        assert desk.count_in_ledger(ids) == 2

    phone.mend()
    phone.wait_until_sent()
    assert set(ids) <= set(phone.list_received())


def test_a_new_version_is_offered_and_never_taken_while_somebody_types(phone: Phone, server: Server) -> None:
    """The other language is another version of the page, so that choosing it stands for an update of the server."""
    phone.go("#/record/leaflet")
    phone.page.locator("[name=quantity]").fill("91")
    phone.context.add_cookies([{"name": "django_language", "value": "en", "url": server.url}])
    phone.page.evaluate("() => navigator.serviceWorker.getRegistration().then(one => one.update()).then(() => null)")
    is_there = "() => navigator.serviceWorker.getRegistration().then(one => Boolean(one.waiting))"
    while not phone.page.evaluate(is_there):
        phone.page.wait_for_timeout(100)
    phone.page.wait_for_timeout(300)
    expect(phone.page.locator("#banner")).to_be_empty()
    expect(phone.page.locator("[name=quantity]")).to_have_value("91")
    phone.page.locator(".save-bar button").click()
    expect(phone.page.locator("#banner")).to_contain_text("本页有新版本")
    phone.page.get_by_role("button", name="现在更新").click()
    expect(phone.page.locator(".tab[data-tab=work]")).to_have_text("My tasks")

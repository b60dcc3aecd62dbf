"""Where the phone was, asked for by a press and only by a press; and the visit round, number by number."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Geolocation, expect

from tests.e2e.phone import Phone, Server, open_server, take_phone
from tests.e2e.steps import VILLAGE

pytestmark = pytest.mark.browser

NO_SYNC = "delete self.SyncManager;"
# Counts the looks and still lets the browser answer.
COUNT_LOOKS = """
(() => {
  self.looks = 0; self.tracks = 0;
  const look = Geolocation.prototype.getCurrentPosition, track = Geolocation.prototype.watchPosition;
  Geolocation.prototype.getCurrentPosition = function (...told) { self.looks += 1; return look.apply(this, told); };
  Geolocation.prototype.watchPosition = function (...told) { self.tracks += 1; return track.apply(this, told); };
})();
"""
LOCATE = "记下我在哪里"


@pytest.fixture(scope="module")
def server(county: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with open_server(county, tmp_path_factory.mktemp("place") / "data") as server:
        yield server


@pytest.fixture
def phone(browser: Browser, server: Server) -> Iterator[Phone]:
    with take_phone(browser, server, script=NO_SYNC + COUNT_LOOKS) as phone:
        phone.log_in("village")
        phone.visit()
        yield phone


def allow(phone: Phone, accuracy: float = 11.3) -> None:
    phone.context.grant_permissions(["geolocation"])
    phone.context.set_geolocation(Geolocation(latitude=34.765432, longitude=113.123456, accuracy=accuracy))


def open_form(phone: Phone, kind: str) -> None:
    phone.go("#/work")
    phone.go(f"#/record/{kind}")
    expect(phone.page.locator(".record-form")).to_be_visible()


def locate(phone: Phone) -> None:
    phone.page.get_by_role("button", name=LOCATE).tap()


def save(phone: Phone) -> None:
    phone.page.locator(".save-bar button").tap()
    expect(phone.page.locator("main h1")).to_have_text("已存在手机上")


def count_looks(phone: Phone) -> tuple[int, int]:
    return phone.page.evaluate("() => self.looks"), phone.page.evaluate("() => self.tracks")


def read_place(phone: Phone, subject: str) -> tuple[str, str]:
    page = phone.page.context.new_page()
    page.goto(f"/sites/{VILLAGE}/place/?subject={subject}")
    read = (page.locator("[name=lat]").input_value(), page.locator("[name=lon]").input_value())
    page.close()
    return read


def test_a_press_looks_once_and_the_position_goes_with_the_record_to_its_site(phone: Phone) -> None:
    allow(phone)
    phone.cut()
    open_form(phone, "banner")
    assert count_looks(phone) == (0, 0), "nobody has pressed yet"
    phone.page.locator("[name=subject]").fill("横-41")
    locate(phone)
    expect(phone.page.locator(".locate")).to_contain_text("已记下定位 34.765432,113.123456，误差约 12 米")
    assert count_looks(phone) == (1, 0)
    phone.page.reload()
    expect(phone.page.locator(".locate")).to_contain_text("34.765432")
    save(phone)
    [wire] = phone.list_waiting()
    assert wire["extra"] == {"position": "34.765432,113.123456 ±12m"}
    assert wire["place"] == "", "what the person types is theirs"

    phone.reopen()
    phone.mend()
    phone.wait_until_sent()
    phone.page.wait_for_timeout(500)
    assert count_looks(phone) == (0, 0), "nobody pressed on this page"
    assert read_place(phone, "横-41") == ("34.765432", "113.123456")


def test_a_position_is_left_out_again_by_another_press(phone: Phone) -> None:
    allow(phone)
    open_form(phone, "banner")
    expect(phone.page.get_by_role("button", name="不要定位")).to_be_hidden()
    locate(phone)
    expect(phone.page.locator(".locate")).to_contain_text("填上编号，这处阵地才会标到地图上")
    phone.page.get_by_role("button", name="不要定位").tap()
    expect(phone.page.get_by_role("button", name="不要定位")).to_be_hidden()
    expect(phone.page.locator(".locate")).to_contain_text("不会跟踪")
    phone.cut()
    save(phone)
    assert phone.list_waiting()[0]["extra"] == {}


def test_a_position_too_coarse_for_the_map_says_so(phone: Phone) -> None:
    allow(phone, accuracy=1800)
    open_form(phone, "banner")
    locate(phone)
    expect(phone.page.locator(".locate")).to_contain_text("误差约 1800 米，太大")


def list_posters(phone: Phone) -> list[str]:
    """Kinds of things put up whose form asks where, and for no number."""
    codes: list[str] = phone.page.evaluate(
        "() => self.wuzhaStore.recall('state').then(known => known.kinds.filter(kind => kind.shape === 'site'"
        " && kind.asks.includes('place') && !kind.asks.includes('subject')).map(kind => kind.code))"
    )
    return codes


@pytest.mark.parametrize("accuracy", [11.3, 1800.0])
def test_where_the_form_has_no_number_none_is_asked_for(phone: Phone, accuracy: float) -> None:
    allow(phone, accuracy)
    posters = list_posters(phone)
    assert "poster" in posters
    for kind in posters:
        open_form(phone, kind)
        locate(phone)
        expect(phone.page.locator(".locate")).to_contain_text("已记下定位")
        expect(phone.page.locator("[name=subject]")).to_have_count(0)
        expect(phone.page.locator(".locate")).not_to_contain_text("编号")
        expect(phone.page.locator(".locate")).not_to_contain_text("地图")


def test_a_phone_that_does_not_let_the_page_look_keeps_no_record_out(phone: Phone) -> None:
    """The person says no: the place is typed, and the record is as good."""
    phone.context.clear_permissions()
    wire = phone.context.new_cdp_session(phone.page)
    wire.send("Browser.setPermission", {"permission": {"name": "geolocation"}, "setting": "denied"})
    open_form(phone, "banner")
    locate(phone)
    expect(phone.page.locator(".locate")).to_contain_text("手机没有允许本页定位")
    phone.page.locator("[name=place]").fill("村口")
    phone.cut()
    save(phone)
    [told] = phone.list_waiting()
    assert (told["place"], told["extra"]) == ("村口", {})


def test_only_a_kind_that_asks_for_a_place_has_the_button(phone: Phone) -> None:
    kinds: list[dict[str, object]] = phone.page.evaluate("() => self.wuzhaStore.recall('state').then(one => one.kinds)")
    with_place = {str(kind["code"]) for kind in kinds if "place" in str(kind["asks"])}
    for kind in ("banner", "talk", "leaflet", "visit"):
        open_form(phone, kind)
        expect(phone.page.get_by_role("button", name=LOCATE)).to_have_count(1 if kind in with_place else 0)
    assert {"banner", "talk"} <= with_place
    assert not {"leaflet", "visit"} & with_place
    assert count_looks(phone) == (0, 0)


def test_no_script_of_the_page_can_follow_anybody() -> None:
    scripts = Path(__file__).parents[2] / "src/wuzha/web/static"
    assert not [file.name for file in scripts.rglob("*.js") if "watchPosition" in file.read_text(encoding="utf-8")]


# --- the visit round ---


def write_list(phone: Phone, numbers: str) -> None:
    page = phone.context.new_page()
    page.goto(f"/rounds/{VILLAGE}/")
    if page.locator("details:not([open]) summary").count():
        page.locator("details summary").first.click()
    page.locator("[name=numbers]").fill(numbers)
    page.locator("details form button").click()
    page.wait_for_load_state()
    page.close()


def test_a_round_is_walked_number_by_number_without_a_network(phone: Phone) -> None:
    write_list(phone, "甲1-甲3，18")
    phone.visit()
    expect(phone.page.locator(".round-link").first).to_contain_text("还剩 4 户")
    phone.cut()
    phone.reopen()
    phone.page.locator(".round-link a").first.tap()
    numbers = phone.page.locator(".ticks a")
    expect(numbers).to_have_text(["甲1", "甲2", "甲3", "18"])

    for left, number in ((3, "甲2"), (2, "18")):
        phone.page.locator(".ticks a", has_text=number).tap()
        expect(phone.page.locator("[name=subject]")).to_have_value(number)
        phone.page.locator(".save-bar button").tap()
        expect(phone.page.locator("main .note-success")).to_contain_text(f"{number} 号已存在手机上")
        expect(numbers).to_have_count(left)

    phone.reopen()
    expect(phone.page.locator(".round-link").first).to_contain_text("还剩 2 户")
    told = [(one["kind"], one["subject"], one["quantity"], one["unit"]) for one in phone.list_waiting()]
    assert told == [("visit", "甲2", 1, VILLAGE), ("visit", "18", 1, VILLAGE)]
    phone.mend()
    phone.wait_until_sent()
    phone.visit()
    expect(phone.page.locator(".round-link").first).to_contain_text("还剩 2 户")
    phone.page.goto(f"/rounds/{VILLAGE}/")
    expect(phone.page.locator(".ticks button")).to_have_text(["甲1", "甲3"])


def test_a_number_is_found_in_a_long_list(phone: Phone) -> None:
    write_list(phone, "1001-1400")
    phone.visit()
    expect(phone.page.locator(".round-link").first).to_contain_text("还剩 400 户")
    phone.page.locator(".round-link a").first.tap()
    expect(phone.page.locator(".ticks a")).to_have_count(120)
    expect(phone.page.locator(".ticks")).to_contain_text("还有 280 户没列出")
    phone.page.locator("#in-find").fill("137")
    expect(phone.page.locator(".ticks a").first).to_have_text("1137")
    expect(phone.page.locator(".ticks")).not_to_contain_text("没列出")
    phone.page.locator("#in-find").fill("9999")
    expect(phone.page.locator(".ticks")).to_contain_text("没走到的户里没有这样的号")


LINES = """links => links.map(link => {
  const range = document.createRange();
  range.selectNodeContents(link);
  return range.getClientRects().length;
})"""


def test_the_long_numbers_of_a_list_stand_on_one_line_each(phone: Phone) -> None:
    write_list(phone, "SQ030201-001至SQ030201-003")
    phone.visit()
    phone.page.locator(".round-link a").first.tap()
    numbers = phone.page.locator(".ticks a")
    expect(numbers).not_to_have_count(0)
    lines: list[int] = numbers.evaluate_all(LINES)
    assert set(lines) == {1}


def test_a_visit_that_the_server_refused_is_left_again_and_said(phone: Phone) -> None:
    write_list(phone, "1-3")
    phone.visit()
    expect(phone.page.locator(".round-link").first).to_contain_text("还剩 3 户")
    phone.context.route(
        "**/phone/records/",
        lambda route: route.fulfill(
            json={
                "received_at": "2026-11-22T00:00:00Z",
                "answers": [
                    {"id": one["id"], "result": "refused", "problems": [{"field": "", "text": "不收"}], "page": ""}
                    for one in (route.request.post_data_json or {})["records"]
                ],
            }
        ),
    )
    phone.page.locator(".round-link a").first.tap()
    phone.page.locator(".ticks a", has_text="2").tap()
    phone.page.locator(".save-bar button").tap()
    expect(phone.page.locator("main .note-error")).to_contain_text("服务器没有收下")
    expect(phone.page.locator(".ticks a")).to_have_text(["1", "2", "3"])


# --- what the browser promises to keep ---

REFUSES = "Object.assign(StorageManager.prototype, { persist: async () => false, persisted: async () => false });"
GRANTS = """
Object.assign(StorageManager.prototype, {
  persist: async () => { localStorage.setItem('asked', '1'); return true; },
  persisted: async () => localStorage.getItem('asked') === '1',
});
"""


def test_a_browser_that_promises_nothing_is_told_of_with_what_to_do(browser: Browser, server: Server) -> None:
    with take_phone(browser, server, script=NO_SYNC + REFUSES) as phone:
        phone.log_in("village")
        phone.visit()
        phone.cut()
        phone.record(5)
        expect(phone.page.locator("main")).to_contain_text("发送之前不要清理浏览器数据")
        phone.go("#/me")
        expect(phone.page.locator("main .note-warning")).to_contain_text("手机没有保证长期保留")
        expect(phone.page.get_by_role("button", name="未发送的导出成文件")).to_be_visible()


def test_a_browser_is_asked_to_keep_what_waits_and_its_promise_is_said(browser: Browser, server: Server) -> None:
    with take_phone(browser, server, script=NO_SYNC + GRANTS) as phone:
        phone.log_in("village")
        phone.visit()
        assert phone.page.evaluate("() => localStorage.getItem('asked')") is None, "nothing to keep, nothing asked"
        phone.cut()
        phone.record(6)
        expect(phone.page.locator("main")).not_to_contain_text("不要清理")
        phone.go("#/me")
        expect(phone.page.locator("main .note-success")).to_be_visible()
        assert phone.page.evaluate("() => localStorage.getItem('asked')") == "1"


REFUSES_AND_COUNTS = """
Object.assign(StorageManager.prototype, {
  persist: async () => { localStorage.setItem('asked', 1 + Number(localStorage.getItem('asked'))); return false; },
  persisted: async () => {
    localStorage.setItem('looked', 1 + Number(localStorage.getItem('looked')));
    return false;
  },
});
"""
# The page as it is opened from the home screen, while a sign in the store of the tests says so.
STANDS_ALONE = """
(() => {
  const match = self.matchMedia.bind(self);
  self.matchMedia = (query) => (query.includes('standalone') && localStorage.getItem('alone')
    ? { matches: true, addEventListener() {} } : match(query));
})();
"""
DAY_MS = 24 * 3600 * 1000


def count_asked(phone: Phone, *, looked: int) -> int:
    """How often the browser was asked, once the page has looked so many times whether it keeps things: twice for each
    record, before it asks and when it shows what was saved.

    What it decides by is read from the store, and that it asks is written there first. The store answers in turn, so
    that two questions of our own come back after both.
    """
    phone.page.wait_for_function(f"() => Number(localStorage.getItem('looked')) >= {looked}")
    for _ in range(2):
        phone.page.evaluate("() => self.wuzhaStore.recall('asked-to-keep').then(() => null)")
    return int(phone.page.evaluate("() => Number(localStorage.getItem('asked'))"))


def move_back(phone: Phone, days: int) -> None:
    """As if the browser had been asked so many days earlier than it was."""
    phone.page.evaluate(
        "ms => self.wuzhaStore.recall('asked-to-keep').then(asked =>"
        " self.wuzhaStore.keep('asked-to-keep', Object.assign({}, asked, { at: asked.at - ms })))",
        days * DAY_MS,
    )


def test_a_browser_that_refused_is_asked_again_after_thirty_days_and_not_before(
    browser: Browser, server: Server
) -> None:
    with take_phone(browser, server, script=NO_SYNC + REFUSES_AND_COUNTS) as phone:
        phone.log_in("village")
        phone.visit()
        phone.cut()
        phone.record(7)
        phone.record(8)
        assert count_asked(phone, looked=4) == 1
        move_back(phone, 29)
        phone.record(9)
        assert count_asked(phone, looked=6) == 1
        move_back(phone, 1)
        phone.record(10)
        assert count_asked(phone, looked=8) == 2


@pytest.mark.parametrize("how", ["opened from the home screen", "told by the browser"])
def test_a_browser_that_refused_is_asked_once_more_when_the_page_is_installed(
    browser: Browser, server: Server, how: str
) -> None:
    with take_phone(browser, server, script=NO_SYNC + REFUSES_AND_COUNTS + STANDS_ALONE) as phone:
        phone.log_in("village")
        phone.visit()
        phone.cut()
        phone.record(7)
        assert count_asked(phone, looked=2) == 1
        if how == "told by the browser":
            phone.page.evaluate("() => self.dispatchEvent(new Event('appinstalled'))")
            looked = 2 + 1 + 2
        else:
            phone.page.evaluate("() => localStorage.setItem('alone', '1')")
            phone.record(8)
            looked = 2 + 2 + 2
        phone.page.wait_for_function("() => localStorage.getItem('asked') === '2'")
        phone.record(9)
        assert count_asked(phone, looked=looked) == 2

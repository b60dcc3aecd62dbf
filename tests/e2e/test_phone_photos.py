"""Photos on the phone: made small, stripped of where they were taken, and sent after their record."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, CDPSession, Request, Route, expect

from tests.e2e.phone import Phone, Server, open_server, take_phone

pytestmark = pytest.mark.browser

LARGEST = 300 * 1024
GPS = 0x8825
# Without it the page takes the way of browsers that cannot make a picture smaller while reading it.
NO_BITMAP = "delete self.createImageBitmap;"


@pytest.fixture(scope="module")
def server(county: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with open_server(county, tmp_path_factory.mktemp("photos") / "data") as server:
        yield server


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photo of 40 megapixels that tells where it was taken."""
    path = tmp_path_factory.mktemp("camera") / "IMG_0001.jpg"
    picture = Image.effect_noise((730, 550), 90).convert("RGB").resize((7300, 5500))
    exif = Image.Exif()
    exif[GPS] = {1: "N", 2: (34.0, 1.0, 2.0), 3: "E", 4: (113.0, 1.0, 2.0)}
    picture.save(path, quality=90, exif=exif)
    return path


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photo that is heavy even once it is made small."""
    path = tmp_path_factory.mktemp("busy") / "IMG_0004.jpg"
    Image.effect_noise((1600, 1200), 60).convert("RGB").save(path, quality=90)
    return path


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A picture that some program has made small already, and that still tells where it was taken."""
    path = tmp_path_factory.mktemp("small") / "IMG_0002.jpg"
    picture = Image.effect_noise((200, 150), 90).convert("RGB")
    exif = Image.Exif()
    exif[GPS] = {1: "N", 2: (34.0, 1.0, 2.0), 3: "E", 4: (113.0, 1.0, 2.0)}
    picture.save(path, quality=70, exif=exif)
    return path


def add_photo(phone: Phone, file: Path) -> dict[str, object]:
    phone.go("#/record/banner")
    phone.page.locator("#in-photo").set_input_files(file)
    expect(phone.page.locator(".photo")).to_have_count(1, timeout=60_000)
    row: dict[str, object] = phone.page.evaluate(
        "() => self.wuzhaStore.list('photos').then(([row]) => ({ id: row.id, size: row.size, "
        "text: String.fromCharCode.apply(null, new Uint8Array(row.bytes).subarray(0, 4000)) }))"
    )
    return row


@pytest.mark.parametrize("script", ["", NO_BITMAP], ids=["new browser", "old browser"])
def test_a_photo_of_forty_megapixels_becomes_small_and_loses_its_place(
    browser: Browser, server: Server, large: Path, script: str
) -> None:
    assert b"Exif" in large.read_bytes()[:4000]
    with take_phone(browser, server, script=script) as phone:
        phone.log_in("village")
        phone.visit()
        row = add_photo(phone, large)
        assert 10_000 < int(str(row["size"])) <= LARGEST
        assert "JFIF" in str(row["text"])
        assert "Exif" not in str(row["text"])


def test_a_photo_waits_with_its_record_and_arrives_after_it(browser: Browser, server: Server, large: Path) -> None:
    with take_phone(browser, server) as phone:
        phone.log_in("village")
        phone.visit()
        phone.cut()
        row = add_photo(phone, large)
        phone.page.locator("[name=quantity]").fill("2")
        phone.page.reload()
        expect(phone.page.locator(".photo")).to_have_count(1)
        phone.page.locator(".save-bar button").click()
        expect(phone.page.locator("main h1")).to_have_text("已存在手机上")
        phone.reopen()
        phone.mend()
        phone.wait_until_sent()
        phone.go("#/me")
        expect(phone.page.locator(".receipts li")).to_contain_text("照片 1 张")
        told = phone.page.request.get(f"/evidence/{row['id']}/").json()
        assert told["complete"] is True


def test_a_file_that_says_jpg_and_is_none_is_told_and_stops_nothing(
    browser: Browser, server: Server, tmp_path: Path
) -> None:
    false = tmp_path / "photo.jpg"
    false.write_text("no picture")
    with take_phone(browser, server) as phone:
        phone.log_in("village")
        phone.visit()
        phone.go("#/record/banner")
        phone.page.locator("#in-photo").set_input_files(false)
        expect(phone.page.locator(".record-form")).to_contain_text("photo.jpg 不是手机能打开的照片")
        phone.page.locator(".save-bar button").click()
        expect(phone.page.locator("main h1")).to_have_text("已存在手机上")
        phone.wait_until_sent()


def test_a_photo_in_the_file_of_the_queue_arrives_at_the_desk_with_its_record(
    browser: Browser, server: Server, large: Path, tmp_path: Path
) -> None:
    with take_phone(browser, server, script="delete self.SyncManager;") as phone:
        phone.log_in("village")
        phone.visit()
        phone.cut()
        row = add_photo(phone, large)
        phone.page.locator(".save-bar button").click()
        expect(phone.page.locator("main h1")).to_have_text("已存在手机上")
        [wire] = phone.list_waiting()
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
            expect(desk.page.locator("main .answer")).to_contain_text("1 张照片")
            desk.page.locator("[name=take]").click()
            expect(desk.page.locator("main tbody .status-met")).to_have_count(1)
            assert desk.page.request.get(f"/evidence/{row['id']}/").json()["complete"] is True
            desk.page.goto(f"/records/{wire['id']}/")
            expect(desk.page.locator(f"main [src*='{row['id']}']")).to_be_visible()

        phone.mend()
        phone.wait_until_sent()
        phone.go("#/me")
        expect(phone.page.locator(".receipts li")).to_contain_text("照片 1 张")
        expect(phone.page.locator(".refused")).to_have_count(0)


def test_a_photo_that_is_still_being_made_smaller_is_waited_for(browser: Browser, server: Server, large: Path) -> None:
    with take_phone(browser, server) as phone:
        phone.log_in("village")
        phone.visit()
        phone.cut()
        phone.go("#/record/banner")
        phone.page.locator("#in-photo").set_input_files(large)
        phone.page.locator(".save-bar button").click()
        expect(phone.page.locator("main h1")).to_have_text("已存在手机上")
        rows: list[str] = phone.page.evaluate(
            "() => self.wuzhaStore.list('photos').then(rows => rows.map(row => row.state))"
        )
        assert rows == ["waiting"]


def read_bytes(phone: Phone) -> bytes:
    told: list[int] = phone.page.evaluate(
        "() => self.wuzhaStore.list('photos').then(([row]) => Array.from(new Uint8Array(row.bytes)))"
    )
    return bytes(told)


@pytest.mark.parametrize("script", ["", NO_BITMAP], ids=["new browser", "old browser"])
def test_a_small_picture_is_never_made_larger_and_loses_its_place_all_the_same(
    browser: Browser, server: Server, small: Path, script: str
) -> None:
    with take_phone(browser, server, script=script) as phone:
        phone.log_in("village")
        phone.visit()
        add_photo(phone, small)
        kept = read_bytes(phone)
        assert Image.open(BytesIO(kept)).size == (200, 150)
        assert len(kept) <= small.stat().st_size
        assert b"Exif" not in kept


@pytest.mark.parametrize("size", [(3000, 4000), (4000, 3000)], ids=["upright", "lying"])
def test_a_large_picture_keeps_its_shape_and_its_longer_side_fits(
    browser: Browser, server: Server, tmp_path: Path, size: tuple[int, int]
) -> None:
    path = tmp_path / "IMG_0003.jpg"
    Image.linear_gradient("L").resize(size).convert("RGB").save(path, quality=90)
    with take_phone(browser, server) as phone:
        phone.log_in("village")
        phone.visit()
        add_photo(phone, path)
        width, height = Image.open(BytesIO(read_bytes(phone))).size
        assert max(width, height) == 1600
        assert width / height == pytest.approx(size[0] / size[1], abs=0.01)


# --- in pieces, over a line that is cut ---

NO_SYNC = "delete self.SyncManager;"
UP_BYTES_S = 40 * 1024


@dataclass
class Line:
    """A slow line that can be cut while something is under way, and what it carried to the door of photos."""

    phone: Phone
    wire: CDPSession
    pieces: list[tuple[int, int]] = field(default_factory=list)
    answered: int = 0

    @classmethod
    def lay(cls, phone: Phone) -> "Line":
        wire = phone.context.new_cdp_session(phone.page)
        wire.send("Network.enable")
        line = cls(phone, wire)
        phone.page.on("request", line.note)
        phone.page.on("response", lambda answer: line.note_answer(answer.request))
        line.mend()
        return line

    def note(self, request: Request) -> None:
        if request.method == "PUT":
            self.pieces.append((int(request.headers["x-offset"]), len(request.post_data_buffer or b"")))

    def note_answer(self, request: Request) -> None:
        self.answered += request.method == "PUT"

    def carry_two_pieces(self) -> bool:
        """Sends until two pieces have arrived and the next is under way; false once there is nothing left to send."""
        begun, answered = len(self.pieces), self.answered
        self.phone.page.evaluate("() => { self.wuzhaSend.send({ force: true }); }")
        wait_until(self.phone, lambda: self.answered >= answered + 2 or read_state(self.phone) != "waiting")
        wait_until(self.phone, lambda: len(self.pieces) > begun + 2 or read_state(self.phone) != "waiting")
        return read_state(self.phone) == "waiting"

    def cut(self) -> None:
        self._set(offline=True)

    def mend(self) -> None:
        self._set(offline=False)

    def _set(self, *, offline: bool) -> None:
        speed = {"latency": 50, "downloadThroughput": 2**20, "uploadThroughput": UP_BYTES_S}
        self.wire.send("Network.emulateNetworkConditions", {"offline": offline, **speed})


def record_photo(phone: Phone, file: Path) -> dict[str, Any]:
    row = add_photo(phone, file)
    phone.page.locator(".save-bar button").click()
    expect(phone.page.locator("main h1")).to_have_text("已存在手机上")
    return row


def read_state(phone: Phone) -> str:
    state: str = phone.page.evaluate("() => self.wuzhaStore.list('photos').then(([row]) => row.state)")
    return state


def wait_until(phone: Phone, is_so: Callable[[], bool]) -> None:
    for _ in range(400):
        if is_so():
            return
        phone.page.wait_for_timeout(50)
    raise AssertionError("it did not come about")


def test_a_photo_arrives_over_a_slow_line_that_is_cut_again_and_again(
    browser: Browser, server: Server, busy: Path
) -> None:
    """The line never carries more than two pieces before it is cut; nothing that has arrived is sent again."""
    with take_phone(browser, server, script=NO_SYNC) as phone:
        phone.log_in("village")
        phone.visit()
        phone.cut()
        row = record_photo(phone, busy)
        phone.mend()
        line, cuts = Line.lay(phone), 0
        while line.carry_two_pieces():
            assert cuts < 20, "the photo never arrives"
            line.cut()
            cuts += 1
            phone.page.evaluate("() => self.wuzhaSend.send({})")
            line.mend()
        size = int(row["size"])
        assert cuts >= 2, "the line was cut while the photo was under way"
        assert max(length for _, length in line.pieces) <= 64 * 1024
        once = size + cuts * line.pieces[0][1]
        assert sum(length for _, length in line.pieces) <= once, "only what was cut off goes twice"
        assert phone.page.request.get(f"/evidence/{row['id']}/").json() == {
            "received": size,
            "complete": True,
            "problems": [],
        }


def test_a_server_that_lost_what_it_had_gets_all_of_it_again(browser: Browser, server: Server, busy: Path) -> None:
    """Its answer says where to go on; that is no success, or the phone would throw the only copy away."""
    with take_phone(browser, server, script=NO_SYNC) as phone:
        phone.log_in("village")
        phone.visit()
        phone.cut()
        row = record_photo(phone, busy)
        lost: list[int] = []

        def lose(route: Route) -> None:
            if int(route.request.headers.get("x-offset", "0")) > 60_000 and not lost:
                parts = [file for file in (server.data / "evidence").rglob(f"*{row['id']}*") if file.is_file()]
                lost.extend(file.stat().st_size for file in parts)
                for file in parts:
                    file.unlink()
            route.continue_()

        phone.page.route("**/evidence/*/", lose)
        phone.mend()
        wait_until(phone, lambda: read_state(phone) != "waiting")
        assert lost
        assert read_state(phone) == "sent"
        assert phone.page.request.get(f"/evidence/{row['id']}/").json()["complete"] is True


def test_where_the_server_only_ever_says_where_to_go_on_the_photo_stays_on_the_phone(
    browser: Browser, server: Server, busy: Path
) -> None:
    with take_phone(browser, server, script=NO_SYNC) as phone:
        phone.log_in("village")
        phone.visit()
        phone.cut()
        record_photo(phone, busy)
        told = {"received": 0, "complete": False, "problems": [{"code": "evidence.gap", "text": "请从头接着传。"}]}
        phone.page.route("**/evidence/*/", lambda route: route.fulfill(status=409, json=told))
        phone.mend()
        phone.wait_until_sent()
        paused = "() => self.wuzhaStore.recall('pause').then(pause => pause !== null)"
        wait_until(phone, lambda: bool(phone.page.evaluate(paused)))
        assert read_state(phone) == "waiting"
        assert len(read_bytes(phone)) > 10_000

"""Photos on the phone: made small, stripped of where they were taken, and sent after their record."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.e2e.phone import Phone, Server, open_server, take_phone

pytestmark = pytest.mark.browser

LARGEST = 300 * 1024
GPS = 0x8825
# Without it the page takes the way of browsers that cannot make a picture smaller while reading it.
NO_BITMAP = "delete self.createImageBitmap;"


@pytest.fixture(scope="module")
def server(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with open_server(tmp_path_factory.mktemp("photos")) as server:
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

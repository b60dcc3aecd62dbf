"""Photos that are more than photos: whoever looks at one gets its pixels and nothing else of the file."""

import io
import zipfile
from typing import Any

import pytest
from django.test import Client
from PIL import Image, ImageCms

from tests.adapters.photos import draw_scene, make_png_bomb, make_png_chunk, save, save_jpeg
from tests.attack.bombs import zip_up
from tests.attack.ground import RECORD, fetch
from tests.web.cast import Cast
from tests.web.conftest import Visit
from tests.web.pieces import FILE, send_whole
from wuzha.adapters.media import sniff

SCRIPT = b"<script>fetch('/me/')</script>"


def with_profile() -> bytes:
    """A colour profile that is one at its beginning, with a page behind it."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes() + SCRIPT
    target = io.BytesIO()
    draw_scene(1).save(target, "JPEG", icc_profile=profile)
    return target.getvalue()


def with_thumbnail() -> bytes:
    """A photo that was cut at home, with the whole of it still in the small one inside."""
    content = save_jpeg(draw_scene(2), note="here")
    inside = b"Exif\0\0" + save_jpeg(draw_scene(3, (160, 120))) + SCRIPT
    return content[:2] + b"\xff\xe1" + (len(inside) + 2).to_bytes(2, "big") + inside + content[2:]


HOSTILE = {
    "a page behind its end": save_jpeg(draw_scene(1)) + SCRIPT,
    "a zip behind its end": save_jpeg(draw_scene(1)) + zip_up({"a.html": SCRIPT}),
    "a page as its comment": save_jpeg(draw_scene(1), note=SCRIPT.decode()),
    "a page in its colours": with_profile(),
    "another photo in it": with_thumbnail(),
    "a page in a part of a PNG": save(draw_scene(4), "PNG")[:33]
    + make_png_chunk(b"tEXt", b"Comment\0" + SCRIPT)
    + save(draw_scene(4), "PNG")[33:],
    "a page in a tail of a PNG": save(draw_scene(4), "PNG") + SCRIPT,
}


@pytest.fixture
def phone(ground: Cast, visit: Visit) -> Client:
    return visit(ground.secretary)


@pytest.mark.parametrize("name", HOSTILE)
def test_whoever_looks_at_a_photo_gets_its_pixels_alone(phone: Client, name: str) -> None:
    assert send_whole(phone, HOSTILE[name], RECORD).status_code == 200
    answer, shown = fetch(phone, "get", f"/evidence/{FILE}/file")

    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert SCRIPT not in shown
    assert not zipfile.is_zipfile(io.BytesIO(shown))
    with Image.open(io.BytesIO(shown)) as image:
        assert not image.getexif()
        assert {"icc_profile", "comment", "exif"} & set(image.info) == set()
        assert image.size == (640, 480)


@pytest.mark.parametrize("name", HOSTILE)
def test_the_photo_as_it_is_kept_is_to_be_saved_and_knows_no_place(phone: Client, name: str) -> None:
    send_whole(phone, HOSTILE[name], RECORD)
    answer, kept = fetch(phone, "get", f"/evidence/{FILE}/file?kept")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    with Image.open(io.BytesIO(kept)) as image:
        assert 0x8825 not in image.getexif()
        assert "comment" not in image.info


def test_a_photo_that_unpacks_to_too_much_is_refused_with_its_remedy(phone: Client) -> None:
    answer = send_whole(phone, make_png_bomb(60_000, 60_000), RECORD, name="大.png")
    told: Any = answer.json()
    assert answer.status_code == 422
    assert "大.png" in told["problems"][0]["text"]
    assert "请" in told["problems"][0]["text"]


@pytest.mark.parametrize(
    "content", [b"GIF89a" + SCRIPT, b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"MZ" + bytes(400), SCRIPT]
)
def test_what_is_no_photo_is_none_by_any_name(phone: Client, content: bytes) -> None:
    assert sniff(content) == ""
    assert send_whole(phone, content, RECORD, name="照片.jpg").status_code == 415

"""What a file really is, and the same file without its position."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from tests.adapters.photos import (
    PLACE,
    draw_scene,
    make_film,
    make_photo,
    make_png_bomb,
    make_png_chunk,
    save,
    save_jpeg,
)
from wuzha.adapters.images import BrokenPhotoError, TooManyPixelsError, read_photo
from wuzha.adapters.media import HEIC, JPEG, MP3, MP4, PDF, PNG, WEBP, BrokenFileError, sniff, strip_position
from wuzha.core.ledger.reason import ALIKE_BITS, count_bits

SECRET = "31.2304 121.4736 石桥县"


def open_image(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (make_photo(), JPEG),
        (save(draw_scene(1), "PNG"), PNG),
        (save(draw_scene(1), "WEBP"), WEBP),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", HEIC),
        (make_film(), MP4),
        (b"%PDF-1.7\n", PDF),
        (b"ID3\4\0\0\0\0\0\0", MP3),
        (b"MZ\x90\0\3\0\0\0", ""),
        (b"<html><script>alert(1)</script>", ""),
        (b"PK\x03\x04 not a package at all", ""),
        (b"", ""),
    ],
)
def test_a_file_is_what_its_bytes_say(content: bytes, media_type: str) -> None:
    assert sniff(content) == media_type


def test_a_jpeg_loses_its_place_and_no_pixel() -> None:
    scene = save_jpeg(draw_scene(2), note=SECRET)
    assert open_image(scene).getexif().get_ifd(0x8825), "the sample has a position to lose"

    stripped = strip_position(scene, JPEG)

    assert not open_image(stripped).getexif().get_ifd(0x8825)
    assert SECRET.encode() not in stripped
    assert open_image(stripped).tobytes() == open_image(scene).tobytes()


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_jpeg_still_knows_which_way_is_up(orientation: int) -> None:
    stripped = strip_position(save_jpeg(draw_scene(2), orientation=orientation, note=SECRET), JPEG)

    assert open_image(stripped).getexif().get(0x0112, 1) == orientation


def test_what_hides_behind_the_end_of_a_photo_is_cut_off() -> None:
    """Phones put a film or a second photo there, each with a position of its own."""
    hidden = make_photo(3) + save_jpeg(draw_scene(4), note=SECRET)

    assert strip_position(hidden, JPEG) == strip_position(make_photo(3), JPEG)


def test_a_progressive_jpeg_with_a_colour_profile_keeps_both() -> None:
    target = io.BytesIO()
    draw_scene(5).save(target, "JPEG", progressive=True, icc_profile=b"profile" * 20)

    stripped = strip_position(target.getvalue(), JPEG)

    assert open_image(stripped).info["icc_profile"] == b"profile" * 20
    assert open_image(stripped).tobytes() == open_image(target.getvalue()).tobytes()


def test_a_png_and_a_webp_lose_their_words_and_no_pixel() -> None:
    png = save(draw_scene(6), "PNG")
    talking = png[:33] + make_png_chunk(b"tEXt", b"place\0" + PLACE) + make_png_chunk(b"eXIf", PLACE) + png[33:]
    exif = Image.Exif()
    exif[0x010E] = PLACE.decode()
    target = io.BytesIO()
    draw_scene(6).save(target, "WEBP", exif=exif, lossless=True)
    assert PLACE in target.getvalue()

    for content, kind in ((talking, PNG), (target.getvalue(), WEBP)):
        stripped = strip_position(content, kind)
        assert PLACE not in stripped
        assert open_image(stripped).convert("RGB").tobytes() == draw_scene(6).tobytes()


def test_a_film_loses_its_place_and_keeps_its_length() -> None:
    stripped = strip_position(make_film(), MP4)

    assert PLACE not in stripped
    assert len(stripped) == len(make_film())
    assert stripped.endswith(bytes(range(256)))


@pytest.mark.parametrize("length", [3, 40, 700, 2000])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_that_is_cut_short_is_told_of(kind: str, length: int) -> None:
    media_type = f"image/{kind.lower()}"
    content = save(draw_scene(7, (900, 700)), kind)[:length]

    with pytest.raises((BrokenFileError, BrokenPhotoError)):
        read_photo(strip_position(content, media_type))


MEASURE = """
import resource, sys
from pathlib import Path
from wuzha.adapters.images import read_photo
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
photo = read_photo(Path(sys.argv[1]).read_bytes())
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, len(photo.thumbnail))
"""


def test_a_photo_of_forty_megapixels_is_read_in_a_part_of_its_memory(tmp_path: Path) -> None:
    """Unpacked it has 120 MB; a machine of 2 GB must bear several at once."""
    photo = tmp_path / "large.jpg"
    draw_scene(11, (7300, 5500)).save(photo, "JPEG")

    answer = subprocess.run([sys.executable, "-c", MEASURE, photo], capture_output=True, text=True, check=True)

    more_kb, thumbnail = map(int, answer.stdout.split())
    assert more_kb < 60_000
    assert 1000 < thumbnail < 100_000


@pytest.mark.parametrize("size", [(9000, 9000), (30_000, 30_000), (2_000_000, 2)])
def test_a_bomb_is_refused_by_what_it_says_of_itself(size: tuple[int, int]) -> None:
    with pytest.raises((TooManyPixelsError, BrokenPhotoError)):
        read_photo(strip_position(make_png_bomb(*size), PNG))


def test_a_jpeg_of_very_many_scans_is_refused() -> None:
    target = io.BytesIO()
    draw_scene(8).save(target, "JPEG", progressive=True)
    content = target.getvalue()
    scan = content[content.rindex(b"\xff\xda") : -2]

    with pytest.raises(BrokenFileError):
        strip_position(content[:-2] + scan * 100 + content[-2:], JPEG)


def test_one_scene_looks_alike_when_shrunk_and_saved_again() -> None:
    first = read_photo(save_jpeg(draw_scene(9), quality=92)).look
    again = read_photo(save_jpeg(draw_scene(9).resize((320, 240)), quality=40)).look
    as_png = read_photo(save(draw_scene(9), "PNG")).look

    assert count_bits(first, again) <= ALIKE_BITS
    assert count_bits(first, as_png) <= ALIKE_BITS


def test_different_scenes_look_different() -> None:
    looks = [read_photo(make_photo(seed)).look for seed in range(20)]

    assert all(count_bits(one, other) > ALIKE_BITS for one in looks for other in looks if one is not other)


def test_a_photo_held_upright_looks_like_itself() -> None:
    turned = draw_scene(10).transpose(Image.Transpose.ROTATE_90)

    upright = read_photo(save_jpeg(turned, orientation=6)).look

    assert count_bits(upright, read_photo(save_jpeg(draw_scene(10))).look) <= ALIKE_BITS

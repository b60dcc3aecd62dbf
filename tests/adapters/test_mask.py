"""Faces covered: what lies under a box is gone for good, and nothing that came with the photo goes along."""

import io

import pytest
from PIL import Image

from tests.adapters.photos import PLACE, draw_scene, save_jpeg
from wuzha.adapters.paper.mask import SQUARES, Box, UnreadablePhotoError, mask_faces

FACE = Box(250, 250, 250, 250)


def open_image(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("RGB")


def draw_checks(first: int) -> Image.Image:
    """Black and white dots by turns inside the box: all that differs is which of them comes first."""
    image = Image.new("RGB", (800, 800), (120, 120, 120))
    for x in range(200, 600):
        for y in range(200, 600):
            image.putpixel((x, y), (255, 255, 255) if (x + y) % 2 == first else (0, 0, 0))
    return image


def test_two_faces_that_differ_in_detail_alone_give_the_same_bytes() -> None:
    one, other = (save_png(draw_checks(first)).getvalue() for first in (0, 1))
    assert one != other
    assert mask_faces(one, [Box(250, 250, 500, 500)]) == mask_faces(other, [Box(250, 250, 500, 500)])


def save_png(image: Image.Image) -> io.BytesIO:
    target = io.BytesIO()
    image.save(target, "PNG")
    return target


def test_under_a_box_only_a_few_flat_squares_are_left() -> None:
    image = open_image(mask_faces(save_png(draw_scene(3, (800, 800))).getvalue(), [FACE]))
    inside = image.crop((230, 230, 370, 370)).quantize(256).getcolors(maxcolors=256) or []
    shades = {count for count, _ in inside if count > 500}
    assert 1 <= len(shades) <= SQUARES * SQUARES


def test_outside_the_boxes_the_photo_stays_as_it_was() -> None:
    content = save_png(draw_scene(4, (800, 800))).getvalue()
    plain, masked = (open_image(mask_faces(content, boxes)) for boxes in ([], [FACE]))
    assert plain.crop((0, 500, 800, 800)).tobytes() == masked.crop((0, 500, 800, 800)).tobytes()
    assert plain.crop((240, 240, 360, 360)).tobytes() != masked.crop((240, 240, 360, 360)).tobytes()


def test_nothing_that_came_with_the_photo_goes_along() -> None:
    content = save_jpeg(draw_scene(5), note=PLACE.decode(), orientation=6)
    made = mask_faces(content, [])
    image = Image.open(io.BytesIO(made))
    assert PLACE in content
    assert PLACE not in made
    assert b"Exif" not in made
    assert dict(image.getexif()) == {}
    assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


def test_a_photo_that_lies_on_its_side_is_masked_as_it_is_looked_at() -> None:
    upright = Image.new("RGB", (400, 800), "white")
    upright.paste((0, 0, 0), (0, 0, 400, 200))
    lying = upright.transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6
    target = io.BytesIO()
    lying.save(target, "JPEG", exif=exif)
    made = open_image(mask_faces(target.getvalue(), []))
    assert made.size == (400, 800)
    pixel = made.getpixel((200, 50))
    assert isinstance(pixel, tuple)
    assert pixel < (60, 60, 60)


@pytest.mark.parametrize("box", [Box(0, 0, 1000, 1000), Box(990, 990, 1000, 1000), Box(500, 500, 1, 1)])
def test_a_box_at_the_edge_or_larger_than_the_photo_is_covered_as_far_as_it_goes(box: Box) -> None:
    assert open_image(mask_faces(save_png(draw_scene(6)).getvalue(), [box])).size == (640, 480)


def test_a_box_is_widened_so_that_hair_and_chin_go_too() -> None:
    image = Image.new("RGB", (1000, 1000), "white")
    image.putpixel((365, 480), (0, 0, 0))
    masked = open_image(mask_faces(save_png(image).getvalue(), [Box(400, 400, 250, 250)]))
    assert min(masked.crop((360, 475, 371, 486)).convert("L").tobytes()) > 200


def test_what_is_no_photo_is_refused() -> None:
    with pytest.raises(UnreadablePhotoError):
        mask_faces(b"%PDF-1.7 no photo", [])

"""Photos made for tests: scenes that differ, the same scene saved otherwise, and files that are hostile."""

import io
import struct
import zlib

from PIL import Image, ImageDraw

PLACE = b"N31.2304"


def draw_scene(seed: int, size: tuple[int, int] = (640, 480)) -> Image.Image:
    """A scene of blocks and slopes that follows from the seed."""
    image = Image.new("RGB", size, (200, 205, 210))
    draw = ImageDraw.Draw(image)
    state = seed * 2654435761 + 12345
    for _ in range(24):
        state = (state * 6364136223846793005 + 1442695040888963407) % (1 << 64)
        x, y = (state >> 8) % size[0], (state >> 24) % size[1]
        shade = (state >> 40) % 256
        wide, high = size[0] // 5, size[1] // 5
        draw.rectangle((x, y, x + wide, y + high), fill=(shade, (shade * 3) % 256, 255 - shade))
    return image


def save_jpeg(image: Image.Image, *, quality: int = 85, orientation: int = 1, note: str = "") -> bytes:
    """A JPEG as a phone writes it: with its orientation and, in ``note``, whatever tells where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    if note:
        exif[0x010E] = note
        exif[0x8825] = {1: "N", 2: (31.0, 13.0, 49.0), 3: "E", 4: (121.0, 28.0, 25.0)}
    target = io.BytesIO()
    image.save(target, "JPEG", quality=quality, exif=exif, comment=note.encode())
    return target.getvalue()


def save(image: Image.Image, kind: str) -> bytes:
    target = io.BytesIO()
    image.save(target, kind)
    return target.getvalue()


def make_photo(seed: int = 1) -> bytes:
    return save_jpeg(draw_scene(seed))


def make_png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def make_png_bomb(width: int, height: int) -> bytes:
    """A small file that says it unpacks to ``width`` × ``height``."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = (make_png_chunk(b"IHDR", head), make_png_chunk(b"IDAT", zlib.compress(bytes(1 << 20))))
    return b"\x89PNG\r\n\x1a\n" + b"".join((*chunks, make_png_chunk(b"IEND", b"")))


def make_film(place: bytes = PLACE) -> bytes:
    """The boxes of an MP4 film, with the place where phones write it."""
    return b"".join(
        (
            make_box(b"ftyp", b"isom\0\0\2\0isomiso2"),
            make_box(b"moov", make_box(b"mvhd", bytes(100)) + make_box(b"udta", make_box(b"\xa9xyz", place))),
            make_box(b"mdat", bytes(range(256))),
        )
    )


def make_box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + kind + body

"""Photos as the ledger looks at them: a thumbnail to show, and a look to compare. Memory is bounded.

``look`` is a difference hash: the photo as 9 × 8 greys, and for each of the 64 neighbours whether it gets brighter.
Photos of one scene, shrunk or saved again, differ in few bits of it; photos of different scenes in about half.
"""

import io
from dataclasses import dataclass
from threading import BoundedSemaphore

from PIL import Image, ImageOps, UnidentifiedImageError

# A 50-megapixel phone is let in; decoded it takes 150 MB, and two photos at a time are decoded in one process.
PIXELS = 50_000_000
THUMBNAIL = (480, 480)
# Larger than any screen of an office; a sign on a wall is still read.
SHOWN = (2560, 2560)
FORMATS = ("JPEG", "PNG", "WEBP")
DECODING = BoundedSemaphore(2)


class BrokenPhotoError(Exception):
    """The photo cannot be decoded."""


class TooManyPixelsError(Exception):
    """The photo unpacks to more than :data:`PIXELS`. ``size`` is its width and height."""

    def __init__(self, size: tuple[int, int]) -> None:
        super().__init__(size)
        self.size = size


@dataclass(frozen=True, slots=True)
class Photo:
    """``look`` is 64 bits, from 0 on; ``thumbnail`` a small JPEG without any data about the photo."""

    look: int
    thumbnail: bytes


def read_photo(content: bytes) -> Photo:
    """Decode the photo once. Raises :class:`BrokenPhotoError` and, before anything is decoded, TooManyPixelsError."""
    with DECODING:
        try:
            small = _shrink(content)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise TooManyPixelsError((0, 0)) from error
        except (OSError, UnidentifiedImageError, ValueError, SyntaxError, EOFError) as error:
            raise BrokenPhotoError from error
    target = io.BytesIO()
    small.save(target, "JPEG", quality=78, optimize=True)
    return Photo(compute_look(small), target.getvalue())


def draw_anew(content: bytes) -> bytes:
    """The photo as a new JPEG, upright, at most :data:`SHOWN` large: its pixels and nothing else of the file.

    What hides between the parts of a photo, in its colour profile or behind its end, is not in it, and no browser
    decodes bytes that somebody sent. Raises as :func:`read_photo` does.
    """
    with DECODING:
        try:
            shown = _shrink(content, SHOWN)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise TooManyPixelsError((0, 0)) from error
        except (OSError, UnidentifiedImageError, ValueError, SyntaxError, EOFError) as error:
            raise BrokenPhotoError from error
        target = io.BytesIO()
        shown.save(target, "JPEG", quality=85)
    return target.getvalue()


def _shrink(content: bytes, size: tuple[int, int] = THUMBNAIL) -> Image.Image:
    """The photo upright and small; of a JPEG only the eighth that is needed is ever unpacked."""
    with Image.open(io.BytesIO(content), formats=FORMATS) as image:
        if image.width * image.height > PIXELS:
            raise TooManyPixelsError(image.size)
        image.draft("RGB", size)
        image.thumbnail(size)
        return _flatten(ImageOps.exif_transpose(image))


def _flatten(image: Image.Image) -> Image.Image:
    """On white where it is transparent."""
    if image.mode == "RGB":
        return image.copy()
    layer = image.convert("RGBA")
    ground = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(ground, layer).convert("RGB")


def compute_look(image: Image.Image) -> int:
    """The difference hash, row by row from the top left, the first bit the highest."""
    grey = image.convert("L").resize((9, 8), Image.Resampling.BOX)
    values = grey.tobytes()
    look = 0
    for row in range(8):
        for column in range(8):
            look = look << 1 | (values[row * 9 + column] < values[row * 9 + column + 1])
    return look

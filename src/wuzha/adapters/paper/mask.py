"""Faces in a photo made unknowable: what lies under a box is thrown away, and the photo is written anew.

No detector looks for faces here. A person draws the boxes, or says that nobody can be known.
"""

import io
from collections.abc import Iterable
from dataclasses import dataclass

from PIL import Image

from wuzha.adapters.images import DECODING
from wuzha.adapters.paper.picture import BROKEN, open_upright

# As fine as a picture is printed at most.
DOTS = 1600
# So many squares lie across a box: too few to tell one face from another.
SQUARES = 4
# A box is made this much larger on each side, since hair and chin tell much.
MARGIN = 0.15


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the upright photo, in thousandths of its width and height."""

    left: int
    top: int
    width: int
    height: int


class UnreadablePhotoError(Exception):
    """The photo cannot be decoded."""


def mask_faces(content: bytes, boxes: Iterable[Box]) -> bytes:
    """The photo as a new JPEG of its own pixels alone, each box in a few flat squares.

    Nothing that came with the photo goes along: no data about it, no preview, no profile. Raises UnreadablePhotoError.
    """
    try:
        with DECODING:
            image = open_upright(content, DOTS)
    except BROKEN as error:
        raise UnreadablePhotoError from error
    # A copy of the pixels: what Pillow remembers of the file stays behind.
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    for box in boxes:
        _flatten(bare, box)
    target = io.BytesIO()
    bare.save(target, "JPEG", quality=85, optimize=True)
    return target.getvalue()


def _flatten(image: Image.Image, box: Box) -> None:
    left, right = _widen(box.left, box.width, image.width)
    top, bottom = _widen(box.top, box.height, image.height)
    part = image.crop((left, top, right, bottom))
    few = part.resize((SQUARES, SQUARES), Image.Resampling.BOX)
    image.paste(few.resize(part.size, Image.Resampling.NEAREST), (left, top))


def _widen(start: int, length: int, dots: int) -> tuple[int, int]:
    """The first and the last dot of a side of a box, with its margin, inside the picture."""
    first = (start - length * MARGIN) * dots / 1000
    last = (start + length * (1 + MARGIN)) * dots / 1000
    low = max(0, min(dots - 1, int(first)))
    return low, max(low + 1, min(dots, round(last)))

"""Photos for paper: upright, in a form that Word and typst both know, no finer than print, without their data."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from wuzha.adapters.images import DECODING, FORMATS, PIXELS
from wuzha.adapters.paper.layout import find_measure
from wuzha.core.base.problem import Problem, Source, has_errors, make_problem
from wuzha.core.paper.check import check_paper, list_pictures
from wuzha.core.paper.model import Paper, Picture

# So fine are they printed: 156 mm are 1600 dots.
DOTS_PER_MM = 260 / 25.4
BROKEN = (
    OSError,
    UnidentifiedImageError,
    ValueError,
    SyntaxError,
    EOFError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


Room = tuple[float, float]
"""Width and height in millimetres."""


@dataclass(frozen=True, slots=True)
class Print:
    """A JPEG and the size at which it is printed."""

    content: bytes
    width_mm: float
    height_mm: float


class UnfinishedPaperError(Exception):
    """The paper cannot be laid out; ``problems`` say why."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__(problems)
        self.problems = problems


def prepare_prints(
    paper: Paper, pictures: Mapping[str, bytes], area_mm: float
) -> tuple[Mapping[str, Print], tuple[Problem, ...]]:
    """The pictures of the paper by their hashes, and everything that keeps the paper from being laid out."""
    prints = {
        picture.evidence: _make_print(pictures.get(picture.evidence), find_room(picture, area_mm))
        for picture in list_pictures(paper)
    }
    found = {name: made for name, made in prints.items() if made}
    return found, (*check_paper(paper), *_list_lacking(prints, pictures))


def refuse_unfinished(problems: tuple[Problem, ...]) -> None:
    """Raises UnfinishedPaperError where one of the problems is an error."""
    if has_errors(problems):
        raise UnfinishedPaperError(problems)


def _list_lacking(prints: Mapping[str, Print | None], pictures: Mapping[str, bytes]) -> Iterator[Problem]:
    for name, made in prints.items():
        if name not in pictures:
            yield make_problem("paper.picture-missing", Source(key=name[:12]))
        elif made is None:
            yield make_problem("paper.picture-broken", Source(key=name[:12]))


def find_room(picture: Picture, area_mm: float) -> Room:
    """The most that a picture takes: the width of the type area, or half of it and less high."""
    if picture.width == "half":
        return (area_mm - find_measure("picture_gap_mm")) / 2, find_measure("half_picture_height_mm")
    return area_mm, find_measure("picture_height_mm")


def _make_print(content: bytes | None, room: Room) -> Print | None:
    """The photo as it is printed, or None where there is none or it cannot be decoded."""
    if content is None:
        return None
    try:
        with DECODING:
            image = open_upright(content, round(room[0] * DOTS_PER_MM))
    except BROKEN:
        return None
    target = io.BytesIO()
    image.save(target, "JPEG", quality=85, optimize=True)
    scale = min(room[0] / image.width, room[1] / image.height)
    return Print(target.getvalue(), image.width * scale, image.height * scale)


def open_upright(content: bytes, dots: int) -> Image.Image:
    """The photo as it is looked at, no wider and no higher than so many dots, without anything that came with it.

    Raises one of :data:`BROKEN` for what is no photo, or one too large.
    """
    with Image.open(io.BytesIO(content), formats=FORMATS) as image:
        if image.width * image.height > PIXELS:
            raise ValueError(image.size)
        image.draft("RGB", (dots, dots))
        image.thumbnail((dots, dots))
        upright = ImageOps.exif_transpose(image)
    # On white where it is transparent.
    layer = upright.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")

"""Photos as a phone sends them, each another picture: no two have the same content."""

import io
import random
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

from PIL import Image

WIDTH, HEIGHT = 1280, 960
# So many that hardly two photos of one village look alike, which the site would point out.
SCENES = 64
COMMENT = b"\xff\xfe"


@dataclass(frozen=True, slots=True)
class Photo:
    """One file, and the hash of what is sent."""

    content: bytes
    sha256: str


@cache
def make_scene(number: int) -> bytes:
    """A picture of blurred spots as a JPEG of about 150 KB, one of a few that all others are made from."""
    dice = random.Random(number)
    small = Image.frombytes("RGB", (320, 240), dice.randbytes(320 * 240 * 3))
    out = io.BytesIO()
    small.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC).save(out, "JPEG", quality=25)
    return out.getvalue()


def make_photo(dice: random.Random) -> Photo:
    """One of the scenes with a remark of its own behind the first sign of the file, so that its content is its own."""
    scene, own = make_scene(dice.randrange(SCENES)), dice.randbytes(16).hex().encode()
    content = scene[:2] + COMMENT + (len(own) + 2).to_bytes(2, "big") + own + scene[2:]
    return Photo(content, sha256(content).hexdigest())

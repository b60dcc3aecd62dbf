"""Where a phone was when somebody pressed its button: a place on the earth with how exact the phone held it to be.

In a record it is one pair of ``extra``, ``position``, as a line that people can read and copy into a map:
``34.765432,113.123456 ±12m`` – degrees north and east of WGS84, then metres, left out where the phone told none. It
stands there, and in no field of its own, because it only describes: no duty counts it and nothing is looked up by it;
so every door, the conflict of two versions, the export and the file of a phone's queue carry it as they carry any other
detail. A kind has it if it asks for a place. Where a numbered site stands is taken from it once, when the record comes.
"""

import re
from dataclasses import dataclass

from wuzha.core.ground.point import Point

POSITION = "position"
LONGEST = 40
WRITTEN = re.compile(r"(-?\d{1,2}(?:\.\d{1,9})?),(-?\d{1,3}(?:\.\d{1,9})?)(?: ±(\d{1,7})m)?", re.ASCII)
# Less exact than this and one cannot tell at which of two sites on a road the phone was.
COARSE_M = 100


@dataclass(frozen=True, slots=True)
class Position:
    """A place, and within how many metres of it the phone was; none where it did not say."""

    point: Point
    accuracy_m: int | None = None

    @property
    def is_coarse(self) -> bool:
        return self.accuracy_m is not None and self.accuracy_m > COARSE_M


def read_position(text: str) -> Position | None:
    """The position in a line; none for any other text and for degrees that are no place."""
    found = WRITTEN.fullmatch(text)
    if found is None:
        return None
    point = Point(float(found[2]), float(found[1]))
    return Position(point, int(found[3]) if found[3] else None) if point.is_on_earth else None


def write_position(position: Position) -> str:
    """The line; degrees to a tenth of a metre."""
    accuracy = "" if position.accuracy_m is None else f" ±{position.accuracy_m}m"
    return f"{position.point.lat:.6f},{position.point.lon:.6f}{accuracy}"

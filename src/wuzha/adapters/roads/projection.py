"""Which degrees or metres a Shapefile is in, from the words of its .prj file (WKT as ESRI writes it)."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from wuzha.core.ground.gauss import Zone, to_degrees
from wuzha.core.ground.point import Point

# CGCS2000 and WGS84 by the names that programs give them. Beijing 1954 and Xi'an 1980 lie up to 200 m elsewhere, and
# how much differs from county to county, so they are refused rather than taken for these.
MODERN = re.compile(r"CGCS_?2000|China_?(Geodetic_Coordinate_System_)?2000|China_2000|WGS_?(19)?84", re.IGNORECASE)
OLD = re.compile(r"Beijing|Xian|Xi'an|Krass?ovsky|IAG_?75|Pulkovo", re.IGNORECASE)
PARAMETER = re.compile(r'PARAMETER\["([^"]+)",\s*([-+0-9.eE]+)\]')
METRE = re.compile(r'UNIT\["(?:Meter|Metre|m|米)",\s*1(?:\.0*)?[\],]', re.IGNORECASE)
GAUSS = re.compile(r'PROJECTION\["(Gauss_Kruger|Transverse_Mercator)"', re.IGNORECASE)
LONGEST = 8_000
WIDEST_M, HIGHEST_M = 600_000, 6_300_000

Turn = Callable[[Point], Point]


@dataclass(frozen=True, slots=True)
class Projection:
    """``zone`` is none where the numbers are degrees already."""

    zone: Zone | None = None

    def fits(self, x: float, y: float) -> bool:
        """Whether these metres can be of this zone: not more than some 6 degrees beside its meridian, and between the
        equator and the north of the country. With the number of another zone before them they are far off."""
        if self.zone is None:
            return True
        east_m, north_m = x - self.zone.false_east_m, y - self.zone.false_north_m
        return abs(east_m) <= WIDEST_M and 0 <= north_m <= HIGHEST_M

    def turn(self, x: float, y: float) -> Point:
        return Point(x, y) if self.zone is None else to_degrees(self.zone, x, y)


def read_projection(text: str) -> Projection | None:
    """What the text says; none when it is a system that cannot be turned into degrees rightly."""
    text = text.strip()[:LONGEST]
    if not MODERN.search(text) or OLD.search(text):
        return None
    if text.upper().startswith(("GEOGCS", "GEOGCRS")):
        return Projection()
    return _read_zone(text) if text.upper().startswith("PROJCS") and GAUSS.search(text) else None


def _read_zone(text: str) -> Projection | None:
    """A Gauss–Krüger zone: scale 1 on its middle meridian, counted from the equator, in metres."""
    try:
        told = {name.lower(): float(value) for name, value in PARAMETER.findall(text)}
    except ValueError:
        return None
    meridian, east_m = told.get("central_meridian"), told.get("false_easting")
    is_plain = told.get("scale_factor", 1.0) == 1.0 and told.get("latitude_of_origin", 0.0) == 0.0
    if meridian is None or east_m is None or not is_plain or not METRE.search(text):
        return None
    return Projection(Zone(meridian, east_m, told.get("false_northing", 0.0)))

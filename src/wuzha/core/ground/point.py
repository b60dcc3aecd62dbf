"""Places on the earth in degrees, and how far they are from each other in metres.

Degrees are those of WGS84; CGCS2000 differs from it by centimetres, so one is taken for the other. Within a county a
small piece of the ellipsoid is flat: at the middle latitude of a stretch one degree of latitude is as long as the
radius of the meridian says, and one degree of longitude as long as that of the parallel. Over 10 km this is off by less
than a millionth, over 100 km by less than a ten-thousandth; the tests hold it against the geodesic.
"""

from dataclasses import dataclass
from math import cos, hypot, isfinite, pi, radians, sin, sqrt

SEMI_MAJOR_M = 6378137.0
FLATTENING = 1 / 298.257223563
ECCENTRICITY2 = FLATTENING * (2 - FLATTENING)
DEGREE = pi / 180


@dataclass(frozen=True, slots=True)
class Point:
    """A place: degrees east and degrees north."""

    lon: float
    lat: float

    @property
    def is_on_earth(self) -> bool:
        """Whether the degrees can be a place at all. Near the poles, where nobody lives, there is none here."""
        return isfinite(self.lon) and isfinite(self.lat) and abs(self.lon) <= 180 and abs(self.lat) <= 85


def scale_degrees(lat: float) -> tuple[float, float]:
    """How many metres a degree of longitude and a degree of latitude are long at that latitude."""
    phi = radians(lat)
    w = 1 - ECCENTRICITY2 * sin(phi) ** 2
    east_m = SEMI_MAJOR_M * cos(phi) / sqrt(w) * DEGREE
    north_m = SEMI_MAJOR_M * (1 - ECCENTRICITY2) / (w * sqrt(w)) * DEGREE
    return east_m, north_m


def measure(a: Point, b: Point) -> float:
    """Metres between two places."""
    east_m, north_m = scale_degrees((a.lat + b.lat) / 2)
    return hypot((b.lon - a.lon) * east_m, (b.lat - a.lat) * north_m)

"""Many places against one area at once: those that may lie outside. The core says which of them do, and how far."""

from collections.abc import Sequence

import numpy as np
import shapely

from wuzha.core.ground.point import Point

# About a metre: what lies so near to the ring is left to the core.
EDGE = 1e-5


def list_strays(rings: Sequence[Sequence[Point]], places: Sequence[Point]) -> list[int]:
    """The numbers of the places that no ring holds for certain; at the very edge a place may be among them."""
    left = np.ones(len(places), dtype=bool)
    lons = np.fromiter((place.lon for place in places), np.float64, len(places))
    lats = np.fromiter((place.lat for place in places), np.float64, len(places))
    for ring in rings:
        area = shapely.buffer(shapely.make_valid(shapely.Polygon([(one.lon, one.lat) for one in ring])), -EDGE)
        shapely.prepare(area)
        left &= ~shapely.contains_xy(area, lons, lats)
    return [int(number) for number in np.flatnonzero(left)]

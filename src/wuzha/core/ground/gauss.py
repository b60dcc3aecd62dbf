"""Gauss–Krüger metres (高斯—克吕格投影) to degrees and back.

Krüger's series in the third flattening n, to the fourth order: right to a millimetre within a zone and some way beyond
(L. Krüger, Konforme Abbildung des Erdellipsoids in der Ebene, 1912; C. F. F. Karney, Transverse Mercator with an
accuracy of a few nanometers, 2011, equations 7 to 36).
"""

from dataclasses import dataclass
from math import asinh, atan2, atanh, cos, cosh, degrees, hypot, radians, sin, sinh, sqrt, tan

from wuzha.core.ground.point import Point

# CGCS2000, by GB 22021-2008.
AXIS_M = 6378137.0
FLATTENING = 1 / 298.257222101
E = sqrt(FLATTENING * (2 - FLATTENING))
N = FLATTENING / (2 - FLATTENING)
RECTIFYING_M = AXIS_M / (1 + N) * (1 + N**2 / 4 + N**4 / 64)
ALPHA = (
    N / 2 - 2 * N**2 / 3 + 5 * N**3 / 16 + 41 * N**4 / 180,
    13 * N**2 / 48 - 3 * N**3 / 5 + 557 * N**4 / 1440,
    61 * N**3 / 240 - 103 * N**4 / 140,
    49561 * N**4 / 161280,
)
BETA = (
    N / 2 - 2 * N**2 / 3 + 37 * N**3 / 96 - N**4 / 360,
    N**2 / 48 + N**3 / 15 - 437 * N**4 / 1440,
    17 * N**3 / 480 - 37 * N**4 / 840,
    4397 * N**4 / 161280,
)
TURNS = 6


@dataclass(frozen=True, slots=True)
class Zone:
    """One zone: its middle meridian in degrees, and what is added to the metres east (500 km, with or without the
    number of the zone before it)."""

    meridian: float
    false_east_m: float = 500_000.0
    false_north_m: float = 0.0


def to_degrees(zone: Zone, east_m: float, north_m: float) -> Point:
    """The place of a pair of metres."""
    xi, eta = (north_m - zone.false_north_m) / RECTIFYING_M, (east_m - zone.false_east_m) / RECTIFYING_M
    xi1 = xi - sum(b * sin(2 * j * xi) * cosh(2 * j * eta) for j, b in enumerate(BETA, 1))
    eta1 = eta - sum(b * cos(2 * j * xi) * sinh(2 * j * eta) for j, b in enumerate(BETA, 1))
    lon = atan2(sinh(eta1), cos(xi1))
    lat = _undo_conformal(sin(xi1) / hypot(sinh(eta1), cos(xi1)))
    return Point(zone.meridian + degrees(lon), lat)


def to_metres(zone: Zone, place: Point) -> tuple[float, float]:
    """The metres east and north of a place."""
    lon, tau = radians(place.lon - zone.meridian), _make_conformal(tan(radians(place.lat)))
    xi1, eta1 = atan2(tau, cos(lon)), asinh(sin(lon) / hypot(tau, cos(lon)))
    xi = xi1 + sum(a * sin(2 * j * xi1) * cosh(2 * j * eta1) for j, a in enumerate(ALPHA, 1))
    eta = eta1 + sum(a * cos(2 * j * xi1) * sinh(2 * j * eta1) for j, a in enumerate(ALPHA, 1))
    return zone.false_east_m + RECTIFYING_M * eta, zone.false_north_m + RECTIFYING_M * xi


def _make_conformal(tau: float) -> float:
    """The tangent of the conformal latitude, from that of the latitude (Karney 7 to 9)."""
    sigma = sinh(E * atanh(E * tau / hypot(1.0, tau)))
    return tau * hypot(1.0, sigma) - sigma * hypot(1.0, tau)


def _undo_conformal(wanted: float) -> float:
    """The latitude in degrees, from the tangent of the conformal latitude: Newton's method (Karney 19 to 21)."""
    tau = wanted
    for _ in range(TURNS):
        found = _make_conformal(tau)
        step = (wanted - found) / hypot(1.0, found) * (1 + (1 - E * E) * tau * tau) / ((1 - E * E) * hypot(1.0, tau))
        tau += step
    return degrees(atan2(tau, 1.0))

"""GeoJSON (RFC 7946), hostile until parsed: sizes bounded, numbers finite, depth no deeper than the standard's own."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from wuzha.adapters.bounded_json import TooManyPartsError, load_bounded
from wuzha.adapters.roads.model import MAX_POINTS, MAX_SHAPES, Sheet
from wuzha.adapters.roads.take import Thing, make_properties, take_thing

# Each geometry: its form, and how deep its places lie in lists.
FORMS: Mapping[str, tuple[str, int]] = MappingProxyType(
    {
        "Point": ("site", 0),
        "LineString": ("line", 1),
        "MultiLineString": ("line", 2),
        "Polygon": ("area", 2),
        "MultiPolygon": ("area", 3),
    }
)
# Written at the end of the old "crs" member. 4490 is CGCS2000; CRS84 is WGS84 in the order of GeoJSON.
DEGREES = ("4326", "4490", "CRS84")
Place = tuple[float, float]
# Each point is a list; each shape has a handful of lists and objects around its points.
MOST_PARTS = MAX_POINTS + 10 * MAX_SHAPES


def read_geojson(sheet: Sheet, content: bytes) -> None:
    """Whatever the file holds, into the sheet."""
    try:
        whole = load_bounded(content.decode("utf-8-sig"), MOST_PARTS, _refuse)
    except TooManyPartsError:
        sheet.tell("roads.too-many-points", limit=MAX_POINTS)
        return
    except ValueError:
        sheet.tell("roads.not-geojson")
        return
    if not isinstance(whole, dict) or not _is_in_degrees(whole):
        sheet.tell("roads.crs-unknown" if isinstance(whole, dict) else "roads.not-geojson")
        return
    features = whole.get("features") if whole.get("type") == "FeatureCollection" else [whole]
    if not isinstance(features, list) or len(features) > MAX_SHAPES:
        sheet.tell("roads.too-many" if isinstance(features, list) else "roads.not-geojson", limit=MAX_SHAPES)
        return
    for number, feature in enumerate(features, 1):
        _take_feature(sheet, number, feature)
        if sheet.points > MAX_POINTS:
            sheet.tell("roads.too-many-points", limit=MAX_POINTS)
            return


def _refuse(name: str) -> float:
    raise ValueError(name)


def _is_in_degrees(whole: Mapping[str, Any]) -> bool:
    crs = whole.get("crs")
    if crs is None:
        return True
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return isinstance(name, str) and name.rsplit(":", 1)[-1] in DEGREES


def _take_feature(sheet: Sheet, number: int, feature: object) -> None:
    if not isinstance(feature, dict):
        sheet.tell("roads.geometry-unknown", number=number)
        return
    geometry = feature.get("geometry") if feature.get("type") == "Feature" else feature
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(geometry, dict) or not isinstance(kind, str) or kind not in FORMS:
        sheet.tell("roads.geometry-unknown", number=number)
        return
    form, depth = FORMS[kind]
    parts = _read_parts(geometry.get("coordinates"), depth)
    if not parts:
        sheet.tell("roads.coordinates-broken", number=number)
        return
    take_thing(sheet, Thing(number, form, parts, make_properties(feature.get("properties"))))


def _read_parts(raw: object, depth: int) -> list[list[Place]]:
    """The lines, or the outer ring of each area, or the one place; nothing at all where any of it is broken."""
    try:
        match depth:
            case 0:
                return [[_read_place(raw)]]
            case 1:
                return [_read_line(raw)]
            case 2:
                return [_read_line(part) for part in _read_list(raw)]
            case _:
                return [_read_line(_read_list(area)[0]) for area in _read_list(raw)]
    except (ValueError, IndexError, OverflowError):
        return []


def _read_list(raw: object) -> list[object]:
    if not isinstance(raw, list):
        raise ValueError("not a list")
    return raw


def _read_line(raw: object) -> list[Place]:
    return [_read_place(item) for item in _read_list(raw)]


def _read_place(raw: object) -> Place:
    """Degrees east, degrees north; a height after them is left out."""
    match raw:
        case [int() | float() as lon, int() | float() as lat, *_] if not isinstance(lon, bool | str):
            return float(lon), float(lat)
        case _:
            raise ValueError("not a place")

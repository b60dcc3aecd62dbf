"""Roads, outlines and places as GeoJSON (RFC 7946), in the words that the reader takes."""

import json
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from wuzha.adapters.roads.model import SIDE_ROAD, Shape

KINDS: Mapping[str, str] = MappingProxyType({"unit": "辖区", "hoarding": "围挡"})


def render_geojson(shapes: Iterable[Shape]) -> bytes:
    """One feature a line, so that two files can be compared by eye."""
    features = (json.dumps(_make_feature(shape), ensure_ascii=False) for shape in shapes)
    return ('{"type": "FeatureCollection", "features": [\n' + ",\n".join(features) + "\n]}\n").encode()


def _make_feature(shape: Shape) -> dict[str, object]:
    told = {
        "name": "" if shape.sort == "site" else shape.name,
        "unit": shape.unit,
        "subject": shape.subject,
        "kind": _name_kind(shape),
        "area_m2": None if shape.area_m2 is None else float(shape.area_m2),
    }
    return {
        "type": "Feature",
        "properties": {name: value for name, value in told.items() if value},
        "geometry": _make_geometry(shape),
    }


def _name_kind(shape: Shape) -> str:
    if shape.sort == "road":
        return "村道" if shape.road == SIDE_ROAD else "主要道路"
    return KINDS.get(shape.sort, "")


def _make_geometry(shape: Shape) -> dict[str, Any]:
    points = [[point.lon, point.lat] for point in shape.points]
    match shape.sort:
        case "road":
            return {"type": "LineString", "coordinates": points}
        case "site":
            return {"type": "Point", "coordinates": points[0]}
        case _:
            return {"type": "Polygon", "coordinates": [points]}

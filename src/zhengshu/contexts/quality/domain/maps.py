"""Maps of districts: GeoJSON (RFC 7946) becomes shapes of a drawing, each with a place for its label."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import msgspec

WIDTH = 640.0
"""How wide a drawing is, in its own units."""
MARGIN = 4.0

Point = tuple[float, float]
Ring = tuple[Point, ...]


class MapUnreadable(ValueError):
    """A file is no collection of named polygons; the message says where."""


class _Named(msgspec.Struct, frozen=True):
    code: str
    name: str
    name_en: str = ""


class _Geometry(msgspec.Struct, frozen=True):
    type: str
    coordinates: list[object]


class _Feature(msgspec.Struct, frozen=True):
    properties: _Named
    geometry: _Geometry


class _Collection(msgspec.Struct, frozen=True):
    features: list[_Feature]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A district as it is drawn.

    Attributes:
        path: its outline in the language of SVG paths.
        x, y: where its label stands.
    """

    code: str
    name: str
    name_en: str
    path: str
    x: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DistrictMap:
    """The districts of a city as a drawing, with its size."""

    width: float
    height: float
    shapes: tuple[Shape, ...]


def read_map(text: bytes) -> DistrictMap:
    """Return the drawing of a GeoJSON file, north at the top.

    Raises:
        MapUnreadable: it is no collection of polygons with codes and names.
    """
    try:
        features = msgspec.json.decode(text, type=_Collection).features
        outlines = [(one.properties, tuple(_rings(one.geometry))) for one in features]
    except (msgspec.DecodeError, LookupError, TypeError, ValueError) as fault:
        raise MapUnreadable(str(fault)) from fault
    points = [point for _, rings in outlines for ring in rings for point in ring]
    if not points:
        raise MapUnreadable("no district has an outline")
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = min(y for _, y in points), max(y for _, y in points)
    # a degree of longitude is shorter the farther it is from the equator
    narrowed = math.cos(math.radians((south + north) / 2))
    scale = (WIDTH - 2 * MARGIN) / ((east - west) * narrowed)

    def placed(point: Point) -> Point:
        x, y = point
        return MARGIN + (x - west) * narrowed * scale, MARGIN + (north - y) * scale

    shapes = [_shape(named, [tuple(map(placed, ring)) for ring in rings]) for named, rings in outlines]
    return DistrictMap(width=WIDTH, height=2 * MARGIN + (north - south) * scale, shapes=tuple(shapes))


def _rings(geometry: _Geometry) -> Iterator[Ring]:
    polygons = {"Polygon": [geometry.coordinates], "MultiPolygon": geometry.coordinates}[geometry.type]
    for rings in msgspec.convert(polygons, list[list[list[tuple[float, float]]]]):
        yield from (tuple(ring) for ring in rings)


def _shape(named: _Named, rings: Sequence[Ring]) -> Shape:
    path = " ".join(f"M{' L'.join(f'{x:.1f} {y:.1f}' for x, y in ring[:-1])} Z" for ring in rings)
    x, y = _middle(max(rings, key=lambda ring: abs(_area(ring))))
    return Shape(
        code=named.code,
        name=named.name,
        name_en=named.name_en or named.name,
        path=path,
        x=round(x, 1),
        y=round(y, 1),
    )


def _area(ring: Ring) -> float:
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)) / 2


def _middle(ring: Ring) -> Point:
    """Return the centre of gravity of an outline."""
    area = _area(ring)
    if not area:
        return ring[0]
    crossed = [(x1 + x2, y1 + y2, x1 * y2 - x2 * y1) for (x1, y1), (x2, y2) in pairwise(ring)]
    return sum(x * c for x, _, c in crossed) / (6 * area), sum(y * c for _, y, c in crossed) / (6 * area)

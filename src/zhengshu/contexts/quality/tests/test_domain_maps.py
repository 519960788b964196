"""Maps of districts: read from GeoJSON, drawn in proportion, refused with a reason."""

import json
from pathlib import Path

import pytest

from zhengshu.contexts.quality.domain.maps import WIDTH, MapUnreadable, read_map

PACKS = Path(__file__).parents[5] / "packs"
SQUARE = [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]]


def collection(kind: str, coordinates: object) -> bytes:
    feature = {
        "type": "Feature",
        "properties": {"code": "470502", "name": "文澜区"},
        "geometry": {"type": kind, "coordinates": coordinates},
    }
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


class TestReadMap:
    def test_puts_the_label_into_the_middle_and_north_at_the_top(self) -> None:
        drawing = read_map(collection("Polygon", SQUARE))

        (shape,) = drawing.shapes
        assert shape.x == pytest.approx(WIDTH / 2)
        assert shape.y == pytest.approx(drawing.height / 2, abs=0.1)
        assert drawing.width == pytest.approx(drawing.height, rel=0.01)
        assert shape.path.startswith("M4.0 ")

    def test_draws_every_part_of_a_district(self) -> None:
        islands = [SQUARE, [[[3, 0], [4, 0], [4, 1], [3, 0]]]]

        (shape,) = read_map(collection("MultiPolygon", islands)).shapes

        assert shape.path.count("M") == shape.path.count("Z") == 2

    @pytest.mark.parametrize(
        "text",
        [b"", b"{}", b'{"features": []}', collection("Point", [1, 2]), collection("Polygon", "x")],
    )
    def test_refuses_what_is_no_collection_of_polygons(self, text: bytes) -> None:
        with pytest.raises(MapUnreadable):
            read_map(text)

    def test_knows_every_district_of_the_demonstration_city_in_both_languages(self) -> None:
        drawing = read_map((PACKS / "maps" / "470500.geojson").read_bytes())

        city = (PACKS / "demo-city" / "city.yaml").read_text("utf-8")
        assert len(drawing.shapes) == 6
        for shape in drawing.shapes:
            assert f'code: "{shape.code}", name: {shape.name}' in city
            assert shape.name_en.isascii()

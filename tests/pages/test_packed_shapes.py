"""Shapes of layers take little room on a page, and are what they were."""

import numpy as np
import pytest
import shapely
from shapely.geometry import shape as shape_of

from maemoh_gis.pages.features import packed_shapes

RING = shapely.Polygon(
    [(99.7, 18.2), (99.8, 18.2), (99.8, 18.3)],
    [[(99.75, 18.21), (99.76, 18.21), (99.76, 18.22)]],
)
ROAD = shapely.LineString([(99.70001, 18.20001), (99.7, 18.2), (-179.99999, -89.99999), (180, 90)])
SHAPES = [
    shapely.Point(99.7, 18.2), shapely.Point(0, 0), shapely.MultiPoint([(1, 2), (-3, -4)]),
    ROAD, shapely.MultiLineString([ROAD, ROAD.reverse()]), RING,
    shapely.MultiPolygon([RING, shapely.box(1, 2, 3, 4)]),
    shapely.GeometryCollection([RING, shapely.Point(5, 6), ROAD]),
]  # fmt: skip


def line_of(text: str) -> list[list[float]]:
    """Read a line as the description of the format says, step by step."""
    numbers, folded, shift = [], 0, 0
    for letter in text.encode("ascii"):
        bits = letter - 63
        folded |= (bits & 31) << shift
        shift += 5
        if bits < 32:
            numbers.append(~(folded >> 1) if folded & 1 else folded >> 1)
            folded = shift = 0
    return (np.cumsum(np.reshape(numbers, (-1, 2)), axis=0) / 1e5).tolist()


def unpacked(packed):
    if "geometries" in packed:
        return {**packed, "geometries": [unpacked(one) for one in packed["geometries"]]}

    def lines(part):
        return line_of(part) if isinstance(part, str) else [lines(one) for one in part]

    found = lines(packed["packed"])
    if packed["type"] == "Point":
        found = found[0]
    if packed["type"] == "MultiPoint":
        found = [one for line in found for one in line]
    return {"type": packed["type"], "coordinates": found}


def test_a_line_is_written_as_the_format_is_described():
    described = shapely.LineString([(38.5, -120.2), (40.7, -120.95), (43.252, -126.453)])
    assert packed_shapes([described])[0]["packed"] == "_p~iF~ps|U_ulLnnqC_mqNvxq`@"


def test_shapes_read_back_are_what_they_were():
    for packed, shape in zip(packed_shapes(SHAPES), SHAPES, strict=True):
        assert shapely.equals_exact(shape_of(unpacked(packed)), shape, tolerance=1e-9), shape


def test_no_points_are_lost_to_rounding_or_height():
    rng = np.random.default_rng(7)
    points = rng.uniform((-180, -90, 0), (180, 90, 3_000), (500, 3))
    (packed,) = packed_shapes([shapely.LineString(points)])
    assert np.abs(np.array(line_of(packed["packed"])) - points[:, :2]).max() <= 0.500001e-5


@pytest.mark.parametrize("none", [[], [shapely.LineString()], [shapely.MultiPolygon()]])
def test_nothing_to_draw_packs_to_nothing(none):
    assert not any(one["packed"] for one in packed_shapes(none))


def test_shapes_hold_no_letter_that_ends_a_script():
    assert not set("<>&\"'") & set(str(packed_shapes(SHAPES)[3]["packed"]))

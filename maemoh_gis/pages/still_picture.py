"""
The picture a page shows before any script runs: the score and the layers as one SVG.

Mail programs and viewers on phones show a page without running its scripts; what they show must
already answer the question. Drawn in EPSG:3857 like the map that takes its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.geometry import Point, Polygon

from maemoh_gis.core.crs import transformer_between
from maemoh_gis.core.grid import Bounds
from maemoh_gis.core.messages import Text
from maemoh_gis.pages.content import ContextLayer, Drawn, Style, Use
from maemoh_gis.pages.degrees import rows_of
from maemoh_gis.pages.features import name_place, site_columns
from maemoh_gis.pages.wording import Wording

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from maemoh_gis.core.types import FloatArray

WIDTH = 640
"""Width of the picture in its own units; it is stretched to fit the page."""

SITE_STYLE = Style(colour="#b3005e", fill="#b3005e", fill_opacity=0.08, width_px=2.5)
"""How sites are drawn, here and on the map: a colour that no score has."""


# From above the point of a station to below it.
_OTHER_SIDE = 30.0


@dataclass(frozen=True)
class Mark:
    """One drawn feature: a path for lines and areas, or the places of points."""

    path: str
    points: tuple[tuple[float, float], ...]
    style: Style


@dataclass(frozen=True)
class Name:
    """A name that stands on the picture."""

    x: float
    y: float
    text: Text


@dataclass(frozen=True)
class Frame:
    """What a picture shows, and how degrees become units of the picture."""

    view: Bounds
    """West, south, east, north in degrees."""
    west: float
    north: float
    metres_per_unit: float
    height: int

    @classmethod
    def around(cls, view: Bounds) -> Frame:
        """Fit a picture to what the page shows first, in degrees."""
        (west, east), (south, north) = _mercator(np.array(view[0::2]), np.array(view[1::2]))
        metres_per_unit = (east - west) / WIDTH
        height = round((north - south) / metres_per_unit)
        return cls(view, float(west), float(north), float(metres_per_unit), height)

    def units(self, x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Bring EPSG:3857 metres to units of the picture, y downward."""
        return (x - self.west) / self.metres_per_unit, (self.north - y) / self.metres_per_unit


def place_on(frame: Frame, lon: float, lat: float) -> tuple[float, float]:
    """Bring a place in degrees to units of the picture."""
    x, y = frame.units(*_mercator(np.array([lon]), np.array([lat])))
    return float(x[0]), float(y[0])


def image_box(bounds_3857: Bounds, frame: Frame) -> tuple[float, float, float, float]:
    """Say where a picture of these bounds lies: x, y, width, height in units of the still one."""
    west, south, east, north = bounds_3857
    (left, right), (bottom, top) = frame.units(np.array([west, east]), np.array([south, north]))
    return tuple(round(float(v), 2) for v in (left, top, right - left, bottom - top))  # type: ignore[return-value]


def still_parts(
    view: Bounds, bounds_3857: Bounds, layers: Sequence[ContextLayer], wording: Wording
) -> dict[str, Any]:
    """Give what a template draws of a view: its size, the place of the picture, marks and names."""
    frame = Frame.around(view)
    shown = [layer for layer in layers if layer.shown]
    return {
        "width": WIDTH,
        "height": frame.height,
        "image": image_box(bounds_3857, frame),
        "marks": [mark for layer in shown for mark in layer_marks(layer, frame)],
        "names": layer_names(shown, frame, wording),
    }


def layer_marks(layer: Drawn, frame: Frame) -> list[Mark]:
    """Draw the features of a layer that are in sight."""
    return _marks(layer.shapes, layer.style, frame)


def site_marks(use: Use, frame: Frame) -> list[Mark]:
    """Draw the sites of a use."""
    shapes = np.asarray(use.lonlat.geometry.array, dtype=object)
    return _marks(shapes, SITE_STYLE, frame)


def site_names(use: Use, frame: Frame, wording: Wording) -> list[Name]:
    """Put its rank on every site."""
    if use.sites.empty:
        return []
    rank = site_columns(use, wording)[0]
    # A site has some sixty columns, and a report draws every site for itself.
    told = [name for name in use.sites.columns if str(name).startswith(rank.key)]
    sites = use.lonlat[[*told, use.sites.geometry.name]]
    return [
        Name(*_name_at(shape, frame), wording.value(properties, rank))
        for properties, shape in rows_of(sites)
    ]


def layer_names(layers: Sequence[Drawn], frame: Frame, wording: Wording) -> list[Name]:
    """Put names on the picture, leaving out those that would cover an earlier one."""
    placed: list[Name] = []
    window = shapely.box(*frame.view)
    shapely.prepare(window)
    for layer in reversed(layers):
        if layer.label is None:
            continue
        for at in np.flatnonzero(shapely.intersects(window, layer.shapes)).tolist():
            properties, shape = layer.rows[at]
            text = wording.label(properties, layer.label)
            if text is None or _waits(layer, properties, shape):
                continue
            x, y = _name_at(shape, frame)
            above = layer.style.radius_px + 14 if shape.geom_type.endswith("Point") else 0
            name = Name(x, round(y - above, 1), text)
            half = _half_width(name)
            if half < x < WIDTH - half and not any(_covers(name, other) for other in placed):
                placed.append(name)
    return placed


def _waits(layer: Drawn, properties: Mapping[str, Any], shape: BaseGeometry) -> bool:
    """Say whether a point is one of many whose names a page shows only from nearer by."""
    later = layer.label_later if isinstance(layer, ContextLayer) else None
    return later is not None and shape.geom_type == "Point" and int(properties[later]) > 0


def clear_of(names: Sequence[Name], ranks: Sequence[Name]) -> list[Name]:
    """Keep names off the numbers of sites."""
    free = [name for name in names if not any(_covers(name, rank) for rank in ranks)]
    moved = []
    for name in names:
        if name in free:
            moved.append(name)
            continue
        below = Name(name.x, round(name.y + _OTHER_SIDE, 1), name.text)
        others = [*ranks, *free, *(one for one in moved if one not in free)]
        if not any(_covers(below, other) for other in others):
            moved.append(below)
    return moved


def _covers(one: Name, other: Name) -> bool:
    return abs(one.x - other.x) < _half_width(one) + _half_width(other) + 4 and (
        abs(one.y - other.y) < 26
    )


def _half_width(name: Name) -> float:
    # A letter of 12 units' height is about 6 wide; Thai vowels above and below make this a little
    # more than what is drawn.
    return 3.0 * max(map(len, name.text.values()))


def _name_at(shape: BaseGeometry, frame: Frame) -> tuple[float, float]:
    lat, lon = name_place(shape, frame.view)
    x, y = place_on(frame, lon, lat)
    return round(x, 1), round(y, 1)


def _marks(shapes: np.ndarray, style: Style, frame: Frame) -> list[Mark]:
    west, south, east, north = frame.view
    # A little beyond the window, so that the edges of cut areas stay out of sight.
    dx, dy = (east - west) * 0.05, (north - south) * 0.05
    window = shapely.box(west - dx, south - dy, east + dx, north + dy)
    marks = []
    seen = _seen(shapes, window)
    # Half a unit is below what can be seen.
    for drawn in shapely.simplify(_projected(seen, frame), 0.5):
        parts = list(_parts(drawn))
        points = tuple(
            (round(part.x, 1), round(part.y, 1)) for part in parts if isinstance(part, Point)
        )
        path = "".join(_path(part) for part in parts if not isinstance(part, Point))
        marks.append(Mark(path, points, style))
    return marks


def _seen(shapes: np.ndarray, window: Polygon) -> np.ndarray:
    """Cut shapes to a window, leaving out those beyond it."""
    shapely.prepare(window)
    near = shapes[shapely.intersects(window, shapely.box(*shapely.bounds(shapes).T))]
    seen = shapely.intersection(shapely.make_valid(near), window)
    return np.asarray(seen[~shapely.is_empty(seen)])


def _projected(shapes: np.ndarray, frame: Frame) -> np.ndarray:
    def units(coordinates: NDArray[np.float64]) -> NDArray[np.float64]:
        x, y = frame.units(*_mercator(coordinates[:, 0], coordinates[:, 1]))
        return np.column_stack([x, y])

    return np.asarray(shapely.transform(shapes, units))


def _parts(shape: BaseGeometry) -> Iterator[BaseGeometry]:
    for part in shapely.get_parts(shape):
        if part.geom_type.startswith("Multi") or part.geom_type == "GeometryCollection":
            yield from _parts(part)
        elif not part.is_empty:
            yield part


def _path(part: BaseGeometry) -> str:
    if isinstance(part, Polygon):
        return "".join(_line(ring.coords) + "Z" for ring in (part.exterior, *part.interiors))
    return _line(part.coords)


def _line(coordinates: Iterable[tuple[float, ...]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y, *_ in coordinates)


def _mercator(lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
    x, y = transformer_between("EPSG:4326", "EPSG:3857").transform(lon, lat)
    return np.asarray(x), np.asarray(y)

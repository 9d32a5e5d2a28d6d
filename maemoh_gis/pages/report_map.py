"""
A map for paper: score, layers and sites with a grid of degrees, a scale bar and north.

Drawn in EPSG:3857 like the still picture of the map page, so north is up everywhere. That
projection stretches lengths by 1/cos(latitude): the scale bar holds at the middle of the picture.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from maemoh_gis.core.grid import Bounds
from maemoh_gis.core.messages import Text
from maemoh_gis.pages import still_picture
from maemoh_gis.pages.content import Drawn, Use
from maemoh_gis.pages.raster_image import Picture
from maemoh_gis.pages.still_picture import Frame, Mark, Name
from maemoh_gis.pages.wording import Wording

EDGE = 46
"""Room around the picture for degrees such as 18.25°, in Thai digits too, in its own units."""

# Views wider than this show a province; layers named from farther out than this are its districts.
_PROVINCE_DEG = 1.0
_NEAR_ZOOM = 10
_TILE_PX = 256

_NICE = (1.0, 2.0, 5.0)
_DEGREES = (1.0, 0.5, 0.25, 0.2, 0.1, 0.05, 0.02, 0.01)


@dataclass(frozen=True)
class Line:
    """A line of the grid with its degrees."""

    at: float
    """Place across the line, in units of the picture."""
    label: str


@dataclass(frozen=True)
class Scale:
    """A scale bar of two parts."""

    length: float
    """Length of the whole bar in units of the picture."""
    half: str
    whole: str
    """Kilometres at the middle and the end."""


@dataclass(frozen=True)
class Ground:
    """What all maps of one view have in common, drawn once."""

    id: str
    """Name of the view: its marks stand in a document once."""
    view: Bounds
    frame: Frame
    marks: Sequence[Mark]
    names: Sequence[Name]


@dataclass(frozen=True)
class MapFigure:
    """Everything drawn on one map."""

    width: int
    height: int
    image: str | None
    """`data:` address of the score picture; None where only layers are drawn."""
    box: tuple[float, float, float, float]
    ground: Ground
    sites: Sequence[Mark]
    ranks: Sequence[Name]
    names: Sequence[Name]
    """Names of the ground that no number of a site covers."""
    meridians: Sequence[Line]
    parallels: Sequence[Line]
    scale: Scale
    alt: Text


def ground_of(id: str, view: Bounds, layers: Sequence[Drawn], wording: Wording) -> Ground:
    """Draw the layers that help to read a map, bottom first, without those not shown at first."""
    frame = Frame.around(view)
    shown = [layer for layer in layers if layer.shown and layer.from_zoom <= _zoom_of(view)]
    named = [
        layer
        for layer in shown
        if view[2] - view[0] < _PROVINCE_DEG or layer.label_from_zoom < _NEAR_ZOOM
    ]
    marks = [mark for layer in shown for mark in still_picture.layer_marks(layer, frame)]
    return Ground(id, view, frame, marks, still_picture.layer_names(named, frame, wording))


def _zoom_of(view: Bounds) -> float:
    """Give the zoom at which the map page shows as much on as many pixels."""
    return math.log2(still_picture.WIDTH * 360 / (_TILE_PX * (view[2] - view[0])))


def draw_map(
    ground: Ground,
    wording: Wording,
    *,
    alt: Text,
    use: Use | None = None,
    picture: Picture | None = None,
) -> MapFigure:
    """Draw a map for paper."""
    view, frame = ground.view, ground.frame
    ranks = still_picture.site_names(use, frame, wording) if use else []
    return MapFigure(
        width=still_picture.WIDTH,
        height=frame.height,
        image=picture.uri if picture else None,
        box=still_picture.image_box(picture.placement.bounds_3857, frame)
        if picture
        else (0, 0, 0, 0),
        ground=ground,
        sites=still_picture.site_marks(use, frame) if use else [],
        ranks=ranks,
        names=still_picture.clear_of(ground.names, ranks),
        meridians=list(_lines(view, frame, north=False)),
        parallels=list(_lines(view, frame, north=True)),
        scale=scale_of(view),
        alt=alt,
    )


def scale_of(view: Bounds) -> Scale:
    """Choose a scale bar of about a quarter of the width of a view in degrees."""
    frame = Frame.around(view)
    middle = math.radians((view[1] + view[3]) / 2)
    ground_m = frame.metres_per_unit * math.cos(middle)
    most_km = ground_m * still_picture.WIDTH / 4 / 1000
    power = 10.0 ** math.floor(math.log10(most_km))
    km = max(step * power for step in _NICE if step * power <= most_km)
    return Scale(round(km * 1000 / ground_m, 1), f"{km / 2:g}", f"{km:g}")


def _lines(view: Bounds, frame: Frame, *, north: bool) -> Iterator[Line]:
    """Draw a line at every nice fraction of a degree, three to seven of them each way."""
    low, high = (view[1], view[3]) if north else (view[0], view[2])
    step = next((s for s in _DEGREES if (high - low) / s >= 3), _DEGREES[-1])
    for k in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1):
        degrees = k * step
        place = (view[0], degrees) if north else (degrees, view[1])
        x, y = still_picture.place_on(frame, *place)
        at = y if north else x
        yield Line(round(at, 1), f"{degrees:.2f}".rstrip("0").rstrip(".") + "°")

"""A page to print from QGIS: map, title, legend, scale, north, sources, and what it is not."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from maemoh_gis.core.grid import Bounds
from maemoh_gis.handover.xml import element

_MAP, _LABEL, _LEGEND, _SCALE, _PICTURE, _PAGE = 65639, 65641, 65642, 65646, 65640, 65638
_FONT = "Sarabun"
_MARGIN, _HEAD, _FOOT = 10.0, 16.0, 12.0
_SIDE = 0.26
"""Share of the width the legend has; its letters grow with the paper too."""
_A3_MM = 420.0
_LEAST_PT = 6
_ARROW = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 26">'
    '<path d="M10 0L18 26L10 20L2 26Z" fill="#111111"/></svg>'
)


@dataclass(frozen=True)
class Box:
    """A place on the page, millimetres from its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def place(self) -> dict[str, str]:
        """Give position and size as QGIS writes them."""
        at = f"{self.x:g},{self.y:g},mm"
        return {"position": at, "positionOnPage": at, "size": f"{self.width:g},{self.height:g},mm"}


@dataclass(frozen=True)
class Page:
    """What stands on a page."""

    name: str
    width_mm: float
    height_mm: float
    title: str
    notice: str
    sources: str
    legend: str
    north: str
    km: str
    """Words of the scale bar's unit."""
    view: Bounds
    """What its map shows, in the CRS of the project."""


def layout(page: Page, id: str) -> ET.Element:
    """Lay a page out; the map fills what title, legend and sources leave."""
    inner = page.width_mm - 2 * _MARGIN
    legend_mm = _SIDE * page.width_mm
    map_box = Box(
        _MARGIN,
        _MARGIN + _HEAD,
        inner - legend_mm - 4,
        page.height_mm - 2 * _MARGIN - _HEAD - _FOOT,
    )
    side = Box(map_box.x + map_box.width + 4, map_box.y, legend_mm, map_box.height)
    below = map_box.y + map_box.height + 2
    right = map_box.x + map_box.width
    # Top first: QGIS stacks by a number, the greatest in front.
    items = [
        _scale(page.km, id, Box(map_box.x + 3, map_box.y + map_box.height - 14, 60, 12)),
        _picture(Box(right - 13, map_box.y + 9, 10, 13)),
        _label(page.north, Box(right - 13, map_box.y + 2, 10, 7), 12, "bold"),
        _legend(page.legend, id, side, page.width_mm / _A3_MM),
        _label(page.sources, Box(_MARGIN, below, inner, _FOOT - 2), 7),
        _label(page.notice, Box(_MARGIN, _MARGIN + 9, inner, 6), 9),
        _label(page.title, Box(_MARGIN, _MARGIN, inner, 9), 16, "bold"),
        _map(page.view, map_box, id),
    ]
    for height, item in enumerate(reversed(items), start=1):
        item.set("zValue", str(height))
    return element("Layout", _paper(page), *items, name=page.name, units="mm", printResolution=300)


def _paper(page: Page) -> ET.Element:
    size = Box(0, 0, page.width_mm, page.height_mm)
    return element("PageCollection", element("LayoutItem", type=_PAGE, **size.place))


def _map(view: Bounds, box: Box, id: str) -> ET.Element:
    west, south, east, north = _filling(view, box.width / box.height)
    extent = element(
        "Extent", xmin=f"{west:.1f}", ymin=f"{south:.1f}", xmax=f"{east:.1f}", ymax=f"{north:.1f}"
    )
    return element(
        "LayoutItem",
        extent,
        type=_MAP,
        id="map",
        uuid=f"{{{id}}}",
        templateUuid=f"{{{id}}}",
        frame="true",
        background="true",
        mapRotation=0,
        **box.place,
    )


def _filling(view: Bounds, ratio: float) -> Bounds:
    """Widen what is shown to the shape of its box, about the same middle."""
    west, south, east, north = view
    width = max(east - west, (north - south) * ratio)
    height = width / ratio
    x, y = (west + east) / 2, (south + north) / 2
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _label(words: str, box: Box, size: int, weight: str = "") -> ET.Element:
    heavy = 75 if weight else 50
    font = element("LabelFont", description=f"{_FONT},{size},-1,5,{heavy},0,0,0,0,0", style="")
    return element(
        "LayoutItem",
        font,
        type=_LABEL,
        labelText=words,
        htmlState=0,
        halign=1,
        valign=32,
        marginX=0,
        marginY=0,
        **box.place,
    )


def _legend(title: str, id: str, box: Box, scale: float) -> ET.Element:
    """Let QGIS list what the map shows, so that the legend follows what a planner switches."""
    styles = (("title", 12), ("group", 10), ("subgroup", 9), ("symbolLabel", 8))
    fonts = [_legend_font(name, max(round(size * scale), _LEAST_PT)) for name, size in styles]
    return element(
        "LayoutItem",
        element("styles", *fonts),
        type=_LEGEND,
        title=title,
        map_uuid=f"{{{id}}}",
        resizeToContents=1,
        legendFilterByMap=1,
        wrapChar="",
        symbolWidth=f"{6 * scale:.3g}",
        symbolHeight=f"{3 * scale:.3g}",
        columnCount=1,
        lineSpacing=1,
        **box.place,
    )


def _legend_font(name: str, size: int) -> ET.Element:
    font = element("styleFont", description=f"{_FONT},{size},-1,5,50,0,0,0,0,0", style="")
    return element("style", font, name=name, marginTop=1.2)


def _scale(km: str, id: str, box: Box) -> ET.Element:
    return element(
        "LayoutItem",
        type=_SCALE,
        mapUuid=f"{{{id}}}",
        style="Single Box",
        background="true",
        unitType="km",
        unitLabel=km,
        numMapUnitsPerScaleBarUnit=1,
        numSegments=2,
        numSegmentsLeft=0,
        segmentSizeMode=1,
        minBarWidth=25,
        maxBarWidth=50,
        numUnitsPerSegment=2,
        height=2,
        **box.place,
    )


def _picture(box: Box) -> ET.Element:
    drawn = base64.b64encode(_ARROW.encode()).decode()
    return element(
        "LayoutItem",
        type=_PICTURE,
        file=f"base64:{drawn}",
        mode=0,
        resizeMode=0,
        anchorPoint=0,
        **box.place,
    )

"""How QGIS draws a layer: symbols, labels and headings, the same in a QML file and a project."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.etree import ElementTree as ET

import geopandas as gpd

from maemoh_gis.handover.colours import Class
from maemoh_gis.handover.handed import Handed
from maemoh_gis.handover.xml import QGIS_VERSION, document, element, options
from maemoh_gis.pages.content import Style

FONT = "Sarabun"
"""Thai letters; where it is not installed QGIS takes another that has them."""
_MM_PER_PX = 25.4 / 96
_WORLD_SCALE = 559_082_264
"""Scale of a web map at zoom 0 on a screen of 96 dots an inch."""


def scale_at(zoom: int) -> int:
    """Give the scale, as the number below the line, at which a web map stands at a zoom."""
    return _WORLD_SCALE >> zoom


def seen_from(layer: Handed) -> dict[str, object]:
    """Say from which scale a layer is drawn, as attributes of its entry; none if from all."""
    if not layer.from_zoom:
        return {}
    farthest = scale_at(layer.from_zoom)
    return {"hasScaleBasedVisibilityFlag": 1, "minScale": farthest, "maxScale": 0}


def geometry_kind(frame: gpd.GeoDataFrame) -> str:
    """Name the kind of a layer as QGIS does: Point, Line or Polygon."""
    kinds = set(frame.geom_type.dropna())
    if any("Polygon" in kind for kind in kinds):
        return "Polygon"
    return "Line" if any("Line" in kind for kind in kinds) else "Point"


def qml(layer: Handed) -> str:
    """Write the style of a vector layer as a file of its own."""
    return document(
        element(
            "qgis",
            *vector_style(layer),
            version=QGIS_VERSION,
            styleCategories="AllStyleCategories",
            labelsEnabled=int(layer.label is not None),
            **seen_from(layer),
        )
    )


def raster_qml(classes: Sequence[Class]) -> str:
    """Write the style of a raster of classes as a file of its own."""
    return document(
        element("qgis", pipe(classes), version=QGIS_VERSION, styleCategories="AllStyleCategories")
    )


def vector_style(layer: Handed) -> Iterator[ET.Element]:
    """Give what of a layer's entry says how it looks and what its columns are called."""
    symbol = _symbol(layer.style, geometry_kind(layer.frame))
    yield element("renderer-v2", element("symbols", symbol), type="singleSymbol", enableorderby=0)
    if layer.label is not None:
        yield _labels(layer)
    yield element("blendMode", "0")
    yield element("layerOpacity", "1")
    names = list(enumerate(layer.headings.items(), start=1))  # column 0 is the key of the file
    yield element(
        "aliases",
        *(element("alias", field=key, index=at, name=title) for at, (key, title) in names),
    )
    if layer.label is not None:
        yield element("previewExpression", f'"{layer.label}"')


def _symbol(style: Style, kind: str) -> ET.Element:
    name, layer = {"Polygon": _fill, "Line": _line, "Point": _marker}[kind](style)
    return element("symbol", layer, type=name, name="0", alpha=1, clip_to_extent=1, force_rhr=0)


def _fill(style: Style) -> tuple[str, ET.Element]:
    line = _stroke(style)
    return "fill", _drawn(
        "SimpleFill",
        {
            "color": _rgba(style.fill or style.colour, style.fill_opacity if style.fill else 0.0),
            "outline_color": _rgba(style.colour),
            "outline_width": line,
            "outline_width_unit": "MM",
            "outline_style": "dash" if style.dash else "solid",
            "style": "solid" if style.fill else "no",
            "joinstyle": "round",
        },
    )


def _line(style: Style) -> tuple[str, ET.Element]:
    dash = ";".join(f"{float(px) * _MM_PER_PX:.3g}" for px in (style.dash or "").split())
    return "line", _drawn(
        "SimpleLine",
        {
            "line_color": _rgba(style.colour),
            "line_width": _stroke(style),
            "line_width_unit": "MM",
            "line_style": "solid",
            "capstyle": "round",
            "joinstyle": "round",
            "use_custom_dash": int(bool(dash)),
            "customdash": dash or "5;2",
            "customdash_unit": "MM",
        },
    )


def _marker(style: Style) -> tuple[str, ET.Element]:
    return "marker", _drawn(
        "SimpleMarker",
        {
            "name": "circle",
            "color": _rgba(style.fill or "#ffffff", style.fill_opacity),
            "outline_color": _rgba(style.colour),
            "outline_width": _stroke(style),
            "outline_width_unit": "MM",
            "size": f"{2 * style.radius_px * _MM_PER_PX:.3g}",
            "size_unit": "MM",
            "outline_style": "solid",
        },
    )


def _stroke(style: Style) -> str:
    return f"{style.width_px * _MM_PER_PX:.3g}"


def _drawn(kind: str, values: dict[str, object]) -> ET.Element:
    return element("layer", options(values), class_=kind, enabled=1, locked=0)


def _rgba(colour: str, opacity: float = 1.0) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},{round(opacity * 255)}"


def _labels(layer: Handed) -> ET.Element:
    found = int(layer.group == "found")  # numbers of what was found stand whatever lies beneath
    text = element(
        "text-style",
        element(
            "text-buffer",
            bufferDraw=1,
            bufferSize=0.8,
            bufferSizeUnits="MM",
            bufferColor="255,255,255,230",
            bufferOpacity=1,
        ),
        fieldName=layer.label or "",
        fontFamily=FONT,
        fontSize=9,
        fontSizeUnit="Point",
        isExpression=0,
        textColor="31,42,46,255",
        textOpacity=1,
    )
    seen = element(
        "rendering",
        scaleVisibility=1,
        scaleMin=0,  # QGIS counts by the number below the line: the nearest view
        scaleMax=scale_at(layer.label_from_zoom),
        drawLabels=1,
        obstacle=1,
        displayAll=found,
    )
    return element("labeling", element("settings", text, seen), type="simple")


def pipe(classes: Sequence[Class]) -> ET.Element:
    """Draw a raster of classes in their colours, each with its words in the legend."""
    entries = [
        element("paletteEntry", value=one.value, color=one.colour, label=one.words, alpha=255)
        for one in classes
    ]
    renderer = element(
        "rasterrenderer",
        element("colorPalette", *entries),
        type="paletted",
        band=1,
        opacity=0.85,
        alphaBand=-1,
    )
    return element("pipe", renderer)

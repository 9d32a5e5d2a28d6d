"""Features of a layer as plain values for the page: shapes in degrees, names and lines in words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from maemoh_gis.core.grid import Bounds
from maemoh_gis.core.messages import LANGUAGES, Language, Text
from maemoh_gis.pages.content import Column, ContextLayer, Place, Style, Use
from maemoh_gis.pages.degrees import DECIMALS
from maemoh_gis.pages.wording import Wording, clean, plain

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from maemoh_gis.core.types import FloatArray

_MOST_LETTERS = 6
"""Of five bits each: a step over half the earth, with its sign, has 26."""


def layer_data(layer: ContextLayer, view: Bounds, wording: Wording) -> dict[str, Any]:
    """Give a context layer as the page's script takes it, names where the first view shows them."""
    features = []
    packed = packed_shapes([shape for _, shape in layer.rows])
    for (properties, shape), drawn in zip(layer.rows, packed, strict=True):
        name = None if layer.label is None else wording.label(properties, layer.label)
        features.append(
            {
                "shape": drawn,
                "name": compact(name),
                "at": None if name is None else name_place(shape, view),
                "within": compact(_within(properties, wording)),
                "later": 0 if layer.label_later is None else int(properties[layer.label_later]),
                "lines": [compact(wording.value(properties, column)) for column in layer.columns],
                "bars": []
                if layer.bars is None
                else [
                    [compact(bar.title), bar.gained, bar.possible] for bar in properties[layer.bars]
                ],
            }
        )
    return {
        "id": layer.id,
        "title": compact(layer.title),
        "shown": layer.shown,
        "namesFromZoom": layer.label_from_zoom,
        "fromZoom": layer.from_zoom,
        "style": style_data(layer.style),
        "confidence": layer.confidence,
        "caution": compact(layer.caution),
        "source": plain(layer.source),
        "barsNote": compact(layer.bars_note),
        "titles": [compact(column.title) for column in layer.columns],
        "features": features,
    }


def _within(properties: Mapping[str, Any], wording: Wording) -> Text | None:
    """Say in which subdistrict a feature lies, as its layer has it: many villages share a name."""
    named = wording.label(properties, "subdistrict_name")
    return named and wording("within_subdistrict", name=named)


def style_data(style: Style) -> dict[str, Any]:
    """Give how features are drawn as the page's script takes it."""
    return {
        "colour": style.colour,
        "fill": style.fill,
        "fillOpacity": style.fill_opacity,
        "width": style.width_px,
        "dash": style.dash,
        "radius": style.radius_px,
    }


def place_data(place: Place) -> dict[str, Any]:
    """Give a place of the search as the page's script takes it."""
    lon, lat = place.at
    at = [round(lat, DECIMALS), round(lon, DECIMALS)]
    return {"name": compact(place.name), "kind": compact(place.kind), "at": at}


def use_data(use: Use, wording: Wording) -> dict[str, Any]:
    """Give the sites of one use as the page's script takes them."""
    # What a site is subject to is the longest: in a popup the short facts stand before it.
    table = site_columns(use, wording)
    columns = sorted([*table, *use.popup], key=lambda column: column.key == "subject_to")
    sites = []
    for properties, shape in use.rows:
        lines = [compact(wording.value(properties, column)) for column in columns]
        name = wording.label(properties, "name") or wording("site", rank=properties["number"])
        head = {"shape": geojson(shape), "rank": lines[0], "name": compact(name)}
        sites.append({**head, "lines": lines[1:]})
    return {
        "id": use.id,
        "title": compact(use.title),
        "titles": [compact(column.title) for column in columns[1:]],
        "sites": sites,
    }


def site_columns(use: Use, wording: Wording) -> Sequence[Column]:
    """Give the columns of a site table: those asked for, else score, class, area, conditions."""
    if use.columns:
        return use.columns
    standard = (
        Column("number", wording("rank"), "number"),
        Column("place", wording("site_place")),
        Column("score", wording("score_range"), "score_range"),
        Column("class", wording("class")),
        Column("area_rai", wording("area"), "area_rai"),
        Column("subject_to", wording("subject_to")),
    )
    known = {
        "score" if name == "score_mean" else name.removesuffix("_th") for name in use.sites.columns
    }
    return [column for column in standard if column.key in known]


def site_rows(use: Use, wording: Wording) -> list[list[Text]]:
    """Write the site table of a use, one row a site, in the order of its columns."""
    columns = site_columns(use, wording)
    return [[wording.value(properties, column) for column in columns] for properties, _ in use.rows]


def name_place(shape: BaseGeometry, view: Bounds) -> list[float]:
    """Choose where in the first view, in degrees, the name of a feature stands."""
    in_sight = shapely.intersection(shapely.make_valid(shape), shapely.box(*view))
    seen = shape if in_sight.is_empty else in_sight
    if seen.geom_type in {"LineString", "MultiLineString", "GeometryCollection"}:
        longest = max(shapely.get_parts(seen), key=lambda part: (part.length, part.wkb))
        point = (
            shapely.line_interpolate_point(longest, 0.5, normalized=True)
            if (longest.geom_type == "LineString")
            else longest.representative_point()
        )
    else:
        point = seen.representative_point()
    return [round(point.y, DECIMALS), round(point.x, DECIMALS)]


def geojson(shape: BaseGeometry) -> dict[str, Any]:
    """Give a shape as GeoJSON with rounded degrees."""
    plain: dict[str, Any] = json.loads(
        shapely.to_geojson(shapely.force_2d(shape)),
        parse_float=lambda digits: round(float(digits), DECIMALS),
    )
    return plain


def compact(text: Text | None) -> Text | str | None:
    """Give a text as one string where every language says the same."""
    if text is None:
        return None
    words: dict[Language, str] = {code: clean(text[code]) for code in LANGUAGES}
    return next(iter(words.values())) if len(set(words.values())) == 1 else words


def packed_shapes(shapes: Sequence[BaseGeometry]) -> list[dict[str, Any]]:
    """
    Give shapes as GeoJSON in which each line of points is one text, a quarter of its numbers' room.

    Parameters
    ----------
    shapes : sequence of geometry
        In WGS 84 degrees, kept to `DECIMALS` digits.

    References
    ----------
    Encoded Polyline Algorithm Format, Google Maps Platform; here longitude comes first, as in
    GeoJSON.
    """
    lines: list[FloatArray] = []
    described = [_described(shape, lines) for shape in shapes]
    texts = iter(_polylines(lines))
    return [_filled(one, texts) for one in described]


def _described(shape: BaseGeometry, lines: list[FloatArray]) -> dict[str, Any]:
    """Describe a shape, adding its lines of points, which `_filled` meets in the same order."""
    parts = [part for part in shapely.get_parts(shape) if not part.is_empty]
    if shape.geom_type == "GeometryCollection":
        return {"type": shape.geom_type, "geometries": [_described(p, lines) for p in parts]}
    counts = []
    for part in parts:
        rings = shapely.get_rings(part) if part.geom_type == "Polygon" else [part]
        counts.append(len(rings))
        lines.extend(shapely.get_coordinates(ring) for ring in rings)
    return {"type": shape.geom_type, "counts": counts}


def _filled(described: Mapping[str, Any], texts: Iterator[str]) -> dict[str, Any]:
    """Put the texts where GeoJSON has lines of points."""
    kind = described["type"]
    if kind == "GeometryCollection":
        return {"type": kind, "geometries": [_filled(p, texts) for p in described["geometries"]]}
    parts: list[Any] = [[next(texts) for _ in range(n)] for n in described["counts"]]
    if not kind.endswith("Polygon"):
        parts = [text for part in parts for text in part]
    return {"type": kind, "packed": parts if kind.startswith("Multi") else next(iter(parts), "")}


def _polylines(lines: Sequence[FloatArray]) -> list[str]:
    """Write lines of points (points, 2) as steps from point to point, five bits a letter."""
    if not lines:
        return []
    places = np.rint(np.concatenate(lines) * 10**DECIMALS).astype(np.int64)
    sizes = [len(line) for line in lines]
    steps = np.diff(places, axis=0, prepend=0)
    firsts = np.cumsum([0, *sizes[:-1]])
    steps[firsts] = places[firsts]
    folded = np.where(steps >= 0, 2 * steps, -2 * steps - 1).ravel()
    parts = folded[:, None] >> (5 * np.arange(_MOST_LETTERS))
    used = parts > 0
    used[:, 0] = True
    more = np.pad(used[:, 1:], ((0, 0), (0, 1)))
    text = ((parts & 31) + 32 * more + 63)[used].astype(np.uint8).tobytes().decode("ascii")
    ends = np.cumsum(used.sum(axis=1))[2 * np.cumsum(sizes) - 1].tolist()
    return [text[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True)]

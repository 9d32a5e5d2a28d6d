"""Features of a layer as plain values for the page: shapes in degrees, names and lines in words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import shapely

from maemoh_gis.core.grid import Bounds
from maemoh_gis.core.messages import LANGUAGES, Language, Text
from maemoh_gis.pages.content import Column, ContextLayer, Place, Style, Use
from maemoh_gis.pages.degrees import DECIMALS, packed_shapes
from maemoh_gis.pages.wording import Wording, clean, plain

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


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

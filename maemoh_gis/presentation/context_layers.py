"""Layers of the catalog as maps draw them, and where a map opens."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.messages import Text, both, has_text
from maemoh_gis.layers.load import Layers
from maemoh_gis.pages.content import (
    Column,
    ContextLayer,
    Style,
)
from maemoh_gis.presentation.words import unit_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd

    from maemoh_gis.core.grid import Bounds
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.layers.entries import Draw, Layer
    from maemoh_gis.pages.content import ValueKind
    from maemoh_gis.scenario.settings.scenario import Scenario, View

_LATER = "_label_later"


def first_view(scenario: Scenario, layers: Layers) -> Bounds:
    """Give the bounds in degrees of what the page opens on."""
    view = scenario.view
    return layers.derived([view.layer], _first_view, view, scenario.grid.crs)


def _first_view(layers: Layers, view: View, crs: str) -> Bounds:
    shapes = layers.features(view.layer, crs, view.where).geometry
    around = shapes.buffer(view.margin_km * 1000.0).to_crs("EPSG:4326")
    west, south, east, north = (float(v) for v in around.total_bounds)
    return west, south, east, north


def context_layers(layers: Layers) -> Sequence[ContextLayer]:
    """Give the layers that help to read a map, those that the catalog has, bottom first."""
    return layers.derived(drawn_layers(layers.catalog), _drawn_layers)


def drawn_layers(catalog: Catalog) -> list[str]:
    """List the layers of the catalog that are drawn on maps, bottom first."""
    drawn = {id: layer.draw for id, layer in catalog.layers.items() if layer.draw is not None}
    return sorted(filter(catalog.read_from, drawn), key=lambda id: drawn[id].order)


def _drawn_layers(layers: Layers) -> Sequence[ContextLayer]:
    drawn = ((id, _drawn_features(id, layers)) for id in drawn_layers(layers.catalog))
    return [_drawn(id, layers.catalog[id], frame) for id, frame in drawn if frame is not None]


def _drawn_features(id: str, layers: Layers) -> gpd.GeoDataFrame | None:
    """Give the features a layer wants drawn; None, and no fault, where none are like that."""
    draw = layers.catalog[id].draw
    assert draw is not None
    try:
        return layers.features(id, "EPSG:4326", draw.where)
    except LayerError as error:
        if [fault.code for fault in error.faults] != ["no_features"]:
            raise
    return None


def _drawn(id: str, layer: Layer, frame: gpd.GeoDataFrame) -> ContextLayer:
    """Give a layer as its entry of the catalog wants it drawn."""
    draw = layer.draw
    assert draw is not None
    if draw.merged:
        frame = _merged(frame, [*draw.columns, *([draw.label] if draw.label else [])])
    if ranked := _ranked_by(draw, frame):
        frame = _in_order_of(frame, *ranked)
    return ContextLayer(
        id=id,
        title=layer.title.both(),
        frame=frame,
        style=Style(
            draw.colour, draw.fill, draw.fill_opacity, draw.width_px, draw.dash, draw.radius_px
        ),
        confidence=layer.confidence,
        caution=layer.caution.both(),
        licence=layer.licence,
        source=layer.source,
        label=draw.label,
        columns=[c for key in draw.columns if (c := _column(key, layer, frame))],
        shown=draw.shown,
        label_from_zoom=draw.label_from_zoom,
        from_zoom=draw.from_zoom,
        label_later=_LATER if ranked else None,
        group=draw.group,
    )


def _ranked_by(draw: Draw, frame: gpd.GeoDataFrame) -> tuple[str, list[str]] | None:
    """Give the column whose values the entry lists in order of weight, if there is one."""
    lists = [(key, x) for key, x in draw.where.items() if isinstance(x, list) and key in frame]
    return lists[0] if lists and draw.label else None


def _in_order_of(frame: gpd.GeoDataFrame, key: str, values: list[str]) -> gpd.GeoDataFrame:
    """Put features in the order of the values of a column; `_LATER` counts from the first."""
    later = frame[key].map({value: place for place, value in enumerate(values)})
    return frame.assign(**{_LATER: later}).sort_values(_LATER, kind="stable", ignore_index=True)


def _merged(frame: gpd.GeoDataFrame, columns: Sequence[str]) -> gpd.GeoDataFrame:
    """Make one feature of all that are alike in some columns, lines joined where they meet."""
    shape = frame.geometry.name
    asked = dict.fromkeys(name for key in columns for name in (key, f"{key}_th", f"{key}_en"))
    alike = [name for name in asked if name in frame.columns and name != shape]
    ready = frame.assign(**{name: _comparable(frame[name]) for name in alike})
    whole = ready.dissolve(by=alike or None, dropna=False, as_index=False, observed=True)
    whole = whole[[*alike, shape]]
    lines = whole.geometry.geom_type.isin(["MultiLineString", "LineString"])
    joined = whole.geometry.where(~lines, whole.geometry.line_merge())
    return whole.set_geometry(joined)


def _comparable(values: pd.Series) -> pd.Series:
    """Write lists and the like out, as nothing can be grouped by them."""
    if all(isinstance(value, Hashable) for value in values):
        return values
    return values.map(lambda value: value if isinstance(value, Hashable) else str(value))


def _column(key: str, layer: Layer, frame: gpd.GeoDataFrame) -> Column | None:
    """Describe a column by the catalog; None where the layer does not have it."""
    bilingual = f"{key}_th" in frame
    described = layer.columns.get(f"{key}_th" if bilingual else key)
    if described is None or not (bilingual or key in frame):
        return None
    if bilingual:
        return Column(key, both("page.name"))
    kind: ValueKind = "confidence" if key == "confidence" else "text"
    if described.unit == "rai":
        kind = "area_rai"
    elif described.unit is not None:
        kind = "number"
    unit = unit_words(described.unit) if kind == "number" and described.unit else None
    return Column(key, described.both(), kind, unit=unit, values=_codes(frame[key]))


def _codes(values: pd.Series) -> dict[str, Text]:
    """Name the codes of a column that have a name; others are shown as the layer has them."""
    ids = {value: f"map.code.{value}" for value in values.unique() if isinstance(value, str)}
    return {value: both(id) for value, id in ids.items() if has_text(id, "en")}

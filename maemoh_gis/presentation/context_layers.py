"""Layers of the catalog as maps draw them, and where a map opens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from maemoh_gis.core.messages import LANGUAGES, has_text, text
from maemoh_gis.layers.load import Layers
from maemoh_gis.pages.content import (
    Column,
    ContextLayer,
    Group,
    Style,
)
from maemoh_gis.presentation.words import unit_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd
    import pandas as pd

    from maemoh_gis.core.grid import Bounds
    from maemoh_gis.layers.catalog import Catalog, Layer
    from maemoh_gis.pages.content import Text, ValueKind
    from maemoh_gis.scenario.settings.scenario import Scenario


@dataclass(frozen=True)
class _Drawn:
    """How a layer of the catalog is drawn on the page, if the catalog has it."""

    layer: str
    style: Style
    columns: tuple[str, ...] = ()
    label: str | None = None
    shown: bool = True
    label_from_zoom: int = 11


# Bottom first. Colours keep apart under the common kinds of colour blindness.
_CONTEXT = (
    _Drawn("districts", Style("#555555", width_px=1.6, dash="6 4"),
           ("name", "area_rai_polygon", "area_rai_published"), "name", label_from_zoom=8),
    _Drawn("reservoirs", Style("#1f6f9f", "#4aa3d8", 0.6, 1.0), ("name", "level_m")),
    _Drawn("mine", Style("#5b3a1e", "#8a5a33", 0.35, 1.4), ("name", "part", "area_rai")),
    _Drawn("drainage", Style("#5b9bd5", width_px=0.8), shown=False),
    _Drawn("faults", Style("#b3261e", width_px=1.4, dash="2 4"), shown=False),
    _Drawn("highways", Style("#b8860b", width_px=2.2), ("class", "ref"), shown=True),
    _Drawn("roads", Style("#c9a66b", width_px=0.9), ("class", "confidence"), shown=False),
    _Drawn("railway", Style("#111111", width_px=2.4), ("name", "tracks", "gauge_mm")),
    _Drawn("stations", Style("#111111", "#ffffff", 1.0, 1.5, radius_px=4), ("name", "km_post"),
    "name"),
    _Drawn("gateways", Style("#0b3954", "#3fa7d6", 0.9, 1.2, radius_px=5),
           ("role",), "name", shown=False, label_from_zoom=5),
    _Drawn("railheads", Style("#0b5d3b", "#b7e4c7", 0.9, 1.4, radius_px=5),
           ("role",), "name", shown=False, label_from_zoom=7),
    _Drawn("power_plants", Style("#7a1f5c", "#d05aa8", 0.9, 1.2, radius_px=6), ("name", "fuel")),
    _Drawn("substations", Style("#4b2e83", "#9b7fd4", 0.9, 1.0, radius_px=4), ("name",),
    shown=False),
    _Drawn("settlements", Style("#333333", "#f4a259", 0.9, 1.0, radius_px=4), ("name",), "name"),
    _Drawn("facilities", Style("#1b5e20", "#66bb6a", 0.9, 1.0, radius_px=4), ("name", "kind"),
           shown=False),
)  # fmt: skip

_TRANSPORT = ("highways", "roads", "railway", "stations", "gateways", "railheads")

_GROUPS: dict[str, Group] = dict.fromkeys(_TRANSPORT, "transport")
_GROUPS |= dict.fromkeys(("mine", "power_plants", "substations"), "energy")
_GROUPS |= dict.fromkeys(("reservoirs", "drainage", "faults"), "nature")


def first_view(scenario: Scenario, layers: Layers) -> Bounds:
    """Give the bounds in degrees of what the page opens on."""
    view, crs = scenario.view, scenario.grid.crs

    def found() -> Bounds:
        shapes = layers.features(view.layer, crs, view.where).geometry
        around = shapes.buffer(view.margin_km * 1000.0).to_crs("EPSG:4326")
        west, south, east, north = (float(v) for v in around.total_bounds)
        return west, south, east, north

    key = f"first view {view.model_dump_json()} {crs}"
    bounds: Bounds = layers.derived([view.layer], key, found)
    return bounds


def context_layers(catalog: Catalog, layers: Layers) -> Sequence[ContextLayer]:
    """Give the layers that help to read a map, those that the catalog has, bottom first."""
    found: Sequence[ContextLayer] = layers.derived(
        drawn_layers(catalog), "drawn on maps", lambda: _drawn_layers(catalog, layers)
    )
    return found


def drawn_layers(catalog: Catalog) -> list[str]:
    """List the layers of the catalog that are drawn on maps."""
    return [wish.layer for wish in _CONTEXT if wish.layer in catalog.layers]


def _drawn_layers(catalog: Catalog, layers: Layers) -> Sequence[ContextLayer]:
    drawn = []
    for wish in _CONTEXT:
        if wish.layer not in catalog.layers:
            continue
        layer = catalog[wish.layer]
        frame = layers.features(wish.layer, "EPSG:4326")
        drawn.append(
            ContextLayer(
                id=wish.layer,
                title=layer.title.both(),
                frame=frame,
                style=wish.style,
                confidence=layer.confidence,
                caution=layer.caution.both(),
                licence=layer.licence,
                source=layer.source,
                label=wish.label,
                columns=[c for key in wish.columns if (c := _column(key, layer, frame))],
                shown=wish.shown,
                label_from_zoom=wish.label_from_zoom,
                group=_GROUPS.get(wish.layer, "place"),
            )
        )
    return drawn


def _column(key: str, layer: Layer, frame: gpd.GeoDataFrame) -> Column | None:
    """Describe a column by the catalog; None where the layer does not have it."""
    bilingual = f"{key}_th" in frame
    described = layer.columns.get(f"{key}_th" if bilingual else key)
    if described is None or not (bilingual or key in frame):
        return None
    if bilingual:
        return Column(key, _both("page.name"))
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
    return {value: _both(id) for value, id in ids.items() if has_text(id, "en")}


def _both(id: str) -> Text:
    return {language: text(id, language) for language in LANGUAGES}

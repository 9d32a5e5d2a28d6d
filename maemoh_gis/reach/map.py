"""Land within reach of the preferred yard by road, as a layer of the map page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maemoh_gis.core import units
from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.messages import LANGUAGES, both, text
from maemoh_gis.network.result import networks_of
from maemoh_gis.pages.content import Column, ContextLayer, Style
from maemoh_gis.reach.queries import Opened, reach_from

if TYPE_CHECKING:
    from maemoh_gis.engine.results import Results

STEPS_MINUTES = (15.0, 30.0, 60.0)
_WALK_KPH, _MOST_WALK_M = 15.0, 5_000.0
# Coarse, for a regional map: an outline of smaller cells tells nothing more and weighs the page.
_CELL_M = 1_000.0


def reach_layers(results: Results) -> list[ContextLayer]:
    """Outline the land within 15, 30 and 60 minutes by recorded roads of the preferred place."""
    import geopandas as gpd

    scenario, networks = results.resolved.scenario, networks_of(results)
    first = next((one for one in results.places if one.preferred), None)
    if first is None or first.title is None or not networks:
        return []
    id, built = next(iter(networks.items()))
    spot = gpd.GeoSeries([first.shape], crs=results.grid.crs)
    lonlat = spot.to_crs("EPSG:4326")
    opened = Opened(id, scenario.year, built, scenario, results.layers)
    try:
        reach = reach_from(
            opened, f"{lonlat.y[0]:.6f},{lonlat.x[0]:.6f}", STEPS_MINUTES, walk_kph=_WALK_KPH,
            most_walk_m=_MOST_WALK_M, cell_m=_CELL_M,
        )  # fmt: skip
    except LayerError:
        return []
    # The longest lies at the bottom.
    frame = reach.outlines[~reach.outlines.geometry.is_empty].iloc[::-1].reset_index(drop=True)
    frame = frame.set_geometry(frame.geometry.simplify(_CELL_M / 2))
    for language in LANGUAGES:
        frame[f"name_{language}"] = [
            text("reach.within", language, minutes=f"{m:g}") for m in frame["minutes"]
        ]
    for name in ("area", "outside"):
        frame[f"{name}_rai"] = [units.rai_from_m2(float(m2)) for m2 in frame[f"{name}_m2"]]
    caution = {
        language: text("reach.caution", language, name=first.title[language],
                       offset=f"{reach.start.offset_m:,.0f}", walk=f"{_WALK_KPH:g}",
                       confidence=text(f"confidence.{scenario.networks[id].confidence}", language))
        for language in LANGUAGES
    }  # fmt: skip
    columns = [
        Column("name", both("page.name")),
        Column("area_rai", both("reach.area"), "area_rai"),
        Column("outside_rai", both("reach.outside"), "area_rai"),
    ]
    return [
        ContextLayer(
            id="reach",
            title=both("reach.layer"),
            frame=frame,
            style=Style("#1b4f72", "#5dade2", 0.12, 1.4),
            confidence=scenario.networks[id].confidence,
            caution=caution,
            licence="ODbL-1.0",
            source="maemoh_gis",
            columns=columns,
            shown=False,
            group="found",
        )
    ]

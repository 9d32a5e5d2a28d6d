"""Sites as features: where they are, how they score, why, and what they are subject to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from maemoh_gis import units
from maemoh_gis._types import BoolArray, FloatArray, IntArray
from maemoh_gis.grid import Grid
from maemoh_gis.layers.catalog import Catalog
from maemoh_gis.scenarios.model import Scenario
from maemoh_gis.suitability.combine import CriterionScore, Score
from maemoh_gis.suitability.limits import State, States
from maemoh_gis.workflow.caveats import LimitStatus, legal, limit_statuses

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry


def site_features(
    use: str,
    label: IntArray,
    score: Score,
    states: States,
    criteria: Mapping[str, CriterionScore],
    scenario: Scenario,
    catalog: Catalog,
    grid: Grid,
) -> gpd.GeoDataFrame:
    """
    Turn site labels into features.

    Parameters
    ----------
    use : str
        Id of the use.
    label : int32 array (rows, cols)
        Rank of the site in each cell, 0 where there is none.
    score : Score
        Combined score.
    states : States
        What the limits say.
    criteria : mapping of str to CriterionScore
        Scored criteria by id.
    scenario : Scenario
        The scenario.
    catalog : Catalog
        Its layers.
    grid : Grid
        Grid of the arrays.

    Returns
    -------
    geopandas.GeoDataFrame
        One row a site in the CRS of the grid, best first. Scores are means over the site's cells;
        areas are whole cells.
    """
    import geopandas as gpd

    statuses = limit_statuses(scenario, catalog, use)
    conditional = [
        s for s in statuses if s.limit.outcome == "conditional" and s.limit.test is not None
    ]
    open_law = [s for s in legal(statuses) if s.status != "checked"]
    shapes = _polygons(label, grid)
    rows = []
    for rank in sorted(shapes):
        cells = label == rank
        hit = [
            s
            for k, s in enumerate(conditional)
            if bool((states.conditional_by[cells] >> np.uint32(k) & np.uint32(1)).any())
        ]
        rows.append(
            {
                "id": f"{use}-{rank:02d}",
                "use": use,
                "rank": rank,
                **_areas(cells, states, grid),
                **_scores(cells, score),
                **_criterion_means(cells, criteria, scenario.uses[use].criteria),
                **_subject_to([*hit, *open_law]),
            }
        )
    frame = gpd.GeoDataFrame(rows, geometry=[shapes[r] for r in sorted(shapes)], crs=grid.crs)
    if rows:
        inside = frame.representative_point().to_crs("EPSG:4326")
        frame.insert(3, "lat", inside.y.round(5))
        frame.insert(4, "lon", inside.x.round(5))
    return frame


def _areas(cells: BoolArray, states: States, grid: Grid) -> dict[str, float]:
    area = int(cells.sum()) * grid.cell_area_m2
    permit = int((states.state[cells] == State.CONDITIONAL).sum()) * grid.cell_area_m2
    return {
        "area_rai": units.rai_from_m2(area),
        "area_ha": units.ha_from_m2(area),
        "conditional_rai": units.rai_from_m2(permit),
    }


def _scores(cells: BoolArray, score: Score) -> dict[str, float]:
    return {
        "score_mean": _mean(score.value[cells]),
        "score_min": round(float(score.value[cells].min()), 4),
        "score_low": _mean(score.low[cells]),
        "score_high": _mean(score.high[cells]),
        "scored_share": _mean(score.scored_share[cells]),
    }


def _criterion_means(
    cells: BoolArray, scores: Mapping[str, CriterionScore], declared: Mapping[str, object]
) -> dict[str, float | None]:
    """Average each criterion over a site; None where it is not scored."""
    means: dict[str, float | None] = {}
    for id in declared:
        value = scores[id].value if id in scores else None
        here = value[cells] if value is not None else np.empty(0)
        known = here[~np.isnan(here)]
        means[f"{id}_mean"] = _mean(known) if known.size else None
    return means


def _subject_to(statuses: Sequence[LimitStatus]) -> dict[str, str]:
    """List the permits a site touches and the laws that could not be checked for it."""
    unique = {s.id: s.limit.title for s in statuses}.values()
    return {
        "subject_to_th": "; ".join(title.th for title in unique),
        "subject_to_en": "; ".join(title.en for title in unique),
    }


def _polygons(label: IntArray, grid: Grid) -> dict[int, BaseGeometry]:
    """Outline each site along its cell edges."""
    import shapely
    from rasterio.features import shapes

    parts: dict[int, list[BaseGeometry]] = {}
    for geometry, value in shapes(label, mask=label > 0, connectivity=4, transform=grid.transform):
        parts.setdefault(int(value), []).append(shapely.geometry.shape(geometry))
    return {rank: shapely.union_all(pieces) for rank, pieces in parts.items()}


def _mean(values: FloatArray) -> float:
    return round(float(np.mean(values, dtype=np.float64)), 4)

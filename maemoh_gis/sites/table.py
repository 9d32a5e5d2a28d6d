"""Sites as features: where they are, how they score, why, and what they are subject to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.cache.derived import cached
from maemoh_gis.core import units
from maemoh_gis.core.grid import Grid
from maemoh_gis.core.messages import LANGUAGES, Text, both
from maemoh_gis.core.types import BoolArray, FloatArray, IntArray
from maemoh_gis.mcda.classes import class_name
from maemoh_gis.mcda.combine import CriterionScore, Score
from maemoh_gis.scenario.settings.scenario import Scenario
from maemoh_gis.sites.cuts import metres_inside
from maemoh_gis.sites.names import Names, naming_layers
from maemoh_gis.sites.result import are_described, described_by, keyed_land
from maemoh_gis.sites.shape import shape_of
from maemoh_gis.sites.weights_on_record import closeness
from maemoh_gis.suitability.caveats import CONFIDENCES, percent_of
from maemoh_gis.suitability.known_land import settled_on
from maemoh_gis.suitability.limits import Availability, State

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from maemoh_gis.engine.results import Results
    from maemoh_gis.engine.stages import StagesAgain
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.layers.load import Layers
    from maemoh_gis.scenario.settings.limit import Inclusion, Limit
    from maemoh_gis.scenario.settings.parts import Selection
    from maemoh_gis.scenario.settings.scenario import Use
    from maemoh_gis.sites.delineate import Sites
    from maemoh_gis.sites.land_mix import UseShare


KNOWN = "known_"
"""Stands before the id of a law in the column that says on what share of a site it is known."""


@dataclass(frozen=True)
class UseAsked:
    """What a scenario says of a use, in its year and viewpoint."""

    id: str
    about: Use
    limits: Mapping[str, Limit]
    conditions: Mapping[str, Inclusion]
    weights: Mapping[str, float]

    @classmethod
    def of(cls, scenario: Scenario, use: str) -> UseAsked:
        """Take what a scenario says of a use."""
        limits, conditions = scenario.limits_of(use), scenario.conditions_of(use)
        return cls(use, scenario.uses[use], limits, conditions, scenario.weights(use))

    @property
    def laws(self) -> dict[str, Limit]:
        """Give the limits that are law."""
        return {id: limit for id, limit in self.limits.items() if limit.ground == "law"}

    @property
    def tested(self) -> dict[str, Limit]:
        """Give the laws that are tested."""
        return {id: limit for id, limit in self.laws.items() if limit.test}

    @property
    def layers(self) -> set[str]:
        """Name the layers whose features or trust tell something of a site."""
        of_laws = [part for law in self.tested.values() for part in (law, law.only_where) if part]
        parts = [*self.about.land.report_cuts, *of_laws]
        return {part.layer for part in parts if part.layer is not None}

    @property
    def stages(self) -> list[str]:
        """Name the stages of its criteria and of the laws that are tested."""
        measured = [id for id, one in self.about.criteria.items() if one.measure]
        return [*(f"criterion:{self.id}.{id}" for id in measured),
                *(f"limit:{id}" for id in self.tested)]  # fmt: skip


def with_sites(results: Results) -> Results:
    """Describe the sites of every use."""
    if are_described(results):
        return results
    described = {}
    for use in results.resolved.scenario.uses:
        asked = UseAsked.of(results.resolved.scenario, use)
        layers = {*asked.layers, *naming_layers(results.catalog)}
        described[use] = cached(
            results.store, site_features, asked, results.grid, results.layers.only(layers),
            keyed_land(results, use), results.keyed(f"score:{use}"), results.keyed(f"state:{use}"),
            results.again(asked.stages),
        )  # fmt: skip
    return described_by(results, described)


def site_features(
    asked: UseAsked,
    grid: Grid,
    layers: Layers,
    share: Sites | UseShare,
    score: Score,
    states: Availability,
    again: StagesAgain,
) -> gpd.GeoDataFrame:
    """
    Turn site labels into features.

    Returns
    -------
    geopandas.GeoDataFrame
        One row a site in the CRS of the grid, those first of which most is certain: `number` names
        a site of this run and is no rank; sites of one `class` are not told apart. Scores are means
        over the site's cells; areas are whole cells. `topsis` sets sites beside one another by what
        is scored on all of them, and is no rank either.
    """
    import geopandas as gpd

    declared, cuts = asked.about.criteria, asked.about.land.report_cuts
    rows: list[dict[str, Any]] = []
    outlines: list[BaseGeometry] = []
    for number in range(1, share.cells.count + 1):
        window, site, filled = share.cells.site(number)
        shape, part = shape_of(number, site, filled), _part_of(grid, window)
        outlines.append(_outline(site, part))
        cells = site & ~filled
        criteria, law = _measured_on(part, asked, again, layers.catalog)
        area = _areas(cells, states.state[window], grid)
        rows.append(
            {
                "id": f"{asked.id}-{number:02d}",
                "use": asked.id,
                "number": number,
                "class": class_name(share.cells.classes[number - 1]),
                **area,
                "short_of_rai": max(asked.about.land.area_rai - area["area_rai"], 0.0),
                "hole_rai": units.rai_from_m2(shape.hole_cells * grid.cell_area_m2),
                "compactness": round(shape.compactness, 3),
                "widest_m": round(shape.widest * grid.cell_m),
                **_scores(cells, score, window),
                **_weight_by_confidence(cells, criteria, asked),
                **_criterion_means(cells, criteria, declared),
                **(on_site := _laws_known(cells, law, asked)),
                **_subject_to(states.conditional_by[window][cells], on_site, asked),
            }
        )
    frame = gpd.GeoDataFrame(rows, geometry=outlines, crs=grid.crs)
    if not rows:
        # Whoever looks for a column of no site finds it empty.
        columns = _columns(asked)
        frame = gpd.GeoDataFrame(columns=[*columns, "geometry"], geometry="geometry", crs=grid.crs)
    else:
        inside = frame.representative_point().to_crs("EPSG:4326")
        frame.insert(4, "lat", inside.y.round(5))
        frame.insert(5, "lon", inside.x.round(5))
        frame = _with_names(frame, layers)
        frame["topsis"] = closeness(frame, asked.weights)
        for name, lengths in _cut_lengths(outlines, cuts, layers, grid).items():
            frame[f"{name}_inside_m"] = lengths
    return frame


def _with_names(frame: gpd.GeoDataFrame, layers: Layers) -> gpd.GeoDataFrame:
    """Write where each site lies, its name and how far a known place is, behind its number."""
    names = Names.of(layers, str(frame.crs))
    numbers = [int(number) for number in frame["number"]]
    named = [
        names.of_shape("name", number, shape)
        for number, shape in zip(numbers, frame.geometry, strict=True)
    ]
    texts: dict[str, list[Text] | list[Text | None]] = {
        "place": [one.place for one in named],
        "name": [one.name for one in named],
        "near": [one.near for one in named],
    }
    at = list(frame.columns).index("class")
    for stem, told in texts.items():
        for language in LANGUAGES:
            frame.insert(at, f"{stem}_{language}", [one[language] if one else None for one in told])
            at += 1
    return frame


def _columns(asked: UseAsked) -> list[str]:
    """List the columns that every table of sites of a use has."""
    return [
        "id", "use", "number", "place_th", "place_en", "name_th", "name_en", "near_th",
        "near_en", "class", "lat", "lon", "area_rai", "area_ha", "conditional_rai",
        "short_of_rai", "hole_rai", "compactness", "widest_m", "score_low", "score_high",
        "scored_share", "score_mean", "score_min",
        *(f"weight_{grade.lower()}" for grade in CONFIDENCES),
        *(f"{id}_mean" for id in asked.about.criteria), "laws", "laws_known",
        *(f"{KNOWN}{id}" for id in asked.tested),
        "subject_to_th", "subject_to_en", "topsis",
        *(f"{cut.layer}_inside_m" for cut in asked.about.land.report_cuts),
    ]  # fmt: skip


def _measured_on(
    part: Grid, asked: UseAsked, again: StagesAgain, catalog: Catalog
) -> tuple[dict[str, CriterionScore], dict[str, BoolArray]]:
    """Compute criteria on a part of the grid; of laws, on which cells it is known if they hold."""
    found, prefix = again.on(part), f"criterion:{asked.id}."
    criteria = {id.removeprefix(prefix): one for id, one in found.items() if id.startswith(prefix)}
    return criteria, {id: settled_on(one, found[f"limit:{id}"], catalog)
                      for id, one in asked.tested.items()}  # fmt: skip


def _part_of(grid: Grid, window: tuple[slice, slice]) -> Grid:
    rows, cols = window
    return Grid(
        grid.crs, grid.cell_m, grid.col0 + cols.start, grid.row0 + rows.start,
        rows.stop - rows.start, cols.stop - cols.start,
    )  # fmt: skip


def _cut_lengths(
    shapes: list[BaseGeometry], selections: Sequence[Selection], layers: Layers, grid: Grid
) -> dict[str, FloatArray]:
    return {
        selection.layer: np.round(
            metres_inside(layers.shapes(selection.layer, grid.crs, selection.where), shapes)
        )
        for selection in selections
    }


def _areas(cells: BoolArray, state: IntArray, grid: Grid) -> dict[str, float]:
    area = int(cells.sum()) * grid.cell_area_m2
    permit = int((state[cells] == State.CONDITIONAL).sum()) * grid.cell_area_m2
    return {
        "area_rai": units.rai_from_m2(area),
        "area_ha": units.ha_from_m2(area),
        "conditional_rai": units.rai_from_m2(permit),
    }


def _scores(cells: BoolArray, score: Score, window: tuple[slice, slice]) -> dict[str, float]:
    return {
        "score_low": _mean(score.low[window][cells]),
        "score_high": _mean(score.high[window][cells]),
        "scored_share": _mean(score.scored_share[window][cells]),
        "score_mean": _mean(score.value[window][cells]),
        "score_min": round(float(score.value[window][cells].min()), 4),
    }


def _criterion_means(
    cells: BoolArray, scores: Mapping[str, CriterionScore], declared: Mapping[str, object]
) -> dict[str, float | None]:
    """Average each criterion over a site; None unless it is scored on all of it."""
    means: dict[str, float | None] = {}
    for id in declared:
        value = scores[id].value if id in scores else None
        here = value[cells] if value is not None else np.empty(0)
        whole = here.size > 0 and not np.isnan(here).any()
        means[f"{id}_mean"] = _mean(here) if whole else None
    return means


def _weight_by_confidence(
    cells: BoolArray, scores: Mapping[str, CriterionScore], asked: UseAsked
) -> dict[str, float]:
    """Say what share of the weight is scored on the site, by confidence of the criterion."""
    shares = dict.fromkeys(CONFIDENCES, 0.0)
    for id, score in scores.items():
        assert score.value is not None
        scored = float(np.mean(~np.isnan(score.value[cells])))
        shares[asked.about.criteria[id].confidence] += asked.weights[id] * scored
    return {f"weight_{grade.lower()}": round(share, 4) for grade, share in shares.items()}


def _laws_known(
    cells: BoolArray, settled: Mapping[str, BoolArray], asked: UseAsked
) -> dict[str, float]:
    """
    Say how many laws are known on all of a site, and of each one tested on what share of it.

    Nothing is known of a law without a layer.
    """
    shares = {id: round(float(known[cells].mean()), 4) for id, known in settled.items()}
    whole = sum(bool(known[cells].all()) for known in settled.values())
    return {"laws": len(asked.laws), "laws_known": whole} | {
        f"{KNOWN}{id}": share for id, share in shares.items()
    }


def _subject_to(bits: IntArray, known: Mapping[str, float], asked: UseAsked) -> dict[str, str]:
    """
    List the permits a site touches and the laws that are not checked on all of it.

    A law that is tested stands last and says on how much of the site it was checked: none of its
    recorded places removes the site, but the layer may miss some.
    """
    conditional = {id: x for id, x in asked.limits.items() if x.outcome == "conditional" and x.test}

    def touches(k: int) -> bool:
        return bool((bits >> np.uint32(k) & np.uint32(1)).any())

    titles: dict[str, Text] = {
        id: limit.title.both() for k, (id, limit) in enumerate(conditional.items()) if touches(k)
    }
    for k, (id, inclusion) in enumerate(asked.conditions.items(), len(conditional)):
        if touches(k):
            titles[id] = inclusion.title.both()
    titles |= {id: limit.title.both() for id, limit in asked.laws.items() if limit.test is None}
    for id, limit in asked.laws.items():
        share = known.get(f"{KNOWN}{id}", 0.0)
        if limit.test is not None and id not in titles and share < 1:
            titles[id] = _checked_on(limit.title.both(), share)
    return {f"subject_to_{x}": "; ".join(one[x] for one in titles.values()) for x in LANGUAGES}


def _checked_on(title: Text, share: float) -> Text:
    """Say beside the title of a law on how much of the site it was checked."""
    id, percent = "site.checked_on" if share else "site.known_places_only", percent_of(share)
    return both(id, title=title, percent=percent)


def _outline(site: BoolArray, part: Grid) -> BaseGeometry:
    """Outline a site along its cell edges."""
    import shapely
    from rasterio.features import shapes

    found = shapes(site.astype(np.uint8), mask=site, connectivity=4, transform=part.transform)
    return shapely.union_all([shapely.geometry.shape(geometry) for geometry, _ in found])


def _mean(values: FloatArray) -> float:
    return round(float(np.mean(values, dtype=np.float64)), 4)

"""
Why a place scores as it does, and what keeps it out.

The answer is computed by the same stages as the run, on a grid of the one cell or of the cells
under a polygon, so it cannot differ from the run's rasters.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from maemoh_gis.ask.parts import CriterionPart, LimitPart, MemberPart
from maemoh_gis.ask.smallest_change import SmallestChange, smallest_change
from maemoh_gis.cells.distance import cells_inside
from maemoh_gis.core import units
from maemoh_gis.core.crs import datum_of, needs_operation, transformer_between
from maemoh_gis.core.errors import GridError, RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.grid import Grid
from maemoh_gis.core.messages import Text
from maemoh_gis.core.types import BoolArray
from maemoh_gis.engine.stages import Stage, StageContext, execute, local_stages
from maemoh_gis.exposure.place import (
    people_around,
    people_parts,
)
from maemoh_gis.exposure.words import PeoplePart
from maemoh_gis.files import read_vector
from maemoh_gis.layers.audit.gate import require_sound
from maemoh_gis.layers.catalog import Catalog
from maemoh_gis.layers.features import of_kind
from maemoh_gis.layers.load import Layers, to_crs
from maemoh_gis.questions.questions import QuestionPart, parts_at
from maemoh_gis.runs.finished import Run
from maemoh_gis.runs.stage_table import stage_table
from maemoh_gis.scenario.settings.scenario import Scenario
from maemoh_gis.suitability import limit_stages
from maemoh_gis.suitability.declared import DeclaredPart, registers
from maemoh_gis.suitability.known_land import settled_on
from maemoh_gis.suitability.limit_status import status_of
from maemoh_gis.suitability.limits import State

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from maemoh_gis.scenario.settings.criterion import Criterion
    from maemoh_gis.scenario.settings.measure import Measure

# A polygon of more cells than this is a region, not a site; it would take longer than a run.
_MAX_CELLS = 5_000_000


@dataclass(frozen=True)
class Explanation:
    """One use at one place."""

    use: str
    areas_m2: Mapping[str, float]
    """Land of the place by state: outside, allowed, conditional, removed, unknown."""
    score: float | None
    low: float | None
    high: float | None
    criteria: tuple[CriterionPart, ...]
    held: float
    """What the bounds of partly known criteria take from the mean over what is scored."""
    limits: tuple[LimitPart, ...]
    change: SmallestChange
    """The smallest change that would alter the verdict."""
    questions: tuple[QuestionPart, ...] = ()
    """Open legal questions: how far the place lies from what they turn on."""
    members: tuple[MemberPart, ...] = ()
    """From which members of stacks its values are read; empty where no layer is a stack."""
    people: tuple[PeoplePart, ...] = ()
    """People within each distance the scenario asks about; empty where it asks about none."""
    declared: tuple[DeclaredPart, ...] = ()
    """Limits that acts declare by subdistrict: which acts name those of the place."""

    @property
    def verdict(self) -> str:
        """State that holds on most of the place."""
        return max(self.areas_m2, key=lambda state: self.areas_m2[state])


def explain_at(run: Run, lat: float, lon: float) -> list[Explanation]:
    """Explain the cell at a WGS 84 latitude and longitude in degrees."""
    cell = run.grid.cell_at(lon, lat)
    if cell is None:
        raise RunError(Fault("place_outside", key="--at", found=f"{lat:g},{lon:g}",
                             expected=_lonlat_span(run.grid)))  # fmt: skip
    grid = run.grid.cell(*cell)
    middle = shapely.Point(grid.x[0], grid.y[0])
    people = _people_at(run, [middle])[0]
    return _explain(run, grid, np.ones(grid.shape, dtype=bool), middle, people)


def assess(
    run: Run,
    file: Path,
    datum_operation: str | None = None,
    *,
    table: str | None = None,
    encoding: str | None = None,
) -> list[tuple[dict[str, Any], list[Explanation]]]:
    """
    Score and explain the user's own polygons, read from a file that states its CRS.

    `datum_operation` is the EPSG code of the way to WGS 84, where there are several from its datum;
    `table` the layer inside the file.
    """
    return assess_features(run, read_vector(file, table, encoding), str(file), datum_operation)


def assess_features(
    run: Run, features: gpd.GeoDataFrame, name: str, datum_operation: str | None = None
) -> list[tuple[dict[str, Any], list[Explanation]]]:
    """Score and explain polygons that are read already; faults name them by `name`."""
    frame = _polygons(run, features, name, datum_operation)
    columns = [name for name in frame.columns if name != "geometry"]
    answers = []
    people = _people_at(run, list(frame.geometry))
    rows = frame[columns].to_dict("records")
    for row, shape, near in zip(rows, frame.geometry, people, strict=True):
        west, south, east, north = (float(v) for v in shape.bounds)
        grid = Grid.covering((west, south, east, north), crs=run.grid.crs, cell_m=run.grid.cell_m)
        cells = cells_inside(np.array([shape]), grid)
        if not cells.any():
            x, y = float(shape.representative_point().x), float(shape.representative_point().y)
            grid = Grid.covering((x, y, x, y), crs=run.grid.crs, cell_m=run.grid.cell_m)
            cells = np.ones(grid.shape, dtype=bool)
        attributes = {str(name): _plain(value) for name, value in row.items()}
        attributes["area_rai"] = round(units.rai_from_m2(shape.area), 2)
        attributes["cells"] = int(cells.sum())
        if datum_operation is not None:
            attributes["datum_operation"] = datum_operation
        answers.append((attributes, _explain(run, grid, cells, shape, near)))
    return answers


def _polygons(
    run: Run, frame: gpd.GeoDataFrame, file: str, datum_operation: str | None
) -> gpd.GeoDataFrame:
    """Bring what a file holds to the CRS of a run, if it is polygons inside it."""
    faults = []
    if frame.crs is None:
        raise RunError(Fault("file_without_crs", file))
    if datum_operation is None and needs_operation(frame.crs):
        raise RunError(Fault("file_on_old_datum", file, found=frame.crs.name,
                             expected=datum_of(frame.crs)))  # fmt: skip
    flat = of_kind(np.asarray(frame.geometry.array, dtype=object), "polygons")
    frame = frame.set_geometry(flat).set_crs(frame.crs, allow_override=True)
    try:
        here = to_crs(frame, run.grid.crs, datum_operation)
    except GridError as error:
        raise RunError([replace(fault, file=file) for fault in error.faults]) from error
    if here.empty:
        faults.append(Fault("file_without_polygons", file))
    for number, shape in enumerate(here.geometry, start=1):
        key = str(number)
        if shape is None or shape.is_empty or shape.geom_type not in {"Polygon", "MultiPolygon"}:
            found = "–" if shape is None else shape.geom_type
            faults.append(Fault("feature_not_polygon", file, key=key, found=found))
        elif not np.isfinite(shape.bounds).all():
            faults.append(Fault("feature_outside", file, key=key))
        elif not shape.is_valid:
            faults.append(Fault("feature_invalid", file, key=key))
        elif run.grid.cell_at(*_lonlat(run.grid, shape.representative_point())) is None:
            faults.append(Fault("feature_outside", file, key=key))
        elif shape.envelope.area / run.grid.cell_area_m2 > _MAX_CELLS:
            faults.append(Fault("feature_too_large", file, key=key))
    if faults:
        raise RunError(faults)
    return here if here.geometry.name == "geometry" else here.rename_geometry("geometry")


def _people_at(run: Run, places: Sequence[BaseGeometry]) -> list[tuple[PeoplePart, ...]]:
    """Say of each place how many people are near it; nothing where the scenario does not ask."""
    asked = run.scenario.exposure
    if asked is None:
        return [()] * len(places)
    # Its layers were audited when it ran, and one that is another by now is refused as it is read.
    land = shapely.union_all(places)
    people = people_around(asked, Layers(run.catalog), run.grid.crs, land)
    return [tuple(people_parts(asked, people, place)) for place in places]


def _explain(
    run: Run, grid: Grid, cells: BoolArray, place: BaseGeometry, people: tuple[PeoplePart, ...]
) -> list[Explanation]:
    stages = local_stages(stage_table(run.scenario, run.catalog))
    require_sound(run.catalog, [layer for stage in stages for layer in stage.layers])
    layers = Layers(run.catalog)
    results = execute(stages, StageContext(run.scenario, layers, grid), keep=lambda _: True)
    table = {stage.id: stage for stage in stages}
    asked = {
        use: tuple(parts_at(run.scenario, layers, grid.crs, place, use))
        for use in run.scenario.uses
    }
    ids = dict.fromkeys(layer for stage in stages for layer in stage.layers)
    members = tuple(part for id in ids for part in _member_parts(layers, id, cells, grid))
    declared = _declared(run.scenario, layers, grid, place)
    return [
        replace(
            _explain_use(run, use, results, table, cells, grid),
            questions=parts,
            members=members,
            people=people,
            declared=tuple(declared[id] for id in run.scenario.limits_of(use) if id in declared),
        )
        for use, parts in asked.items()
    ]


def _member_parts(layers: Layers, id: str, cells: BoolArray, grid: Grid) -> Iterator[MemberPart]:
    """Say from which members of a stack the cells of a place are read, the most first."""
    catalog = layers.catalog
    if id not in catalog.stacks:
        return
    read = catalog.read_from(id)
    if catalog.stacks[id].kind == "raster":
        counts = np.bincount(layers.members(id, grid)[cells] + 1, minlength=len(read) + 1)
    else:
        counts = np.array([0, 1] if read else [1])
    for place in np.argsort(-counts, kind="stable"):
        if counts[place]:
            member = read[place - 1] if place else None
            title = catalog[member].title.both() if member else None
            yield MemberPart(id, member, title, float(counts[place] / counts.sum()))


def _declared(
    scenario: Scenario, layers: Layers, grid: Grid, place: BaseGeometry
) -> dict[str, DeclaredPart]:
    """Say by limit which acts name the subdistricts of a place; of a point, of its cell."""
    land = place if place.area > 0 else shapely.box(*grid.bounds)
    acts = registers(scenario.limits, layers, grid.crs)
    return {id: register.on(land) for id, register in acts.items()}


def _explain_use(
    run: Run,
    use: str,
    results: Mapping[str, Any],
    table: Mapping[str, Stage],
    cells: BoolArray,
    grid: Grid,
) -> Explanation:
    results = _lifted(run.scenario, use, results)
    score, states = results[f"score:{use}"], results[f"state:{use}"]
    state = states.state[cells]
    areas = {s.name.lower(): int((state == s).sum()) * grid.cell_area_m2 for s in State}
    parts = _criterion_parts(run, use, results, table, cells, grid)
    value = _mean(score.value[cells])
    contributed = sum(p.contribution for p in parts if p.contribution is not None)
    return Explanation(
        use,
        areas,
        value,
        _mean(score.low[cells]),
        _mean(score.high[cells]),
        tuple(parts),
        0.0 if value is None else value - contributed,
        tuple(_limit_parts(run, use, results, cells, grid)),
        smallest_change(run.scenario, use, results, table, cells, parts),
    )


def _criterion_parts(
    run: Run,
    use: str,
    results: Mapping[str, Any],
    table: Mapping[str, Stage],
    cells: BoolArray,
    grid: Grid,
) -> list[CriterionPart]:
    weights = run.scenario.weights(use)
    scored_share = results[f"score:{use}"].scored_share[cells].astype(np.float64)
    parts = []
    for id, criterion in run.scenario.uses[use].criteria.items():
        stage = f"criterion:{use}.{id}"
        if stage not in results:
            parts.append(CriterionPart(id, weights[id], None, None, None, 0.0, 1.0, None))
            continue
        result, measured = results[stage], results[table[stage].inputs[0]][cells]
        value = result.value[cells]
        known = ~np.isnan(value)
        # Each cell divides by the weight that is scored there, so cells must be averaged last.
        added = np.zeros(value.shape)
        np.divide(weights[id] * value, scored_share, out=added, where=known)
        low = result.low[cells] if result.low is not None else value
        high = result.high[cells] if result.high is not None else value
        unit = criterion.value.unit if criterion.value else None
        number = unit is not None and bool(np.isfinite(measured).any())
        parts.append(
            CriterionPart(
                id,
                weights[id],
                float(np.mean(measured[np.isfinite(measured)])) if number else None,
                unit,
                _mean(value[known]),
                _mean(np.where(np.isnan(low), 0.0, low)) or 0.0,
                1.0 if (top := _mean(np.where(np.isnan(high), 1.0, high))) is None else top,
                float(added.mean()) if known.any() else None,
                _origin(criterion, results, cells, grid),
                *_kind(run.catalog, criterion.measure, measured),
            )
        )
    return parts


def _origin(
    criterion: Criterion, results: Mapping[str, Any], cells: BoolArray, grid: Grid
) -> Text | None:
    """Name the origin most cells are reached from."""
    id = criterion.measure.minutes if criterion.measure else None
    if id is None or f"times:{id}" not in results:
        return None
    reached = results[f"times:{id}"].nearest_origin(grid)[cells]
    reached = reached[reached >= 0]
    if not reached.size:
        return None
    origin = results[f"network:{id}"].origins[int(np.bincount(reached).argmax())]
    return {"th": origin.name_th, "en": origin.name_en}


def _kind(catalog: Catalog, of: Measure | None, codes: Any) -> tuple[Text | None, float | None]:
    """Name the class most cells have, and the share of them; nothing where the measure has none."""
    if of is not None and of.kind == "class_of":
        counts = np.bincount(codes)
        if found := catalog[of.layer].classes.get(str(counts.argmax())):
            return found.both(), float(counts.max() / codes.size)
    return None, None


def _limit_parts(
    run: Run, use: str, results: Mapping[str, Any], cells: BoolArray, grid: Grid
) -> Sequence[LimitPart]:
    parts = []
    for id, limit in run.scenario.limits_of(use).items():
        held, known = 0, 0
        if limit.test is not None:
            found = results[f"limit:{id}"]
            held = int(found.hit[cells].sum())
            known = int(settled_on(limit, found, run.catalog)[cells].sum())
        status = status_of(limit, known, int(cells.sum()))
        areas = (count * grid.cell_area_m2 for count in (held, known))
        parts.append(LimitPart(id, limit.outcome, status, *areas))
    for id in run.scenario.conditions_of(use):
        stage = f"inclusion:{id}"
        if stage in results:
            area = int(results[stage][cells].sum()) * grid.cell_area_m2
            whole = int(cells.sum()) * grid.cell_area_m2
            parts.append(LimitPart(stage, "conditional", "checked", area, whole))
    return parts


def _lifted(scenario: Scenario, use: str, results: Mapping[str, Any]) -> Mapping[str, Any]:
    """Take limits off the land they are lifted from, as the states of the use do."""
    prefix = "limit:"
    hits = {id.removeprefix(prefix): r for id, r in results.items() if id.startswith(prefix)}
    found = limit_stages.lifted(hits, scenario.inclusions_of(use), results)
    return {**results, **{f"{prefix}{id}": hit for id, hit in found.items()}}


def _mean(values: Any) -> float | None:
    known = values[~np.isnan(values)]
    return float(np.mean(known, dtype=np.float64)) if known.size else None


def _plain(value: Any) -> Any:
    item = getattr(value, "item", None)
    return item() if callable(item) else value


def _lonlat(grid: Grid, point: Any) -> tuple[float, float]:

    to_lonlat = transformer_between(grid.crs, "EPSG:4326")
    lon, lat = to_lonlat.transform(point.x, point.y)
    return lon, lat


def _lonlat_span(grid: Grid) -> str:

    to_lonlat = transformer_between(grid.crs, "EPSG:4326")
    west, south, east, north = to_lonlat.transform_bounds(*grid.bounds)
    return f"{south:.2f}…{north:.2f},{west:.2f}…{east:.2f}"

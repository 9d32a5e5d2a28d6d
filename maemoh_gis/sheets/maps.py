"""The maps of a report: the whole study area and the first view, for each use."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from maemoh_gis.core.crs import transformer_between
from maemoh_gis.core.errors import MaeMohError
from maemoh_gis.core.grid import Bounds, Grid
from maemoh_gis.core.messages import both
from maemoh_gis.pages.content import ContextLayer, LayerPart, Use
from maemoh_gis.pages.raster_image import Picture, Placement, draw, place
from maemoh_gis.pages.report_content import Block, Heading, Map, Paragraph, Section
from maemoh_gis.pages.report_map import Ground, draw_map, ground_of
from maemoh_gis.pages.wording import Wording
from maemoh_gis.presentation.context_layers import context_layers, drawn_layers
from maemoh_gis.presentation.run_files import RunFiles

if TYPE_CHECKING:
    import geopandas as gpd

    from maemoh_gis.layers.load import Layers

_MARGIN_M = 3000.0
# Half a close-up: far enough that a road with a number and a village come into sight.
_AROUND_SITE_M = 2500.0
_HIGH = 0.75
# Two views whose edges lie closer than this show the same.
_SAME_DEG = 0.06
# A printed map is 18 cm wide: more pixels than this are finer than the paper.
_MOST_PIXELS = 500_000


def maps(run: RunFiles) -> Section:
    """Draw every use over the whole study area, and over Mae Moh with the sites."""
    context = layers_of(run)
    blocks: list[Block] = [Paragraph(both("report.maps_note"))]
    if context is None:
        blocks.append(Paragraph(both("report.no_context"), "caution"))
    details: list[Block] = []
    drawn = list(score_maps(run))
    for use, definition in run.uses.items():
        if lost := _lost(run, use):
            blocks.append(Heading(definition["title"]))
            blocks.append(Paragraph(both("report.missing_part", file=", ".join(lost)), "caution"))
        mine = {one.view: one.map for one in drawn if one.use == use}
        # A committee looks at Mae Moh and the sites; the whole province stands in the annex.
        details += [one for view, one in mine.items() if view == "whole" and len(mine) > 1]
        blocks += [one for view, one in mine.items() if view != "whole" or len(mine) == 1]
    return Section("maps", both("report.section.maps"), blocks, details=details)


@dataclass(frozen=True)
class ScoreMap:
    """The score of a use over one view."""

    use: str
    view: str
    """`whole` or `near`."""
    map: Map


def score_maps(run: RunFiles) -> Iterator[ScoreMap]:
    """Draw the score of every use whose rasters are there over every view."""
    wording = Wording.of_package()
    sheets = {id: _sheet(run, id, view) for id, view in _views(run).items()}
    for use, definition in run.uses.items():
        if _lost(run, use):
            continue
        one = Use(use, definition["title"], np.empty(0), np.empty(0), sites_of(run, use))
        for id, sheet in sheets.items():
            caption = both(f"report.map_{id}", use=definition["title"])
            picture = _picture(run, use, sheet)
            figure = draw_map(sheet.ground, wording, alt=caption, use=one, picture=picture)
            yield ScoreMap(use, id, Map(figure, caption))


def _lost(run: RunFiles, use: str) -> list[str]:
    """Name the rasters of a use that are not there."""
    return [name for name in (f"score_{use}.tif", f"limits_{use}.tif") if not run.has(name)]


def layers_of(run: RunFiles) -> Sequence[ContextLayer] | None:
    """Read the layers that help to read a map; None where they cannot be read."""
    try:
        return context_layers(run.layers)
    except MaeMohError:
        return None


def _ground(run: RunFiles, id: str, view: Bounds) -> Ground:
    """Draw what lies beneath a view, once for all reports of the same layers."""
    if layers_of(run) is None:
        return ground_of(id, view, (), Wording.of_package())
    return run.layers.derived(drawn_layers(run.catalog), _beneath, id, view)


def _beneath(layers: Layers, id: str, view: Bounds) -> Ground:
    return ground_of(id, view, context_layers(layers), Wording.of_package())


def sites_of(run: RunFiles, use: str) -> gpd.GeoDataFrame:
    """Read the sites of a use; an empty frame where it has none."""
    import geopandas as gpd

    found = run.features("sites.gpkg", f"sites_{use}")
    if found is None:
        return gpd.GeoDataFrame({"number": []}, geometry=[], crs=run.grid.crs)
    return found


def _views(run: RunFiles) -> dict[str, Bounds]:
    """Give what the maps show, in degrees: the whole study area, and Mae Moh with the sites."""
    whole, near = in_degrees(run.grid.bounds, run.grid.crs), near_view(run)
    same_view = all(abs(a - b) < _SAME_DEG for a, b in zip(near, whole, strict=True))
    return {"whole": whole} if same_view else {"whole": whole, "near": near}


def near_view(run: RunFiles) -> Bounds:
    """Give the bounds in degrees of what the scenario looks at and of all its sites."""
    found = [np.asarray(sites_of(run, use).geometry.total_bounds) for use in run.uses]
    view = run.scenario["view"]
    with contextlib.suppress(MaeMohError, KeyError):
        shapes = run.layers.features(view["layer"], run.grid.crs, view.get("where") or {})
        found.append(np.asarray(shapes.geometry.total_bounds))
    known = [one for one in found if not np.isnan(one).any()]
    bounds = np.array(known or [np.asarray(run.grid.bounds)])
    west, south = bounds[:, :2].min(axis=0) - _MARGIN_M
    east, north = bounds[:, 2:].max(axis=0) + _MARGIN_M
    limits = run.grid.bounds
    inside = (max(west, limits[0] - _MARGIN_M), max(south, limits[1] - _MARGIN_M),
              min(east, limits[2] + _MARGIN_M), min(north, limits[3] + _MARGIN_M))  # fmt: skip
    return in_degrees(inside, run.grid.crs)


def near_ground(run: RunFiles) -> Ground:
    """Draw what lies beneath the map of Mae Moh and the sites, for sheets that show one site."""
    return _ground(run, "near", near_view(run))


def site_ground(
    run: RunFiles, id: str, site: gpd.GeoDataFrame, more: Sequence[LayerPart] = ()
) -> Ground:
    """
    Draw what lies around one site: roads by their numbers, villages, water, what has a name.

    `more` is drawn above it.
    """
    west, south, east, north = site.geometry.total_bounds
    across = max(east - west, north - south) / 2 + _AROUND_SITE_M
    x, y = (west + east) / 2, (south + north) / 2
    view = in_degrees(
        (x - across, y - across * _HIGH, x + across, y + across * _HIGH), str(site.crs)
    )
    layers = [_within(layer, view) for layer in layers_of(run) or ()]
    return ground_of(id, view, [*layers, *more], Wording.of_package())


def _within(layer: ContextLayer, view: Bounds) -> LayerPart:
    """Cut a layer down to a view; one with names is shown there even where a page folds it."""
    near = np.sort(layer.lonlat.sindex.intersection(view))
    cut = shapely.clip_by_rect(layer.shapes[near], *view)
    there = ~shapely.is_empty(cut)
    near, cut = near[there], cut[there]
    named = layer.label is not None
    rows = [(layer.rows[at][0], shape) for at, shape in zip(near, cut, strict=True) if named]
    return LayerPart(
        layer.style,
        layer.label,
        layer.label_from_zoom,
        layer.from_zoom,
        shown=layer.shown or named,
        shapes=cut,
        rows=rows,
    )


def in_degrees(bounds: Bounds, crs: str) -> Bounds:
    """Bring bounds of a projected CRS to degrees."""
    to_lonlat = transformer_between(crs, "EPSG:4326")
    west, south, east, north = to_lonlat.transform_bounds(*bounds, densify_pts=21)
    return west, south, east, north


@dataclass(frozen=True)
class _Sheet:
    """A view with the cells in sight."""

    ground: Ground
    part: Grid | None
    """Cells in sight; None where there are none."""
    placement: Placement | None


def _sheet(run: RunFiles, id: str, view: Bounds) -> _Sheet:
    """Draw what lies beneath a view and find the cells in sight."""
    grid, ground = run.grid, _ground(run, id, view)
    to_grid = transformer_between("EPSG:4326", grid.crs)
    west, south, east, north = to_grid.transform_bounds(*view, densify_pts=21)
    wanted = Grid.covering((west, south, east, north), crs=grid.crs, cell_m=grid.cell_m)
    col0, row0 = max(wanted.col0, grid.col0), max(wanted.row0, grid.row0)
    cols = min(wanted.col0 + wanted.cols, grid.col0 + grid.cols) - col0
    rows = min(wanted.row0 + wanted.rows, grid.row0 + grid.rows) - row0
    if cols <= 0 or rows <= 0:
        return _Sheet(ground, None, None)
    part = Grid(grid.crs, grid.cell_m, col0, row0, rows, cols)
    return _Sheet(ground, part, place(part, _MOST_PIXELS))


def _picture(run: RunFiles, use: str, sheet: _Sheet) -> Picture | None:
    """Draw the score and the state of the cells in sight."""
    part, grid = sheet.part, run.grid
    if part is None or sheet.placement is None:
        return None
    row, col = part.row0 - grid.row0, part.col0 - grid.col0
    rows, cols = slice(row, row + part.rows), slice(col, col + part.cols)
    score, state = (run.band(f"{what}_{use}.tif", rows, cols) for what in ("score", "limits"))
    return draw(score, state, part, sheet.placement, run.store)

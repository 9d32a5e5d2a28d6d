"""Choosing what of a run goes onto its map page."""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import TYPE_CHECKING

from maemoh_gis.core.grid import Grid
from maemoh_gis.core.messages import LANGUAGES, Text, both, text
from maemoh_gis.decision.answers import answers
from maemoh_gis.decision.leads import leads_to
from maemoh_gis.decision.outputs import steps_told
from maemoh_gis.layers.load import Layers
from maemoh_gis.pages.content import (
    PageContent,
    Place,
    Relief,
    Use,
)
from maemoh_gis.phase_out.data import timeline_data
from maemoh_gis.phase_out.outputs import timeline_chart
from maemoh_gis.presentation.context_layers import context_layers, first_view
from maemoh_gis.presentation.feature import in_order
from maemoh_gis.runs import features
from maemoh_gis.runs.site_popups import site_popup, trust_of
from maemoh_gis.sheets.briefs import BRIEFS
from maemoh_gis.sites.result import site_cells, site_rows, sites_by_use, sites_of
from maemoh_gis.sites.words import sites_told
from maemoh_gis.suitability.caveats import caveats
from maemoh_gis.suitability.known_land import KnownLand
from maemoh_gis.suitability.map_cells import cell_facts
from maemoh_gis.suitability.result import score_of, states_of
from maemoh_gis.yard_choice.map import findings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from maemoh_gis.core.grid import Bounds
    from maemoh_gis.engine.results import Results
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.pages.content import CellFacts, ContextLayer

HEIGHTS, _RELIEF_CELL_M = "elevation", 250.0
PLACE_LAYERS = ("subdistricts", "district_seats")


def cells_of_map(results: Results) -> CellFacts:
    """Gather what the page can say of every cell."""
    return cell_facts(results, partial(site_cells, results))


def write_map(results: Results, path: Path, cells: Callable[[], CellFacts]) -> str:
    """Write the map page of a run; `cells` are asked for last."""
    from maemoh_gis.pages.map_page import write_page

    return write_page(page_content(results, cells), path, store=results.store)


def page_content(results: Results, cells: Callable[[], CellFacts]) -> PageContent:
    """Gather what the page shows."""
    scenario, catalog = results.resolved.scenario, results.catalog
    layers = results.layers
    return PageContent(
        title=scenario.title.both(),
        question=scenario.question.both(),
        year_be=scenario.year,
        view=_view(results),
        grid=results.grid,
        uses=[_use(use, results) for use in scenario.uses],
        layers=[
            *context_layers(layers),
            *_found_layers(results),
        ],
        # The page says "screening only" itself, above everything.
        caveats=caveats(
            scenario,
            catalog,
            results.gathered_as(KnownLand),
            features.cautions(scenario),
        )[1:],
        provenance=_provenance(results),
        lead=leads_to(results),
        answers=answers(results),
        findings=[*steps_told(results), *findings(results)],
        terms=_terms(results),
        links=[(both(f"brief.short.{id}"), f"brief_{id}.html") for id in BRIEFS],
        chart=timeline_chart(results),
        places=places(catalog, layers),
        relief=relief_of(results.grid, layers),
        path=timeline_data(results),
        cells=cells(),
    )


def _view(results: Results) -> Bounds:
    """Open on what the scenario asks for, and on every site found unless it wants none."""
    asked = first_view(results.resolved.scenario, results.layers)
    if not results.resolved.scenario.view.sites:
        return asked
    found = [sites for sites in sites_by_use(results).values() if len(sites)]
    around = (sites.to_crs("EPSG:4326").total_bounds.tolist() for sites in found)
    west, south, east, north = zip(asked, *around, strict=True)
    return min(west), min(south), max(east), max(north)


def _terms(results: Results) -> list[Text]:
    """Say in short what the words and counts of the answer mean; only what the answer uses."""
    scenario, told = results.resolved.scenario, []
    if steps_told(results):
        told.append(both("map.terms.steps"))
    if any(len(sites) for sites in sites_by_use(results).values()):
        told.append(both("map.terms.sites"))
    if scenario.choice is not None:
        told.append(both("map.terms.places"))
    return told


def _found_layers(results: Results) -> Iterator[ContextLayer]:
    """Give the layers of what features found."""
    for make in in_order(feature.map_layers for feature in features.FEATURES):
        yield from make(results)


def _use(use: str, results: Results) -> Use:
    sites, popup = site_popup(results, use)
    return Use(
        id=use,
        title=results.resolved.scenario.uses[use].title.both(),
        score=score_of(results, use).value,
        state=states_of(results, use).state,
        sites=sites,
        popup=popup,
        told=_told(use, results),
        confidence=trust_of(results, use),
    )


def _told(use: str, results: Results) -> Text | None:
    sites = sites_of(results, use)
    if sites.empty:
        return None
    title = results.resolved.scenario.uses[use].title.both()
    return sites_told(title, site_rows(results, use))


def relief_of(grid: Grid, layers: Layers) -> Relief | None:
    """Draw the hillshade of a grid's land; None where the catalog has no heights."""
    if HEIGHTS not in layers.catalog.layers or not layers.catalog.read_from(HEIGHTS):
        return None
    coarse = Grid.covering(grid.bounds, crs=grid.crs, cell_m=max(grid.cell_m, _RELIEF_CELL_M))
    return layers.derived([HEIGHTS], _relief, coarse)


def _relief(layers: Layers, coarse: Grid) -> Relief:
    from maemoh_gis.pages.relief import relief

    drawn = relief(layers.numbers(HEIGHTS, coarse), coarse)
    return dataclasses.replace(drawn, caution=layers.catalog[HEIGHTS].caution.both())


def places(catalog: Catalog, layers: Layers) -> list[Place]:
    """Give the places a reader can look for though no layer of the page draws them."""
    found = []
    for name in PLACE_LAYERS:
        if name not in catalog.layers:
            continue
        frame = layers.features(name, "EPSG:4326")
        if "name_th" not in frame or "name_en" not in frame:
            continue
        kind = catalog[name].title.both()
        points = frame.geometry.representative_point()
        named = zip(frame["name_th"], frame["name_en"], points.x, points.y, strict=True)
        found += [
            Place({"th": th, "en": en}, kind, (x, y))
            for th, en, x, y in named
            if isinstance(th, str) and isinstance(en, str)
        ]
    return found


def _provenance(results: Results) -> Text:
    scenario = results.resolved.scenario
    checksum = list(results.resolved.files.values())[-1][:12]
    return {
        language: text(
            "map.provenance",
            language,
            scenario=scenario.id,
            viewpoint=scenario.viewpoints[scenario.viewpoint].title[language],
            checksum=checksum,
            cell=f"{scenario.grid.cell_m:g}",
        )
        for language in LANGUAGES
    }

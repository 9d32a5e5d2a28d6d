"""Writing what a run found: rasters, sites, the removed table, the map."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maemoh_gis.core import units
from maemoh_gis.engine.cached_files import facts_of, kept_files, kept_value
from maemoh_gis.engine.results import MAP
from maemoh_gis.exposure.outputs import with_exposure, write_exposure
from maemoh_gis.files import write_csv, write_geopackage, write_xlsx
from maemoh_gis.freight.access_table import facts_of_freight, write_access
from maemoh_gis.freight.emissions import write_emissions
from maemoh_gis.freight.outputs import write_freight
from maemoh_gis.freight.result import freight_of
from maemoh_gis.network.outputs import content_of_network, write_networks
from maemoh_gis.phase_out.data import write_timeline_data
from maemoh_gis.phase_out.outputs import write_timeline
from maemoh_gis.questions.questions import with_questions, write_questions
from maemoh_gis.runs.raster_outputs import rasters_beside, shown_bands
from maemoh_gis.sites.land_mix import balance_table
from maemoh_gis.sites.law_coverage import write_coverage
from maemoh_gis.sites.result import shares_of, site_places, sites_by_use
from maemoh_gis.sites.table import with_sites
from maemoh_gis.suitability.caveats import LimitStatus, checked_line, limit_statuses
from maemoh_gis.suitability.known_land import KnownLand
from maemoh_gis.suitability.land_counts import LandCounts, count_land
from maemoh_gis.suitability.limit_doubt import within_error
from maemoh_gis.suitability.limits import removed_rows
from maemoh_gis.suitability.result import states_of
from maemoh_gis.suitability.value_plots import write_value_plots
from maemoh_gis.yard_choice.outputs import write_candidates
from maemoh_gis.yard_choice.result import compared_places, contest_of, found_sets
from maemoh_gis.yard_choice.set_table import write_sets
from maemoh_gis.yard_choice.yards_outputs import fits_in_words, stretches_in_words, write_yards
from maemoh_gis.yards.result import yard_places, yards_of

if TYPE_CHECKING:
    from maemoh_gis.engine.results import Results
    from maemoh_gis.scenario.settings.limit import Inclusion
    from maemoh_gis.sites.land_mix import UseShare

REMOVED_COLUMNS = (
    "use", "limit", "title_th", "title_en", "ground", "outcome", "status",
    "at_all_rai", "alone_rai", "shared_rai", "at_all_ha", "alone_ha", "shared_ha",
    "within_error_rai", "within_error_share", "basis_th", "basis_en",
)  # fmt: skip
ZONE_COLUMNS = (
    "district_th", "district_en", "use", "limit", "at_all_rai", "alone_rai", "shared_rai",
    "at_all_ha", "alone_ha", "shared_ha",
)  # fmt: skip


def write_all(results: Results, folder: Path, *, pages: bool = True) -> dict[str, Any]:
    """Write every output of a run but its record."""
    from maemoh_gis.runs.map_content import write_map
    from maemoh_gis.runs.record import content
    from maemoh_gis.runs.report import write_reports

    with rasters_beside(results, folder) as packed:
        # They need no sites, and packing them leaves the interpreter free for the rest.
        results = with_questions(with_exposure(with_places(results)))
        written = _write_tables(results, folder)
        written |= packed()
    if not pages:
        return content(results, written)
    written[MAP] = write_map(results, folder / MAP)
    told = content(results, written)
    written |= write_reports(
        folder, told, results.layers, bands=shown_bands(results), store=results.store
    )
    return {**told, "outputs": dict(sorted(written.items()))}


def with_places(results: Results) -> Results:
    """Describe the sites, and list what features found for those who tell what lies near."""
    results = with_sites(results)
    places = (*site_places(results), *yard_places(results), *compared_places(results))
    return replace(results, places=places)


def _write_tables(results: Results, folder: Path) -> dict[str, str]:
    """Write everything but rasters and pages."""
    written = {"sites.gpkg": _write_sites(results, folder / "sites.gpkg")}
    written |= write_yards(results, folder)
    written |= _write_networks(results, folder)
    written |= write_value_plots(results, folder)
    written |= kept_files(
        results.store, folder, lambda place: write_timeline(results, place),
        "timeline", facts_of(results.resolved.scenario, results.grid, results.catalog),
    )  # fmt: skip
    written |= _write_choice(results, folder)
    if (report := freight_of(results)) is not None:
        written |= kept_files(
            results.store, folder, lambda place: write_freight(report, place),
            "freight", pickle.dumps(report),
        )  # fmt: skip
        written |= write_emissions(results, folder)
    uses = results.resolved.scenario.uses
    land = kept_value(
        results.store, lambda: count_land(results),
        "land", results.resolved.scenario.area.model_dump(mode="json"), results.keys["study"],
        [results.keys[f"state:{use}"] for use in uses], list(uses),
    )  # fmt: skip
    removed = list(_removed_rows(results, land))
    written["removed.csv"] = write_csv(
        folder / "removed.csv", REMOVED_COLUMNS, removed, for_excel=True
    )
    written["law_coverage.csv"] = write_coverage(results, folder / "law_coverage.csv")
    by_zone = folder / "removed_by_district.csv"
    written["removed_by_district.csv"] = _write_by_zone(results, land, by_zone)
    written |= write_timeline_data(results, folder)
    written |= write_exposure(results, folder)
    written |= write_questions(results, folder)
    written["tables.xlsx"] = _write_workbook(results, removed, folder / "tables.xlsx")
    if (shares := shares_of(results)) is not None:
        written["land_mix.csv"] = _write_balance(results, shares, folder / "land_mix.csv")
    return written


def _write_networks(results: Results, folder: Path) -> dict[str, str]:
    """Write networks, or take those of any scenario with the same ones and the same freight."""
    scenario = results.resolved.scenario
    return kept_files(
        results.store, folder,
        lambda place: write_networks(results, place) | write_access(results, place),
        "networks",
        {id: [content_of_network(results, id), one.confidence,
              one.linehaul.road_kph if one.linehaul else None]
         for id, one in scenario.networks.items()},
        facts_of_freight(results) if scenario.networks else None,
    )  # fmt: skip


def _write_choice(results: Results, folder: Path) -> dict[str, str]:
    """Write the places that compete for the yard, where the scenario asks."""
    contest, sets_found = contest_of(results), found_sets(results)
    if contest is None:
        return {}
    path, sets = folder / "yard_choice.csv", folder / "yard_sets.csv"
    written = {path.name: write_candidates(results, path)}
    if sets_found is not None:
        written[sets.name] = write_sets(sets_found, contest, sets)
    return written


def _write_workbook(results: Results, removed: list[tuple[object, ...]], path: Path) -> str:
    """Write sites, yards and removed land as one workbook, for people without a GIS."""
    sheets: dict[str, tuple[list[str], list[tuple[object, ...]]]] = {}
    for use, sites in sites_by_use(results).items():
        frames = {f"sites_{use}": sites}
        if (search := yards_of(results, use)) is not None:
            frames[f"yards_{use}"] = fits_in_words(search)
            frames[f"yards_open_{use}"] = stretches_in_words(search)
        for name, frame in frames.items():
            columns = [str(c) for c in frame.columns if c != "geometry"]
            sheets[name] = (columns, list(frame[columns].itertuples(index=False, name=None)))
    sheets["removed"] = (list(REMOVED_COLUMNS), removed)
    return write_xlsx(path, sheets)


def _write_sites(results: Results, path: Path) -> str:
    """Write one layer a use, so that each carries its own criteria."""
    scenario = results.resolved.scenario
    layers = {}
    for use, table in sites_by_use(results).items():
        line = checked_line(scenario, results.catalog, results.gathered_as(KnownLand), use)
        sites = table.copy()
        sites["limits_checked_th"], sites["limits_checked_en"] = line.th, line.en
        layers[f"sites_{use}"] = sites
    return write_geopackage(path, layers)


def _write_by_zone(results: Results, land: LandCounts, path: Path) -> str:
    """Write what each limit removes at all and alone, by polygon of the study area."""
    scenario, zones = results.resolved.scenario, land.zones
    names = [
        [str(zones[column].iloc[k]) if column in zones else "" for column in ("name_th", "name_en")]
        for k in range(len(zones))
    ]
    rows = []
    for use in scenario.uses:
        tested = [
            id
            for id, limit in scenario.limits_of(use).items()
            if limit.outcome == "removed" and limit.test
        ]
        for k, (name_th, name_en) in enumerate(names):
            patterns, counts = land.patterns(use, "removed", k)
            for row in removed_rows(tested, patterns, counts, results.grid.cell_area_m2):
                areas = (row.at_all_m2, row.alone_m2, row.shared_m2)
                rai = (round(units.rai_from_m2(area), 2) for area in areas)
                ha = (round(units.ha_from_m2(area), 2) for area in areas)
                rows.append((name_th, name_en, use, row.limit, *rai, *ha))
    return write_csv(path, ZONE_COLUMNS, rows, for_excel=True)


def _write_balance(results: Results, shares: Mapping[str, UseShare], path: Path) -> str:
    """Say what becomes of every rai of the study area where uses share it."""
    states = {use: states_of(results, use).state for use in shares}
    rai = units.rai_from_m2(results.grid.cell_area_m2)
    ha = units.ha_from_m2(results.grid.cell_area_m2)
    rows = [
        (row.part, row.use or "", row.cells * rai, row.cells * ha, row.conditional_cells * rai,
         row.hole_cells * rai)
        for row in balance_table(results.study, states, shares)
    ]  # fmt: skip
    columns = ("part", "use", "area_rai", "area_ha", "conditional_rai", "hole_rai")
    return write_csv(path, columns, rows, for_excel=True)


def _removed_rows(results: Results, land: LandCounts) -> Iterator[tuple[object, ...]]:
    """Open with the limits line, then give one row a limit and one for all, by use."""
    scenario = results.resolved.scenario
    statuses_of = {
        use: limit_statuses(scenario, results.gathered_as(KnownLand).coverage(), use)
        for use in scenario.uses
    }
    doubt = within_error(results, {
        (use, outcome): {s.id: s.limit for s in statuses
                         if s.limit.outcome == outcome and s.limit.test}
        for use, statuses in statuses_of.items() for outcome in ("removed", "conditional")
    })  # fmt: skip
    cell_m2 = results.grid.cell_area_m2
    for use, statuses in statuses_of.items():
        line = checked_line(scenario, results.catalog, results.gathered_as(KnownLand), use)
        yield (use, "", line.th, line.en, *[""] * (len(REMOVED_COLUMNS) - 4))
        for outcome in ("removed", "conditional"):
            tested = {s.id: s for s in statuses if s.limit.outcome == outcome and s.limit.test}
            decided = scenario.conditions_of(use) if outcome == "conditional" else {}
            decisions = {f"inclusion:{id}": inclusion for id, inclusion in decided.items()}
            patterns, counts = land.patterns(use, outcome)
            names = [*tested, *decisions]
            for row in removed_rows(names, patterns, counts, results.grid.cell_area_m2):
                decision = decisions.get(row.limit)
                if decision is not None and not decision.in_force(scenario.year):
                    continue
                areas = (row.at_all_m2, row.alone_m2, row.shared_m2)
                cells = doubt.get((use, row.limit))
                unsure = None if cells is None else cells * cell_m2
                yield _removed_row(use, row.limit, outcome, tested.get(row.limit), areas,
                                   decision, unsure)  # fmt: skip
        for status in statuses:
            if not status.limit.test:
                yield _removed_row(use, status.id, status.limit.outcome, status, None)


def _within_error(
    unsure_m2: float | None, areas_m2: tuple[float, ...] | None
) -> tuple[object, object]:
    """Tell the land taken by readings within their error of the limit, and its share."""
    if unsure_m2 is None or areas_m2 is None:
        return "", ""
    share = round(unsure_m2 / areas_m2[0], 4) if areas_m2[0] > 0 else ""
    return round(units.rai_from_m2(unsure_m2), 2), share


def _removed_row(
    use: str,
    limit: str,
    outcome: str,
    status: LimitStatus | None,
    areas_m2: tuple[float, ...] | None,
    decision: Inclusion | None = None,
    unsure_m2: float | None = None,
) -> tuple[object, ...]:
    definition = status.limit if status else None
    title = definition.title if definition else decision.title if decision else None
    basis = definition.basis if definition else decision.reason if decision else None
    rai = [round(units.rai_from_m2(a), 2) for a in areas_m2] if areas_m2 else ["", "", ""]
    ha = [round(units.ha_from_m2(a), 2) for a in areas_m2] if areas_m2 else ["", "", ""]
    return (
        use,
        limit,
        title.th if title else "",
        title.en if title else "",
        definition.ground if definition else "",
        outcome,
        status.status if status else "",
        *rai,
        *ha,
        *_within_error(unsure_m2, areas_m2),
        basis.th if basis else "",
        basis.en if basis else "",
    )

"""What each limit removes, as tables: over the study area, and by its polygons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maemoh_gis.cache.derived import cached
from maemoh_gis.core import units
from maemoh_gis.engine.results import STUDY
from maemoh_gis.files import write_csv
from maemoh_gis.suitability.caveats import checked_line
from maemoh_gis.suitability.known_land import KnownLand
from maemoh_gis.suitability.land_counts import LandCounts, count_land
from maemoh_gis.suitability.limit_doubt import within_error
from maemoh_gis.suitability.limit_status import LimitStatus, limit_statuses
from maemoh_gis.suitability.limits import removed_rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from maemoh_gis.engine.results import Results
    from maemoh_gis.scenario.settings.limit import Inclusion

REMOVED_COLUMNS = (
    "use", "limit", "title_th", "title_en", "ground", "outcome", "status",
    "at_all_rai", "alone_rai", "shared_rai", "at_all_ha", "alone_ha", "shared_ha",
    "within_error_rai", "within_error_share", "basis_th", "basis_en",
)  # fmt: skip
ZONE_COLUMNS = (
    "district_th", "district_en", "use", "limit", "at_all_rai", "alone_rai", "shared_rai",
    "at_all_ha", "alone_ha", "shared_ha",
)  # fmt: skip
_REMOVED, _COUNTS = "removed", "land_counts"


def with_removed(results: Results) -> Results:
    """Put beside the results what each limit removes."""
    area, uses = results.resolved.scenario.area, list(results.resolved.scenario.uses)
    land = cached(
        results.store, count_land, area, results.layers.only([area.layer]), results.grid, uses,
        results.keyed(STUDY), *(results.keyed(f"state:{use}") for use in uses),
    )  # fmt: skip
    return results.describing({_COUNTS: land, _REMOVED: tuple(_removed_rows(results, land))})


def removed_table(results: Results) -> tuple[tuple[object, ...], ...]:
    """Give what each limit removes, in rows of `REMOVED_COLUMNS`."""
    rows = results.described_as(_REMOVED, tuple)
    assert rows is not None
    return rows


def write_removed(results: Results, folder: Path) -> dict[str, str]:
    """Write what each limit removes."""
    land = results.described_as(_COUNTS, LandCounts)
    assert land is not None
    path, by_zone = folder / "removed.csv", folder / "removed_by_district.csv"
    rows = removed_table(results)
    return {
        path.name: write_csv(path, REMOVED_COLUMNS, rows, for_excel=True),
        by_zone.name: _write_by_zone(results, land, by_zone),
    }


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


def _removed_rows(results: Results, land: LandCounts) -> Iterator[tuple[object, ...]]:
    """Open with the limits line, then give one row a limit and one for all, by use."""
    scenario, known = results.resolved.scenario, results.gathered_as(KnownLand)
    statuses_of = {use: limit_statuses(scenario, known.coverage(), use) for use in scenario.uses}
    cell_m2 = results.grid.cell_area_m2
    for use, statuses in statuses_of.items():
        doubt = within_error(scenario, use, known.counts)
        line = checked_line(scenario, results.catalog, known, use)
        yield (use, "", *line.values(), *[""] * (len(REMOVED_COLUMNS) - 4))
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
                cells = doubt.get(row.limit)
                unsure = None if cells is None else cells * cell_m2
                yield _removed_row(
                    use, row.limit, outcome, tested.get(row.limit), areas, decision, unsure
                )
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

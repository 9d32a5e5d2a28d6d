"""On how much land each limit is known: a table of limits by the study area and its districts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from maemoh_gis.core import units
from maemoh_gis.core.messages import LANGUAGES, text
from maemoh_gis.files import write_csv
from maemoh_gis.sites.declared import registers_of
from maemoh_gis.sites.result import sites_by_use
from maemoh_gis.sites.table import KNOWN
from maemoh_gis.suitability.known_land import KnownLand
from maemoh_gis.suitability.land_counts import cells_by_shape
from maemoh_gis.suitability.limit_status import LimitStatus, limit_statuses

if TYPE_CHECKING:
    from maemoh_gis.engine.results import Results

COLUMNS = (
    "limit", "title_th", "title_en", "ground", "status", "area", "site", "name_th", "name_en",
    "use", "area_rai", "known_rai", "known_share", "subdistricts",
)  # fmt: skip


def write_coverage(results: Results, path: Path) -> str:
    """Write on how much land it is known whether each limit in force holds."""
    statuses = limit_statuses(results.resolved.scenario, results.gathered_as(KnownLand).coverage())
    statuses.sort(key=lambda status: status.limit.ground != "law")
    rai = units.rai_from_m2(results.grid.cell_area_m2)
    rows = [row for status in statuses for row in _rows(status, rai)]
    rows += _site_rows(results, {status.id: status for status in statuses})
    rows += _declared_rows(results, {status.id: status for status in statuses})
    return write_csv(path, COLUMNS, rows, for_excel=True)


def _rows(status: LimitStatus, rai: float) -> Iterator[tuple[object, ...]]:
    limit, found = status.limit, status.coverage
    told = (status.id, limit.title.th, limit.title.en, limit.ground, status.status)
    areas = [("study_area", "", "", "", (found.known, found.cells))]
    for name, counts in zip(found.zones, found.by_zone, strict=True):
        areas.append(("district", name["th"], name["en"], "", counts))
    areas += [("open_land", "", "", use, counts) for use, counts in found.open_land.items()]
    for area, name_th, name_en, use, (known, cells) in areas:
        share = round(known / cells, 6) if cells else ""
        yield (*told, area, "", name_th, name_en, use, round(cells * rai, 2),
               round(known * rai, 2), share, "")  # fmt: skip


def _site_rows(
    results: Results, statuses: Mapping[str, LimitStatus]
) -> Iterator[tuple[object, ...]]:
    declared = results.resolved.scenario.uses
    for use, sites in sites_by_use(results).items():
        title = declared[use].title
        columns = [name for name in sites.columns if str(name).startswith(KNOWN)]
        for _, site in sites.iterrows():
            names = [
                f"{title[one]}: {text('page.site', one, rank=site['number'])}" for one in LANGUAGES
            ]
            for column in columns:
                status = statuses[str(column).removeprefix(KNOWN)]
                limit, share, area = status.limit, site[column], site["area_rai"]
                yield (status.id, limit.title.th, limit.title.en, limit.ground, status.status,
                       "site", site["id"], *names, use, round(area, 2), round(area * share, 2),
                       share, "")  # fmt: skip


def _declared_rows(
    results: Results, statuses: Mapping[str, LimitStatus]
) -> Iterator[tuple[object, ...]]:
    """
    Say in how many subdistricts acts declare each limit, in how many none does, and on what land.

    A limit that is tested besides has its land on which it is known in the other rows.
    """
    rai = units.rai_from_m2(results.grid.cell_area_m2)
    for id, register in registers_of(results).items():
        status, cells = statuses[id], cells_by_shape(results, register.shapes)
        limit, named = status.limit, register.named()
        told = (id, limit.title.th, limit.title.en, limit.ground, status.status)
        known = 0.0 if limit.test is None else ""
        for area, mine in (("declared", named), ("not_declared", ~named)):
            there = cells[1:][mine]
            land = round(int(there.sum()) * rai, 2)
            share = known if land else ""
            yield (*told, area, "", "", "", "", land, known, share, int((there > 0).sum()))
        if cells[0]:
            land = round(int(cells[0]) * rai, 2)
            yield (*told, "no_subdistrict", "", "", "", "", land, known, known, "")

"""Acts that name the subdistricts of sites: beside each site, and as a table of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from maemoh_gis.core.messages import LANGUAGES, Text, both, in_columns, joined
from maemoh_gis.files import write_csv
from maemoh_gis.sites.result import described_by, sites_by_use
from maemoh_gis.suitability.declared import ActHere, DeclaredPart, Register, registers
from maemoh_gis.suitability.declared_words import act_words

if TYPE_CHECKING:
    import geopandas as gpd

    from maemoh_gis.engine.results import Results

FILE = "acts_by_site.csv"
COLUMNS = (
    "use",
    "number",
    "site",
    "limit",
    "title_th",
    "title_en",
    "status",
    "subdistricts_th",
    "subdistricts_en",
    "act",
    "kind",
    "action",
    "published_be",
    "volume",
    "issue",
    "page",
    "forest_th",
    "forest_en",
    "area_rai",
    "named_th",
    "named_en",
    "share",
    "all_sites",
    "office_th",
    "office_en",
    "gazette_title",
    "register_to_be",
)

Parts = Mapping[str, Sequence[DeclaredPart]]
"""By limit, what the acts say of each site."""


def registers_of(results: Results, use: str | None = None) -> dict[str, Register]:
    """Read the acts of the limits in force, of one use or of any."""
    scenario = results.resolved.scenario
    limits = {
        id: limit
        for one in ([use] if use else scenario.uses)
        for id, limit in scenario.limits_of(one).items()
    }
    return registers(limits, results.layers, results.grid.crs)


def parts_by_use(results: Results) -> dict[str, Parts]:
    """Say of the sites of every use which acts name their subdistricts."""
    scenario, known = results.resolved.scenario, registers_of(results)
    return {
        use: {
            id: [known[id].on(land) for land in sites.geometry]
            for id in scenario.limits_of(use)
            if id in known
        }
        for use, sites in sites_by_use(results).items()
    }


def with_declared(results: Results) -> Results:
    """Put what the acts say beside the sites of every use."""
    told = {}
    sites = sites_by_use(results)
    for use, parts in parts_by_use(results).items():
        table = sites[use]
        for id, found in parts.items():
            if not table.empty:
                table = _with_columns(table, id, found)
        told[use] = table
    return described_by(results, told)


def _with_columns(
    table: gpd.GeoDataFrame, id: str, parts: Sequence[DeclaredPart]
) -> gpd.GeoDataFrame:
    words = [_acts_told(part) for part in parts]
    columns: dict[str, Sequence[str] | Sequence[float]] = {
        f"{id}_declared": [part.status for part in parts],
        f"{id}_declared_share": [round(part.share, 4) for part in parts],
        f"{id}_acts": [len(part.acts) for part in parts],
        **{f"{id}_acts_{x}": [one[x] for one in words] for x in LANGUAGES},
    }
    return table.assign(**columns)


def _acts_told(part: DeclaredPart) -> Text:
    if not part.acts:
        return both("declared.no_act_short", year=part.to_be)
    return joined([act_words(here.act) for here in part.acts])


def of_all_sites(parts: Sequence[DeclaredPart]) -> frozenset[str]:
    """Give the acts that name subdistricts of every one of several sites; of one site none."""
    named = [frozenset(here.act.id for here in part.acts) for part in parts]
    return frozenset.intersection(*named) if len(named) > 1 else frozenset()


def write_acts(results: Results, folder: Path) -> dict[str, str]:
    """Write the acts by site; nothing where no limit is declared in any."""
    found = parts_by_use(results)
    if not any(found.values()):
        return {}
    rows = [
        [row.get(column, "") for column in COLUMNS]
        for use, parts in found.items()
        for row in _rows(results, use, parts)
    ]
    return {FILE: write_csv(folder / FILE, COLUMNS, rows, for_excel=True)}


def _rows(results: Results, use: str, parts: Parts) -> Iterator[dict[str, object]]:
    limits = results.resolved.scenario.limits_of(use)
    sites = sites_by_use(results)[use]
    for id, found in parts.items():
        common = of_all_sites(found)
        title = limits[id].title.both()
        for number, site, part in zip(sites["number"], sites["id"], found, strict=True):
            about = {
                "use": use,
                "number": int(number),
                "site": site,
                "limit": id,
                "status": part.status,
                "register_to_be": part.to_be,
                **in_columns("title", title),
                **_names(part.subdistricts, "subdistricts"),
            }
            if not part.acts:
                yield about
            for here in part.acts:
                yield about | _act_row(here, all_sites=here.act.id in common)


def _act_row(here: ActHere, *, all_sites: bool) -> dict[str, object]:
    act = here.act
    return {
        "act": act.id,
        **{
            name: getattr(act, name)
            for name in ("kind", "action", "published_be", "volume", "issue", "page")
        },
        **in_columns("forest", act.forest),
        "area_rai": "" if act.area_rai is None else act.area_rai,
        **_names(here.subdistricts, "named"),
        "share": round(here.share, 4),
        "all_sites": str(all_sites).lower(),
        **in_columns("office", act.office),
        "gazette_title": act.title_th,
    }


def _names(names: Sequence[Text], stem: str) -> dict[str, object]:
    return in_columns(stem, joined(names, ", ") if names else {"th": "", "en": ""})

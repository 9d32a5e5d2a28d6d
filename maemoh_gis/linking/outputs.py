"""The ways of a run as a table, lines, a page and a record."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.core import units
from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.messages import LANGUAGES, Text, same
from maemoh_gis.core.version import __version__
from maemoh_gis.documents.schema import nearest_first
from maemoh_gis.engine.same_question import asked_of_run, require_own_folder, require_same_run
from maemoh_gis.exchange.export import Provenance
from maemoh_gis.files import whole_folder, write_csv, write_geopackage, write_json
from maemoh_gis.linking.page import content_of
from maemoh_gis.linking.words import (
    barrier_words,
    crossing_words,
    grade_words,
    joins_words,
    land_words,
    link_words,
    not_checked_words,
    passes_words,
    where_words,
)
from maemoh_gis.pages.report_page import write_report
from maemoh_gis.runs.report import STATION_PAGE, finished, station_page
from maemoh_gis.sheets.stations import FACETS

if TYPE_CHECKING:
    import geopandas as gpd

    from maemoh_gis.linking.study import Link, LinkStudy
    from maemoh_gis.runs.finished import Run

RECORD, TABLE, LINES, PAGE = "links.json", "links.csv", "links.gpkg", "links.html"
CONFIDENCE = "ASSUMPTION"
_COUNTED = ("water", "road", "railway")


def columns_of(study: LinkStudy) -> list[str]:
    """Name the columns of the table."""
    named = ("name", "station", "way", "joins", *FACETS, "barriers", "words")
    words = {name: [f"{name}_{x}" for x in LANGUAGES] for name in named}
    return [
        "use",
        "place",
        "number",
        *words["name"],
        *words["station"],
        "way",
        *words["way"],
        "outcome",
        "length_km",
        *words["joins"],
        *(f"{kind}_crossings" for kind in _COUNTED),
        "land_rai",
        "land_ha",
        *(f"{one.key}_rai" for one in study.run.catalog[study.links.land].classes.values()),
        "unknown_land_rai",
        "modelled_share",
        "along_km",
        "untested_km",
        "as_dear_as_km",
        "grade",
        "steepest_permille",
        "grade_error_permille",
        "most_permille",
        *(name for facet in FACETS for name in words[facet]),
        "barriers",
        *words["barriers"],
        "confidence",
        "licence",
        "credit",
        *words["words"],
    ]


def rows_of(study: LinkStudy) -> Iterator[dict[str, object]]:
    """List every way of every place; what cannot be told is an empty cell."""
    made_of = provenance_of(study)
    share = {"licence": " AND ".join(made_of.licences), "credit": made_of.credit}
    for link in study.found:
        place, way = link.place, study.links.ways[link.way]
        found = _none(link, study) if link.route is None else _found(link, study)
        yield {
            "use": place.use,
            "place": place.kind,
            "number": place.number,
            **_words("name", place.name),
            **(_words("station", place.station) if place.station else {}),
            "way": link.way,
            **_words("way", way.title.both()),
            **found,
            "confidence": CONFIDENCE,
            **share,
            **_words("words", link_words(link, study)),
        }


def _none(link: Link, study: LinkStudy) -> dict[str, object]:
    barriers = _words("barriers", barrier_words(link, study))
    return {"outcome": "no_route", "barriers": ";".join(link.barriers), **barriers}


def _found(link: Link, study: LinkStudy) -> dict[str, object]:
    route = link.route
    assert route is not None
    width, length = study.links.ways[link.way].width_m, route.line.length
    land = {key: units.rai_from_m2(metres * width) for key, metres in route.land_m.items()}
    grade = route.grade
    return {
        "outcome": "route",
        "length_km": round(length / 1000.0, 3),
        **_words("joins", joins_words(route.joins)),
        **{f"{kind}_crossings": count for kind, count in route.crossings.items()},
        "land_rai": round(units.rai_from_m2(length * width), 2),
        "land_ha": round(units.ha_from_m2(length * width), 2),
        **{f"{key or 'unknown_land'}_rai": round(rai, 2) for key, rai in land.items()},
        "modelled_share": round(route.modelled_m / length, 3) if length else "",
        "along_km": round(route.along_m / 1000.0, 3),
        "untested_km": round(route.unknown_m / 1000.0, 3),
        "as_dear_as_km": round(route.plain_km, 3),
        "grade": grade.outcome,
        "steepest_permille": _known(grade.permille),
        "grade_error_permille": _known(grade.error_permille),
        "most_permille": "" if grade.outcome == "not_asked" else grade.most_permille,
        **_words("where", where_words(route)),
        **_words("crosses", crossing_words(route) or same("")),
        **_words("land", land_words(link, study) or same("")),
        **_words("passes", passes_words(route, study) or same("")),
        **_words("slope", grade_words(grade) or same("")),
    }


def _known(value: float) -> float | str:
    return round(value, 2) if math.isfinite(value) else ""


def _words(name: str, words: Text) -> dict[str, object]:
    return {f"{name}_{x}": words[x] for x in LANGUAGES}


def provenance_of(study: LinkStudy) -> Provenance:
    """Say of which layers the ways are made: those they lead to and pass, and those of limits."""
    scenario, catalog = study.run.scenario, study.run.catalog
    limits = [one.layer for one in scenario.limits.values() if one.layer and one.uses is None]
    there = [id for id in study.links.layers_if_there() if catalog.has(id)]
    named = dict.fromkeys([scenario.area.layer, *study.links.layers(), *there, *limits])
    files = dict.fromkeys(one for id in named for one in catalog.read_from(id))
    about = {
        "scenario": scenario.id,
        "year_be": str(scenario.year),
        "confidence": CONFIDENCE,
        "basis": study.links.basis,
        **{f"basis_{id}": way.basis for id, way in study.links.ways.items()},
        **_plain("not_checked", not_checked_words(study)),
    }
    return Provenance(about, {one: catalog[one] for one in files})


def _plain(name: str, words: Text) -> Mapping[str, str]:
    return {f"{name}_{x}": words[x] for x in LANGUAGES}


def record_of(study: LinkStudy, outputs: Mapping[str, str]) -> dict[str, Any]:
    """Put on record what was asked and found."""
    record, made_of = study.run.record, provenance_of(study)
    return {
        "program": __version__,
        "scenario": record["scenario"],
        "changes": record["changes"],
        "places": len(study.places),
        "ways": {
            way: {
                "routes": sum(link.route is not None for link in study.found if link.way == way),
                "no_route": sum(link.route is None for link in study.found if link.way == way),
            }
            for way in study.links.ways
        },
        "not_checked": study.not_checked,
        "made_of": made_of.told(),
        "layers": {id: one.sha256 for id, one in made_of.layers.items()},
        "outputs": dict(outputs),
    }


def links_of(study: LinkStudy) -> gpd.GeoDataFrame:
    """Give every way with all that is told of it; without a line where none was found."""
    import geopandas as gpd

    names = columns_of(study)
    rows = [{name: row.get(name) for name in names} for row in rows_of(study)]
    drawn = np.array([None if one.route is None else one.route.line for one in study.found])
    frame = gpd.GeoDataFrame(rows, columns=names, geometry=drawn, crs=study.run.grid.crs)
    return frame.replace({"": None})


def lines_of(study: LinkStudy) -> gpd.GeoDataFrame:
    """Draw the ways that were found, with all that is told of each."""
    frame = links_of(study)
    return frame[frame.geometry.notna()].reset_index(drop=True)


def as_tuples(study: LinkStudy) -> Iterable[tuple[object, ...]]:
    """Put the rows into the order of the columns."""
    names = columns_of(study)
    return [tuple(row.get(name, "") for name in names) for row in rows_of(study)]


def require_place(out: Path, run: Run, *, replace: bool) -> None:
    """Refuse a folder of anything else, and unless asked to replace them the ways of another."""
    require_own_folder(out, RECORD)
    require_same_run(out, RECORD, asked_of_run(run.record), replace=replace)


def rows_with(rows: Iterable[dict[str, object]], words: str) -> list[dict[str, object]]:
    """Keep the rows of places whose name holds some words in either language."""
    every = list(rows)
    asked = words.casefold().strip()
    kept = [r for r in every if any(asked in str(r[f"name_{x}"]).casefold() for x in LANGUAGES)]
    if not kept and every:
        near = nearest_first(words, [str(row["name_en"]) for row in every])
        raise RunError(Fault("no_such_place", key="--place", found=words, expected=near))
    return kept


def write_study(study: LinkStudy, out: Path) -> Path:
    """Write everything about the ways of a run into one folder."""
    with whole_folder(out) as draft:
        lines = lines_of(study)
        sums = {
            TABLE: write_csv(draft / TABLE, columns_of(study), as_tuples(study), for_excel=True),
            LINES: write_geopackage(
                draft / LINES, {"links": lines, **provenance_of(study).tables()}
            ),
            PAGE: write_report(content_of(study, rows_of(study)), draft / PAGE),
        }
        told = dataclasses.replace(
            finished(study.run.folder, study.run.catalog),
            more={TABLE: [_as_text(row) for row in rows_of(study)]},
            lines={TABLE: lines},
        )
        if (stations := station_page(told)) is not None:
            sums[STATION_PAGE] = write_report(stations, draft / STATION_PAGE)
        write_json(draft / RECORD, record_of(study, sums))
    return out


def _as_text(row: Mapping[str, object]) -> Mapping[str, str]:
    return {name: str(value) for name, value in row.items()}

"""
Open legal questions of a scenario: how far land lies from what they turn on, whom they concern.

Nothing here removes land or changes a score. Distances are exact, from the outlines the layers
hold. Where the line of a ruling runs nobody has printed: a band is a reason to ask, not a boundary.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.core import units
from maemoh_gis.core.messages import LANGUAGES, Language, both, in_columns, text
from maemoh_gis.files import write_csv
from maemoh_gis.layers.load import Layers
from maemoh_gis.layers.table_schemas import VILLAGES
from maemoh_gis.pages.content import Column, ContextLayer, Style
from maemoh_gis.questions.acts_to_ask import acts_to_ask
from maemoh_gis.sites.result import described_by, sites_by_use

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from maemoh_gis.engine.results import Place, Results
    from maemoh_gis.scenario.settings.parts import Selection
    from maemoh_gis.scenario.settings.question import Question
    from maemoh_gis.scenario.settings.scenario import Scenario

COLUMNS = (
    "question", "title_th", "title_en", "kind", "use", "number", "name_th", "name_en", "distance_m",
    "band_from_m", "band_to_m", "band_th", "band_en", "area_rai", "households_of_all", "moved",
    "note_th", "note_en", "ask_th", "ask_en", "act", "gazette_title",
)  # fmt: skip
STATUS = "not_located"
_OF_VILLAGE = ("moved", "households_of_all")
_SEGMENTS = 64
_LINE, _FILL = "#7a1f5c", "#cf93bb"


@dataclass(frozen=True)
class QuestionPart:
    """What an open question says about a place."""

    id: str
    metres: float
    """From the nearest point of the place to the nearest feature the question turns on."""
    band_m: tuple[float, float | None]
    """The band it lies in."""


def parts_at(
    scenario: Scenario, layers: Layers, crs: str, place: BaseGeometry, use: str
) -> list[QuestionPart]:
    """Say how far a place in a metric CRS lies from what each open question of a use turns on."""
    parts = []
    for id, question in asked_of(scenario, use).items():
        metres = float(place.distance(features_of(question, layers, crs)))
        parts.append(QuestionPart(id, metres, question.band_of(metres)))
    return parts


def asked_of(scenario: Scenario, use: str) -> dict[str, Question]:
    """Give the open questions that are asked of a use."""
    return {
        id: question
        for id, question in scenario.questions.items()
        if question.uses is None or use in question.uses
    }


def features_of(question: Question, layers: Layers, crs: str) -> BaseGeometry:
    """Unite the features that the distance of a question is told from."""
    turned_on = question.distance_to
    return layers.derived([one.layer for one in turned_on], _united, turned_on, crs)


def _united(layers: Layers, turned_on: Sequence[Selection], crs: str) -> BaseGeometry:
    import shapely

    shapes = [layers.shapes(one.layer, crs, one.where) for one in turned_on]
    whole: BaseGeometry = shapely.union_all(np.concatenate(shapes))
    shapely.prepare(whole)
    return whole


def band_words(band: tuple[float, float | None], language: Language) -> str:
    """Write a band of distance in kilometres."""
    low, high = band
    if high is None:
        return text("question.band.beyond", language, km=f"{low / 1000:g}")
    if low == 0:
        return text("question.band.first", language, km=f"{high / 1000:g}")
    return text("question.band.between", language, low=f"{low / 1000:g}", high=f"{high / 1000:g}")


def with_questions(results: Results) -> Results:
    """Put the distances of open questions beside the sites of every use."""
    scenario = results.resolved.scenario
    sites = {}
    for use, table in sites_by_use(results).items():
        told = table
        for id, question in asked_of(scenario, use).items():
            if not told.empty:
                told = told.assign(**_told_of(id, question, told.geometry, results))
        sites[use] = told
    return described_by(results, sites)


def _told_of(id: str, question: Question, shapes: Any, results: Results) -> dict[str, Any]:
    features = features_of(question, results.layers, results.grid.crs)
    metres = [float(shape.distance(features)) for shape in shapes]
    bands = [question.band_of(m) for m in metres]
    words = {f"{id}_band_{x}": [band_words(band, x) for band in bands] for x in LANGUAGES}
    return {f"{id}_m": [round(m) for m in metres], **words}


def popup_columns(scenario: Scenario, use: str, places: gpd.GeoDataFrame) -> Sequence[Column]:
    """Choose what a site or a yard tells of open questions when it is clicked."""
    return [
        Column(f"{id}_band", both("question.popup", title=question.title.both()))
        for id, question in asked_of(scenario, use).items()
        if f"{id}_band_en" in places
    ]


def with_bands(results: Results, use: str, places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Put the distances of open questions beside any land of a use, in the CRS of the run."""
    for id, question in asked_of(results.resolved.scenario, use).items():
        places = places.assign(**_told_of(id, question, places.geometry, results))
    return places


def band_layers(results: Results) -> list[ContextLayer]:
    """Draw the bands of every open question, hidden until a reader asks for them."""
    import geopandas as gpd

    scenario, crs = results.resolved.scenario, results.grid.crs
    drawn = []
    for id, question in scenario.questions.items():
        rings = [shape for _, shape in _rings(question, results.layers, crs)][:-1]
        words = {
            f"band_{x}": [band_words(band, x) for band in question.bands()[:-1]] for x in LANGUAGES
        }
        frame = gpd.GeoDataFrame(
            {**words, **{f"ask_{x}": [question.ask[x]] * len(rings) for x in LANGUAGES}},
            geometry=[ring.simplify(20.0) for ring in rings],
            crs=crs,
        ).to_crs("EPSG:4326")
        title = question.title.both()
        drawn.append(
            ContextLayer(
                id=f"question_{id}",
                title=both("question.layer", title=title),
                frame=frame,
                style=Style(_LINE, _FILL, 0.25, 1.4),
                confidence="ASSUMPTION",
                caution=both("caveat.question", title=title, ask=question.ask.both()),
                licence="CC-BY-4.0",
                source="maemoh_gis",
                columns=[Column("band", both("question.column.band")),
                         Column("ask", both("question.column.ask"))],
                shown=False,
                group="place",
            )
        )  # fmt: skip
    return drawn


def _rings(
    question: Question, layers: Layers, crs: str
) -> Iterator[tuple[tuple[float, float | None], Any]]:
    """Give the land of each band; of the last, what lies within the one before it."""
    import shapely

    features = features_of(question, layers, crs)
    inner: Any = shapely.Polygon()
    for band in question.bands():
        high = band[1]
        outer = inner if high is None else shapely.buffer(features, high, quad_segs=_SEGMENTS)
        yield band, shapely.difference(outer, inner) if high is not None else inner
        inner = outer


def questions_on_record(results: Results) -> dict[str, Any]:
    """Say for `run.json` what is asked, of whom, and how land lies to it."""
    scenario = results.resolved.scenario
    return {
        id: {
            **{name: getattr(question, name).both()
               for name in ("title", "asks", "basis", "ask", "concerns")},
            "status": STATUS,
            "bands_basis": question.bands_basis,
            "bands": [
                {"from_m": low, "to_m": high, "land_rai": rai,
                 "sites": {use: _count_in((low, high), id, sites)
                           for use, sites in sites_by_use(results).items()
                           if use_asks(question, use)}}
                for (low, high), rai in land_by_band(question, results)
            ],
            "people": concerned(question, results.layers),
        }
        for id, question in scenario.questions.items()
    }  # fmt: skip


def use_asks(question: Question, use: str) -> bool:
    """Say whether a question is asked of a use."""
    return question.uses is None or use in question.uses


def _count_in(band: tuple[float, float | None], id: str, sites: gpd.GeoDataFrame) -> int:
    """Count the sites that say they lie in a band; their metres are rounded, and may not."""
    words = band_words(band, "en")
    return 0 if sites.empty else int((sites[f"{id}_band_en"] == words).sum())


def land_by_band(
    question: Question, results: Results
) -> list[tuple[tuple[float, float | None], float]]:
    """Measure the rai of each band, the nearest first; they add up to the study area."""
    import shapely

    area, crs = results.resolved.scenario.area, results.grid.crs
    study = shapely.union_all(results.layers.shapes(area.layer, crs, area.where))
    found, left = [], float(study.area)
    for band, ring in _rings(question, results.layers, crs):
        inside = left if band[1] is None else float(shapely.intersection(study, ring).area)
        left -= inside
        found.append((band, round(units.rai_from_m2(inside), 1)))
    return found


def concerned(question: Question, layers: Layers) -> dict[str, Any]:
    """Count the villages and households a question concerns."""
    if question.villages is None:
        return {"villages": None, "moved": None, "households": None}
    rows = layers.table(question.villages, VILLAGES)
    return {
        "villages": len(rows),
        "moved": sum(row["moved"] for row in rows),
        "households": rows[0]["households_of_all"] if rows else None,
    }


def write_questions(results: Results, folder: Path) -> dict[str, str]:
    """Write what is asked, how land, sites, yards, places and villages lie to it, and which act to
    ask for first where a limit has no line.
    """
    asked = [
        {"question": id, "title_th": question.title.th, "title_en": question.title.en, **row}
        for id, question in results.resolved.scenario.questions.items()
        for row in _rows(question, results)
    ]
    rows = [[row.get(column, "") for column in COLUMNS] for row in [*asked, *acts_to_ask(results)]]
    if not rows:
        return {}
    path = folder / "questions.csv"
    return {path.name: write_csv(path, COLUMNS, rows, for_excel=True)}


def _rows(question: Question, results: Results) -> Iterator[dict[str, object]]:
    notes = {f"note_{x}": note_words(question, x) for x in LANGUAGES}
    yield {"kind": "question", **notes, **in_columns("ask", question.ask.both())}
    for band, rai in land_by_band(question, results):
        yield {"kind": "band", **_band(band), "area_rai": rai}
    features = features_of(question, results.layers, results.grid.crs)
    for one in _places(question, results):
        metres = float(one.shape.distance(features))
        named = in_columns("name", one.title) if one.title else {}
        number = "" if one.number is None else one.number
        yield {"kind": one.kind, "use": one.use, "number": number, **named,
               "distance_m": round(metres),
               **_band(question.band_of(metres))}  # fmt: skip
    if question.villages is not None:
        for row in results.layers.rows(question.villages):
            names = {f"name_{x}": _village(row, x) for x in LANGUAGES}
            yield {"kind": "village", **{key: row[key] for key in _OF_VILLAGE}, **names}


def _village(row: Mapping[str, str], language: Language) -> str:
    """Name a village, by its number and subdistrict where the table has them."""
    name, moo = row[f"name_{language}"], row.get("moo")
    subdistrict = row.get(f"subdistrict_name_{language}")
    if not (moo and subdistrict):
        return name
    numbered = text("question.village", language, moo=moo, subdistrict=subdistrict)
    return f"{name} ({numbered})" if name else numbered


def note_words(question: Question, language: Language) -> str:
    """Write a question out: what it asks, where it comes from, whom to ask, whom it concerns."""
    return text(
        "question.note", language, asks=question.asks[language], basis=question.basis[language],
        ask=question.ask[language], concerns=question.concerns[language],
    )  # fmt: skip


def _band(band: tuple[float, float | None]) -> dict[str, object]:
    low, high = band
    words = {f"band_{x}": band_words(band, x) for x in LANGUAGES}
    return {"band_from_m": low, "band_to_m": "" if high is None else high, **words}


def _places(question: Question, results: Results) -> Iterator[Place]:
    """Give the places of the uses a question is asked of: sites, yards, places that compete."""
    uses = list(results.resolved.scenario.uses)
    # What has a name of its own comes after all that is numbered by use.
    for one in sorted(results.places, key=lambda one: (one.number is None, uses.index(one.use))):
        if use_asks(question, one.use):
            yield one

"""Files of the choice of a yard: every place with every indicator, and how sure each is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from maemoh_gis.core.messages import LANGUAGES, text
from maemoh_gis.files import write_csv, write_geopackage
from maemoh_gis.freight.result import freight_of
from maemoh_gis.scenario.settings.choice import INDICATORS
from maemoh_gis.yard_choice.result import contest_of, found_sets
from maemoh_gis.yard_choice.set_stage import room_on_record, sets_on_record
from maemoh_gis.yard_choice.set_table import write_sets
from maemoh_gis.yard_choice.set_words import set_words
from maemoh_gis.yard_choice.words import class_words, people_words, verdict
from maemoh_gis.yards.result import yards_by_use
from maemoh_gis.yards.words import layers_beside_line

if TYPE_CHECKING:
    from pathlib import Path

    import geopandas as gpd

    from maemoh_gis.engine.results import Results
    from maemoh_gis.freight.yard_worth import YardIndicators
    from maemoh_gis.scenario.settings.choice import YardChoice
    from maemoh_gis.yard_choice.stages import YardComparison


def candidates_table(results: Results) -> gpd.GeoDataFrame:
    """
    Write the places as a table, those first of which most is certain.

    Returns
    -------
    geopandas.GeoDataFrame
        Points in the CRS of the run. `number` names a place in this run and is no rank: only
        `class` is a finding, empty where a place may not be preferred. Each indicator has its
        least, likely and greatest value and its confidence; an unknown value is missing. What
        freight says of the place follows with `freight_` before its names.
    """
    import geopandas as gpd
    import shapely

    contest, asked = contest_of(results), results.resolved.scenario.choice
    assert contest is not None
    assert asked is not None
    order = [] if contest.choice is None else [int(k) for k in contest.choice.order]
    report = freight_of(results)
    freight = {} if report is None else report.indicators
    rows = [
        _row(contest, asked, place, number)
        | _freight_row(freight.get(contest.contestants[place].id))
        for number, place in enumerate(order, start=1)
    ]
    points = [shapely.Point(contest.contestants[place].place) for place in order]
    return gpd.GeoDataFrame(rows, geometry=points, crs=results.grid.crs)


def write_choice(results: Results, folder: Path) -> dict[str, str]:
    """Write the places that compete for the yard, and all land for one as layers."""
    contest, sets_found = contest_of(results), found_sets(results)
    layers, written = layers_beside_line(yards_by_use(results)), {}
    if layers:
        together = (
            layers if contest is None else {**layers, "yard_choice": candidates_table(results)}
        )
        written["yards.gpkg"] = write_geopackage(folder / "yards.gpkg", together)
    if contest is None:
        return written
    path, sets = folder / "yard_choice.csv", folder / "yard_sets.csv"
    written[path.name] = write_candidates(results, path)
    if sets_found is not None:
        written[sets.name] = write_sets(sets_found, contest, sets)
    return written


def write_candidates(results: Results, path: Path) -> str:
    """Write the places as CSV."""
    table = candidates_table(results)
    columns = [str(c) for c in table.columns if c != "geometry"]
    rows = [
        tuple("" if isinstance(v, float) and math.isnan(v) else v for v in row)
        for row in table[columns].itertuples(index=False, name=None)
    ]
    return write_csv(path, columns, rows, for_excel=True)


def choice_on_record(results: Results) -> dict[str, Any] | None:
    """
    Say in the record of a run what was chosen and why.

    Plain data: the verdict in both languages, the ids, the scores, what would swap the first two,
    the best sets of several yards; None where the scenario asks for no choice.
    """
    contest, asked = contest_of(results), results.resolved.scenario.choice
    if asked is None or contest is None:
        return None
    choice, sets = contest.choice, found_sets(results)
    said = [*verdict(contest, asked), *set_words(sets, contest)]
    if choice is None:
        return {"verdict": said, "order": []}
    ids = [place.id for place in contest.contestants]
    first = contest.contestants[choice.preferred]
    return {
        "verdict": said,
        "preferred": first.id if first.eligible else None,
        "classes": {ids[k]: class_words(choice, k) for k in map(int, choice.order)},
        "ranges": {
            ids[k]: [round(float(choice.least[k]), 6), round(float(choice.greatest[k]), 6)]
            for k in choice.order
        },
        "not_told_apart": [ids[k] for k in choice.first_class] if not choice.proven else [],
        "left_open_between_first_two": {
            one.indicator: round(one.width, 6) for one in choice.unsettled
        },
        "runner_up": None if choice.runner_up is None else ids[choice.runner_up],
        "proven": choice.proven,
        "order": [ids[k] for k in choice.order],
        "scores": {ids[k]: round(float(choice.scores[k]), 6) for k in choice.order},
        "on_front": [ids[k] for k in choice.order if choice.front.on_front[k]],
        "not_compared": [ids[k] for k in choice.order if choice.front.unknown[k]],
        "weight_swaps": {s.indicator: round(s.share_needed, 6) for s in choice.weight_swaps},
        "people": {
            place.id: {
                "at_least": _whole(place.people_between[0]),
                "at_most": _whole(place.people_between[1]),
                **_by_homes(place.people),
                "uncounted_share": round(place.uncounted_share, 4),
                "homes_land_rai": None
                if math.isnan(place.homes_rai)
                else round(place.homes_rai, 2),
            }
            for place in contest.contestants
        },
        "confidence": {name: asked.indicators[name].confidence for name in INDICATORS},
        "sets": [] if sets is None else sets_on_record(sets),
        "within_room": None if sets is None else room_on_record(sets),
    }


def _row(contest: YardComparison, asked: YardChoice, place: int, number: int) -> dict[str, Any]:
    choice, who = contest.choice, contest.contestants[place]
    assert choice is not None
    row: dict[str, Any] = {
        "number": number,
        "class": class_words(choice, place),
        "id": who.id,
        "name_th": who.title["th"],
        "name_en": who.title["en"],
        "rectangle": "" if who.rectangle is None else who.rectangle,
        "eligible": who.eligible,
        "on_front": bool(choice.front.on_front[place]),
        "score_least": round(float(choice.least[place]), 6),
        "score_greatest": round(float(choice.greatest[place]), 6),
        "score": round(float(choice.scores[place]), 6),
    }
    for k, name in enumerate(INDICATORS):
        digits = 0 if name == "people" else 4
        row[name] = round(float(contest.known.central[place, k]), digits)
        row[f"{name}_low"] = round(float(contest.known.low[place, k]), digits)
        row[f"{name}_high"] = round(float(contest.known.high[place, k]), digits)
        row[f"{name}_confidence"] = asked.indicators[name].confidence
    row["people_uncounted_share"] = round(who.uncounted_share, 4)
    for end, people in _by_homes(who.people).items():
        row[f"homes_people_{end}"] = "" if people is None else people
    row["homes_land_rai"] = round(who.homes_rai, 4)
    for language in LANGUAGES:
        row[f"people_words_{language}"] = people_words(who, language)
    for language in ("th", "en"):
        names = [text(f"choice.question.{question}", language) for question in who.to_settle]
        row[f"open_questions_{language}"] = "; ".join(names)
    row["fits_near"] = who.fits_near
    row["stretches_near"] = who.stretches_near
    row["at_station"] = who.at_station
    row["open_year_be"] = "" if who.open_year is None else who.open_year
    return row


def _by_homes(people: tuple[int, int, int] | None) -> dict[str, int | None]:
    """Give the people that layers of homes put around a place, by end of the range."""
    ends = (None, None, None) if people is None else people
    return dict(zip(("low", "central", "high"), ends, strict=True))


def _whole(people: float) -> int | None:
    return None if math.isnan(people) else round(people)


def _freight_row(indicators: YardIndicators | None) -> dict[str, Any]:
    """Give what freight says of a place; nothing where no train can reach it."""
    row = {} if indicators is None else indicators.row()
    return {f"freight_{name}": value for name, value in row.items() if name != "railhead"}

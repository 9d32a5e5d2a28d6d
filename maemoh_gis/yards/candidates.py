"""The places that compete for the yard: rectangles whose readings fit, and named places."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import shapely

from maemoh_gis.core import units
from maemoh_gis.core.messages import LANGUAGES, Language, Text, both
from maemoh_gis.exposure.population import near
from maemoh_gis.exposure.words import told
from maemoh_gis.yards.nearby_land import around, best_score_near, mean_beneath, within

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd

    from maemoh_gis.core.grid import Grid
    from maemoh_gis.core.types import BoolArray
    from maemoh_gis.exposure.population import People
    from maemoh_gis.layers.load import Layers
    from maemoh_gis.mcda.combine import Score
    from maemoh_gis.scenario.settings.choice import Candidate, YardChoice

Question = Literal[
    "off_rail", "railway_not_open", "no_rectangle", "grade", "straight", "roads", "land", "permit"
]
"""Something about a place that must still be settled before a yard can stand there."""
_OF_RECTANGLES: tuple[Question, ...] = ("grade", "straight", "roads", "permit")


@dataclass(frozen=True)
class CandidatePlace:
    """A place that competes for the yard."""

    id: str
    """Key of the named place, or `fit_RANK` of a rectangle far from all of them."""
    title: Mapping[Language, str]
    place: tuple[float, float]
    """x and y in the CRS of the grid: the middle of the rectangle, where one fits."""
    rectangle: int | None
    """Rank of the yard fit that stands for it; None where none fits near as read."""
    land_score: tuple[float, float, float]
    """Least, likely and greatest score of its land; NaN where not known."""
    homes_rai: float
    """Modelled land of homes around the station, in rai; told, never scored."""
    to_settle: tuple[Question, ...]
    """What must still be settled."""
    eligible: bool
    """Whether a yard could be served by rail in the year asked for."""
    fits_near: int
    """Rectangles that fit near it."""
    open_year: int | None
    """Year its railway opens, B.E.; None where it is open or there is none."""
    rectangle_rai: float | None = None
    """Land of the rectangle; None where none fits near."""
    stretches_near: int = 0
    """Stretches of the line near it at which nobody can tell whether a yard fits."""
    at_station: bool = False
    """Whether the place it stands for lies along the tracks of a station: a question to the
    railway, never credit."""
    people: tuple[int, int, int] | None = None
    """Low, central and high of the people around the station by where layers show homes; told,
    never scored. None where nobody counted."""
    people_between: tuple[float, float] = (0.0, math.nan)
    """Least and greatest number of people the counts allow there; NaN is without an upper end."""
    uncounted_share: float = 1.0
    """Share of the land around the station where nobody counted people."""


@dataclass(frozen=True)
class Ground:
    """What the places stand on."""

    grid: Grid
    score: Score
    """Suitability of the use and its interval, (rows, cols)."""
    usable: BoolArray
    """Land the use may take, (rows, cols)."""
    fits: gpd.GeoDataFrame
    """Yards whose readings fit, best first; see `yard_table.fits_table`."""
    stretches: gpd.GeoDataFrame
    """Where nobody can tell whether a yard fits; see `yard_stretches.stretches_table`."""
    layers: Layers
    people: People | None = None
    """Where people live; None where the scenario says nothing of them."""
    stations: gpd.GeoDataFrame | None = None
    """Stations, by `name_en`; people around a rectangle are counted around its station."""


def contestants(choice: YardChoice, ground: Ground, year_be: int) -> list[CandidatePlace]:
    """Gather the places that compete for a yard."""
    places = {id: _point(candidate, ground) for id, candidate in choice.places.items()}
    middles = ground.fits.geometry.centroid
    owners = _owners(choice, list(zip(middles.x, middles.y, strict=True)), places)
    untold = _untold(choice, ground, places)
    found = []
    for id, candidate in choice.places.items():
        own = [k for k, owner in enumerate(owners) if owner == id]
        if own:
            best = (own[0], len(own))
            place = _of_place_with_fit(id, choice, ground, best, places[id], year_be)
            place = _no_better_than(place, untold[id])
        else:
            place = _of_place(id, candidate, choice, ground, places[id], year_be)
            if len(untold[id]):
                place = _with_stretches(place, untold[id])
        found.append(replace(place, stretches_near=len(untold[id])))
    free = [k for k, owner in enumerate(owners) if owner is None]
    stations = [ground.fits.iloc[k]["station_en"] for k in free]
    for first in [k for n, k in enumerate(free) if stations[n] not in stations[:n]]:
        count = stations.count(ground.fits.iloc[first]["station_en"])
        found.append(_of_fit(choice, ground, first, count, _station_of(ground, first)))
    return found


def _point(candidate: Candidate, ground: Ground) -> tuple[float, float]:
    shape = ground.layers.shapes(candidate.layer, ground.grid.crs, candidate.where)[0]
    return float(shape.centroid.x), float(shape.centroid.y)


def _owners(
    choice: YardChoice,
    centres: Sequence[tuple[float, float]],
    places: Mapping[str, tuple[float, float]],
) -> list[str | None]:
    """Say of each rectangle which named place it belongs to, the nearest near enough."""
    owners: list[str | None] = []
    for centre in centres:
        away = {id: math.dist(centre, place) for id, place in places.items()}
        nearest = min(away, key=lambda id: away[id], default=None)
        owned = nearest is not None and away[nearest] <= choice.fit_within_m
        owners.append(nearest if owned else None)
    return owners


def _untold(
    choice: YardChoice, ground: Ground, places: Mapping[str, tuple[float, float]]
) -> dict[str, gpd.GeoDataFrame]:
    """Give each named place its stretches, those with the best land first."""
    stretches = ground.stretches
    centres = list(zip(stretches["best_x_m"], stretches["best_y_m"], strict=True))
    owners = np.array(_owners(choice, centres, places), dtype=object)
    return {
        id: stretches[owners == id].sort_values("score_best", ascending=False, kind="stable")
        for id in places
    }


def _no_better_than(place: CandidatePlace, stretches: gpd.GeoDataFrame) -> CandidatePlace:
    """Let the land of a place be worth as much as that of its best stretch, where that is more."""
    least, likely, greatest = place.land_score
    most = max([greatest, *stretches["score_greatest"]])
    return replace(place, land_score=(least, likely, most))


def _with_stretches(place: CandidatePlace, stretches: gpd.GeoDataFrame) -> CandidatePlace:
    """Turn "no yard fits" into "nobody can tell", for the stretch with the best land."""
    best = stretches.iloc[0]
    likely, most = float(best["score_best"]), float(stretches["score_greatest"].max())
    rail = [q for q in place.to_settle if q in ("off_rail", "railway_not_open")]
    permit: list[Question] = ["permit"] if best["conditional_share"] > 0 else []
    return replace(
        place,
        land_score=(0.0, likely, most),
        to_settle=(*rail, *_not_told(best), *permit),
        at_station=bool(best["at_station_en"]),
    )


def _not_told(place: Any) -> Iterator[Question]:
    """List the questions behind the tests that cannot be told."""
    tests = set(place["not_told"].split(";"))
    if "grade" in tests:
        yield "grade"
    # Whether the line keeps its distance from the yard is the same question to the same people.
    if tests & {"straight", "one_side"}:
        yield "straight"
    if "roads" in tests:
        yield "roads"
    if tests & {"land", "tracks"}:
        yield "land"


def _station_of(ground: Ground, row: int) -> tuple[float, float]:
    """Give the station a rectangle is named by; its own middle where no station is known."""
    fit, stations = ground.fits.iloc[row], ground.stations
    named = None if stations is None else stations[stations["name_en"] == fit["station_en"]]
    shape = fit.geometry if named is None or named.empty else named.geometry.iloc[0]
    return float(shape.centroid.x), float(shape.centroid.y)


def _of_fit(
    choice: YardChoice, ground: Ground, row: int, fits_near: int, station: tuple[float, float]
) -> CandidatePlace:
    fit = ground.fits.iloc[row]
    least, greatest = (
        mean_beneath(values, ground.grid, fit.geometry)
        for values in (ground.score.low, ground.score.high)
    )
    return CandidatePlace(
        id=f"fit_{fit['rank']}",
        title=_title_of_fit(fit),
        place=(float(fit.geometry.centroid.x), float(fit.geometry.centroid.y)),
        rectangle=int(fit["rank"]),
        land_score=(
            least if fit["outcome"] == "holds" else 0.0,
            float(fit["score_mean"]),
            greatest,
        ),
        homes_rai=_homes_rai(choice, ground, station),
        to_settle=tuple(_open_questions(fit)),
        eligible=True,
        fits_near=fits_near,
        at_station=bool(fit["at_station_en"]),
        open_year=None,
        rectangle_rai=float(units.rai_from_m2(fit.geometry.area)),
        **_people_near(choice, ground, station),
    )


def _title_of_fit(fit: Any) -> Text:
    """Name a rectangle by its rank, its station and the distance along the line."""
    station = {language: fit[f"station_{language}"] or "–" for language in LANGUAGES}
    return both("choice.fit", rank=fit["rank"], station=station, km=f"{fit['station_km']:.1f}")


def _open_questions(fit: Any) -> Iterator[Question]:
    """List what the data do not prove about a rectangle."""
    yield from _not_told(fit)
    if fit["conditional_share"] > 0:
        yield "permit"


def _of_place_with_fit(
    id: str,
    choice: YardChoice,
    ground: Ground,
    best: tuple[int, int],
    point: tuple[float, float],
    year_be: int,
) -> CandidatePlace:
    """Gather a named place by the row of its best rectangle and the number of them."""
    candidate, fit = choice.places[id], _of_fit(choice, ground, *best, point)
    questions = (*_rail_questions(candidate, year_be), *fit.to_settle)
    return replace(
        fit, id=id, title=_title_with_fit(candidate, fit), to_settle=questions,
        eligible=_served(questions), open_year=candidate.open_year,
    )  # fmt: skip


def _title_with_fit(candidate: Candidate, fit: CandidatePlace) -> Text:
    return both("choice.place_with_fit", name=candidate.title.both(), rank=fit.rectangle)


def _of_place(
    id: str,
    candidate: Candidate,
    choice: YardChoice,
    ground: Ground,
    place: tuple[float, float],
    year_be: int,
) -> CandidatePlace:
    cells = math.ceil(choice.land_rai / units.rai_from_m2(ground.grid.cell_area_m2))
    best, most = (
        best_score_near(values, ground.usable, ground.grid, place, choice.around_m, cells)
        for values in (ground.score.value, ground.score.high)
    )
    # Without a rectangle nobody knows whether its land needs a permit either.
    questions: tuple[Question, ...] = (
        *_rail_questions(candidate, year_be), "no_rectangle", *_OF_RECTANGLES,
    )  # fmt: skip
    return CandidatePlace(
        id=id,
        title=candidate.title.both(),
        place=place,
        rectangle=None,
        land_score=(best if math.isnan(best) else 0.0, best, most),
        homes_rai=_homes_rai(choice, ground, place),
        to_settle=questions,
        eligible=_served(questions),
        fits_near=0,
        open_year=candidate.open_year,
        **_people_near(choice, ground, place),
    )


def _rail_questions(candidate: Candidate, year_be: int) -> Iterator[Question]:
    if not candidate.on_rail:
        yield "off_rail"
    elif candidate.open_year is not None and candidate.open_year > year_be:
        yield "railway_not_open"


def _served(questions: tuple[Question, ...]) -> bool:
    return not {"off_rail", "railway_not_open"}.intersection(questions)


def _people_near(choice: YardChoice, ground: Ground, place: tuple[float, float]) -> dict[str, Any]:
    if ground.people is None:
        return {}
    (found,) = near(shapely.Point(place), ground.people, [choice.homes.within_m])
    return {
        "people": told(found),
        "people_between": found.certain,
        "uncounted_share": found.uncounted_share,
    }


def _homes_rai(choice: YardChoice, ground: Ground, place: tuple[float, float]) -> float:
    homes = choice.homes
    window = around(ground.grid, place, homes.within_m)
    codes = ground.layers.codes(homes.layer, window)
    classes = ground.layers.catalog[homes.layer].classes
    wanted = [int(code) for code, c in classes.items() if c.key in homes.classes]
    disc = within(window, place, homes.within_m)
    if not codes[disc].all():
        return float("nan")
    cells = int((np.isin(codes, wanted) & disc).sum())
    return float(units.rai_from_m2(cells * window.cell_area_m2))

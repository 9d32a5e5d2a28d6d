"""
Whom and what a site touches: people near, farm land, jobs, water, air stations.

People are counted by subdistrict only and placed by several estimates, so their number near a site
is a range and, beyond the counted subdistricts, unknown. Nothing here is a score.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from maemoh_gis.cache.derived import cached, later
from maemoh_gis.cells.around import zone_figure
from maemoh_gis.cells.distance import cells_inside
from maemoh_gis.core import units
from maemoh_gis.core.grid import Grid
from maemoh_gis.core.types import FloatArray
from maemoh_gis.exposure.homes import codes_of
from maemoh_gis.exposure.population import PEOPLE, People, near, population_of
from maemoh_gis.exposure.words import told
from maemoh_gis.layers.load import Layers
from maemoh_gis.phase_out.path import Amount, least
from maemoh_gis.phase_out.units import path_of

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from maemoh_gis.engine.results import Results
    from maemoh_gis.scenario.settings.exposure import Exposure
    from maemoh_gis.scenario.settings.phase_out import Coefficient

_LEVELS = ("low", "central", "high")
# Farm land of a site is counted on cells finer than the layer's own, so that a yard's edge counts.
_FINE_M = 20.0
_DAYS = 365.0
_TOLD = frozenset({"site", "yard"})


@dataclass(frozen=True)
class _Place:
    """Land that is told about."""

    kind: str
    use: str
    number: int | None
    land: BaseGeometry
    rai: float


@dataclass(frozen=True)
class _Around:
    """What the layers hold, read once."""

    asked: Exposure
    layers: Layers
    crs: str
    people: People
    subdistricts: gpd.GeoDataFrame
    population: Mapping[int, float]
    plant: BaseGeometry
    """Middle of the plant."""
    stations: gpd.GeoDataFrame


@dataclass(frozen=True)
class ExposureFound:
    """What sites and yards of a run touch."""

    rows: tuple[Mapping[str, object], ...]
    """One a site or yard, by column; "" where nothing is known."""
    whole: Mapping[str, object] | None
    """The site that heads the list of every use, together; None where there is no site."""
    by_subdistrict: tuple[tuple[object, ...], ...]
    """Rows in the order of `SUBDISTRICT_COLUMNS`."""


def exposure_of(results: Results) -> ExposureFound | None:
    """
    Tell what sites and yards touch.

    Rows of places and subdistricts; None where the scenario asks for none.
    """
    asked = results.resolved.scenario.exposure
    if asked is None:
        return None
    around = later(
        _read, asked, results.layers.only(asked.layers()), results.grid.crs, results.keyed(PEOPLE)
    )
    places = list(_places(results))
    # Runs with another weight or year have most places in common.
    rows = tuple(cached(results.store, _row, place, around) for place in places)
    first = [place for place in places if place.kind == "site" and place.number == 1]
    freed, at_stake = (_of_timeline(results, one) for one in ("water_freed_mm3", "jobs_exposed"))
    return ExposureFound(
        rows, *cached(results.store, _told_of_first, first, around, freed, at_stake)
    )


def _places(results: Results) -> Iterator[_Place]:
    for use in results.resolved.scenario.uses:
        for one in results.places:
            if one.use == use and one.kind in _TOLD:
                rai = units.rai_from_m2(one.shape.area)
                yield _Place(one.kind, use, one.number, one.shape, rai)


def _read(asked: Exposure, layers: Layers, crs: str, people: People) -> _Around:
    subdistricts = layers.features(asked.subdistricts, crs)
    plant = shapely.union_all(layers.shapes(asked.plant.layer, crs, asked.plant.where))
    return _Around(
        asked, layers, crs, people, subdistricts, population_of(asked, layers), plant.centroid,
        layers.features(asked.air_stations.layer, crs, asked.air_stations.where),
    )  # fmt: skip


def _row(place: _Place, around: _Around) -> dict[str, object]:
    """Tell about one site or yard."""
    figures = around.asked.uses.get(place.use)
    farm, _ = _farm_rai(place.land, around)
    row: dict[str, object] = {
        "kind": place.kind,
        "use": place.use,
        "number": place.number,
        "area_rai": round(place.rai, 2),
        **_touched(place.land, around),
        "farm_rai": round(farm, 1),
        "farm_confidence": around.layers.catalog[around.asked.land_use].confidence,
    }
    jobs = _times(place.rai, figures.jobs_per_rai if figures else None)
    row |= _amount("jobs_gained", jobs)
    return row | _amount("water_demand_mm3", _demand(place, around))


def _touched(land: BaseGeometry, around: _Around) -> dict[str, object]:
    """Tell what lies around some land."""
    asked = around.asked
    row: dict[str, object] = {}
    for radius, found in zip(asked.radii_m, near(land, around.people, asked.radii_m), strict=True):
        people = told(found) or ("", "", "")
        row |= {f"people_{radius:g}_m_{end}": n for end, n in zip(_LEVELS, people, strict=True)}
        row[f"uncounted_land_{radius:g}_m"] = round(found.uncounted_share, 3)
    row["people_confidence"] = "L"
    row["households_without_title"] = ""
    row["lorries_past_schools"] = ""
    distances = shapely.distance(np.asarray(around.stations.geometry.array, dtype=object), land)
    station = around.stations.iloc[int(np.argmin(distances))]
    row["air_station_th"], row["air_station_en"] = station["name_th"], station["name_en"]
    row["air_station_m"] = round(float(distances.min()))
    row["pm25_above_standard"] = ""
    return row


def _farm_rai(land: BaseGeometry, around: _Around) -> tuple[float, dict[int, float]]:
    """Measure the farm land in some land, whole and by subdistrict, in rai."""
    asked, layers = around.asked, around.layers
    grid = Grid.covering(land.bounds, crs=around.crs, cell_m=_FINE_M)
    inside = cells_inside(np.array([land], dtype=object), grid)
    if not inside.any():
        return 0.0, {}
    wanted = codes_of(asked.farms, asked.land_use, layers)
    farms = np.isin(layers.codes(asked.land_use, grid), wanted)
    rai = units.rai_from_m2(land.area) / int(inside.sum())
    shapes = np.asarray(around.subdistricts.geometry.array, dtype=object)
    codes = around.subdistricts["code"].to_numpy(dtype=np.float64)
    of_cell = zone_figure(shapes, codes, grid)[inside & farms]
    known, counts = np.unique(of_cell[~np.isnan(of_cell)], return_counts=True)
    shares = {int(c): float(n) * rai for c, n in zip(known, counts, strict=True)}
    return float((inside & farms).sum()) * rai, shares


def _told_of_first(
    first: Sequence[_Place], around: _Around, freed: Amount | None, at_stake: Amount | None
) -> tuple[Mapping[str, object] | None, tuple[tuple[object, ...], ...]]:
    whole = _whole(first, around, freed, at_stake) if first else None
    return whole, tuple(_by_subdistrict(first, around, at_stake))


def _whole(
    first: Sequence[_Place], around: _Around, freed: Amount | None, at_stake: Amount | None
) -> dict[str, object]:
    """Tell about the sites that head the lists together; each person is counted once."""
    land = shapely.union_all([place.land for place in first])
    row: dict[str, object] = {
        "kind": "first_of_each_use",
        "area_rai": round(sum(place.rai for place in first), 2),
        **_touched(land, around),
        "farm_rai": round(sum(_farm_rai(place.land, around)[0] for place in first), 1),
        "farm_confidence": around.layers.catalog[around.asked.land_use].confidence,
    }
    figures = [around.asked.uses.get(place.use) for place in first]
    jobs = [
        _times(p.rai, f.jobs_per_rai if f else None) for p, f in zip(first, figures, strict=True)
    ]
    demand = [_demand(place, around) for place in first]
    row |= _amount("jobs_gained", _sum(jobs)) | _amount("water_demand_mm3", _sum(demand))
    row["uses_without_jobs_figure"] = sum(amount is None for amount in jobs)
    row["uses_without_water_figure"] = sum(amount is None for amount in demand)
    row |= _amount("jobs_at_stake", at_stake)
    row |= _amount("water_freed_mm3", freed)
    return row | _amount("water_balance_mm3", _balance(freed, _sum(demand)))


def _of_timeline(results: Results, quantity: Any) -> Amount | None:
    scenario = results.resolved.scenario
    if scenario.timeline is None:
        return None
    (now,) = path_of(results.resolved, results.catalog, [scenario.year])
    return now.amounts[quantity]


def _times(rai: float, each: Coefficient | None) -> Amount | None:
    if each is None:
        return None
    return Amount(rai * each.low, rai * each.central, rai * each.high, each.confidence)


def _demand(place: _Place, around: _Around) -> Amount | None:
    """Give the water a site needs in a year, million m3; None where no figure is known."""
    figures = around.asked.uses.get(place.use)
    if figures is None or figures.water_m3_per_rai_day is None:
        return None
    each, share = figures.water_m3_per_rai_day, figures.productive_share
    shares = [1.0 if share is None else float(getattr(share, level)) for level in _LEVELS]
    low, central, high = (
        place.rai * getattr(each, level) * part * _DAYS / 1e6
        for level, part in zip(_LEVELS, shares, strict=True)
    )
    return Amount(low, central, high, each.confidence)


def _sum(amounts: Sequence[Amount | None]) -> Amount | None:
    """Add what is known; None where nothing is."""
    known = [amount for amount in amounts if amount is not None]
    if not known:
        return None
    low, central, high = (sum(getattr(amount, level) for amount in known) for level in _LEVELS)
    return Amount(low, central, high, least([amount.confidence for amount in known]))


def _balance(freed: Amount | None, demand: Amount | None) -> Amount | None:
    """Take the water needed from the water freed: the least against the most, and back."""
    if freed is None or demand is None:
        return None
    trust = least([freed.confidence, demand.confidence])
    return Amount(
        freed.low - demand.high, freed.central - demand.central, freed.high - demand.low, trust
    )


def _amount(name: str, amount: Amount | None) -> dict[str, object]:
    if amount is None:
        return dict.fromkeys((f"{name}_{part}" for part in (*_LEVELS, "confidence")), "")
    numbers: dict[str, object] = {
        f"{name}_{level}": float(f"{getattr(amount, level):.5g}") for level in _LEVELS
    }
    return numbers | {f"{name}_confidence": amount.confidence}


SUBDISTRICT_COLUMNS = (
    "code", "name_th", "name_en", "population", "land_rai", "farm_rai",
    "jobs_at_stake_low", "jobs_at_stake_central", "jobs_at_stake_high", "jobs_at_stake_confidence",
    "jobs_gained_low", "jobs_gained_central", "jobs_gained_high", "jobs_gained_confidence",
)  # fmt: skip


def _by_subdistrict(
    first: Sequence[_Place], around: _Around, at_stake: Amount | None
) -> Iterator[tuple[object, ...]]:
    """Give land, farm land and jobs of the sites that head the lists, and jobs at stake."""
    asked = around.asked
    farms: list[Mapping[int, float]] = [_farm_rai(place.land, around)[1] for place in first]
    for _, subdistrict in around.subdistricts.sort_values("code").iterrows():
        code, shape = int(subdistrict["code"]), subdistrict.geometry
        parts: FloatArray = np.array(
            [units.rai_from_m2(shapely.intersection(p.land, shape).area) for p in first]
        )
        plant = bool(shape.contains(around.plant))
        if parts.sum() == 0 and not plant and code not in around.population:
            continue
        gained = [
            _times(float(rai), figures.jobs_per_rai if figures else None)
            for rai, place in zip(parts, first, strict=True)
            if rai > 0
            for figures in [asked.uses.get(place.use)]
        ]
        yield (
            code, subdistrict["name_th"], subdistrict["name_en"],
            round(around.population[code]) if code in around.population else "",
            round(float(parts.sum()), 1),
            round(min(float(parts.sum()), sum(f.get(code, 0.0) for f in farms)), 1),
            *_amount("", at_stake if plant else None).values(),
            *_amount("", _sum(gained)).values(),
        )  # fmt: skip

"""What senders save a year over the yard of a programme, by size and place of the estate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maemoh_gis.core.crs import transformer_between
from maemoh_gis.freight.layers import FreightLayers, Place, RoadDistances, new_yard
from maemoh_gis.hinges.freight_worlds import Brought, Ground, yard_world
from maemoh_gis.layers.load import Layers
from maemoh_gis.scenario.settings.estate import EstatePlace

if TYPE_CHECKING:
    from maemoh_gis.estate.growth import Level
    from maemoh_gis.phasing.parcels import Parcel
    from maemoh_gis.phasing.study import Study, World
    from maemoh_gis.scenario.settings.estate import Estate

_YARD = "programme"


@dataclass(frozen=True)
class FreightValue:
    """What an estate of a size at a place brings in the last year of the programme."""

    parcel: Parcel
    rai: float
    """Land planned."""
    brought: Mapping[Level, Brought]
    """Empty where no train reaches the yard, or no road the estate."""


def freight_values(study: Study) -> list[FreightValue]:
    """Tabulate the estates that some programme takes, beside the yard of the first that has one."""
    world = next((one for one in study.worlds if one.programme.yard is not None), None)
    if world is None or world.run.scenario.freight is None:
        return []
    asked = world.run.scenario.programme
    assert asked is not None
    estates = [one for one in study.taken.values() if one.use == asked.estate_use]
    return [value for one in estates for value in _of_parcel(world, one)]


def _of_parcel(world: World, parcel: Parcel) -> Iterator[FreightValue]:
    estate = world.run.scenario.estate
    assert estate is not None
    placed = _placed(world, estate, parcel)
    ground = _ground(world, placed, parcel)
    for rai in _sizes(world, parcel):
        if ground is None:
            yield FreightValue(parcel, rai, {})
            continue
        sized = placed.model_copy(update={"rai": rai})
        scenario = world.run.scenario.model_copy(update={"estate": sized})
        yield FreightValue(parcel, rai, yard_world(ground, scenario, ()).brought)


def _sizes(world: World, parcel: Parcel) -> list[float]:
    """Try the least land, all of the parcel, and what the estate's own sweep tries between."""
    estate, whole = world.run.scenario.estate, parcel.rai or 0.0
    swept = [] if estate is None or estate.sweep is None else estate.sweep.rai
    between = [rai for rai in swept if world.terms.least_rai < rai < whole]
    return sorted({min(world.terms.least_rai, whole), *between, whole})


def _placed(world: World, estate: Estate, parcel: Parcel) -> Estate:
    """Put the estate in the middle of a parcel."""
    lonlat = transformer_between(world.run.grid.crs, "EPSG:4326")
    lon, lat = lonlat.transform(*_middle(parcel))
    place = EstatePlace(title=estate.place.title, lon=float(lon), lat=float(lat))
    return estate.model_copy(update={"place": place})


def _ground(world: World, estate: Estate, parcel: Parcel) -> Ground | None:
    """Make ready layers, yard and roads; None where the estate lies too far from every road."""
    scenario, grid = world.run.scenario, world.run.grid
    freight = scenario.freight
    assert freight is not None
    layers = Layers(world.run.catalog).only(freight.layers())
    last = world.terms.years[-1]
    source = FreightLayers(freight, last, scenario.rail, layers, grid.crs, estate)
    if not source.reached([Place(parcel.key, _middle(parcel))]):
        return None
    places = source.reached([new_yard(source, _YARD, _yard_at(world))])
    return Ground(source, places, RoadDistances(source, places))


def _yard_at(world: World) -> tuple[float, float]:
    assert world.programme.yard is not None
    key = world.programme.yard[0]
    return _middle(next(one for one in world.parcels if one.key == key))


def _middle(parcel: Parcel) -> tuple[float, float]:
    assert parcel.shape is not None
    middle = parcel.shape.representative_point()
    return float(middle.x), float(middle.y)

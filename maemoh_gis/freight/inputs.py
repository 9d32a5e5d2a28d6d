"""
From layers to a world of freight: who sends what, where it may change to rail, how far it is.

Distances by road come from the network of roads inside the mapped region and from published ones
beyond it; distances by rail from kilometre posts.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely

from maemoh_gis.freight.distances import OnLine, Stretch, rail_distance, tracks_between
from maemoh_gis.freight.layers import FreightLayers, Place, RoadDistances
from maemoh_gis.freight.trains import Track
from maemoh_gis.freight.world import Gateway, Railhead, Spread, World, split

if TYPE_CHECKING:
    from maemoh_gis.scenario.settings.freight import Freight, PlaceOnLine

YARD = "yard"
"""Role of a new yard."""


def freight_world(
    source: FreightLayers, places: Sequence[Place] = (), roads: RoadDistances | None = None
) -> World:
    """Build the world of a scenario."""
    freight, year = source.freight, source.year_be
    ways = roads or RoadDistances(source, places)
    lines = on_line(source, places)
    gateways = tuple(
        Gateway(key, role, source.opening(key, planned))
        for key, role, planned in zip(
            source.gateways["key"], source.gateways["role"],
            source.gateways["rail_open_year_be"], strict=True,
        )
    )  # fmt: skip
    known = [_on_line(one) for one in (*freight.railheads.values(), *freight.on_line.values())]
    rail_km: dict[tuple[str, str], Spread] = {}
    tracks: dict[tuple[str, str], Track] = {}
    stretches = [
        Stretch(part.from_km_post, part.to_km_post, source.rail[id].double_in(year))
        for id, part in freight.tracks.items()
    ]
    for key, line in lines.items():
        for gateway, about in freight.gateways.items():
            joins = about.joins_km_post
            km = rail_distance(
                line, about.place, source.distances, known, year, joins_km_post=joins
            )
            if km is not None:
                rail_km[key, gateway] = km
                tracks[key, gateway] = tracks_between(line, stretches, to_km_post=joins)
    return World(
        split(source.demand, freight.shares_in(year)),
        gateways,
        tuple(
            _railhead(source, key, role, lines[key], source.opening(key, planned))
            for key, role, planned in zip(
                source.railheads["key"], source.railheads["role"],
                source.railheads["open_year_be"], strict=True,
            )
        ),
        ways.road_km(),
        ways.drayage_km(),
        rail_km,
        tracks,
    )  # fmt: skip


def candidates(source: FreightLayers, places: Sequence[Place]) -> list[Railhead]:
    """Make a railhead of each place where a train can stop."""
    lines = on_line(source, places)
    opening = {
        key: source.opening(key, planned)
        for key, planned in zip(
            source.railheads["key"], source.railheads["open_year_be"], strict=True
        )
    }
    found = []
    for place in places:
        if place.key not in lines:
            continue
        opens, stand = place.opens_be, _railhead_at(source, shapely.Point(place.xy))
        if opens is None and stand is not None and lines[place.key] == lines[stand]:
            opens = opening[stand]
        found.append(_railhead(source, place.key, YARD, lines[place.key], opens))
    return found


def on_line(source: FreightLayers, places: Sequence[Place]) -> dict[str, OnLine]:
    """Say where railheads and places stand on the line."""
    found = {key: _on_line(about) for key, about in source.freight.railheads.items()}
    sections = source.layers.features(source.freight.railway, source.crs)
    shapes = np.asarray(sections.geometry.array, dtype=object)
    for place in places:
        point = shapely.Point(place.xy)
        metres = shapely.distance(shapes, point)
        nearest = int(np.argmin(metres))
        if metres[nearest] > source.freight.most_siding_m:
            stand = _railhead_at(source, point)
            if stand is not None:
                found[place.key] = found[stand]
            continue
        share = float(shapely.line_locate_point(shapes[nearest], point, normalized=True))
        start, end = (
            float(sections[name].iloc[nearest]) for name in ("km_post_start", "km_post_end")
        )
        found[place.key] = OnLine(place.key, round(start + share * (end - start), 3))
    return found


def _railhead_at(source: FreightLayers, point: shapely.Point) -> str | None:
    """Find the railhead at whose station a place stands, the nearest that a siding reaches."""
    metres = source.railheads.geometry.distance(point).to_numpy()
    if not len(metres) or metres.min() > source.freight.most_siding_m:
        return None
    return str(source.railheads["key"].iloc[int(metres.argmin())])


def _on_line(about: PlaceOnLine) -> OnLine:
    return OnLine(about.place, about.km_post, about.branch_km)


def _railhead(
    source: FreightLayers, key: str, role: str, line: OnLine, opens_be: int | None
) -> Railhead:
    south, north = _grades(source.freight, line)
    about = source.freight.railheads.get(key)
    return Railhead(
        key, role, opens_be, south, north, about.other_teu if about else 0.0, "ASSUMPTION"
    )


def _grades(freight: Freight, line: OnLine) -> tuple[float, float]:
    """Give the steepest grades between a railhead and the south; NaN where one is unknown."""
    found = []
    for name in ("south_per_mille", "north_per_mille"):
        passed = [
            getattr(part, name)
            for part in freight.grades.values()
            if part.from_km_post < line.km_post
        ]
        unknown = not passed or any(grade is None for grade in passed)
        found.append(math.nan if unknown else float(max(passed)))
    return found[0], found[1]

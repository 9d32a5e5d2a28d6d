"""Whether the freight of a scenario and the catalog fit together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from maemoh_gis.layers.table_schemas import DEMAND, DISTANCES, TARIFFS

if TYPE_CHECKING:
    from maemoh_gis.core.faults import Fault
    from maemoh_gis.scenario.checks.checker import Checker
    from maemoh_gis.scenario.settings.freight import Freight
    from maemoh_gis.scenario.settings.scenario import Scenario

_NEEDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "tariffs": ("table", TARIFFS.needs),
    "distances": ("table", DISTANCES.needs),
    "demand": ("table", DEMAND.needs),
    "origins": ("points", ()),
    "roads": ("lines", ("speed_kph",)),
    "railway": ("lines", ("km_post_start", "km_post_end")),
    "gateways_layer": ("points", ("key", "role", "rail_open_year_be", "name_th", "name_en")),
    "railheads_layer": ("points", ("key", "role", "open_year_be", "name_th", "name_en")),
}
_SLACK = 1e-6


def freight_faults(scenario: Scenario, checker: Checker) -> Iterator[Fault]:
    """Find what keeps the freight of a scenario from being computed."""
    freight, document = scenario.freight, checker.document
    if freight is None:
        return
    for key, id in freight.layers_by_key().items():
        kind, columns = _NEEDS[key]
        path: tuple[str, ...] = ("freight", key)
        if key == "origins":
            path, columns = (*path, "layer"), (*columns, freight.origin_column)
        yield from checker.read_layer(id, path, {kind}, columns)
    shares = freight.shares_in(scenario.year)
    if abs(sum(shares.values()) - 1.0) > _SLACK:
        written = ", ".join(f"{key} {share:g}" for key, share in shares.items())
        yield document.fault("gateway_shares", ("freight", "gateways"), found=written)
    yield from _name_faults(freight, scenario.rail, checker)
    for key, parts in (("tracks", freight.tracks), ("grades", freight.grades)):
        for id, part in parts.items():
            if part.to_km_post <= part.from_km_post:
                yield document.fault(
                    "stretch_backward",
                    ("freight", key, id),
                    found=f"{part.to_km_post:g}",
                    expected=f"> {part.from_km_post:g}",
                )


def _name_faults(freight: Freight, rail: Iterable[str], checker: Checker) -> Iterator[Fault]:
    """Refuse places of freight and sections of railway that the scenario does not name."""
    known = [*freight.gateways, *freight.railheads]
    for id, exit in freight.exits.items():
        path = ("freight", "exits", id, "toward")
        for name in exit.toward:
            yield from checker.name("unknown_freight_place", path, name, known)
    for id, line in freight.new_lines.items():
        path = ("freight", "new_lines", id, "opens")
        for name in line.opens:
            yield from checker.name("unknown_freight_place", path, name, known)
    for id in freight.tracks:
        yield from checker.name("unknown_rail_section", ("freight", "tracks", id), id, rail)

"""The stage that looks at every station: what is short of a yard there, and by how much."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.engine.results import STUDY
from maemoh_gis.engine.stages import Stage, StageContext
from maemoh_gis.near_misses.readings import limit_readings
from maemoh_gis.near_misses.stations import StationMiss, station_misses, with_limits
from maemoh_gis.yards.fit import LineSearch
from maemoh_gis.yards.land_under import YardLand
from maemoh_gis.yards.stages import beside_line, layers_of, unpacked
from maemoh_gis.yards.tracks import stations_inside

if TYPE_CHECKING:
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.scenario.settings.scenario import Scenario
    from maemoh_gis.scenario.settings.yard import Yard
    from maemoh_gis.suitability.measure_stages import Inputs


def near_miss_stages(scenario: Scenario, catalog: Catalog) -> Iterator[Stage]:
    """Look at the stations for every use that asks for a yard."""
    for use in scenario.uses:
        yard = scenario.uses[use].yard
        if yard is not None and yard.stations is not None:
            yield _stage(use, yard, scenario, catalog)


def stage_of(use: str) -> str:
    """Name the stage of a use."""
    return f"near_misses:{use}"


def _stage(use: str, yard: Yard, scenario: Scenario, catalog: Catalog) -> Stage:
    bits, not_checked = _limits_of(use, scenario)

    def run(context: StageContext, inputs: Inputs) -> tuple[StationMiss, ...]:
        state = inputs[f"state:{use}"]
        search = _search(use, yard, context, inputs)
        points = search.around.stations
        assert points is not None
        inside = stations_inside(points, np.asarray(inputs[STUDY]), context.grid)
        found = station_misses(search, inputs[f"yard_tests:{use}"], inside)
        return tuple(
            with_limits(
                one, list(limit_readings(one.shape, context.grid, state, bits, not_checked))
            )
            for one in found
        )

    params: dict[str, Any] = {
        "yard": yard.decides,
        "bits": bits,
        "not_checked": not_checked,
    }
    inputs = (STUDY, f"state:{use}", f"score:{use}", f"yard_land:{use}", f"yard_tests:{use}")
    layers = layers_of(yard, catalog)
    return Stage(stage_of(use), run, "global", inputs, layers=layers, params=params, whole=True)


def _search(use: str, yard: Yard, context: StageContext, inputs: Inputs) -> LineSearch:
    usable, unknown = unpacked(inputs[f"yard_land:{use}"])
    land = YardLand(context.grid, usable, np.asarray(inputs[f"score:{use}"].value), unknown=unknown)
    line, beside = beside_line(context, yard)
    return LineSearch(line, land, yard.needs(), beside["heights"], beside["around"])


def _limits_of(use: str, scenario: Scenario) -> tuple[dict[str, list[str]], list[str]]:
    """List the limits in force by outcome, in the order of their bits, and those without a map."""
    limits = scenario.limits_of(use)
    checked = {id: limit for id, limit in limits.items() if limit.test}
    bits = {
        "removed": [id for id, limit in checked.items() if limit.outcome == "removed"],
        "permit": [id for id, limit in checked.items() if limit.outcome == "conditional"],
    }
    return bits, [id for id, limit in limits.items() if not limit.test]

"""Why a yard fits at a station or not: asked of a finished run, or of a scenario without one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.messages import LANGUAGES
from maemoh_gis.documents.schema import nearest_first
from maemoh_gis.engine.stages import StageContext, execute, no_events, upstream_of
from maemoh_gis.engine.study import study_grid
from maemoh_gis.layers.load import Layers
from maemoh_gis.near_misses.outputs import RELAXATIONS, STATIONS, TABLES, TESTS
from maemoh_gis.near_misses.result import told_of
from maemoh_gis.near_misses.stages import stage_of
from maemoh_gis.presentation.run_files import RunFiles
from maemoh_gis.runs.stage_table import stage_table
from maemoh_gis.yards.stages import tracks_stage_of

if TYPE_CHECKING:
    from maemoh_gis.engine.stages import Event
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.scenario.resolve import Resolved

Row = Mapping[str, str]
# What people write before or behind the name of a station.
_AROUND = ("สถานีรถไฟ", "สถานี", "railway station", "station")


@dataclass(frozen=True)
class StationTold:
    """What is told of one station for one use, as the rows of the tables of a run."""

    station: Row
    tests: tuple[Row, ...]
    relaxations: tuple[Row, ...]


def stations_of_run(run: RunFiles) -> dict[str, list[Row]]:
    """Read the tables of a finished run."""
    return {name: run.table(name) for name in TABLES}


def stations_of_scenario(
    resolved: Resolved, catalog: Catalog, watch: Callable[[Event], None] = no_events
) -> dict[str, list[Row]]:
    """Compute the tables of a scenario by the stages of its run, and nothing else of it."""
    scenario, layers = resolved.scenario, Layers(catalog)
    context = StageContext(scenario, layers, study_grid(scenario, layers))
    stages = stage_table(scenario, catalog)
    named = {name(use) for use in scenario.uses for name in (stage_of, tracks_stage_of)}
    wanted = [stage.id for stage in stages if stage.id in named]
    found = execute(
        upstream_of(stages, wanted), context, keep=set(wanted).__contains__, watch=watch
    )
    told = list(told_of(scenario, layers, context.grid.crs, found))
    return {
        name: [_as_text(row) for one in told for row in rows_of(one)]
        for name, (_, rows_of) in TABLES.items()
    }


def told_at(tables: Mapping[str, Iterable[Row]], place: str) -> list[StationTold]:
    """Give what is told of the station of a name in either language, for each use."""
    stations = list(tables[STATIONS])
    if not stations:
        raise RunError(Fault("no_station_told", key="PLACE", found=place))
    asked = _plain(place)
    own = [row for row in stations if asked in {_plain(row[f"station_{x}"]) for x in LANGUAGES}]
    if not own:
        names = list(dict.fromkeys(row[f"station_{x}"] for x in LANGUAGES for row in stations))
        expected = nearest_first(place, names)
        raise RunError(Fault("unknown_station", key="PLACE", found=place, expected=expected))
    return [
        StationTold(
            row,
            tuple(one for one in tables[TESTS] if _of(one, row)),
            tuple(one for one in tables[RELAXATIONS] if _of(one, row)),
        )
        for row in own
    ]


def _of(row: Row, station: Row) -> bool:
    return (row["use"], row["station_en"]) == (station["use"], station["station_en"])


def _plain(name: str) -> str:
    plain = name.casefold().strip()
    for word in _AROUND:
        plain = plain.removeprefix(word).removesuffix(word).strip()
    return plain.replace(" ", "")


def _as_text(row: Mapping[str, object]) -> Row:
    return {name: str(value) for name, value in row.items()}

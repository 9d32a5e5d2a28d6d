"""The tables of a comparison: areas in rai with hectares beside them, unknown as an empty cell."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from maemoh_gis.comparison.charts import FIRST_SITE_COLUMNS, first_site_rows
from maemoh_gis.comparison.choice_tables import CHOICE_TABLES
from maemoh_gis.comparison.figures import readings
from maemoh_gis.comparison.land import LandAreas, Overlap
from maemoh_gis.comparison.model import Comparison
from maemoh_gis.comparison.robustness import (
    PLACE_COLUMNS,
    ROBUSTNESS_COLUMNS,
    place_rows,
    robustness_rows,
)
from maemoh_gis.comparison.runs import ComparedRun
from maemoh_gis.comparison.transition import (
    JOB_COLUMNS,
    TRANSITION_COLUMNS,
    job_rows,
    transition_rows,
)
from maemoh_gis.comparison.years import YEAR_COLUMNS, year_rows
from maemoh_gis.comparison.zone_tables import ZONE_COLUMNS, zone_rows
from maemoh_gis.core import units
from maemoh_gis.core.grid import Grid

Row = tuple[Any, ...]
Table = tuple[Sequence[str], Callable[[Comparison], Iterator[Row]]]

_LAND = (
    "study", "allowed", "conditional", "removed", "unknown", "good_allowed", "good_conditional",
    "good_unknown", "good_surely", "good_possibly",
)  # fmt: skip


def areas(cells: Sequence[float], grid: Grid) -> list[float | None]:
    """Put numbers of cells, NaN unknown, into rai and hectares."""
    m2 = [float(count) * grid.cell_area_m2 for count in cells]
    return [
        None if math.isnan(a) else round(convert(a), 2)
        for a in m2
        for convert in (units.rai_from_m2, units.ha_from_m2)
    ]


def in_rai_and_ha(names: Sequence[str]) -> list[str]:
    """Name the columns of areas that `areas` fills."""
    return [f"{name}_{unit}" for name in names for unit in ("rai", "ha")]


def title(run: ComparedRun, use: str) -> dict[str, str]:
    """Give the title of a use, as a run has it."""
    return dict(run.record["resolved"]["uses"][use]["title"])


def _run_rows(found: Comparison) -> Iterator[Row]:
    for number, run in enumerate(found.runs):
        law = run.record["legal_limits"]
        yield (
            run.label, run.record["scenario"], run.record["title"]["th"],
            run.record["title"]["en"], run.record["year"], run.viewpoint,
            found.group_of(number), law["of"], len(law["checked"]), len(law["partly"]),
            len(law["not_checked"]), run.sha256,
        )  # fmt: skip


def _land_rows(found: Comparison) -> Iterator[Row]:
    for use, one in found.uses.items():
        for number in one.land.runs:
            run, land = found.runs[number], one.land.areas[number]
            named = title(run, use)
            yield (
                use, named["th"], named["en"], run.label, found.group_of(number), found.at_least,
                *areas([_part(land, name) for name in _LAND], found.grid),
            )  # fmt: skip


def _part(land: LandAreas, name: str) -> int:
    return int(getattr(land, name))


def _overlap_rows(found: Comparison) -> Iterator[Row]:
    for use, one in found.uses.items():
        for what, overlaps in (("good_land", one.land.overlaps), ("sites", one.site_overlaps)):
            for (first, second), overlap in overlaps.items():
                yield (
                    use, what, found.runs[first].label, found.runs[second].label,
                    units.known(overlap.jaccard, 6),
                    *areas(_overlap_cells(overlap), found.grid),
                )  # fmt: skip


def _overlap_cells(overlap: Overlap) -> tuple[int, ...]:
    return overlap.both, overlap.first_only, overlap.second_only, overlap.unknown


def _consensus_rows(found: Comparison) -> Iterator[Row]:
    for use, one in found.uses.items():
        for group, agreed in one.land.consensus.items():
            runs = len(agreed.by_runs) - 1
            some = sum(agreed.by_runs[1:])
            cells = (agreed.good_in_all, agreed.possible, some)
            yield use, group, runs, *areas(cells, found.grid)


def _indicator_rows(found: Comparison) -> Iterator[Row]:
    from maemoh_gis.core.messages import text

    for run, use, reading in readings(found):
        one = reading.indicator
        titles = (text(f"compare.indicator.{one.id}", code) for code in ("th", "en"))
        alert = {True: "alert", False: "", None: "unknown"}[reading.alert]
        yield (
            run, use, one.id, *titles, units.known(reading.value, 6), one.unit,
            one.side, one.threshold, alert, "ASSUMPTION",
        )  # fmt: skip


def _difference_rows(found: Comparison) -> Iterator[Row]:
    for one in found.differences:
        yield one.run, one.kind, one.key, _shown(one.first), _shown(one.second)


def _shown(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value


TABLES: dict[str, Table] = {
    "runs": (
        ("run", "scenario", "title_th", "title_en", "year_be", "viewpoint", "group", "laws",
         "laws_checked", "laws_partly", "laws_not_checked", "record_sha256"),
        _run_rows,
    ),
    "land": (
        ("use", "title_th", "title_en", "run", "group", "good_score", *in_rai_and_ha(_LAND)),
        _land_rows,
    ),
    "overlap": (
        ("use", "what", "run_first", "run_second", "jaccard",
         *in_rai_and_ha(("both", "first_only", "second_only", "unknown"))),
        _overlap_rows,
    ),
    "consensus": (
        ("use", "group", "runs",
         *in_rai_and_ha(("good_in_all", "possibly_in_all", "good_in_some"))),
        _consensus_rows,
    ),
    **CHOICE_TABLES,
    "first_sites": (FIRST_SITE_COLUMNS, first_site_rows),
    "places": (PLACE_COLUMNS, place_rows),
    "robustness": (ROBUSTNESS_COLUMNS, robustness_rows),
    "zones": (ZONE_COLUMNS, zone_rows),
    "jobs": (JOB_COLUMNS, job_rows),
    "transition": (TRANSITION_COLUMNS, transition_rows),
    "indicators": (
        ("run", "use", "indicator", "title_th", "title_en", "value", "unit", "side", "threshold",
         "alert", "threshold_confidence"),
        _indicator_rows,
    ),
    "years": (YEAR_COLUMNS, year_rows),
    "differences": (("run", "kind", "key", "first", "second"), _difference_rows),
}  # fmt: skip
"""Every table of a comparison by name: its columns and what makes its rows."""

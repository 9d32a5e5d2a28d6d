"""The worlds of a scenario as a table, a picture, a page and a record."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maemoh_gis.core.messages import both
from maemoh_gis.core.version import __version__
from maemoh_gis.engine.same_question import asked_by, require_own_folder, require_same_run
from maemoh_gis.estate.growth import LEVELS
from maemoh_gis.files import whole_folder, write_csv, write_json, write_text
from maemoh_gis.hinges.page import content_of
from maemoh_gis.hinges.picture import Grid, grid_svg
from maemoh_gis.hinges.regret import CHOICES
from maemoh_gis.hinges.study import moved_settings
from maemoh_gis.hinges.words import findings, state_id
from maemoh_gis.hinges.worlds import moved_in, moving
from maemoh_gis.pages.report_page import write_report
from maemoh_gis.presentation.words import rounded

if TYPE_CHECKING:
    from maemoh_gis.hinges.freight_worlds import Brought
    from maemoh_gis.hinges.study import Study, Told
    from maemoh_gis.scenario.resolve import Resolved

RECORD, TABLE, PICTURE, PAGE = "switches.json", "switches.csv", "switches.svg", "switches.html"
_BROUGHT: Mapping[str, str] = {
    "thb_saved": "thb_saved",
    "fixed_thb": "yard_cost_thb",
    "days_more": "service_days_more",
    "co2_t_saved": "co2_t_saved",
    "truck_km_avoided": "lorry_km_avoided",
}
"""What a yard brings, by the name of its column."""


def require_place(out: Path, resolved: Resolved, *, replace: bool) -> None:
    """Refuse a folder of anything else, and unless asked to replace it one of another scenario."""
    require_own_folder(out, RECORD)
    asked = asked_by(resolved.scenario.id, map(vars, resolved.changes))
    require_same_run(out, RECORD, asked, replace=replace)


def write_study(study: Study, out: Path) -> Path:
    """Write everything about the worlds of a scenario into one folder."""
    with whole_folder(out) as draft:
        drawn = picture_of(study)
        sums = {
            TABLE: write_csv(draft / TABLE, columns_of(study), rows_of(study), for_excel=True),
            PICTURE: write_text(draft / PICTURE, grid_svg(drawn)),
            PAGE: write_report(content_of(study, drawn), draft / PAGE),
        }
        write_json(draft / RECORD, record_of(study) | {"outputs": sums})
    return out


def columns_of(study: Study) -> list[str]:
    """Name the columns of the table: a switch each, then what is told of the world."""
    levels = [f"_{level}" for level in LEVELS]
    return [
        *study.settings,
        "asked_step",
        "yard",
        "first_year_be",
        *(f"trains_filled{level}" for level in levels),
        *(f"teu{level}" for level in levels),
        *(f"{name}{level}" for name in _BROUGHT.values() for level in levels),
        *(f"pays{level}" for level in levels),
        *(f"estate_jobs{level}" for level in levels),
        *(f"regret_{choice}_thb{level}" for choice in CHOICES for level in levels),
        "confidence",
    ]


def rows_of(study: Study) -> Iterator[list[object]]:
    """List every world; what cannot be told is an empty cell."""
    for told in study.worlds.values():
        yield _row(told)


def _row(told: Told) -> list[object]:
    brought = [told.brought.get(level) for level in LEVELS]
    regret = told.regret_thb or {}
    return [
        *told.world,
        told.step,
        told.yard,
        told.first_year,
        *(_yes(told.carried[level]) for level in LEVELS),
        *(rounded(told.teu[level]) for level in LEVELS),
        *(_of(one, name) for name in _BROUGHT for one in brought),
        *("" if told.pays is None else _yes(told.pays[level]) for level in LEVELS),
        *(rounded(getattr(told.jobs, level)) for level in LEVELS),
        *(
            rounded(regret[choice][level]) if choice in regret else None
            for choice in CHOICES
            for level in LEVELS
        ),
        "ASSUMPTION",
    ]


def _yes(holds: bool) -> str:  # noqa: FBT001
    return "yes" if holds else "no"


def _of(brought: Brought | None, name: str) -> object:
    """Give a figure; None where there is none, as the days of boxes that are not sent."""
    number = math.nan if brought is None else float(getattr(brought, name))
    return None if math.isnan(number) else rounded(number)


def record_of(study: Study) -> dict[str, Any]:
    """Put on record what was asked and found."""
    scenario = study.resolved.scenario
    return {
        "program": __version__,
        "scenario": scenario.id,
        "title": scenario.title.both(),
        "changes": [vars(change) for change in study.resolved.changes],
        "files": dict(study.resolved.files),
        "year": study.switches.year,
        "worlds": len(study.worlds),
        "findings": findings(study),
        "turns_trains": [moved_in(world, study.settings) for world in study.least],
        "turns_paying": [moved_in(world, study.settings) for world in study.least_paying],
        "untold": {id: one.title.both() for id, one in study.switches.untold.items()},
    }


def picture_of(study: Study) -> Grid:
    """Say of each setting alone and of each pair whether trains fill."""
    settings = study.settings
    moved = moved_settings(settings)
    states: list[list[str | None]] = []
    for row, one in enumerate(moved):
        states.append(
            [
                None
                if other[0] == one[0] and other != one
                else state_id(study.worlds[moving(settings, one, other)].carried)
                for other in moved[: row + 1]
            ]
        )
    return Grid(both("switches.picture"), states)

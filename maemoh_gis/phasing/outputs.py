"""A programme as tables, a page and a record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maemoh_gis.comparison.runs import labels_of
from maemoh_gis.core.version import __version__
from maemoh_gis.engine.same_question import require_own_folder, require_same_run
from maemoh_gis.estate.growth import LEVELS
from maemoh_gis.files import whole_folder, write_csv, write_json
from maemoh_gis.pages.report_page import write_report
from maemoh_gis.phasing.freight_value import freight_values
from maemoh_gis.phasing.page import content_of
from maemoh_gis.phasing.words import findings
from maemoh_gis.presentation.words import rounded

if TYPE_CHECKING:
    from maemoh_gis.phasing.freight_value import FreightValue
    from maemoh_gis.phasing.parcels import Parcel
    from maemoh_gis.phasing.study import Asked, Study, World
    from maemoh_gis.runs.finished import Run

RECORD, TABLE, YEARS, FREIGHT, PAGE = (
    "programme.json",
    "programme.csv",
    "programme_years.csv",
    "programme_freight.csv",
    "programme.html",
)
COLUMNS = (
    "world",
    "scenario",
    "parcel",
    "title_th",
    "title_en",
    "use",
    "rai",
    "papers_from_be",
    "begins_be",
    "laid_out_rai",
    "works_m_thb",
    "why_not",
    "confidence",
)
FREIGHT_COLUMNS = (
    "parcel",
    "title_th",
    "title_en",
    "planned_rai",
    *(f"{name}_{level}" for name in ("thb_saved", "teu") for level in LEVELS),
    "confidence",
)
YEAR_COLUMNS = ("world", "year_be", "laid_out_rai", "occupied_rai", "spent_m_thb", "confidence")


def require_place(out: Path, runs: Sequence[Run], asked: Asked, *, replace: bool) -> None:
    """Refuse a folder of anything else, and unless asked to replace it another programme."""
    require_own_folder(out, RECORD)
    labels = labels_of([run.folder for run in runs])
    question = _question(labels, vars(asked))
    require_same_run(out, RECORD, question, replace=replace, asked_of=_question_of)


def _question_of(record: Any) -> str:
    return _question([world["run"] for world in record["worlds"]], record["asked"])


def _question(runs: Sequence[str], asked: Mapping[str, Any]) -> str:
    # A whole number reads alike whether it was handed over or comes back from a file.
    told = [f"{name}={value}" for name, value in asked.items() if value is not None]
    return " ".join([*runs, *(one.removesuffix(".0") for one in told)])


def write_study(study: Study, out: Path) -> Path:
    """Write everything about a programme into one folder."""
    values = freight_values(study)
    with whole_folder(out) as draft:
        sums = {
            TABLE: write_csv(draft / TABLE, COLUMNS, rows_of(study), for_excel=True),
            YEARS: write_csv(draft / YEARS, YEAR_COLUMNS, _years(study), for_excel=True),
            FREIGHT: write_csv(draft / FREIGHT, FREIGHT_COLUMNS, _freight(values), for_excel=True),
            PAGE: write_report(content_of(study, values), draft / PAGE),
        }
        write_json(draft / RECORD, record_of(study) | {"outputs": sums})
    return out


def rows_of(study: Study) -> Iterator[list[object]]:
    """List every parcel in every world: when works begin, or why it is in no programme."""
    for world in study.worlds:
        for one in world.parcels:
            yield _row(world, one)


def _row(world: World, one: Parcel) -> list[object]:
    laid = sum(world.programme.estate.get(one.key, {}).values())
    is_yard = world.programme.yard is not None and world.programme.yard[0] == one.key
    works = laid * world.terms.estate_cost + (world.terms.yard_cost if is_yard else 0.0)
    begun = world.begins(one.key) is not None
    return [
        world.label,
        world.run.scenario.id,
        one.key,
        one.title["th"],
        one.title["en"],
        one.use,
        rounded(one.rai),
        one.from_year,
        world.begins(one.key),
        rounded(laid) if begun else None,
        rounded(works) if begun else None,
        one.why_not or "",
        "ASSUMPTION",
    ]


def _years(study: Study) -> Iterator[list[object]]:
    for world in study.worlds:
        found = world.programme
        for year in world.terms.years:
            laid = sum(one.get(year, 0.0) for one in found.estate.values())
            told = (laid, found.occupied.get(year, 0.0), found.spent.get(year, 0.0))
            yield [world.label, year, *(rounded(n) for n in told), "ASSUMPTION"]


def _freight(values: Sequence[FreightValue]) -> Iterator[list[object]]:
    for one in values:
        brought = [one.brought.get(level) for level in LEVELS]
        yield [
            one.parcel.key,
            one.parcel.title["th"],
            one.parcel.title["en"],
            rounded(one.rai),
            *(None if b is None else rounded(b.thb_saved) for b in brought),
            *(None if b is None else rounded(b.teu_estate + b.teu_other) for b in brought),
            "ASSUMPTION",
        ]


def record_of(study: Study) -> dict[str, Any]:
    """Put on record what was asked, what was found and how near the bound it lies."""
    return {
        "program": __version__,
        "asked": vars(study.asked),
        "findings": findings(study),
        "worlds": [
            {
                "run": world.label,
                "scenario": world.run.scenario.id,
                "value": {level: rounded(value) for level, value in world.value.items()},
                "bound": rounded(world.programme.bound),
                "gap": rounded(world.programme.gap),
                "yard": world.programme.yard,
                "estate": {key: min(laid) for key, laid in world.programme.estate.items()},
            }
            for world in study.worlds
        ],
    }

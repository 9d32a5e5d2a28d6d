"""Choosing what of a comparison goes onto its page."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import shapely

from maemoh_gis.comparison.charts import page_charts
from maemoh_gis.comparison.model import Comparison
from maemoh_gis.comparison.opening import answers, cause_tables, first_sentence, steps_in_short
from maemoh_gis.comparison.page_tables import page_tables
from maemoh_gis.comparison.pictures import pictures_of
from maemoh_gis.comparison.years import year_figure, year_table
from maemoh_gis.core import units
from maemoh_gis.core.crs import transformer_between
from maemoh_gis.core.messages import LANGUAGES, Text, both
from maemoh_gis.documents.schema import validate
from maemoh_gis.documents.yaml import Document
from maemoh_gis.files import read_json
from maemoh_gis.layers.load import Layers
from maemoh_gis.pages.comparison_content import ComparisonContent, PagePiece, PageRun, PageUse
from maemoh_gis.presentation.context_layers import context_layers, first_view
from maemoh_gis.scenario.settings.scenario import Scenario
from maemoh_gis.sheets.briefs import BRIEFS

_REPORT = "report.html"


def write_page(found: Comparison, notes: Sequence[Text], path: Path) -> str:
    """Write the page of a comparison."""
    from maemoh_gis.pages.comparison_page import write_comparison_page

    return write_comparison_page(page_content(found, notes), path)


def page_content(found: Comparison, notes: Sequence[Text]) -> ComparisonContent:
    """Gather what the page shows; see `write_page`."""
    layers = Layers(found.catalog)
    first = found.runs[0]
    scenario = validate(Scenario, Document(first.record["resolved"], {}, str(first.folder)))
    uses = list(found.uses)
    paths, path_of = _paths(found)
    placement, pictures, numbers = pictures_of(uses, found.runs, found.at_least)
    return ComparisonContent(
        title=both("compare.page.title", n=len(found.runs)),
        links=[(both(f"brief.short.{id}"), f"brief_{id}.html") for id in BRIEFS],
        runs=[_run(found, number, path) for number, path in enumerate(path_of)],
        good_from=found.at_least,
        view=first_view(scenario, layers),
        cell_m=found.grid.cell_m,
        placement=placement,
        pictures=pictures,
        uses=[_use(found, use, numbers[use]) for use in uses],
        layers=context_layers(layers),
        first=first_sentence(found),
        steps=steps_in_short(found),
        tables=[*answers(found), *cause_tables(found), year_table(found), *page_tables(found)],
        years=year_figure(found),
        charts=page_charts(found),
        # The page says "screening only" itself, above everything.
        caveats=[{code: note[code] for code in LANGUAGES} for note in notes[1:]],
        provenance=both(
            "compare.page.provenance",
            runs=", ".join(f"{run.label} {run.sha256[:12]}" for run in found.runs),
            cell=f"{found.grid.cell_m:g}",
        ),
        paths=paths,
    )


def _paths(found: Comparison) -> tuple[list[dict[str, Any]], list[int | None]]:
    """Read the path after coal of every run, each once, and say which is whose."""
    paths: list[dict[str, Any]] = []
    places: dict[str, int] = {}
    path_of: list[int | None] = []
    for run in found.runs:
        checksum = run.record["outputs"].get("timeline.json")
        if checksum is not None and checksum not in places:
            places[checksum] = len(paths)
            paths.append(read_json(run.folder / "timeline.json"))
        path_of.append(None if checksum is None else places[checksum])
    return paths, path_of


def _run(found: Comparison, number: int, path: int | None) -> PageRun:
    record = found.runs[number].record
    return PageRun(
        found.names[number],
        {code: record["title"][code] for code in LANGUAGES},
        int(record["year"]),
        # Runs of one viewpoint that weigh otherwise stand apart by name.
        found.group_title(found.group_of(number)),
        path,
        _report_beside(found, number),
    )


def _report_beside(found: Comparison, number: int) -> str | None:
    """Give the address of a run's report where both folders stand in one, which move together."""
    run = found.runs[number]
    folder = run.folder.resolve()
    if folder.parent != found.folder.resolve().parent or _REPORT not in run.record["outputs"]:
        return None
    return f"../{quote(folder.name)}/{_REPORT}"


def _use(found: Comparison, use: str, pictures: Sequence[int | None]) -> PageUse:
    return PageUse(use, found.use_title(use), pictures, list(_pieces(found, use)))


def _pieces(found: Comparison, use: str) -> Iterator[PagePiece]:

    to_degrees = transformer_between(found.grid.crs, "EPSG:4326")
    one = found.uses[use]
    for piece, payoffs in zip(one.pieces, one.payoffs, strict=True):
        if piece.kind == "site":
            shape = shapely.transform(
                piece.shape, lambda xy: shapely.get_coordinates(
                    shapely.points(*to_degrees.transform(xy[:, 0], xy[:, 1]))))  # fmt: skip
            yield PagePiece(
                piece.id,
                piece.named.at_length,
                shape,
                units.rai_from_m2(piece.area_m2),
                sorted(piece.found_by),
                [None if math.isnan(p) else float(p) for p in payoffs],
            )

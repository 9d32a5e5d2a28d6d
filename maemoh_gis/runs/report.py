"""
The report of a run and the sheets beside it.

Everything comes from the record and the other outputs of the run folder, and from the catalog the
titles and cautions of its layers. So a report can be made again from a finished run, and one that
is made while the run is written has the same bytes.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maemoh_gis.comparison import report as comparison_report
from maemoh_gis.core.errors import FileError, RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.messages import Text, both, same
from maemoh_gis.core.units import ce_from_be
from maemoh_gis.engine.same_question import asked_by, require_same_run
from maemoh_gis.files import read_json, write_json
from maemoh_gis.layers.cached import CachedLayers
from maemoh_gis.layers.load import Layers
from maemoh_gis.pages.report_content import Block, Paragraph, ReportContent, Section
from maemoh_gis.pages.report_page import write_report as write_page
from maemoh_gis.presentation.compared_files import comparison_of
from maemoh_gis.presentation.feature import ANNEX, Numbered, SectionMaker, numbered_in_order
from maemoh_gis.presentation.record_shape import misfits_of_run
from maemoh_gis.presentation.run_files import RunFiles, open_files
from maemoh_gis.runs import features, report_answer, report_trust
from maemoh_gis.sheets import maps
from maemoh_gis.sheets.briefs import BRIEFS, brief
from maemoh_gis.sheets.sheets import sheets_content, site_sheets
from maemoh_gis.sheets.stations import station_sheets
from maemoh_gis.sheets.towns import ECO_TOWN, SMART_CITY, town_sheet
from maemoh_gis.sheets.villages import village_sheet
from maemoh_gis.suitability import report as suitability_report

if TYPE_CHECKING:
    from maemoh_gis.cache.store import Store
    from maemoh_gis.files.scratch import Raster
    from maemoh_gis.layers.catalog import Catalog

RECORD = "run.json"
STATION_PAGE = "why.html"
"""A page for every station."""
MARK = "report.json"
"""Which run the reports of a folder of their own are of."""


def write_reports(
    folder: Path,
    record: Mapping[str, Any],
    layers: Layers,
    *,
    bands: Mapping[str, Raster],
    store: Store,
) -> dict[str, str]:
    """Write the report of a run that is being written."""
    run = open_files(folder, record, layers, checked=False)
    run = dataclasses.replace(run, bands=bands, store=store)
    return _write(run, folder, thai_numerals=False)


def report_again(
    folder: Path,
    catalog: Catalog,
    out: Path,
    *,
    comparison: Path | None = None,
    thai_numerals: bool = False,
    replace: bool = False,
) -> RunFiles:
    """Write the report of a finished run."""
    if out.resolve() == folder.resolve() or (out / RECORD).is_file():
        raise RunError(Fault("report_into_run", str(out)))
    record = record_of(folder)
    mark = {"scenario": record["scenario"], "changes": record["changes"]}
    if any((out / name).exists() for name in report_trust.REPORT_FILES):
        asked = asked_by(record["scenario"], record["changes"])
        require_same_run(out, MARK, asked, replace=replace)
    run = finished(folder, catalog)
    if comparison is not None:
        run = dataclasses.replace(run, compared=comparison_of(folder, comparison))
    _write(run, out, thai_numerals=thai_numerals)
    write_json(out / MARK, mark)
    return run


def finished(folder: Path, catalog: Catalog) -> RunFiles:
    """Open a finished run to tell of it again."""
    record = record_of(folder)
    # Earlier reports are no part of what a report is made from.
    outputs = {k: v for k, v in record["outputs"].items() if k not in report_trust.REPORT_FILES}
    layers = CachedLayers(Layers(catalog))
    return open_files(folder, {**record, "outputs": outputs}, layers, checked=True)


def record_of(folder: Path) -> Mapping[str, Any]:
    """Read the record of a run folder."""
    path = folder / RECORD
    try:
        record = read_json(path)
    except FileError:
        raise RunError(Fault("not_a_run_folder", str(folder), expected=RECORD)) from None
    lacking = misfits_of_run(record)
    if lacking:
        raise RunError(Fault("record_lacks", str(path), found=", ".join(lacking)))
    return dict(record)


def _write(run: RunFiles, out: Path, *, thai_numerals: bool) -> dict[str, str]:
    documents = documents_of(run)
    return {
        name: write_page(content, out / name, thai_numerals=thai_numerals)
        for name, content in documents.items()
    }


def documents_of(run: RunFiles) -> dict[str, ReportContent]:
    """Gather the report and the sheets beside it."""
    report = report_content(run)
    sheets = {
        "sites": ("site_sheets.html", site_sheets(run)),
        "eco_town": ("eco_town.html", town_sheet(run, ECO_TOWN)),
        "smart_city": ("smart_city.html", town_sheet(run, SMART_CITY)),
        "villages": ("villages.html", village_sheet(run)),
    }
    if stations := station_sheets(run):
        sheets["stations"] = (STATION_PAGE, stations)
    found = {name: sheets_content(report, id, sections) for id, (name, sections) in sheets.items()}
    briefs = {f"brief_{id}.html": brief(run, id, report.footer) for id in BRIEFS}
    links = [(content.title, name) for name, content in {**briefs, **found}.items()]
    return {**briefs, "report.html": dataclasses.replace(report, links=links), **found}


def station_page(run: RunFiles) -> ReportContent | None:
    """Gather the pages of the stations alone; None where no use asks for a yard."""
    stations = station_sheets(run)
    return sheets_content(_head_of(run), "stations", stations) if stations else None


def report_content(run: RunFiles) -> ReportContent:
    """Gather everything the report of a run says."""
    return dataclasses.replace(_head_of(run), sections=list(_sections(run)))


def _head_of(run: RunFiles) -> ReportContent:
    """Give what every page of a run opens with."""
    return ReportContent(
        title=both("report.title", title=run.record["title"]),
        subtitle=run.record["question"],
        notices=notices(run),
        facts=head_facts(run),
        sections=[],
        footer=footer(run),
    )


def _sections(run: RunFiles) -> Iterator[Section]:
    """Give what a committee reads, then the annex, which begins with what was left out of that."""
    details, annex = [], []
    for number, make in numbered_in_order([*(f.sections for f in features.FEATURES), _OWN]):
        if (section := make(run)) is None:
            continue
        if number >= ANNEX:
            annex.append(dataclasses.replace(section, annex=True))
            continue
        if section.details:
            details.append(
                Section(f"{section.id}-details", section.title, section.details, annex=True)
            )
            note = Paragraph(both("report.more_in_annex"), "quiet")
            section = dataclasses.replace(section, blocks=[*section.blocks, note], details=())
        yield section
    yield from details
    yield from annex


def _caveats(run: RunFiles) -> Section:
    """List what every output of the run opens with."""
    # The first two stand at the head of the report.
    blocks: list[Block] = [Paragraph(words) for words in run.record["caveats"][2:]]
    return Section("caveats", both("report.section.caveats"), blocks)


_OWN: Numbered[SectionMaker] = {
    10: report_answer.answer,
    12: maps.maps,
    170: report_trust.not_verified,
    180: _caveats,
    290: comparison_report.comparison,
    295: comparison_report.robustness,
    300: report_trust.data_quality,
    310: report_trust.provenance,
}
"""Sections of no single feature."""


def notices(run: RunFiles) -> list[Text]:
    """Give what must be read first: laws checked, and files that are missing."""
    found = [suitability_report.checked_words(run)]
    missing = [*run.missing, *(run.compared.missing if run.compared else ())]
    if missing:
        found.append(both("report.missing_files", files=", ".join(missing)))
    return found


def head_facts(run: RunFiles) -> list[tuple[Text, Text]]:
    """Give the short answers at the head of every page of a run."""
    record = run.record
    viewpoint = run.scenario["viewpoints"][record["viewpoint"]]["title"]
    year = both("report.year", year_be=record["year"], year_ce=ce_from_be(record["year"]))
    return [
        (both("report.fact.scenario_title"), record["title"]),
        (both("report.fact.year"), year),
        (both("report.fact.viewpoint"), viewpoint),
        (both("report.fact.record"), same(_mark_of(record))),
    ]


def footer(run: RunFiles) -> Text:
    """Give the words at the foot of every printed page."""
    return both("report.footer", title=run.record["title"])


def _mark_of(record: Mapping[str, Any]) -> str:
    """Name the scenario file a run was made from, by the first digits of its checksum."""
    return str(list(record["inputs"]["scenarios"].values())[-1])[:12]

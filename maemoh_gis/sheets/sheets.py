"""One sheet of paper for every site: where it is, why, what permits it needs, what is not known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from maemoh_gis.core.messages import Text, both, joined, same
from maemoh_gis.exposure.words import people_near
from maemoh_gis.pages.content import Use
from maemoh_gis.pages.report_content import (
    Block,
    Column,
    Facts,
    Heading,
    Map,
    Paragraph,
    ReportContent,
    Section,
    Table,
    table_of,
)
from maemoh_gis.pages.report_map import draw_map
from maemoh_gis.pages.wording import Wording
from maemoh_gis.phase_out.report import figure_year
from maemoh_gis.presentation.run_files import (
    RunFiles,
    column,
    land,
    of_row,
    rows_of,
    site_name,
    site_near,
    site_place,
    span,
    trust,
)
from maemoh_gis.presentation.words import percent_of
from maemoh_gis.questions.report import questions_of
from maemoh_gis.sheets.maps import site_ground, sites_of
from maemoh_gis.sites.declared_report import acts_of_site
from maemoh_gis.sites.report import score_of, site_bars

if TYPE_CHECKING:
    import geopandas as gpd


_OPEN = {"status": "not_checked", "ground": "law", "title_en": ""}

PERMITS = "permits"
"""Table of the catalog that lists permits."""


def site_sheets(run: RunFiles) -> Sequence[Section]:
    """
    Write a sheet for every site.

    Use by use, best site first; empty where the run found none.
    """
    wording = Wording.of_package()
    people = {(row["use"], row["number"]): row for row in run.table("exposure.csv")
              if row["kind"] == "site"}  # fmt: skip
    permits = run.layer_table(PERMITS)
    sections: list[Section] = []
    for use, definition in run.uses.items():
        frame = sites_of(run, use)
        limits = {row["limit"]: row for row in run.table("removed.csv") if row["use"] == use}
        # An open question is no limit, but papers may be wanted for it.
        limits |= dict.fromkeys(run.record.get("questions", {}), _OPEN)
        sites = list(rows_of(frame))
        asked = _asked(permits, limits, use, sites)
        sections += _shared_permits(permits, asked, use, definition["title"])
        for place, site in enumerate(sites):
            title = joined([definition["title"], site_name(site)], ": ")
            one = Use(use, definition["title"], (), (), frame.iloc[[place]])  # type: ignore[arg-type]
            row = people.get((use, str(site["number"])))
            facts = _facts(run, site, frame.iloc[[place]])
            facts += _touched(run, row) if row is not None else []
            facts += questions_of(run, use, site)
            near = site_ground(run, f"{use}-{site['number']}", frame.iloc[[place]])
            closeup = draw_map(near, wording, alt=title, use=one)
            blocks: list[Block] = [Map(closeup, both("report.sheet_closeup"), small=True)]
            blocks.append(Facts(facts))
            if row is not None:
                blocks.append(Paragraph(both("report.keep_away"), "quiet"))
            blocks.append(site_bars(run, use, [site]))
            blocks.append(Heading(both("report.permits")))
            blocks += _permit_blocks(permits, asked, place)
            blocks += acts_of_site(run, use, site["number"])
            blocks.append(Paragraph(both("report.sheet_note"), "quiet"))
            sections.append(
                Section(f"{use}-{site['number']}", title, blocks, own_page=True, dense=True)
            )
    return sections


def sheets_content(head: ReportContent, id: str, sections: Sequence[Section]) -> ReportContent:
    """Put sheets under a head that says what they are."""
    nothing = Section("none", both("report.nothing"), [Paragraph(both("report.no_sheets"))])
    return ReportContent(
        title=both(f"report.sheets.{id}"),
        subtitle=both(f"report.about.{id}"),
        notices=head.notices,
        facts=head.facts,
        sections=list(sections) or [nothing],
        footer=head.footer,
        numbered=False,
        links=[(head.title, "report.html")],
    )


def _facts(
    run: RunFiles, site: Mapping[str, Any], feature: gpd.GeoDataFrame
) -> list[tuple[Text, Text]]:
    inside = feature.geometry.representative_point()
    east, north = float(inside.x.iloc[0]), float(inside.y.iloc[0])
    return [
        (both("report.column.area"), land(site["area_rai"])),
        (both("report.column.conditional"), land(site["conditional_rai"])),
        (both("report.column.place"), site_place(site)),
        (both("report.column.near"), site_near(site)),
        (both("report.coordinates", crs=run.record["grid"]["crs"]),
         same(f"{east:,.0f} E, {north:,.0f} N")),
        (both("report.column.score_range"), score_of(site)),
        (both("report.column.scored"), percent_of(site["scored_share"])),
        (both("report.column.class"), same(site["class"])),
    ]  # fmt: skip


def _touched(run: RunFiles, row: Mapping[str, str]) -> list[tuple[Text, Text]]:
    """Tell whom and what the site touches."""
    radii = [f"{float(radius):g}" for radius in run.scenario["exposure"]["radii_m"]][-2:]
    people = [
        (both("report.column.people", km=f"{float(radius) / 1000:g}"), people_near(row, radius))
        for radius in radii
    ]
    return [
        *people,
        (both("report.column.farm"), land(row["farm_rai"])),
        (both("report.column.water_demand"), span(row, "water_demand_mm3", 2)),
    ]


def _asked(
    permits: Sequence[Mapping[str, str]],
    limits: Mapping[str, Mapping[str, str]],
    use: str,
    sites: Sequence[Mapping[str, Any]],
) -> list[list[str | None]]:
    """Say of every permit, in the order of the table, how each site stands to it."""
    touched = [str(site["subject_to_en"]).split("; ") for site in sites]
    return [[permit_status(one, limits, use, subject) for subject in touched] for one in permits]


def _alike(asked: Sequence[str | None]) -> bool:
    """Say whether a permit is the same for all of several sites, so that it tells none apart."""
    return len(asked) > 1 and len(set(asked)) == 1


def _shared_permits(
    permits: Sequence[Mapping[str, str]],
    asked: Sequence[Sequence[str | None]],
    use: str,
    title: Text,
) -> list[Section]:
    """Tell once, before the sheets of a use, which permits do not separate its sites."""
    told = [(one, of[0]) for one, of in zip(permits, asked, strict=True) if _alike(of) and of[0]]
    if not told:
        return []
    heading = joined([title, both("report.permits_alike")], ": ")
    blocks: list[Block] = [Paragraph(both("report.permits_alike_note")), _permit_table(told)]
    return [Section(f"{use}-permits", heading, blocks, own_page=True, dense=True)]


def _permit_blocks(
    permits: Sequence[Mapping[str, str]], asked: Sequence[Sequence[str | None]], place: int
) -> list[Block]:
    """List the permits by which a site differs; a sentence where the catalog has no table."""
    if not permits:
        return [Paragraph(both("report.no_permits"), "caution")]
    own = _own_permits(permits, asked, place)
    shared = sum(_alike(of) and of[place] is not None for of in asked)
    blocks: list[Block] = [_permit_table(own)] if own else []
    if shared:
        blocks.append(Paragraph(both("report.permits_elsewhere", n=shared), "quiet"))
    return blocks


def _own_permits(
    permits: Sequence[Mapping[str, str]], asked: Sequence[Sequence[str | None]], place: int
) -> list[tuple[Mapping[str, str], str | None]]:
    """Give the permits of one site that are not alike for all."""
    pairs = zip(permits, asked, strict=True)
    return [(one, of[place]) for one, of in pairs if not _alike(of) and of[place]]


def _permit_table(told: Sequence[tuple[Mapping[str, str], str | None]]) -> Table:
    columns: list[Column[tuple[Mapping[str, str], str | None]]] = [
        column("permit", lambda one: of_row(one[0], "title")),
        column("agency", lambda one: of_row(one[0], "agency")),
        column("law", lambda one: of_row(one[0], "basis")),
        column("permit_status", lambda one: _status_words(one[0], one[1] or "")),
        column("confidence", lambda one: trust(one[0]["confidence"])),
    ]
    return table_of(columns, told)


def _status_words(permit: Mapping[str, str], status: str) -> Text:
    """Write the status, with the years where a permit is held."""
    if status != "held":
        return both(f"report.permit.{status}")
    return both("report.permit.held", since=figure_year(permit["held_from_be"]),
               until=figure_year(permit["held_until_be"]))  # fmt: skip


def permit_status(
    permit: Mapping[str, str],
    limits: Mapping[str, Mapping[str, str]],
    use: str,
    subject_to: Sequence[str],
) -> str | None:
    """Say whether a site needs a permit."""
    asked = [limits[id] for id in permit["limits"].split() if id in limits]
    of_use = use in permit["uses"].split()
    if not asked and not of_use:
        return None
    if permit["status"] == "held":
        return "held"
    there = [
        row for row in asked if row["status"] != "not_checked" and row["title_en"] in subject_to
    ]
    if of_use or any(row["ground"] == "law" for row in there):
        return "needed"
    if there or any(row["status"] != "checked" for row in asked):
        return "unknown"
    return "not_found"

"""Acts of the Gazette on paper: of all sites of a use, and of one site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from maemoh_gis.core.messages import Text, both, joined, same
from maemoh_gis.pages.report_content import Block, Column, Heading, Paragraph, Table, table_of
from maemoh_gis.presentation.run_files import RunFiles, column, land, of_row
from maemoh_gis.sites.declared import FILE
from maemoh_gis.suitability.declared_words import line_words

Row = Mapping[str, str]


def acts_of_sites(run: RunFiles, use: str) -> list[Block]:
    """Tell the acts that name subdistricts of the sites of a use, and which tell none apart."""
    rows = [row for row in run.table(FILE) if row["use"] == use]
    blocks: list[Block] = []
    for limit in dict.fromkeys(row["limit"] for row in rows):
        mine = [row for row in rows if row["limit"] == limit]
        blocks += _limit_blocks(mine)
    return blocks


def _limit_blocks(rows: Sequence[Row]) -> list[Block]:
    title, sites = of_row(rows[0], "title"), {row["number"] for row in rows}
    acts = {row["act"]: row for row in rows if row["act"]}
    named = {row["number"] for row in rows if row["act"]}
    year = rows[0]["register_to_be"]
    blocks: list[Block] = [
        Paragraph(both("declared.sites", title=title, k=len(named), m=len(sites), year=year))
    ]
    same_for_all = [row for row in acts.values() if row["all_sites"] == "true"]
    if same_for_all:
        said = both("declared.same_for_all", title=title, n=len(same_for_all), of=len(acts))
        blocks.append(Paragraph(said, "quiet"))
    if acts:
        blocks.append(_acts_table(list(acts.values()), rows))
    return blocks


def _acts_table(acts: Sequence[Row], rows: Sequence[Row]) -> Table:
    def numbers(act: Row) -> Text:
        if act["all_sites"] == "true":
            return both("report.all_sites")
        return same(", ".join(row["number"] for row in rows if row["act"] == act["act"]))

    columns: list[Column[Row]] = [
        column("act", _act_words),
        column("area", lambda row: land(row["area_rai"]), "number"),
        column("of_sites", numbers),
        column("office", lambda row: of_row(row, "office")),
    ]
    return table_of(columns, acts)


def acts_of_site(run: RunFiles, use: str, number: object) -> list[Block]:
    """Tell the acts that name the subdistricts of one site; the report has their titles."""
    rows = [row for row in run.table(FILE) if (row["use"], row["number"]) == (use, str(number))]
    if not rows:
        return []
    without = [row for row in rows if not row["act"]]
    acts = [row for row in rows if row["act"]]
    blocks: list[Block] = [
        Heading(both("report.acts")),
        Paragraph(both("report.acts_note"), "quiet"),
        *(Paragraph(_no_act(row)) for row in without),
    ]
    standing = [row for row in acts if not row["action"].startswith("revoked")]
    revoked = [row for row in acts if row["action"].startswith("revoked")]
    if standing:
        blocks.append(_acts_of_one(standing))
    return [*blocks, *_revoked(revoked)]


def _revoked(acts: Sequence[Row]) -> list[Block]:
    """Count the acts that take land out again, with the forests they are of; a file lists them."""
    if not acts:
        return []
    years = sorted({row["published_be"][:4] for row in acts if row["published_be"]})
    forests = {of_row(row, "forest")["th"]: of_row(row, "forest") for row in acts}
    span = "–".join(dict.fromkeys((years[0], years[-1]))) if years else "–"
    told = both("report.acts_revoked", n=len(acts), years=span, file=FILE,
                forests=joined(list(forests.values()), ", "))  # fmt: skip
    return [Paragraph(told, "quiet")]


def _acts_of_one(acts: Sequence[Row]) -> Table:
    columns: list[Column[Row]] = [
        column("limit", lambda row: of_row(row, "title")),
        column("act", _act_words),
        column("area", lambda row: land(row["area_rai"]), "number"),
        column("office", lambda row: of_row(row, "office")),
    ]
    return table_of(columns, acts)


def _no_act(row: Row) -> Text:
    told = {"title": of_row(row, "title"), "year": row["register_to_be"]}
    names = of_row(row, "subdistricts")
    if row["status"] == "no_subdistrict":
        return both("declared.no_subdistrict", **told)
    return both("declared.no_act", subdistricts=names, **told)


def _act_words(row: Row) -> Text:
    place = (row["volume"], row["issue"], row["page"])
    forest = of_row(row, "forest")
    return line_words(forest, row["kind"], row["action"], row["published_be"], place)

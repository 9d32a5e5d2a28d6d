"""The end of a report: what the layers are worth, what could not be verified, where it is from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from maemoh_gis.core.messages import LANGUAGES, Text, both, same
from maemoh_gis.core.units import number
from maemoh_gis.pages.report_content import (
    Block,
    Column,
    Facts,
    Heading,
    Items,
    Paragraph,
    Section,
    table_of,
)
from maemoh_gis.presentation.pictures import layer_title
from maemoh_gis.presentation.run_files import NOT_KNOWN, RunFiles, column, percent, trust
from maemoh_gis.runs.layers_read import SHEET_TABLES
from maemoh_gis.scenario.change import Change
from maemoh_gis.scenario.value_words import value_words
from maemoh_gis.suitability.caveats import percent_of

REPORT_FILES = frozenset(
    {
        "report.html", "site_sheets.html", "eco_town.html", "smart_city.html", "villages.html",
        "why.html",
        "brief_committee.html", "brief_egat.html", "brief_villagers.html",
    }
)  # fmt: skip
"""What is written from a run: no report can hold its own checksum."""


def data_quality(run: RunFiles) -> Section:
    """Tell of every layer what it is, how far it can be trusted and what to beware of."""
    used = run.record["inputs"]["layers"]
    columns: list[Column[str]] = [
        column("layer", lambda id: layer_title(run, id)),
        column("nature", lambda id: both(f"nature.{used[id]['nature']}")),
        column("confidence", lambda id: trust(used[id]["confidence"])),
        column("as_of", lambda id: _as_of(run, id)),
        column("caution", lambda id: _caution(run, id), "wide"),
    ]
    blocks: list[Block] = [Paragraph(both("report.layers_note")), table_of(columns, used)]
    if stacks := run.record["inputs"].get("stacks", {}):
        blocks.append(Items([_stack(run, id, stack) for id, stack in stacks.items()]))
    return Section("data", both("report.section.data"), blocks)


def _stack(run: RunFiles, id: str, stack: Mapping[str, Any]) -> Text:
    """Say what a stack was read from, and on what share of the study area."""
    if not stack["read"]:
        return both(
            "caveat.stack_absent", title=layer_title(run, id), members=", ".join(stack["absent"])
        )
    cells = stack.get("cells", {})
    names = [
        {
            x: f"{layer_title(run, one)[x]}{f' ({percent(cells[one])[x]})' if cells else ''}"
            for x in LANGUAGES
        }
        for one in stack["read"]
    ]
    members = {x: "; ".join(name[x] for name in names) for x in LANGUAGES}
    return both("report.stack", title=layer_title(run, id), members=members)


def _as_it_was(run: RunFiles, id: str) -> bool:
    known = run.catalog.layers.get(id)
    return known is not None and known.sha256 == run.record["inputs"]["layers"][id]["sha256"]


def _as_of(run: RunFiles, id: str) -> Text:
    return same(f"{run.catalog[id].as_of}") if _as_it_was(run, id) else NOT_KNOWN


def _caution(run: RunFiles, id: str) -> Text:
    """Give the caution of a layer, with a word where it is not the one that was read."""
    known = run.catalog.layers.get(id)
    if known is None:
        return NOT_KNOWN
    caution = known.caution.both()
    return caution if _as_it_was(run, id) else both("report.layer_changed", caution=caution)


def not_verified(run: RunFiles) -> Section:
    """List what nobody could check: laws, criteria, freight, positions, papers."""
    blocks: list[Block] = [Paragraph(both("report.not_verified_note"))]
    for id, items in (
        ("laws", list(_laws(run))),
        ("criteria", list(_criteria(run))),
        ("figures", list(_figures(run))),
    ):
        if items:
            blocks += [Heading(both(f"report.not_verified.{id}")), Items(items)]
    if run.missing:
        blocks.append(Heading(both("report.not_verified.files")))
        blocks.append(Items([same(name) for name in run.missing]))
    return Section("not_verified", both("report.section.not_verified"), blocks)


def _laws(run: RunFiles) -> Iterator[Text]:
    legal, declared = run.record["legal_limits"], run.scenario.get("limits", {})
    for id in legal["not_checked"]:
        limit = declared.get(id, {})
        yield both("report.law_not_checked", title=limit.get("title", same(id)),
                  needs=limit.get("needs") or NOT_KNOWN)  # fmt: skip
    for id in legal["partly"]:
        share = legal.get("coverage", {}).get(id, {}).get("study_area", 0.0)
        yield both("report.law_partly", title=declared.get(id, {}).get("title", same(id)),
                  percent=percent_of(share))  # fmt: skip


def _criteria(run: RunFiles) -> Iterator[Text]:
    scored = run.record.get("scored", {})
    for use, definition in run.uses.items():
        shares = run.record["weights"][use]["weights"]
        for id, criterion in definition["criteria"].items():
            told = {"use": definition["title"], "title": criterion["title"],
                    "share": percent(shares.get(id, 0.0))}  # fmt: skip
            found = scored.get(use, {}).get("criteria", {}).get(id, {})
            if not criterion.get("measure"):
                yield both(
                    "report.criterion_not_scored", **told, needs=criterion.get("needs") or NOT_KNOWN
                )
            elif found.get("why_not"):
                yield both("report.criterion_in_part", **told, percent=percent_of(found["share"]))


def _figures(run: RunFiles) -> Iterator[Text]:
    freight = run.record.get("freight")
    if freight:
        yield both("report.unknown_flows", n=freight["flows_of_unknown_size"])
    if run.record.get("yards"):
        yield both("report.yards_not_proven")
    timeline = run.record.get("timeline")
    if timeline and timeline["mw_not_certain"]:
        yield both("report.unsure_units", mw=number(timeline["mw_not_certain"]))
    if run.record["outputs"].get("exposure.csv"):
        yield both("report.unknown_people")
    yield both("report.no_field_check")


def provenance(run: RunFiles) -> Section:
    """Tell from what, with what and by what the report was made."""
    record = run.record
    software = ", ".join(f"{name} {version}" for name, version in record["software"].items())
    facts = [
        (both("report.fact.scenario"), same(str(record["scenario"]))),
        (both("report.fact.seed"), same(str(record["seed"]))),
        (both("report.fact.grid"), same(f"{record['grid']['crs']} · {record['grid']['cell_m']:g} m"
                                       f" · {record['grid']['rows']} × {record['grid']['cols']}")),
    ]  # fmt: skip
    inputs = [(same(name), same(sha)) for name, sha in record["inputs"]["scenarios"].items()]
    inputs += [
        (same(layer["path"]), same(layer["sha256"]))
        for layer in record["inputs"]["layers"].values()
    ]
    outputs = [
        (same(name), same(sha))
        for name, sha in sorted(record["outputs"].items())
        if name not in REPORT_FILES
    ]
    columns: list[Column[tuple[Text, Text]]] = [
        column("file", lambda file: file[0], "code"),
        column("sha256", lambda file: file[1], "code"),
    ]
    blocks: list[Block] = [Facts(facts), Paragraph(same(software), "quiet")]
    changed = [
        change
        for whole in record["changes"]
        for change in Change(**whole).leaves()
        if change.key.split(".")[0] not in {"id", "title", "question", "leads_to"}
    ]
    if changed:
        leaf: list[Column[Change]] = [
            column("key", lambda change: same(change.key)),
            column("old", lambda change: _value(change.old)),
            column("new", lambda change: _value(change.new)),
        ]
        blocks += [Heading(both("report.changes")), table_of(leaf, changed)]
    used = [id for id in SHEET_TABLES if id in run.catalog.layers]
    tables = [(same(run.catalog[id].path), same(run.catalog[id].sha256)) for id in used]
    if tables:
        blocks += [Heading(both("report.tables")), table_of(columns, tables)]
    blocks += [
        Heading(both("report.inputs")), table_of(columns, inputs),
        Heading(both("report.outputs")), table_of(columns, outputs),
    ]  # fmt: skip
    return Section("provenance", both("report.section.provenance"), blocks)


def _value(value: object) -> Text:
    """Write a value of a scenario; a block goes by its title, a dash where there was none."""
    return {language: value_words(value, language) for language in LANGUAGES}

"""Writing a comparison: tables, pieces of land, and the record with the checksum of everything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maemoh_gis.comparison.choice_tables import choices, use_choices
from maemoh_gis.comparison.figures import readings
from maemoh_gis.comparison.model import Comparison
from maemoh_gis.comparison.opening import (
    LEDGER,
    causes_told,
    first_sentence,
    firsts,
    ledger_table,
    steps_in_short,
)
from maemoh_gis.comparison.page import write_page
from maemoh_gis.comparison.tables import TABLES, areas, in_rai_and_ha
from maemoh_gis.comparison.years import PICTURE, year_picture
from maemoh_gis.comparison.zones import LEVELS, land_use_of, population_of
from maemoh_gis.core.messages import LANGUAGES, Text, both
from maemoh_gis.core.units import known
from maemoh_gis.core.version import __version__
from maemoh_gis.files import write_csv, write_geopackage, write_json, write_text, write_xlsx
from maemoh_gis.layers.cached import CachedLayers
from maemoh_gis.layers.load import Layers
from maemoh_gis.pages.report_page import write_report
from maemoh_gis.presentation.compared_files import RECORD
from maemoh_gis.presentation.run_files import open_files
from maemoh_gis.sheets.briefs import BRIEFS
from maemoh_gis.sheets.compared_briefs import Beside, compared_brief

if TYPE_CHECKING:
    import geopandas as gpd

    from maemoh_gis.pages.report_content import ReportContent

_WORKBOOK, _PIECES, _PAGE = "tables.xlsx", "pieces.gpkg", "comparison.html"


def write_outputs(found: Comparison, folder: Path) -> None:
    """Write tables, pieces and the record beside the rasters that are there already."""
    written = {name: sha for one in found.uses.values() for name, sha in one.land.rasters.items()}
    notes = notes_of(found)
    told: list[Text] = [first_sentence(found), *steps_in_short(found), *notes]
    sheets: dict[str, Any] = {"read_first": (LANGUAGES, [(n["th"], n["en"]) for n in told])}
    for name, (columns, rows) in _tables(found):
        sheets[name] = (columns, rows)
        written[f"{name}.csv"] = write_csv(folder / f"{name}.csv", columns, rows, for_excel=True)
    written[_WORKBOOK] = write_xlsx(folder / _WORKBOOK, sheets)
    written[_PIECES] = _write_pieces(found, folder / _PIECES)
    for name, content in briefs_of(found).items():
        written[name] = write_report(content, folder / name)
    written[PICTURE] = write_text(folder / PICTURE, year_picture(found))
    written[_PAGE] = write_page(found, notes, folder / _PAGE)
    write_json(folder / RECORD, _record(found, notes, written))


def briefs_of(found: Comparison) -> dict[str, ReportContent]:
    """Write the briefs of a comparison: for a committee, for EGAT and for villagers."""
    layers = CachedLayers(Layers(found.catalog))
    beside = Beside(
        [open_files(run.folder, run.record, layers, checked=False) for run in found.runs],
        found.names,
        [first_sentence(found), *steps_in_short(found)],
        [cells for told in causes_told(found) for cells in told] if len(found.runs) == 2 else [],
        {use: _sites(found, use) for use in found.uses},
    )
    return {f"brief_{id}.html": compared_brief(beside, id) for id in BRIEFS}


def _sites(found: Comparison, use: str) -> gpd.GeoDataFrame:
    """Give the sites that any run proposes for a use, numbered as the comparison does."""
    import geopandas as gpd

    pieces = [piece for piece in found.uses[use].pieces if piece.kind == "site"]
    rows = [
        {
            "number": number,
            **{f"place_{code}": piece.named.place[code] for code in LANGUAGES},
            "found_by": list(piece.found_by),
        }
        for number, piece in enumerate(pieces, start=1)
    ]
    shapes = [piece.shape for piece in pieces]
    return gpd.GeoDataFrame(rows or {"number": []}, geometry=shapes, crs=found.grid.crs)


def _tables(found: Comparison) -> Iterator[tuple[str, tuple[Sequence[str], Sequence[Any]]]]:
    """Give every table by name, that of causes only where somebody worked them out."""
    causes = ledger_table(found)
    if causes[1]:
        yield LEDGER, causes
    for name, (columns, rows_of) in TABLES.items():
        yield name, (columns, list(rows_of(found)))


def notes_of(found: Comparison) -> list[Text]:
    """List what a reader must know before any table."""
    lines = [line for run in found.runs for line in run.record["caveats"]]
    own = ["compare.note.good", "compare.note.payoff", "compare.note.viewpoint"]
    if any(True for _ in use_choices(found)):
        own.append("compare.note.uses")
    if land_use_of(found.catalog.layers):
        own.append("compare.note.farm")
    own += ["compare.note.people", "compare.note.alerts"]
    lines += [both(id, score=f"{found.at_least:g}") for id in own]
    return [dict(pair) for pair in dict.fromkeys(tuple(line.items()) for line in lines)]


def _write_pieces(found: Comparison, path: Path) -> str:
    """Write the union of sites and of yards, one layer each, for a map or a GIS."""
    import geopandas as gpd

    layers = {}
    for kind in ("site", "yard"):
        pieces = [p for one in found.uses.values() for p in one.pieces if p.kind == kind]
        rows = [
            {
                "piece": piece.id,
                "use": piece.use,
                "found_by": ", ".join(found.runs[number].label for number in piece.found_by),
                "runs": len(piece.found_by),
                **{f"name_{code}": piece.named.name[code] for code in LANGUAGES},
                **{f"near_{code}": (piece.named.near or {}).get(code) for code in LANGUAGES},
            }
            for piece in pieces
        ]
        if rows:
            shapes = [piece.shape for piece in pieces]
            layers[f"{kind}s"] = gpd.GeoDataFrame(rows, geometry=shapes, crs=found.grid.crs)
    if not layers:
        layers["sites"] = gpd.GeoDataFrame({"piece": []}, geometry=[], crs=found.grid.crs)
    return write_geopackage(path, layers)


def _record(found: Comparison, notes: Sequence[Text], written: Mapping[str, str]) -> dict[str, Any]:
    return {
        "version": 1,
        "first": first_sentence(found),
        "firsts": firsts(found),
        "steps": steps_in_short(found),
        "causes": [cells for told in causes_told(found) for cells in told],
        "good_score": found.at_least,
        "caveats": notes,
        "runs": [
            {
                "run": run.label,
                "scenario": run.record["scenario"],
                "title": run.record["title"],
                "leads_to": run.record.get("leads_to"),
                "year": run.record["year"],
                "viewpoint": run.viewpoint,
                "group": found.group_of(number),
                "record_sha256": run.sha256,
            }
            for number, run in enumerate(found.runs)
        ],
        "groups": {
            name: [found.runs[number].label for number in members]
            for name, members in found.groups.items()
        },
        "grid": found.runs[0].record["grid"],
        "layers": _layers(found),
        "differences": {
            run.label: {
                kind: sum(d.run == run.label and d.kind == kind for d in found.differences)
                for kind in ("layer", "fact", "software")
            }
            for run in found.runs[1:]
        },
        "uses": {use: _use(found, use) for use in found.uses},
        "alerts": [
            {"run": run, "use": use, "indicator": reading.indicator.id,
             "value": round(reading.value, 6), "threshold": reading.indicator.threshold}
            for run, use, reading in readings(found)
            if reading.alert
        ],
        "software": {"maemoh-gis": __version__},
        "outputs": dict(sorted(written.items())),
    }  # fmt: skip


def _layers(found: Comparison) -> dict[str, Any]:
    """Name the layers the comparison itself read, and the runs that rest on another version."""
    layers, known = Layers(found.catalog), found.catalog.layers
    return {
        id: {
            "sha256": (now := layers.checksum(id)),
            "confidence": found.catalog[id].confidence,
            "nature": found.catalog[id].nature,
            "other_in_runs": [run.label for run in found.runs if run.layer(id) not in (None, now)],
        }
        for id in (*LEVELS.values(), land_use_of(known), population_of(known))
        if id is not None and id in known
    }


def _use(found: Comparison, use: str) -> dict[str, Any]:
    one = found.uses[use]
    first = found.runs[one.land.runs[0]]
    land = {}
    for number in one.land.runs:
        held = one.land.areas[number]
        cells = (held.allowed, held.conditional, held.good, held.good_surely, held.good_unknown)
        names = ("allowed", "conditional", "good", "good_surely", "good_unknown")
        land[found.runs[number].label] = dict(
            zip(in_rai_and_ha(names), areas(cells, found.grid), strict=True)
        )
    ranked = [choice for choice in choices(found) if choice.use == use]
    return {
        "title": first.record["resolved"]["uses"][use]["title"],
        "land": land,
        "good_overlap": [
            {"runs": [found.runs[n].label for n in pair], "jaccard": known(overlap.jaccard, 6)}
            for pair, overlap in one.land.overlaps.items()
        ],
        "consensus": {
            group: {
                "runs": len(agreed.by_runs) - 1,
                **dict(zip(in_rai_and_ha(["good_in_all", "possibly_in_all"]),
                           areas((agreed.good_in_all, agreed.possible), found.grid), strict=True)),
            }
            for group, agreed in one.land.consensus.items()
        },
        "tau": [
            {
                "kind": choice.kind,
                "group": choice.group,
                "runs": [found.runs[choice.runs[k]].label for k in (first_, second)],
                "pieces": choice.tau(first_, second).pieces,
                "tau_b": known(choice.tau(first_, second).tau, 6),
            }
            for choice in ranked
            for first_ in range(len(choice.runs))
            for second in range(first_ + 1, len(choice.runs))
        ],
        "least_regret": [
            {
                "kind": choice.kind,
                "group": choice.group,
                "pieces": [choice.pieces[k].id for k in choice.regret.chosen],
                "greatest_regret": known(choice.regret.least, 6),
            }
            for choice in ranked
        ],
    }  # fmt: skip

"""A folder beside a run that QGIS, Excel and a telephone open, in one language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from maemoh_gis.core.crs import transformer_between
from maemoh_gis.core.errors import FormatError, RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.grid import Bounds
from maemoh_gis.core.messages import Language, both, joined, text
from maemoh_gis.engine.same_question import require_own_folder
from maemoh_gis.files import (
    is_there,
    read_bytes,
    whole_folder,
    write_bytes,
    write_geoparquet,
    write_json,
    write_kml,
    write_text,
    write_xlsx,
)
from maemoh_gis.handover.colours import classes
from maemoh_gis.handover.geopackages import credit, write_with_styles
from maemoh_gis.handover.handed import GROUPS, Handed, handed_layers
from maemoh_gis.handover.layout import Page
from maemoh_gis.handover.project import Placed, Project, written
from maemoh_gis.handover.rasters import statistics_xml, write_classes
from maemoh_gis.handover.stac import item_of
from maemoh_gis.office.target import language_asked
from maemoh_gis.presentation.run_files import RunFiles
from maemoh_gis.sheets.maps import near_view

FOUND, GROUND, GROUND_ODBL = "found.gpkg", "ground.gpkg", "ground_odbl.gpkg"
LICENCES, ITEM, _PARQUET = "LICENCES.txt", "item.json", "geoparquet"
_RASTERS = "scores"
_PAPER = {"A4": (297.0, 210.0), "A3": (420.0, 297.0)}
"""Width and height of a landscape sheet, millimetres."""


def write_handover(
    run: RunFiles, out: Path, *, language: str, over: bool = False, parquet: bool = False
) -> list[Path]:
    """
    Write the folder whole, or nothing; give its files.

    `parquet` adds every layer as GeoParquet.
    """
    spoken, faults = language_asked(language)
    if faults:
        raise FormatError(faults)
    if parquet and find_spec("pyarrow") is None:
        raise RunError(Fault("extra_missing", found="pyarrow", expected=".[parquet]"))
    if is_there(out) and not over:
        raise RunError(Fault("out_exists", str(out), key="--out"))
    require_own_folder(out, LICENCES)
    layers = [one for one in handed_layers(run, spoken) if len(one.frame)]
    with whole_folder(out) as folder:
        _write_vectors(layers, folder)
        placed = [*_placed(layers), *_write_rasters(run, spoken, folder)]
        name = f"{run.record['scenario']}.qgs"
        write_text(folder / name, written(_project(run, placed, spoken)))
        write_xlsx(folder / "tables.xlsx", _sheets(layers))
        _write_field(layers, folder)
        if parquet:
            for one in layers:
                write_geoparquet(folder / _PARQUET / f"{one.id}.parquet", one.frame)
        write_text(folder / LICENCES, _licences(run, layers, spoken))
        inside = [path.relative_to(folder).as_posix() for path in folder.rglob("*")]
        write_json(folder / ITEM, item_of(run, layers, inside, spoken))
    return sorted(path for path in out.rglob("*") if path.is_file())


def _write_vectors(layers: Sequence[Handed], folder: Path) -> None:
    for name in (FOUND, GROUND, GROUND_ODBL):
        if inside := [one for one in layers if _file_of(one) == name]:
            write_with_styles(folder / name, inside)


def _file_of(layer: Handed) -> str:
    """Keep what derives from OpenStreetMap in a database of its own, as its licence asks."""
    if layer.group == "found":
        return FOUND
    return GROUND_ODBL if layer.is_odbl else GROUND


def _placed(layers: Sequence[Handed]) -> Iterator[Placed]:
    for one in layers:
        source = f"./{_file_of(one)}|layername={one.id}"
        yield Placed(one.id, one.title, one.group, source, one.shown, credit(one), one)


def _write_rasters(run: RunFiles, language: Language, folder: Path) -> Iterator[Placed]:
    """Write scores as they are, with statistics and coloured classes; place the classes."""
    for use, definition in run.uses.items():
        score = f"score_{use}.tif"
        if not (run.has(score) and run.has(f"limits_{use}.tif")):
            continue
        write_bytes(folder / score, read_bytes(run.folder / score))
        write_text(folder / f"{score}.aux.xml", statistics_xml(run, use))
        name = write_classes(run, use, folder, language)
        title = both("handover.classes", use=definition["title"])[language]
        first = use == next(iter(run.uses))
        yield Placed(
            f"classes_{use}",
            title,
            _RASTERS,
            f"./{name}",
            first,
            text("handover.classes_about", language),
            classes(language),
        )


def _project(run: RunFiles, layers: Sequence[Placed], language: Language) -> Project:
    groups = {id: text(f"page.group_{id}", language) for id in GROUPS}
    first, *rest = groups.items()
    scores = (_RASTERS, text("handover.scores", language))
    view = _view(run)
    return Project(
        run.record["title"][language],
        run.grid.crs,
        view,
        dict([first, *rest, scores]),
        layers,
        [_page(run, name, view, language) for name in _PAPER],
    )


def _view(run: RunFiles) -> Bounds:
    west, south, east, north = near_view(run)
    return transformer_between("EPSG:4326", run.grid.crs).transform_bounds(west, south, east, north)


def _page(run: RunFiles, name: str, view: Bounds, language: Language) -> Page:
    record = run.record
    version = record["software"]["maemoh-gis"]
    own = both("office.own", scenario=record["scenario"], version=version)
    notice = joined([both("page.screening_only"), both("page.not_a_permit")], " ")
    return Page(
        name,
        *_PAPER[name],
        title=record["title"][language],
        notice=notice[language],
        sources=joined([own, both("handover.sources_in")], " ")[language],
        legend=text("handover.legend", language),
        north=text("page.report_north", language),
        km=text("page.report_km", language),
        view=view,
    )


def _sheets(layers: Sequence[Handed]) -> dict[str, tuple[list[str], list[list[object]]]]:
    """Make a sheet of every layer the run found, with headings in words."""
    return {
        one.title: (
            list(one.headings.values()),
            one.frame[list(one.headings)].to_numpy(dtype=object).tolist(),
        )
        for one in layers
        if one.group == "found"
    }


def _write_field(layers: Sequence[Handed], folder: Path) -> None:
    """Write what a telephone shows in the field: sites and rectangles, not what cannot be told."""
    found = {
        one.id: (one.title, one.label, one.frame)
        for one in layers
        if one.group == "found" and one.id.startswith(("sites_", "yards_", "yard_choice"))
    }
    if found:
        write_kml(folder / "field.kml", found)


def _licences(run: RunFiles, layers: Sequence[Handed], language: Language) -> str:
    head = [text("handover.licences", language, scenario=run.record["scenario"]), ""]
    notice = joined([both("page.screening_only"), both("page.not_a_permit")], " ")[language]
    told = [f"{_file_of(one)} | {one.id} | {one.title}\n  {credit(one)}" for one in layers]
    return "\n".join([*head, notice, "", *told]) + "\n"

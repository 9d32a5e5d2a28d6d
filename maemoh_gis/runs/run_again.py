"""
A finished run looked at again: is it still what it was, can it be reproduced, can it travel.

`verify` compares every input and output with the record by checksum; `rerun` computes the record's
scenario anew; `bundle` packs the run with everything it was made from.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from maemoh_gis.core.errors import FileError, RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.messages import LANGUAGES, text
from maemoh_gis.documents.schema import validate
from maemoh_gis.documents.yaml import Document
from maemoh_gis.engine.provenance import CHECKSUM, software
from maemoh_gis.engine.results import MAP, RECORD
from maemoh_gis.engine.same_question import asked_by, require_same_archive
from maemoh_gis.files import checksum_of, parts_of, read_json, read_text, sha256_of, write_zip
from maemoh_gis.layers.catalog import FILE_NAME, Catalog
from maemoh_gis.presentation.record_shape import misfits_of_run
from maemoh_gis.runs.finished import open_run, read_otherwise
from maemoh_gis.runs.project import Project
from maemoh_gis.runs.run import run_resolved
from maemoh_gis.scenario.after_use import rules_of
from maemoh_gis.scenario.change import Change
from maemoh_gis.scenario.in_year import in_its_year
from maemoh_gis.scenario.resolve import Resolved
from maemoh_gis.scenario.settings.scenario import Scenario


@dataclass(frozen=True)
class Rerun:
    """A run computed again."""

    folder: Path
    different: tuple[str, ...]
    """Outputs whose bytes are not those of the first run."""
    programs: tuple[str, ...]
    """Programs of another version than the first run's."""


def verify(folder: Path, project: Project, catalog: Catalog) -> list[Fault]:
    """
    Find what has changed since a run.

    One for each file, by name; empty where nothing has changed. Programs of another version are
    notes.
    """
    record = _record(folder)
    faults = []
    if _said_of_record(folder) != sha256_of(folder / RECORD):
        faults.append(Fault("output_changed", str(folder / RECORD)))
    for name, was in record["outputs"].items():
        faults += _compared(folder / name, was, "output_changed")
    known = {RECORD, *record["outputs"]}
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and inside.parts[0] != "log" and inside.as_posix() not in known:
            faults.append(Fault("output_unknown", str(path)))
    for name, was in record["inputs"]["scenarios"].items():
        faults += _compared(project.scenarios / Path(name).name, was, "input_changed")
    for id, layer in record["inputs"]["layers"].items():
        place = catalog.path_of(id) if id in catalog.layers else project.layers / layer["path"]
        faults += _compared_layer(place, layer["sha256"])
    faults += read_otherwise(record, catalog)
    now = software()
    for name, version in record["software"].items():
        if now.get(name) != version:
            faults.append(Fault("program_differs", key=name, found=str(now.get(name)),
                                expected=version, severity="notes"))  # fmt: skip
    return faults


def rerun(folder: Path, catalog: Catalog, out: Path) -> Rerun:
    """Compute the scenario of a finished run again."""
    record = _record(folder)
    if out.resolve() == folder.resolve():
        raise RunError(Fault("rerun_onto_itself", str(out)))
    open_run(folder, catalog)
    document = Document(record["resolved"], {}, str(folder / RECORD))
    written = validate(Scenario, document)
    changes = tuple(Change(**change) for change in record["changes"])
    rules = rules_of(written, catalog)
    meant, files = in_its_year(written, rules), record["inputs"]["scenarios"]
    resolved = Resolved(meant, written, document, changes, files, rules=rules)
    run_resolved(resolved, catalog, out, pages=MAP in record["outputs"])
    again = read_json(out / RECORD)
    names = sorted({*record["outputs"], *again["outputs"]})
    now = software()
    return Rerun(
        out,
        tuple(n for n in names if record["outputs"].get(n) != again["outputs"].get(n)),
        tuple(name for name, was in record["software"].items() if now.get(name) != was),
    )


def bundle(
    folder: Path, project: Project, catalog: Catalog, out: Path, *, replace: bool = False
) -> str:
    """Pack a run with its scenarios and layers, to be looked at and run again elsewhere."""
    changed = [fault for fault in verify(folder, project, catalog) if fault.blocks]
    if changed:
        raise RunError(changed)
    record = _record(folder)
    asked = asked_by(record["scenario"], record["changes"])
    require_same_archive(out, f"run/{RECORD}", asked, replace=replace)
    members: dict[str, Path | str] = {"README.txt": _readme(record)}
    for name in (RECORD, *record["outputs"], f"log/{CHECKSUM}"):
        members[f"run/{name}"] = folder / name
    for name in record["inputs"]["scenarios"]:
        members[f"scenarios/{Path(name).name}"] = project.scenarios / Path(name).name
    members[f"layers/{FILE_NAME}"] = catalog.folder / FILE_NAME
    for id in catalog.layers:
        if catalog.folder_of(id) == catalog.folder and catalog.path_of(id).is_file():
            for part in parts_of(catalog.path_of(id)):
                members[f"layers/{part.relative_to(catalog.folder).as_posix()}"] = part
    return write_zip(out, members)


def _record(folder: Path) -> dict[str, Any]:
    if not (folder / RECORD).is_file():
        raise RunError(Fault("not_a_run_folder", str(folder), expected=RECORD))
    try:
        record: dict[str, Any] = read_json(folder / RECORD)
    except FileError as error:
        raise RunError(Fault("output_changed", str(folder / RECORD))) from error
    misfits = misfits_of_run(record)
    if misfits:
        raise RunError(Fault("output_changed", str(folder / RECORD), key=", ".join(misfits)))
    return record


def _said_of_record(folder: Path) -> str | None:
    try:
        return read_text(folder / "log" / CHECKSUM).strip()
    except FileError:
        return None


def _compared(path: Path, was: str, code: str) -> list[Fault]:
    if not path.is_file():
        return [Fault("file_gone", str(path))]
    now = sha256_of(path)
    return [] if now == was else [Fault(code, str(path), found=now[:12], expected=was[:12])]


def _compared_layer(path: Path, was: str) -> list[Fault]:
    if not path.is_file():
        return [Fault("file_gone", str(path))]
    now = checksum_of(path)
    if now == was:
        return []
    return [Fault("input_changed", str(path), found=now[:12], expected=was[:12])]


def _readme(record: Mapping[str, Any]) -> str:
    version = record["software"]["maemoh-gis"]
    return "\n".join(
        f"{record['title'][code]}\n{text('bundle.readme', code, version=version)}\n"
        for code in LANGUAGES
    )

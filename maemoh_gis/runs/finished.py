"""A finished run read back so that its own stages can be asked again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from maemoh_gis.core.errors import MaeMohError, RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.grid import Grid
from maemoh_gis.documents.schema import validate
from maemoh_gis.documents.yaml import Document
from maemoh_gis.files import read_json
from maemoh_gis.layers.catalog import Catalog
from maemoh_gis.presentation.record_shape import misfits_of_run
from maemoh_gis.scenario.after_use import rules_of
from maemoh_gis.scenario.in_year import in_its_year
from maemoh_gis.scenario.settings.scenario import Scenario


@dataclass(frozen=True)
class Run:
    """A finished run, read back."""

    folder: Path
    record: Mapping[str, Any]
    scenario: Scenario
    catalog: Catalog
    grid: Grid


def open_run(folder: Path, catalog: Catalog) -> Run:
    """Read a run folder back."""
    path = folder / "run.json"
    if not path.is_file():
        raise RunError(Fault("not_a_run_folder", str(folder), expected="run.json"))
    record = read_json(path)
    misfits = misfits_of_run(record)
    if misfits:
        raise RunError(Fault("record_lacks", str(path), found=", ".join(misfits)))
    faults = [
        Fault("layer_changed", catalog.document.file, catalog.line_of(id), id,
              found=now[:12], expected=layer["sha256"][:12])
        for id, layer in record["inputs"]["layers"].items()
        if (now := catalog.layers[id].sha256 if id in catalog.layers else "–") != layer["sha256"]
    ]  # fmt: skip
    faults += read_otherwise(record, catalog)
    if faults:
        raise RunError(faults)
    written = validate(Scenario, Document(record["resolved"], {}, str(path)))
    scenario = in_its_year(written, rules_of(written, catalog))
    place = record["grid"]
    grid = Grid.covering(tuple(place["bounds"]), crs=place["crs"], cell_m=place["cell_m"])
    return Run(folder, record, scenario, catalog, grid)


def open_runs(folders: Sequence[Path], catalog: Catalog) -> list[Run]:
    """Read several run folders back, every fault of all of them at once."""
    places = [folder.resolve() for folder in folders]
    faults = [
        Fault("run_named_twice", str(folder))
        for number, folder in enumerate(folders)
        if places[number] in places[:number]
    ]
    runs = []
    for folder in folders:
        try:
            runs.append(open_run(folder, catalog))
        except MaeMohError as error:
            faults += error.faults
    if faults:
        raise RunError(faults)
    return runs


def read_otherwise(record: Mapping[str, Any], catalog: Catalog) -> list[Fault]:
    """Find layers whose file a run read in another way than the catalog says now."""
    faults = []
    for id, layer in record["inputs"]["layers"].items():
        if id not in catalog.layers or not isinstance(was := layer.get("read_as"), dict):
            continue
        now = catalog[id].read_as
        keys = [key for key in {**was, **now} if was.get(key) != now.get(key)]
        if keys:
            faults.append(
                Fault("layer_read_otherwise", catalog.document.file, catalog.line_of(id), id,
                      found=_told(now, keys), expected=_told(was, keys))
            )  # fmt: skip
    return [*faults, *_stacked_otherwise(record, catalog)]


def _stacked_otherwise(record: Mapping[str, Any], catalog: Catalog) -> list[Fault]:
    """Find stacks that have other members now, or the same in another order."""
    faults = []
    for id, stack in record["inputs"].get("stacks", {}).items():
        there = catalog.stacks.get(id)
        now = list(there.present) if there else []
        if now != stack["present"]:
            faults.append(
                Fault(
                    "layer_read_otherwise",
                    catalog.document.file,
                    catalog.line_of(id),
                    id,
                    found=_told({"best_of": now}, ["best_of"]),
                    expected=_told({"best_of": stack["present"]}, ["best_of"]),
                )
            )
    return faults


def _told(layer: Mapping[str, Any], keys: Sequence[str]) -> str:
    written = "; ".join(f"{key}: {layer.get(key, '–')}" for key in keys)
    return written if len(written) <= 120 else f"{written[:117]}..."

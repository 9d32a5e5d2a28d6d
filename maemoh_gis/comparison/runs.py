"""Finished runs read back to be compared: whole or refused, on one grid, grouped by viewpoint."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from maemoh_gis.core.errors import FileError, RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.grid import Grid
from maemoh_gis.files import read_json, sha256_of
from maemoh_gis.presentation.record_shape import misfits_of_run

RECORD = "run.json"
_OWN_NAMES = ("id", "title", "question", "leads_to", "extends")


@dataclass(frozen=True)
class ComparedRun:
    """A finished run."""

    label: str
    """Its folder's name; a second folder of that name has a number behind it."""
    folder: Path
    record: Mapping[str, Any]
    sha256: str
    """Checksum of its record."""

    @cached_property
    def grid(self) -> Grid:
        """The grid its rasters stand on."""
        place = self.record["grid"]
        return Grid.covering(tuple(place["bounds"]), crs=place["crs"], cell_m=place["cell_m"])

    @property
    def uses(self) -> tuple[str, ...]:
        """List the uses it scored, in the order of its scenario."""
        return tuple(self.record["weights"])

    @property
    def viewpoint(self) -> str:
        """Id of the viewpoint that weighs it."""
        return str(self.record["viewpoint"])

    def ruler(self, use: str) -> tuple[Any, ...]:
        """Give what decides how criteria become a score: their weights and how they combine."""
        weights = self.record["weights"][use]["weights"]
        combine = self.record["resolved"]["uses"][use].get("combine")
        return (tuple(sorted(weights.items())), str(combine))

    def layer(self, id: str) -> str | None:
        """Give the checksum of a layer it rests on; None where it does not."""
        layer = self.record["inputs"]["layers"].get(id)
        return None if layer is None else str(layer["sha256"])


@dataclass(frozen=True)
class Difference:
    """One thing in which a run differs from the first."""

    run: str
    kind: str
    """layer, fact or software."""
    key: str
    first: Any
    second: Any
    """None where one of them does not have it."""


MOST_RUNS = 100
"""Runs of one comparison: it looks at each pair, and a page of more opens in no browser."""


def open_runs(folders: Sequence[Path]) -> tuple[ComparedRun, ...]:
    """Read run folders back and check that they can be compared."""
    if len(folders) < 2:
        raise RunError(Fault("too_few_runs", found=str(len(folders)), expected="2"))
    if len(folders) > MOST_RUNS:
        raise RunError(Fault("too_many_runs", found=str(len(folders)), expected=str(MOST_RUNS)))
    places = [folder.resolve() for folder in folders]
    faults = [
        Fault("run_named_twice", str(folder))
        for number, folder in enumerate(folders)
        if places[number] in places[:number]
    ]
    runs = []
    for label, folder in zip(labels_of(folders), folders, strict=True):
        record = _record_of(folder, faults)
        if record is not None:
            runs.append(ComparedRun(label, folder, record, sha256_of(folder / RECORD)))
            faults += _missing_or_changed(folder, record)
    faults += [
        Fault("runs_on_different_grids", str(run.folder), key=run.label,
              found=_place_of(run.record["grid"]), expected=_place_of(runs[0].record["grid"]))
        for run in runs[1:]
        if _place_of(run.record["grid"]) != _place_of(runs[0].record["grid"])
    ]  # fmt: skip
    if faults:
        raise RunError(faults)
    return tuple(runs)


def groups_of(runs: Sequence[ComparedRun]) -> dict[str, list[int]]:
    """Group runs that weigh alike, since payoffs of others cannot be compared."""
    groups: dict[str, list[int]] = {}
    for number, run in enumerate(runs):
        name, count = run.viewpoint, 1
        while name in groups and not all(_alike(run, runs[other]) for other in groups[name]):
            count += 1
            name = f"{run.viewpoint}-{count}"
        groups.setdefault(name, []).append(number)
    return groups


def differences(runs: Sequence[ComparedRun]) -> Iterator[Difference]:
    """List in what each run differs from the first: layers, facts of the scenario, software."""
    first = runs[0]
    for run in runs[1:]:
        for kind, before, after in (
            ("layer", _layers(first), _layers(run)),
            ("fact", _facts(first), _facts(run)),
            ("software", first.record["software"], run.record["software"]),
        ):
            for key, one, other in _unlike(before, after, ""):
                yield Difference(run.label, kind, key, one, other)


def labels_of(folders: Sequence[Path]) -> list[str]:
    """Name runs by their folders; those of one name are counted."""
    labels: list[str] = []
    for folder in folders:
        label = name = folder.resolve().name
        count = 1
        while label in labels:
            count += 1
            label = f"{name}-{count}"
        labels.append(label)
    return labels


def _record_of(folder: Path, faults: list[Fault]) -> Mapping[str, Any] | None:
    """Read the record of a run; note what keeps it from being read."""
    path = folder / RECORD
    if not path.is_file():
        faults.append(Fault("not_a_run_folder", str(folder), expected=RECORD))
        return None
    try:
        record = read_json(path)
    except FileError as error:
        faults.extend(error.faults)
        return None
    missing = misfits_of_run(record)
    if missing:
        faults.append(Fault("run_not_whole", str(path), found=", ".join(missing)))
        return None
    return dict(record)


def _missing_or_changed(folder: Path, record: Mapping[str, Any]) -> Iterator[Fault]:
    for name, checksum in record["outputs"].items():
        path = folder / name
        if not path.is_file():
            yield Fault("run_not_whole", str(folder), found=name)
        elif (now := sha256_of(path)) != checksum:
            yield Fault(
                "output_changed", str(folder), key=name, found=now[:12], expected=checksum[:12]
            )


def _place_of(grid: Mapping[str, Any]) -> str:
    bounds = ", ".join(f"{edge:g}" for edge in grid["bounds"])
    return f"{grid['crs']}, {grid['cell_m']:g} m, {bounds}"


def _alike(one: ComparedRun, other: ComparedRun) -> bool:
    return all(one.ruler(use) == other.ruler(use) for use in one.uses if use in other.uses)


def _layers(run: ComparedRun) -> dict[str, str]:
    return {id: layer["sha256"] for id, layer in run.record["inputs"]["layers"].items()}


def _facts(run: ComparedRun) -> dict[str, Any]:
    return {k: v for k, v in run.record["resolved"].items() if k not in _OWN_NAMES}


def _unlike(before: Any, after: Any, key: str) -> Iterator[tuple[str, Any, Any]]:
    """List what differs by dotted key; what only one side has is one difference, however large."""
    if isinstance(before, dict) and isinstance(after, dict):
        for name in sorted(before.keys() | after.keys()):
            inner = f"{key}.{name}" if key else str(name)
            yield from _unlike(before.get(name), after.get(name), inner)
    elif before != after:
        yield key, before, after

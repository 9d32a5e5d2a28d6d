"""The finished comparison a report looks at: found beside the run, or named, and read back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maemoh_gis.core.errors import FileError, RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.files import read_csv, read_json, sha256_of
from maemoh_gis.presentation.record_shape import misfits_of_comparison

if TYPE_CHECKING:
    Row = Mapping[str, str]

_RUN_RECORD = "run.json"


@dataclass(frozen=True)
class ComparedFiles:
    """A folder of a comparison as the report of one of its runs reads it."""

    folder: Path
    record: Mapping[str, Any]
    """Content of `compare.json`."""
    sha256: str
    """Checksum of `compare.json`."""
    run: str
    """Name of the reported run in the comparison."""
    missing: tuple[str, ...]
    """Tables on the record that are not there, or are no longer what they were."""
    _seen: dict[str, list[Row]] = field(default_factory=dict, compare=False, repr=False)

    @property
    def labels(self) -> list[str]:
        """Name all runs, the one the others are set against first."""
        return [str(run["run"]) for run in self.record["runs"]]

    @property
    def others(self) -> list[str]:
        """Name the other runs."""
        return [label for label in self.labels if label != self.run]

    def table(self, name: str) -> list[Row]:
        """Read a table; empty where the comparison has none that is whole."""
        if name not in self.record["outputs"] or name in self.missing:
            return []
        if name not in self._seen:
            self._seen[name] = list(read_csv(self.folder / name))
        return self._seen[name]


def comparison_of(run: Path, folder: Path) -> ComparedFiles:
    """Open the comparison a report is asked to tell."""
    path = folder / RECORD
    try:
        record = read_json(path)
    except FileError:
        raise RunError(Fault("no_comparison", str(folder), expected=RECORD)) from None
    lacking = misfits_of_comparison(record)
    if lacking:
        raise RunError(Fault("comparison_lacks", str(path), found=", ".join(lacking)))
    label = _label_of(run, record)
    if label is None:
        held = ", ".join(str(one["run"]) for one in record["runs"])
        raise RunError(Fault("comparison_without_run", str(folder), found=held, expected=str(run)))
    missing = tuple(
        name
        for name, was in record["outputs"].items()
        if name.endswith(".csv")
        and (not (folder / name).is_file() or sha256_of(folder / name) != was)
    )
    return ComparedFiles(folder, record, sha256_of(path), label, missing)


def comparisons_beside(run: Path) -> list[Path]:
    """Find the finished comparisons beside a run folder that hold the run as it is now."""
    found = []
    for path in sorted(run.resolve().parent.glob(f"*/{RECORD}")):
        try:
            record = read_json(path)
        except FileError:
            continue
        if not misfits_of_comparison(record) and _label_of(run, record) is not None:
            found.append(path.parent)
    return found


def _label_of(run: Path, record: Mapping[str, Any]) -> str | None:
    now = sha256_of(run / _RUN_RECORD)
    return next((str(one["run"]) for one in record["runs"] if one["record_sha256"] == now), None)


RECORD = "compare.json"

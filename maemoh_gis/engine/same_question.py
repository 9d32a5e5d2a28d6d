"""Nothing finished is written over by the answer to another question without a word."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from maemoh_gis.core.errors import FileError, RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.files import cannot, read_json, read_json_of_zip

SET = "--set"
"""Where a change comes from that no file holds."""


def asked_by(scenario: str, changes: Iterable[Mapping[str, Any]]) -> str:
    """Name the question a run answers."""
    set_ = {one["key"]: one["new"] for one in changes if one["scenario"] == SET}
    told = [f"{key}={json.dumps(value, sort_keys=True)}" for key, value in sorted(set_.items())]
    return " ".join([scenario, *told])


def require_own_folder(folder: Path, mark: str, code: str = "not_own_folder") -> None:
    """Refuse a place that holds anything but what the same command wrote, which leaves a mark."""
    try:
        strange = folder.exists() and not (folder / mark).is_file() and any(folder.iterdir())
    except OSError as error:
        raise cannot("write", folder, error) from error
    if strange:
        raise RunError(Fault(code, str(folder), expected=mark))


def asked_of_run(record: Any) -> str:
    """Name the question of the record of a run."""
    return asked_by(record["scenario"], record["changes"])


def require_same_run(
    folder: Path,
    record_name: str,
    asked: str,
    *,
    replace: bool,
    asked_of: Callable[[Any], str] = asked_of_run,
) -> None:
    """Refuse to write over the answer to another question, which `asked_of` reads in a record."""
    there = None if replace else _question_in(folder / record_name, asked_of)
    if there is not None and there != asked:
        raise RunError(Fault("another_run_there", str(folder), found=there, expected=asked))


def _question_in(path: Path, asked_of: Callable[[Any], str]) -> str | None:
    """Name the question of a record; None where there is none that can be read."""
    try:
        return asked_of(read_json(path)) if path.is_file() else None
    except (FileError, KeyError, TypeError):
        return None


def require_same_runs(
    folder: Path, record_name: str, runs: Sequence[str], *, replace: bool
) -> None:
    """Refuse to write a comparison over one of other runs."""
    path = folder / record_name
    if replace or not path.is_file():
        return
    try:
        there = [one["run"] for one in read_json(path)["runs"]]
    except (FileError, KeyError, TypeError):
        return
    if there[:1] != list(runs[:1]) or set(there) != set(runs):
        raise RunError(
            Fault("another_comparison_there", str(folder), found=", ".join(there),
                  expected=", ".join(runs))
        )  # fmt: skip


def require_same_archive(archive: Path, member: str, asked: str, *, replace: bool) -> None:
    """Refuse to write a bundle over any file that is not a bundle of the same run."""
    if replace or not archive.exists():
        return
    try:
        record = read_json_of_zip(archive, member)
        found = asked_by(record["scenario"], record["changes"])
    except (FileError, KeyError, TypeError):
        found = archive.name
    if found != asked:
        raise RunError(Fault("another_file_there", str(archive), found=found, expected=asked))

"""Nothing finished is written over by the answer to another question without a word."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from maemoh_gis.core.errors import FileError, RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.files import read_json, read_json_of_zip

SET = "--set"
"""Where a change comes from that no file holds."""


def asked_by(scenario: str, changes: Iterable[Mapping[str, Any]]) -> str:
    """
    Name the question a run answers.

    Parameters
    ----------
    scenario : str
        Id of the scenario.
    changes : iterable of mapping
        What differs from the base, as a record lists it.

    Returns
    -------
    str
        The id, with every key that was set beside the files. An edited file asks the same question.
    """
    set_ = {one["key"]: one["new"] for one in changes if one["scenario"] == SET}
    told = [f"{key}={json.dumps(value, sort_keys=True)}" for key, value in sorted(set_.items())]
    return " ".join([scenario, *told])


def require_same_run(folder: Path, record_name: str, asked: str, *, replace: bool) -> None:
    """
    Refuse to write a run over one that answers another question.

    Parameters
    ----------
    folder : Path
        Where the run belongs.
    record_name : str
        Its record.
    asked : str
        The question; see `asked_by`.
    replace : bool
        The caller was told to replace whatever run is there.

    Raises
    ------
    RunError
        If another run stands there.
    """
    there = None if replace else _run_in(folder / record_name)
    if there is not None and there != asked:
        raise RunError(Fault("another_run_there", str(folder), found=there, expected=asked))


def _run_in(path: Path) -> str | None:
    """Name the question of a record; None where there is none that can be read."""
    try:
        record = read_json(path) if path.is_file() else None
        return None if record is None else asked_by(record["scenario"], record["changes"])
    except (FileError, KeyError, TypeError):
        return None


def require_same_runs(
    folder: Path, record_name: str, runs: Sequence[str], *, replace: bool
) -> None:
    """
    Refuse to write a comparison over one of other runs.

    Parameters
    ----------
    folder : Path
        Where the comparison belongs.
    record_name : str
        Its record.
    runs : sequence of str
        Labels of the runs, the one to compare with first.
    replace : bool
        The caller was told to replace whatever comparison is there.

    Raises
    ------
    RunError
        If a comparison of other runs, or against another first one, stands there.
    """
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
    """
    Refuse to write a bundle over any file that is not a bundle of the same run.

    Parameters
    ----------
    archive : Path
        Where the bundle belongs.
    member : str
        Record of the run in it.
    asked : str
        The question of the run.
    replace : bool
        The caller was told to replace whatever file is there.

    Raises
    ------
    RunError
        If another file stands there.
    """
    if replace or not archive.exists():
        return
    try:
        record = read_json_of_zip(archive, member)
        found = asked_by(record["scenario"], record["changes"])
    except (FileError, KeyError, TypeError):
        found = archive.name
    if found != asked:
        raise RunError(Fault("another_file_there", str(archive), found=found, expected=asked))

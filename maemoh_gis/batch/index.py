"""Reading the runs of a folder back for the page that lists them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from maemoh_gis.core.errors import FileError
from maemoh_gis.core.messages import LANGUAGES
from maemoh_gis.engine.results import MAP
from maemoh_gis.files import read_json
from maemoh_gis.pages.runs_page import FoundRun, ListedRun, write_runs_page
from maemoh_gis.presentation.record_shape import misfits_of_run

_RECORD = "run.json"


def write_index(root: Path, planned: Sequence[str], path: Path) -> str:
    """List every run of a folder and every run that is yet to come."""
    there = {record.parent.name for record in root.glob(f"[!.]*/{_RECORD}")}
    labels = sorted(there | set(planned))
    return write_runs_page(path, [ListedRun(label, _found(root / label)) for label in labels])


def _found(folder: Path) -> FoundRun | None:
    try:
        record = read_json(folder / _RECORD)
        if misfits_of_run(record):
            return None
        uses = record["resolved"]["uses"]
        view = record["resolved"]["viewpoints"][record["viewpoint"]]
        return FoundRun(
            title=_both(record["title"]),
            year_be=record["year"],
            viewpoint=_both(view["title"]),
            changed=[
                (change["key"], json.dumps(change["new"], ensure_ascii=False))
                for change in record["changes"]
                if change["scenario"] == "--set"
            ],
            sites=[(_both(uses[use]["title"]), n) for use, n in record["sites"].items()],
            caveat=_both(record["caveats"][1]),
            page=MAP if MAP in record["outputs"] else _RECORD,
        )
    except (FileError, KeyError, IndexError, TypeError):
        return None


def _both(words: Any) -> dict[Any, str]:
    return {language: str(words[language]) for language in LANGUAGES}

"""Reading the runs of a folder back for the page that lists them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from maemoh_gis.comparison.model import GOOD_SCORE
from maemoh_gis.core.errors import FileError
from maemoh_gis.core.messages import LANGUAGES, Text
from maemoh_gis.decision.report import led_to
from maemoh_gis.engine.results import MAP
from maemoh_gis.files import open_raster, read_json
from maemoh_gis.pages.raster_image import draw_pixels
from maemoh_gis.pages.runs_page import FoundRun, ListedRun, write_runs_page
from maemoh_gis.presentation.record_shape import misfits_of_run

_RECORD = "run.json"
_HIGH = 150
"""Rows of a thumbnail, about."""


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
            told=[*map(_both, [*led_to(record), *record["sites_told"].values()]), *_steps(record)],
            thumbnails=list(_thumbnails(folder, record)),
            caveat=_both(record["caveats"][1]),
            page=MAP if MAP in record["outputs"] else _RECORD,
        )
    except (FileError, KeyError, IndexError, TypeError):
        return None


def _steps(record: Mapping[str, Any]) -> list[Text]:
    """Give the sentence on the step to a yard; none without an estate."""
    found = record.get("ladder")
    return [_both(one) for one in found["findings"][:1]] if found else []


def _thumbnails(folder: Path, record: Mapping[str, Any]) -> Iterator[tuple[Text, str]]:
    """Draw the scores of each use that has its rasters, small."""
    for use, definition in record["resolved"]["uses"].items():
        names = (f"score_{use}.tif", f"limits_{use}.tif")
        sums = [record["outputs"].get(name) for name in names]
        if None not in sums and all((folder / name).is_file() for name in names):
            yield _both(definition["title"]), _thumbnail(folder, names, tuple(sums))


@lru_cache(maxsize=4096)
def _thumbnail(folder: Path, names: tuple[str, str], _: tuple[str, ...]) -> str:
    """Draw a raster once however often the list is written anew while a batch goes on."""
    score, state = (_small(folder / name) for name in names)
    return draw_pixels(score, state, GOOD_SCORE)


def _small(path: Path) -> Any:
    """Read every n-th pixel of the first band, so many that some `_HIGH` rows are left."""
    with open_raster(path) as dataset:
        step = max(1, dataset.height // _HIGH)
        shape = (dataset.height // step, dataset.width // step)
        return np.asarray(dataset.read(1, out_shape=shape))


def _both(words: Any) -> dict[Any, str]:
    return {language: str(words[language]) for language in LANGUAGES}

"""What the catalog says of a layer that was brought in, and the file it stands in."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maemoh_gis.core.messages import LANGUAGES, Text, both, same
from maemoh_gis.core.units import be_from_ce
from maemoh_gis.files import copy_file, parts_of, write_geojson
from maemoh_gis.intake.ground import OWN
from maemoh_gis.intake.said import NOTHING
from maemoh_gis.intake.scoring import UNIT, Scoring, scoring_of
from maemoh_gis.intake.told import licence_of, year_of
from maemoh_gis.layers.load import to_crs

if TYPE_CHECKING:
    from maemoh_gis.intake.found import Found
    from maemoh_gis.intake.ground import Ground
    from maemoh_gis.intake.said import Told

_WGS84 = "EPSG:4326"
_DECIMALS = 7
"""Of a degree: a centimetre."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,50}")


def id_of(told: Told, found: Found, ground: Ground) -> str:
    """Give a layer an id that no other has: of its owner, of its limit, of its file."""
    if told.id is not None:
        return told.id
    stem = re.sub(r"[^a-z0-9]+", "_", Path(found.name).stem.lower()).strip("_")
    base = told.limit if told.limit not in (None, NOTHING) else stem
    base = base if base and _NAME.fullmatch(base) else "layer"
    names = [f"{OWN}_{base}", *(f"{OWN}_{base}_{n}" for n in range(2, 1000))]
    return next(name for name in names if not ground.catalog.has(name))


def entry_of(id: str, told: Told, found: Found, ground: Ground) -> dict[str, Any]:
    """Describe a layer in full but for its checksum, which comes with the file."""
    today = dt.datetime.now(tz=dt.UTC).astimezone().date()
    columns = [str(name) for name in found.frame.columns if name != found.frame.geometry.name]
    answers: dict[str, Any] = {} if told.limit in (None, NOTHING) else {"answers": told.limit}
    scores = scoring_of(told, found)
    if scores is not None and told.limit in ground.waiting_criteria:
        answers["scores"] = scores.entry()
    return {
        "title": _title(told, found, ground),
        "kind": found.kind,
        "path": f"{OWN}/{id}/{id}{_suffix(found)}",
        **_read_as(told, found),
        "nature": "indicative",
        "confidence": told.confidence,
        "complete_within": ground.complete_within(str(told.complete)),
        **answers,
        "source": told.source,
        "licence": licence_of(told),
        "as_of": year_of(told),
        "retrieved": f"{be_from_ce(today.year)}-{today:%m-%d}",
        "caution": _plain(both("intake.caution", file=found.name)),
        "columns": {name: _column(name, scores) for name in columns},
        "draw": {},
    }


def _column(name: str, scores: Scoring | None) -> dict[str, str]:
    """Name a column by itself; the one that is scored has a unit and says what it was made of."""
    if scores is None or name != scores.column:
        return _plain(same(name))
    return {**_plain(scores.words or same(name)), "unit": UNIT}


def _title(told: Told, found: Found, ground: Ground) -> Mapping[str, str]:
    if told.title is not None:
        return _plain(same(told.title))
    if told.limit in (None, NOTHING):
        return _plain(same(found.name))
    if told.limit in ground.limits and told.limit not in ground.waiting:
        # Stands behind the title of the limit whose test is put to it too.
        return _plain(same(found.name))
    of_limit = ground.title_of(str(told.limit))
    return {language: f"{of_limit[language]} ({found.name})" for language in LANGUAGES}


def _plain(words: Text) -> dict[str, str]:
    return {language: words[language] for language in LANGUAGES}


def _suffix(found: Found) -> str:
    return ".geojson" if found.path is None else found.path.suffix.lower()


def _read_as(told: Told, found: Found) -> dict[str, Any]:
    """Say how the file is read, where it stays as it came; else it is on WGS 84."""
    if found.path is None:
        return {"crs": _WGS84}
    given = {
        "table": found.table,
        "encoding": found.encoding if found.path.suffix.lower() == ".shp" else None,
        "crs": found.crs,
        "datum_operation": told.datum_operation,
    }
    return {key: value for key, value in given.items() if value is not None}


def write_file(folder: Path, id: str, told: Told, found: Found) -> Path:
    """Put the file of a layer into a folder, as it came or on WGS 84; give its path."""
    path = folder / f"{id}{_suffix(found)}"
    if found.path is None:
        placed = to_crs(found.frame, _WGS84, told.datum_operation)
        write_geojson(path, placed, decimals=_DECIMALS)
        return path
    for part in parts_of(found.path):
        copy_file(part, path.with_suffix(part.suffix.lower()))
    return path

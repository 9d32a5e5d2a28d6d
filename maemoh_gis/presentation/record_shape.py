"""Whether a record that is read back has the shape it was given, whoever touched it since."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Annotated, Any

import pydantic

from maemoh_gis.documents.schema import Checksum, Name

_MOST_NAMED = 5


def _inside(path: str) -> str:
    """Refuse the name of an output that would lie outside the run folder."""
    parts = PurePosixPath(path.replace("\\", "/")).parts
    if not parts or ".." in parts or path.startswith(("/", "\\", "~")) or ":" in path:
        raise ValueError("outside")
    return path


Inside = Annotated[str, pydantic.AfterValidator(_inside)]
Finite = Annotated[float, pydantic.Field(allow_inf_nan=False)]
Count = Annotated[int, pydantic.Field(ge=1)]


class _Open(pydantic.BaseModel):
    """Names what is read; what else a record holds is for those who wrote it."""

    model_config = pydantic.ConfigDict(extra="allow", strict=True)


class _Words(_Open):
    th: str
    en: str


class _Layer(_Open):
    path: Inside
    sha256: str


class _Stack(_Open):
    kind: str
    present: list[str]
    absent: list[str]
    read: list[str]


class _Inputs(_Open):
    scenarios: dict[str, str]
    layers: dict[str, _Layer]
    stacks: dict[str, _Stack] = {}


class _Grid(_Open):
    crs: str
    cell_m: Annotated[float, pydantic.Field(gt=0, allow_inf_nan=False)]
    rows: Count
    cols: Count
    bounds: Annotated[list[Finite], pydantic.Field(min_length=4, max_length=4)]


class _Change(_Open):
    key: str
    old: Any
    new: Any
    scenario: str


class _Resolved(_Open):
    uses: dict[Name, dict[str, Any]]
    viewpoints: dict[str, dict[str, Any]]
    limits: dict[str, dict[str, Any]]


class _RunRecord(_Open):
    scenario: str
    title: _Words
    question: _Words
    year: int
    viewpoint: str
    caveats: list[_Words]
    weights: dict[str, dict[str, Any]]
    sites: dict[str, int]
    grid: _Grid
    changes: list[_Change]
    resolved: _Resolved
    inputs: _Inputs
    stages: dict[str, str]
    software: dict[str, str]
    outputs: dict[Inside, Checksum]


class _ComparedRun(_Open):
    run: str
    record_sha256: str


class _ComparisonRecord(_Open):
    good_score: float
    groups: Any
    differences: Any
    layers: Any
    uses: Any
    runs: list[_ComparedRun]
    outputs: dict[Inside, Checksum]


def misfits_of_run(record: object) -> list[str]:
    """
    List what of a run's record is missing or has another form.

    Dotted keys, five at most; empty where every verb can read it.
    """
    return _misfits(_RunRecord, record)


def misfits_of_comparison(record: object) -> list[str]:
    """List what of a comparison's record is missing or has another form; see `misfits_of_run`."""
    return _misfits(_ComparisonRecord, record)


def _misfits(model: type[_Open], record: object) -> list[str]:
    try:
        model.model_validate(record)
    except pydantic.ValidationError as error:
        keys = [".".join(map(str, one["loc"])) or "–" for one in error.errors()]
        return list(dict.fromkeys(keys))[:_MOST_NAMED]
    return []

"""
Which runs a batch is made of: scenarios crossed with years, viewpoints and values of keys.

Every run has a label, which names its folder and says what it differs in. Runs are counted before
any is made, and a batch that is too large is refused with its count.
"""

from __future__ import annotations

import csv
import io
import itertools
import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from maemoh_gis.core.errors import MaeMohError, RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.files import read_text
from maemoh_gis.layers.catalog import Catalog
from maemoh_gis.runs.layers_read import faults_before_run
from maemoh_gis.runs.project import Project
from maemoh_gis.scenario.resolve import Resolved
from maemoh_gis.scenario.vary import varied

MOST_RUNS = 1_000
"""More than anyone can look at; a slip of the hand asks for more."""
_SAFE = re.compile(r"[^\w.-]+")


@dataclass(frozen=True)
class Planned:
    """One run of a batch."""

    label: str
    """Name of its folder."""
    scenario: str
    """Scenario by id or file."""
    values: Mapping[str, Any] = field(default_factory=dict)
    """What is set, by dotted key."""
    table: str = ""
    """Table that holds some of it; empty without."""
    row: int = 0
    """Line of that table, counted from 1."""
    columns: frozenset[str] = frozenset()
    """Keys that the table sets."""


@dataclass(frozen=True)
class Asked:
    """What a batch is asked to cross."""

    scenarios: Sequence[str]
    years: Sequence[int] = ()
    viewpoints: Sequence[str] = ()
    sets: Sequence[str] = ()
    """Each `KEY=VALUE`, `KEY=A,B,C` or `KEY=FIRST:LAST:COUNT`."""
    matrix: Path | None = None
    """CSV table: a column a key, a row a run; `scenario` names the scenario of a row."""


def plan(asked: Asked) -> list[Planned]:
    """List the runs of a batch."""
    axes: dict[str, list[Any]] = {}
    if asked.years:
        axes["year"] = list(asked.years)
    if asked.viewpoints:
        axes["viewpoint"] = list(asked.viewpoints)
    faults: list[Fault] = []
    for written in asked.sets:
        try:
            key, values = _axis(written)
        except RunError as error:
            faults += error.faults
            continue
        axes[key] = values
    rows: dict[int, dict[str, Any]] = {0: {}} if asked.matrix is None else _rows(asked.matrix)
    count = math.prod(len(values) for values in axes.values()) * len(rows)
    count *= 1 if any("scenario" in row for row in rows.values()) else max(len(asked.scenarios), 1)
    if count > MOST_RUNS:
        faults.append(_too_many(count))
    if faults:
        raise RunError(faults)
    return list(_labelled(_crossed(asked, axes, rows)))


def sweeps_values(planned: Sequence[Planned]) -> bool:
    """Say whether runs of one scenario differ in more than their year and viewpoint."""
    found: dict[str, dict[str, Any]] = {}
    for one in planned:
        values = {k: v for k, v in one.values.items() if k not in {"year", "viewpoint"}}
        if found.setdefault(one.scenario, values) != values:
            return True
    return False


def prepared(planned: Sequence[Planned], project: Project, catalog: Catalog) -> dict[str, Resolved]:
    """Read and check every scenario of a batch before any is run."""
    found: dict[str, Resolved] = {}
    read: dict[str, Resolved] = {}
    faults: dict[str, Fault] = {}
    for one in planned:
        try:
            if one.scenario not in read:
                read[one.scenario] = project.scenario(one.scenario)
            resolved = varied(read[one.scenario], one.values)
        except MaeMohError as error:
            told = [_in_table(fault, one) for fault in error.faults]
            faults |= {repr(fault): fault for fault in told}
            continue
        before = (_in_table(fault, one) for fault in faults_before_run(resolved, catalog))
        faults |= {repr(fault): fault for fault in before if fault.blocks}
        found[one.label] = resolved
    if faults:
        raise RunError(faults.values())
    return found


def _in_table(fault: Fault, one: Planned) -> Fault:
    """Point to the row and column of a table where a fault is about what the table sets."""
    set_ = (fault.found or "").partition("=")[0] if fault.key == "--set" else None
    if fault.code == "unknown_scenario" and "scenario" in one.columns:
        set_ = "scenario"
    column = next((c for c in one.columns if c == set_ or (set_ is None and c == fault.key)), None)
    if column is None:
        return fault
    row = 1 if fault.code == "unknown_set_key" else one.row  # a heading is wrong once
    return replace(fault, file=one.table, line=row, key=column)


def _axis(written: str) -> tuple[str, list[Any]]:
    """Read one `--set`."""
    key, sign, right = written.partition("=")
    bad = Fault("bad_set", key="--set", found=written, expected="weights.road_access=0.2:0.4:5")
    if not sign or not key.strip() or not right.strip():
        raise RunError(bad)
    parts = right.split(":")
    if len(parts) == 3:
        try:
            first, last, count = float(parts[0]), float(parts[1]), int(parts[2])
        except ValueError:
            raise RunError(bad) from None
        if count < 1 or not (math.isfinite(first) and math.isfinite(last)):
            raise RunError(bad)
        if count > MOST_RUNS:
            raise RunError(_too_many(count))
        return key.strip(), [_number(v) for v in np.linspace(first, last, count)]
    return key.strip(), [_value(part) for part in right.split(",")]


def _too_many(count: int) -> Fault:
    return Fault("too_many_runs", key="--set", found=f"{count:,}", expected=f"{MOST_RUNS:,}")


def _number(value: float) -> float | int:
    rounded = round(float(value), 9)
    return int(rounded) if rounded.is_integer() else rounded


def _value(written: str) -> Any:
    """Read a number, true or false, a list; anything else is a text."""
    try:
        return json.loads(written)
    except ValueError:
        return written.strip()


def _rows(path: Path) -> dict[int, dict[str, Any]]:
    """Read a table of runs by line; an empty cell sets nothing."""
    rows = {}
    for number, row in enumerate(csv.DictReader(io.StringIO(read_text(path), newline="")), start=2):
        bad = Fault("bad_matrix_row", str(path), number)
        if None in row or any(cell is None for cell in row.values()):
            raise RunError(bad)
        rows[number] = {
            key.strip(): cell.strip() if key.strip() == "scenario" else _value(cell)
            for key, cell in row.items()
            if cell.strip()
        }
    if not rows:
        raise RunError(Fault("bad_matrix_row", str(path), 1))
    return rows


def _crossed(
    asked: Asked, axes: Mapping[str, Sequence[Any]], rows: Mapping[int, Mapping[str, Any]]
) -> Iterator[Planned]:
    for line, row in rows.items():
        own = dict(row)
        scenarios = [str(own.pop("scenario"))] if "scenario" in own else asked.scenarios
        for scenario, values in itertools.product(scenarios, itertools.product(*axes.values())):
            given: dict[str, Any] = {**dict(zip(axes, values, strict=True)), **own}
            # A viewpoint comes before the weights that are shares of its own.
            first = [key for key in ("year", "viewpoint") if key in given]
            set_ = {key: given[key] for key in (*first, *given)}
            yield Planned("", scenario, set_, str(asked.matrix or ""), line, frozenset(row))


def label_of(scenario: str, values: Mapping[str, Any]) -> str:
    """Name the folder of a run by what it differs in."""
    parts = [Path(scenario).stem]
    for key, value in values.items():
        name = key.rpartition(".")[2]
        parts.append(f"{value}" if key in {"year", "viewpoint"} else f"{name}-{value}")
    return _SAFE.sub("_", "--".join(parts))[:120]


def _labelled(planned: Iterator[Planned]) -> Iterator[Planned]:
    taken: set[str] = set()
    for one in planned:
        label = base = label_of(one.scenario, one.values)
        for number in itertools.count(2):
            if label not in taken:
                break
            label = f"{base}--{number}"
        taken.add(label)
        yield replace(one, label=label)

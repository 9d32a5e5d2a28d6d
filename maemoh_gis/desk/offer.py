"""What of a scenario can be changed by controls, and how each thing stands."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from maemoh_gis.core.errors import MaeMohError
from maemoh_gis.core.messages import LANGUAGES, Text
from maemoh_gis.documents.yaml import read_yaml
from maemoh_gis.runs.project import Project
from maemoh_gis.scenario.resolve import SUFFIX, Resolved

_UNITS = {"within_m": "m", "beyond_m": "m"}
_NUMBERED = (*_UNITS, "above", "below")
# A number that a title gives in kilometres is one of metres beside it.
_NAMED_NUMBER = re.compile(r"\{[a-z_]+_km\} (?:กิโลเมตร|km)|\{[a-z_]+\}")


@dataclass(frozen=True)
class Number:
    """One number that stands under a dotted key."""

    key: str
    title: Text
    value: float
    unit: str
    """`m`, `rai`, or the unit a test names."""


@dataclass(frozen=True)
class Offer:
    """What may be changed, each thing as the scenario has it."""

    scenario: str
    title: Text
    question: Text
    year: int
    viewpoint: str
    viewpoints: Mapping[str, Text]
    uses: Mapping[str, Text]
    criteria: Mapping[str, Mapping[str, Text]]
    """Titles of the criteria, by use."""
    points: Mapping[str, Mapping[str, Mapping[str, float]]]
    """Weights in points of a hundred, by viewpoint, use and criterion."""
    limits: tuple[Number, ...]
    """Limits that are a number; the others are law or a line on a map, and no control's."""
    sizes: tuple[Number, ...]
    """How much land is looked for and how large the supposed estate is."""


def offer_of(resolved: Resolved) -> Offer:
    """Read from a scenario what may be changed in it."""
    written = resolved.written
    return Offer(
        scenario=written.id,
        title=written.title.both(),
        question=written.question.both(),
        year=written.year,
        viewpoint=written.viewpoint,
        viewpoints={id: one.title.both() for id, one in written.viewpoints.items()},
        uses={id: one.title.both() for id, one in written.uses.items()},
        criteria={
            use: {id: of.title.both() for id, of in one.criteria.items()}
            for use, one in written.uses.items()
        },
        points={
            view: {
                use: {id: round(100 * share, 1) for id, share in one.resolved().items()}
                for use, one in of.weights.items()
                if use in written.uses
            }
            for view, of in written.viewpoints.items()
        },
        limits=tuple(_limits(resolved)),
        sizes=tuple(_sizes(resolved)),
    )


def titles_of(project: Project) -> dict[str, Text]:
    """Name the scenarios of a project; one whose file cannot be read keeps its id as its name."""
    found: dict[str, Text] = {}
    for id in project.scenario_names():
        try:
            title = read_yaml(project.scenarios / f"{id}{SUFFIX}").data["title"]
            found[id] = {x: str(title[x]) for x in LANGUAGES}
        except (MaeMohError, KeyError, TypeError):
            found[id] = dict.fromkeys(LANGUAGES, id)
    return found


def _limits(resolved: Resolved) -> Iterator[Number]:
    for id, limit in resolved.written.limits.items():
        if limit.test is None or limit.test.kind not in _NUMBERED:
            continue
        kind = limit.test.kind
        title = _unworded(resolved.raw["limits"][id].get("title"), limit.title.both())
        unit = _UNITS.get(kind) or limit.test.unit or ""
        yield Number(f"limits.{id}.test.{kind}", title, float(limit.test.value), unit)


def _sizes(resolved: Resolved) -> Iterator[Number]:
    written = resolved.written
    if written.estate is not None:
        title = _unworded(resolved.raw["estate"].get("title"), written.estate.title.both())
        yield Number("estate.rai", title, float(written.estate.rai), "rai")
    for id, use in written.uses.items():
        if use.land is not None:
            key = f"uses.{id}.land.area_rai"
            yield Number(key, use.title.both(), float(use.land.area_rai), "rai")


def _unworded(raw: Any, filled: Text) -> Text:
    """Give a title without the number it names: the control beside it shows that."""
    if not isinstance(raw, Mapping):
        return filled
    return {x: _NAMED_NUMBER.sub("…", str(raw.get(x, filled[x]))) for x in LANGUAGES}

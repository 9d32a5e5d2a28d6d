"""
Which acts of law name the subdistricts of a piece of land, for limits whose line is not known.

An act says that a limit stands somewhere in a subdistrict, not where. So nothing here changes a
cell: what is told is which acts to read and whom to ask. A subdistrict that no act names is never
clear, since no register is proven whole; nor is one of which a part was revoked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import shapely

from maemoh_gis.core.messages import LANGUAGES, Text
from maemoh_gis.layers.table_schemas import ACTS

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from maemoh_gis.core.types import BoolArray, FloatArray
    from maemoh_gis.layers.load import Layers
    from maemoh_gis.layers.tables import Row
    from maemoh_gis.scenario.settings.limit import Limit

Status = Literal["declared", "not_declared", "no_subdistrict"]
"""Whether an act names a subdistrict of the land; neither that the limit holds nor that it does not
is ever known by it."""


@dataclass(frozen=True)
class Act:
    """An act of law on a piece of land, as published."""

    id: str
    kind: str
    action: str
    published_be: str
    """Year, month and day, as `2550-11-12`; the year is Buddhist Era."""
    volume: str
    issue: str
    page: str
    forest: Text
    """What the title calls the land."""
    area_rai: float | None
    """Of the whole act, wherever it lies."""
    office: Text
    """Whom to ask."""
    title_th: str
    codes: tuple[int, ...]
    """Subdistricts it names."""


@dataclass(frozen=True)
class ActHere:
    """An act that names subdistricts of some land."""

    act: Act
    subdistricts: tuple[Text, ...]
    """Those of the land."""
    share: float
    """Share of the land that lies in them."""


@dataclass(frozen=True)
class DeclaredPart:
    """What the acts a limit is declared in say of a piece of land."""

    limit: str
    status: Status
    acts: tuple[ActHere, ...]
    """The earliest first."""
    subdistricts: tuple[Text, ...]
    """All that hold some of the land."""
    share: float
    """Share of the land in subdistricts that an act names."""
    to_be: int
    """Year to which the acts were collected."""


@dataclass(frozen=True)
class Register:
    """The acts that one limit is declared in, and the subdistricts."""

    limit: str
    acts: tuple[Act, ...]
    to_be: int
    codes: tuple[int, ...]
    names: tuple[Text, ...]
    shapes: np.ndarray
    """Polygons of the subdistricts, object array (n,), in the CRS asked for."""

    def named(self) -> BoolArray:
        """Say which subdistricts an act names, bool (n,)."""
        return np.isin(self.codes, [code for act in self.acts for code in act.codes])

    def on(self, land: BaseGeometry) -> DeclaredPart:
        """Say which acts name the subdistricts of some land, in the CRS of the register."""
        shares = self._shares(land)
        held = shares > 0
        here = tuple(self._here(shares))
        share = min(float(shares[self.named()].sum()), 1.0)
        status: Status = "declared" if here else "not_declared"
        return DeclaredPart(
            self.limit,
            status if held.any() else "no_subdistrict",
            here,
            tuple(name for name, has in zip(self.names, held, strict=True) if has),
            share,
            self.to_be,
        )

    def _here(self, shares: FloatArray) -> Iterator[ActHere]:
        for act in self.acts:
            mine = np.isin(self.codes, act.codes) & (shares > 0)
            if mine.any():
                names = tuple(name for name, has in zip(self.names, mine, strict=True) if has)
                yield ActHere(act, names, min(float(shares[mine].sum()), 1.0))

    def _shares(self, land: BaseGeometry) -> FloatArray:
        """Share of the land in each subdistrict (n,)."""
        parts = shapely.area(shapely.intersection(self.shapes, land))
        return np.asarray(parts / land.area, dtype=np.float64)


def registers(limits: Mapping[str, Limit], layers: Layers, crs: str) -> dict[str, Register]:
    """Read the acts of every limit that is declared in some, by id of the limit."""
    return {
        id: register_of(id, limit, layers, crs)
        for id, limit in limits.items()
        if limit.declared_in is not None
    }


def register_of(id: str, limit: Limit, layers: Layers, crs: str) -> Register:
    """Read the acts a limit is declared in, and the subdistricts they may name."""
    told = limit.declared_in
    assert told is not None
    wanted = {
        column: {str(value) for value in (values if isinstance(values, list) else [values])}
        for column, values in told.where.items()
    }
    rows = [
        row
        for row in layers.table(told.layer, ACTS)
        if all(str(row[column]) in values for column, values in wanted.items())
    ]
    areas = layers.features(told.areas, crs)
    names = zip(areas["name_th"], areas["name_en"], strict=True)
    return Register(
        id,
        tuple(_acts(rows)),
        layers.catalog[told.layer].as_of,
        tuple(int(code) for code in areas["code"]),
        tuple({"th": str(th), "en": str(en)} for th, en in names),
        np.asarray(areas.geometry.array, dtype=object),
    )


def _acts(rows: list[Row]) -> list[Act]:
    """Gather the rows of each act, the earliest act first."""
    by_act: dict[str, list[Row]] = {}
    for row in rows:
        by_act.setdefault(str(row["act"]), []).append(row)
    return sorted((_act(id, mine) for id, mine in by_act.items()), key=lambda act: act.published_be)


def _act(id: str, rows: list[Row]) -> Act:
    one = rows[0]
    plain = {
        name: str(one[name])
        for name in ("kind", "action", "published_be", "volume", "issue", "page", "title_th")
    }
    return Act(
        id=id,
        **plain,
        area_rai=one["area_rai"],
        forest={x: str(one[f"forest_{x}"]) for x in LANGUAGES},
        office={x: str(one[f"office_{x}"]) for x in LANGUAGES},
        codes=tuple(row["code"] for row in rows if row["code"] is not None),
    )

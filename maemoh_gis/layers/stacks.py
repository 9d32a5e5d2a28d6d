"""
Stacks of layers: what each is read from as the catalog stands, and how it reads as one layer.

A member without an entry in the catalog is absent, which is told and is no fault while another is
there. A member whose entry is at fault is not absent: what stands beneath it would be taken unseen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from maemoh_gis.core.crs import in_metres
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.units import same_unit
from maemoh_gis.documents.schema import Confidence, Words, nearest
from maemoh_gis.documents.yaml import Document
from maemoh_gis.layers.entries import CompleteWithin, Kind, Layer, Nature, Stack

Entries = Mapping[str, Layer | Stack]

_NOWHERE: dict[str, Any] = {
    "title": {"th": "–", "en": "–"},
    "caution": {"th": "–", "en": "–"},
    "path": "absent",
    "crs": "EPSG:4326",
    "nature": "assumed",
    "confidence": "L",
    "complete_within": "none",
    "source": "not stated",
    "licence": "not-stated",
    "as_of": 2569,
    "retrieved": "2569-01-01",
    "sha256": "0" * 64,
}
"""What is said of a stack of which no member is there."""


@dataclass(frozen=True)
class Members:
    """What a stack is read from."""

    kind: Kind
    present: tuple[str, ...]
    """Layers of the catalog, the best first; those of stacks within it in their place."""
    absent: tuple[str, ...]
    """Members without an entry."""
    slopes: frozenset[str] = frozenset()
    """Those of the present that hold heights and are read as the slope of these."""

    @property
    def read(self) -> tuple[str, ...]:
        """List the layers whose files are read: of features and rows only the first that is there,
        as two sources drawn together would join at no end.
        """
        return self.present if self.kind == "raster" else self.present[:1]


def members_of(id: str, entries: Entries) -> Members:
    """Find what a stack is read from; one that holds itself is left at the place where it does."""
    stack = entries[id]
    assert isinstance(stack, Stack)
    as_slope = dict(reversed(list(_flat(id, entries, ()))))
    named = list(as_slope)[::-1]
    present = tuple(one for one in named if one in entries)
    absent = tuple(one for one in named if one not in entries)
    return Members(stack.kind, present, absent, frozenset(o for o in present if as_slope[o]))


def _flat(id: str, entries: Entries, above: tuple[str, ...]) -> Iterator[tuple[str, bool]]:
    """Go through the layers of a stack and of those within it; True where a slope is read."""
    of = entries[id]
    for one in _named(of):
        if one in (*above, id):
            continue
        slope = isinstance(of, Stack) and of.slope_of is not None
        if isinstance(entries.get(one), Stack):
            yield from ((n, slope or had) for n, had in _flat(one, entries, (*above, id)))
        else:
            yield one, slope


def _named(entry: Layer | Stack | None) -> list[str]:
    return entry.named if isinstance(entry, Stack) else []


def _as_read(id: str, members: Members, entries: Entries) -> Layer:
    """Describe a member as the stack reads it: heights as their slope."""
    layer = entries[id]
    assert isinstance(layer, Layer)
    return layer.model_copy(update={"unit": "percent"}) if id in members.slopes else layer


def as_layer(stack: Stack, members: Members, entries: Entries) -> Layer:
    """
    Describe a stack as the one layer it is read as.

    Of rasters it is as sure as the least sure of them, and complete only where all are. The path is
    that of the first: whoever reads files asks for the members. The checksum is over those of all.
    """
    of = [_as_read(id, members, entries) for id in members.read]
    own: dict[str, Any] = {
        "title": stack.title,
        "draw": stack.draw,
        "caution": _caution(stack, of),
    }
    if not of:
        of = [Layer.model_validate(_NOWHERE | {"kind": stack.kind, "unit": stack.unit})]
        own |= {"columns": stack.columns, "classes": stack.classes}
    if len(of) > 1:
        own |= {
            "nature": max((one.nature for one in of), key=get_args(Nature).index),
            "confidence": max((one.confidence for one in of), key=get_args(Confidence).index),
            "complete_within": _complete_within(of),
            "known": [known for one in of for known in one.known],
            "source": "; ".join(dict.fromkeys(one.source for one in of)),
            "licence": " AND ".join(dict.fromkeys(one.licence for one in of)),
            "as_of": min(one.as_of for one in of),
            "retrieved": min(one.retrieved for one in of),
            "accuracy": {},
            "sha256": hashlib.sha256("".join(one.sha256 for one in of).encode()).hexdigest(),
        }
    return of[0].model_copy(update=own)


def _caution(stack: Stack, of: Sequence[Layer]) -> Words:
    """Tell the stack's own caution, then that of every layer it is read from."""

    def said(language: str) -> str:
        parts = [stack.caution[language]] if stack.caution else []
        for one in of:
            head = f"{one.title[language]}: " if len(of) > 1 else ""
            parts.append(f"{head}{one.caution[language]}")
        return " · ".join(parts) or "–"

    return Words(th=said("th"), en=said("en"))


def _complete_within(of: Sequence[Layer]) -> str | CompleteWithin:
    """Where all say the same it holds of the whole; else nothing is proven anywhere."""
    first, *others = (one.complete_within for one in of)
    return first if all(one == first for one in others) else "none"


def stack_faults(
    id: str, entries: Entries, document: Document, withheld: Iterable[str] = ()
) -> Iterator[Fault]:
    """Find what keeps a stack from being read as one layer, and tell which members are absent."""
    stack = entries[id]
    assert isinstance(stack, Stack)
    path = ("layers", id, "best_of" if stack.best_of is not None else "slope_of")
    if (loop := _loop(id, entries, ())) is not None:
        yield document.fault("stack_loop", path, found=" → ".join(loop))
        return
    for twice in sorted({one for one in stack.named if stack.named.count(one) > 1}):
        yield document.fault("stack_member_twice", path, found=twice)
    members = members_of(id, entries)
    unlike = list(_unlike(stack, members, entries, path, document))
    yield from unlike
    lost = [one for one in members.absent if one not in set(withheld)]
    if not members.present and not unlike and stack.kind != "raster" and not stack.may_be_absent:
        yield document.fault("stack_without_members", path, found=", ".join(stack.named))
    elif not unlike:
        for one in lost:
            taken = ", ".join(members.read)
            yield document.fault(
                "stack_member_absent",
                path,
                found=one,
                severity="notes",
                expected=nearest(one, entries) or taken or "–",
                values={"taken": taken or "–"},
            )


def _loop(id: str, entries: Entries, above: tuple[str, ...]) -> tuple[str, ...] | None:
    """Give the way by which a stack holds itself; None where it does not."""
    if id in above:
        return (*above[above.index(id) :], id)
    found = (_loop(one, entries, (*above, id)) for one in _named(entries.get(id)))
    return next((loop for loop in found if loop is not None), None)


def _unlike(
    stack: Stack, members: Members, entries: Entries, path: tuple[str, ...], document: Document
) -> Iterator[Fault]:
    """Find members that cannot stand for one another."""
    if stack.slope_of is not None and stack.kind != "raster":
        yield document.fault(
            "wrong_value", ("layers", path[1], "kind"), found=stack.kind, expected="raster"
        )
        return
    of = {id: _as_read(id, members, entries) for id in members.present}
    for id, layer in of.items():
        if layer.kind != stack.kind:
            yield document.fault(
                "stack_kind_differs",
                path,
                found=layer.kind,
                expected=stack.kind,
                values={"layer": id},
            )
    if any(layer.kind != stack.kind for layer in of.values()):
        return
    if stack.slope_of is not None:
        yield from _heights_unlike(stack.slope_of, members, entries, path, document)
    wanted = _wanted(stack, of)
    for id, layer in of.items():
        if stack.kind == "raster" and not _same(layer.unit, wanted.unit):
            yield document.fault(
                "stack_unit_differs",
                path,
                found=layer.unit or "–",
                expected=wanted.unit or "–",
                values={"layer": id},
            )
        if _keys(layer) != _keys(wanted):
            yield document.fault(
                "stack_classes_differ",
                path,
                found=_shown(layer),
                expected=_shown(wanted),
                values={"layer": id},
            )
        yield from _columns_unlike(id, layer, wanted, stack, path, document)


def _heights_unlike(
    heights: str, members: Members, entries: Entries, path: tuple[str, ...], document: Document
) -> Iterator[Fault]:
    """Refuse a slope of what is not heights in metres over metres of land."""
    stacked = isinstance(entries.get(heights), Stack)
    slopes = members_of(heights, entries).slopes if stacked else frozenset[str]()
    for id in members.present:
        layer = entries[id]
        assert isinstance(layer, Layer)
        unit = "percent" if id in slopes else layer.unit or "–"
        if not same_unit(unit, "m") or not in_metres(str(layer.crs)):
            yield document.fault(
                "slope_needs_metres", path, found=f"{unit}, {layer.crs}", values={"layer": id}
            )


def _wanted(stack: Stack, of: Mapping[str, Layer]) -> Stack:
    """Say what every member must have: what the stack says, else what the first has."""
    first = next(iter(of.values()), None)
    if first is None:
        return stack
    return stack.model_copy(
        update={
            "unit": stack.unit if stack.unit is not None else first.unit,
            "classes": stack.classes or first.classes,
            "columns": {**first.columns, **stack.columns},
        }
    )


def _columns_unlike(
    id: str, layer: Layer, wanted: Stack, stack: Stack, path: tuple[str, ...], document: Document
) -> Iterator[Fault]:
    """Find columns a member lacks, and those in which its numbers mean something else."""
    for name, column in wanted.columns.items():
        if name not in layer.columns:
            if name in stack.columns:
                yield document.fault(
                    "stack_column_missing",
                    path,
                    found=name,
                    expected=", ".join(layer.columns) or "–",
                    values={"layer": id},
                )
        elif not _same(layer.columns[name].unit, column.unit):
            yield document.fault(
                "stack_unit_differs",
                path,
                found=f"{name}: {layer.columns[name].unit or '–'}",
                expected=column.unit or "–",
                values={"layer": id},
            )


def _same(unit: str | None, other: str | None) -> bool:
    return unit == other or (unit is not None and other is not None and same_unit(unit, other))


def _keys(layer: Layer | Stack) -> dict[str, str]:
    return {code: one.key for code, one in layer.classes.items()}


def _shown(layer: Layer | Stack) -> str:
    written = ", ".join(f"{code}: {key}" for code, key in _keys(layer).items()) or "–"
    return written if len(written) <= 120 else f"{written[:117]}..."

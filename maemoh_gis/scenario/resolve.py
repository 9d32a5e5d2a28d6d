"""
Inheritance: a scenario says what it changes, and every change is on record.

`change` gives new values to keys that exist in the base, `add` gives new keys. A key that does not
exist is an error that names the nearest one, so a typing error can never pass as a new fact.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from maemoh_gis.core.errors import FormatError
from maemoh_gis.core.faults import Fault
from maemoh_gis.documents.schema import keys_at, nearest, nearest_first, validate
from maemoh_gis.documents.yaml import Document, KeyPath, Place, read_yaml
from maemoh_gis.files import is_there, sha256_of
from maemoh_gis.layers.catalog import Catalog
from maemoh_gis.scenario.after_use import NO_RULES, Rules, rules_of
from maemoh_gis.scenario.answered import answered, answering
from maemoh_gis.scenario.change import Change
from maemoh_gis.scenario.in_year import in_its_year
from maemoh_gis.scenario.settings.scenario import Scenario, ScenarioFile
from maemoh_gis.scenario.worded import worded

SUFFIX = ".yaml"
_MAE_MO = "change: {area: {layer: districts, where: {code: 5202}}}"
_OWN_KEYS = ("id", "title", "question", "leads_to", "year")
# What a base may leave out altogether, and a scenario may add to entry by entry.
_MAPS = frozenset(name for name, field in Scenario.model_fields.items() if field.default == {})


@dataclass(frozen=True)
class Resolved:
    """A scenario with everything it inherits."""

    scenario: Scenario
    """What a run works with: the uses it holds, zones as limits and inclusions of its year."""
    written: Scenario
    """The same as it stands in the files."""
    document: Document
    """The whole scenario as plain data, every key with the file and line it comes from."""
    changes: tuple[Change, ...]
    """What the chain changed, base first, then what layers of the catalog answer."""
    files: Mapping[str, str]
    """Checksum of every file of the chain, by name, base first."""
    unworded: Any = None
    """The same data with `{keys}` where its words hold numbers; None where they are filled in."""
    rules: Rules = NO_RULES
    """What may come after on which class of land, by the table of the scenario."""

    @property
    def raw(self) -> Any:
        """Give the data a value may be changed in: words follow only where they name their key."""
        return self.document.data if self.unworded is None else self.unworded


def read_scenario(path: Path, catalog: Catalog | None = None) -> Resolved:
    """
    Read a scenario and everything it extends.

    Without a catalog no class of land is known, and nothing is answered by a layer.
    """
    chain = list(_chain(path))
    base = chain[-1]
    data = copy.deepcopy(base.data)
    places = _Places(base.places)
    changes: list[Change] = []
    faults: list[Fault] = []
    for document in reversed(chain[:-1]):
        own, misplaced = _at_its_place(document)
        faults += misplaced
        child = validate(ScenarioFile, own)
        own_places = _places_by_change(document)
        for change in _changes_of(child, data, document, faults):
            _put(data, change.key.split("."), change.new)
            places.take(own_places, change.key)
            changes.append(change)
    if faults:
        raise FormatError(faults)
    if catalog is not None:
        for change in answered(data, catalog):
            _put(data, change.key.split("."), change.new)
            places.move(change.key, catalog.document.place(("layers", answering(change.new))))
            changes.append(change)
    whole = worded(Document(data, places.of, chain[0].file))
    written = validate(Scenario, whole)
    if written.id != path.stem:
        raise FormatError(
            chain[0].fault("id_not_file_name", ("id",), found=written.id, expected=path.stem)
        )
    files = {d.file: sha256_of(path.parent / Path(d.file).name) for d in reversed(chain)}
    rules = NO_RULES if catalog is None else rules_of(written, catalog)
    meant = in_its_year(written, rules)
    return Resolved(meant, written, whole, tuple(changes), files, data, rules)


def _chain(path: Path) -> Iterator[Document]:
    """Read a scenario and its bases, the scenario first."""
    seen: list[str] = []
    while True:
        _require_no_way_out(path)
        document = read_yaml(path, name="/".join(filter(None, (path.parent.name, path.name))))
        if not isinstance(document.data, dict):
            shown = str(document.data)[:60]
            raise FormatError(document.fault("wrong_type", (), found=shown, expected="key: value"))
        yield document
        seen.append(path.stem)
        if "extends" not in document.data:
            return
        base = document.data["extends"]
        if not isinstance(base, str):
            shown = "null" if base is None else str(base)
            raise FormatError(
                document.fault("wrong_type", ("extends",), found=shown, expected="text")
            )
        where = path.parent / f"{base}{SUFFIX}"
        if str(base) in seen:
            loop = " → ".join([*seen, str(base)])
            raise FormatError(document.fault("inheritance_loop", ("extends",), found=loop))
        if not is_there(where):
            names = sorted(p.stem for p in path.parent.glob(f"*{SUFFIX}"))
            near = nearest_first(str(base), names)
            raise FormatError(
                document.fault("unknown_scenario", ("extends",), found=str(base), expected=near)
            )
        path = where


def _require_no_way_out(path: Path) -> None:
    """Refuse a link to a file elsewhere: messages would show what a received folder points at."""
    if path.is_symlink() and path.resolve().parent != path.parent.resolve():
        raise FormatError(Fault("scenario_link", str(path), found=path.name))


def _at_its_place(document: Document) -> tuple[Document, list[Fault]]:
    """Take from a scenario that extends another what only a whole one has at its top."""
    foreign = Scenario.model_fields.keys() - ScenarioFile.model_fields.keys()
    own = {key: value for key, value in document.data.items() if key not in foreign}
    faults = []
    for key in (key for key in document.data if key in foreign):
        inside = document.data[key]
        inner = f".{next(iter(inside))}" if isinstance(inside, dict) and inside else ""
        expected = f"change: {{{key}{inner}: …}}"
        faults.append(document.fault("under_change", (key,), found=key, expected=expected))
    return replace(document, data=own), faults


def _changes_of(
    child: ScenarioFile, data: dict[str, Any], document: Document, faults: list[Fault]
) -> Iterator[Change]:
    """List what a scenario changes in the data of its base."""
    for key in _OWN_KEYS:
        if key in document.data:
            yield Change(key, data.get(key), document.data[key], child.id)
    for key, new in child.change.items():
        fault = missing_key(data, key)
        if fault is None:
            yield Change(key, _get(data, key.split(".")), new, child.id)
        else:
            faults.append(_cannot_change(document, data, key, fault))
    for key, new in child.add.items():
        parent, _, last = key.rpartition(".")
        if parent in _MAPS:
            data.setdefault(parent, {})
        fault = missing_key(data, parent) if parent else None
        if fault is not None:
            faults.append(document.fault("unknown_change", ("add", key), **fault))
        elif not isinstance(_get(data, parent.split(".") if parent else []), dict):
            faults.append(
                document.fault("unknown_change", ("add", key), found=key, expected=parent)
            )
        elif last in _get(data, parent.split(".") if parent else []):
            faults.append(document.fault("add_exists", ("add", key), found=key))
        else:
            yield Change(key, None, new, child.id)


_DECLARED = frozenset({"limits", "uses"})
"""Sections of which an entry may name the layer it needs in place of being tested."""


def _cannot_change(
    document: Document, data: dict[str, Any], key: str, fault: dict[str, str]
) -> Fault:
    """Say how to write a value that the base has no place for, where there is a way."""
    *above, last = key.split(".")
    path = ("change", key)
    if above == ["area"]:
        return document.fault("unknown_area", path, found=key, expected=_MAE_MO)
    if above and missing_key(data, ".".join(above)) is not None:
        return document.fault("unknown_change", path, **fault)
    block = _get(data, above)
    if not isinstance(block, dict) or last not in keys_at(Scenario, above):
        return document.fault("unknown_change", path, **fault)
    # Elsewhere needs are papers or works, and stand for no layer.
    if "needs" not in block or above[0] not in _DECLARED:
        return document.fault("change_of_absent", path, found=key, expected=f"add: {{{key}: …}}")
    kept = [name for name in block if name != "needs"]
    lines = ", ".join(f"{name}: …" for name in dict.fromkeys([*kept, "layer", "test", last]))
    expected = f"change: {{{'.'.join(above)}: {{{lines}}}}}"
    return document.fault("change_of_declared", path, found=key, expected=expected)


def missing_key(data: Any, key: str) -> dict[str, str] | None:
    """Say which part of a dotted key does not exist and what is near it."""
    current = data
    done: list[str] = []
    for part in key.split("."):
        choices = current if isinstance(current, dict) else {}
        if part not in choices:
            near = nearest(part, choices)
            expected = ".".join([*done, near]) if near else ", ".join(choices) or ".".join(done)
            return {"found": key, "expected": expected}
        current = current[part]
        done.append(part)
    return None


def _get(data: Any, parts: list[str]) -> Any:
    for part in parts:
        data = data[part]
    return data


def _put(data: dict[str, Any], parts: list[str], value: Any) -> None:
    *above, last = parts
    _get(data, above)[last] = value


class _Places:
    """Where every key was written, with what stands below each, so that thousands of changes take
    as long as they are many.
    """

    def __init__(self, of: Mapping[KeyPath, Place]) -> None:
        self.of: dict[KeyPath, Place] = {}
        self._below: dict[KeyPath, list[KeyPath]] = {}
        for path, place in of.items():
            self._put(path, place)

    def take(self, own: Mapping[KeyPath, list[tuple[KeyPath, Place]]], key: str) -> None:
        """Let faults in a changed value point to where the change was written."""
        target = tuple(key.split("."))
        starts = [(key,)] if key in _OWN_KEYS else [("change", key), ("add", key)]
        for start in starts:
            if start not in own:
                continue
            for old in self._below.get(target, ()):
                self.of.pop(old, None)
            for path, place in own[start]:
                self._put(target + path[len(start) :], place)

    def move(self, key: str, place: Place) -> None:
        """Let faults in a value point to one place, where what brings it was written."""
        target = tuple(key.split("."))
        for old in self._below.get(target, ()):
            self.of.pop(old, None)
        self._put(target, place)

    def _put(self, path: KeyPath, place: Place) -> None:
        self.of[path] = place
        for depth in range(1, len(path) + 1):
            self._below.setdefault(path[:depth], []).append(path)


def _places_by_change(document: Document) -> dict[KeyPath, list[tuple[KeyPath, Place]]]:
    """Sort the places of a scenario by the change or addition they belong to."""
    found: dict[KeyPath, list[tuple[KeyPath, Place]]] = {}
    for path, place in document.places.items():
        for start in {path[:1], path[:2]}:
            found.setdefault(start, []).append((path, place))
    return found

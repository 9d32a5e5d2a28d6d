"""
Layers brought in, each in a folder of its own, and the one step that makes one of them count.

The folder comes first, which nobody reads yet; the catalog that names it is replaced in one step
after it. What a killed process left is a folder that no catalog names, and the next one removes it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from maemoh_gis.core.errors import FileError, LayerError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.locks import held
from maemoh_gis.documents.yaml import parse_yaml
from maemoh_gis.files import read_json, read_text, remove, whole_folder, write_json, write_text
from maemoh_gis.intake.catalog_text import without_entry
from maemoh_gis.intake.ground import ABOVE_BUNDLED, ALONE, OWN, Ground
from maemoh_gis.layers.catalog import FILE_NAME

_NOTE = "added.json"
"""What stands beside the file of a layer that was brought in, and says how to take it back."""
_LOCK = ".adding.lock"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Let one process at a time bring layers into a folder, and clear up after killed ones."""
    with held(folder / OWN / _LOCK, wait=True):
        named = _named_in(folder / FILE_NAME)
        for id in _kept(folder):
            if id not in named:
                remove(folder / OWN / id)
        try:
            yield
        finally:
            _leave_no_trace(folder)


def _leave_no_trace(folder: Path) -> None:
    """Take the folder away in which nothing but the lock is left."""
    place = folder / OWN
    if [path.name for path in place.iterdir()] == [_LOCK]:
        remove(place)


def shelve(ground: Ground, id: str, note: dict[str, Any], write: Callable[[Path], object]) -> None:
    """Put the file of a layer, and how to take it back, into a folder of its own."""
    number = 1 + max((int(one["number"]) for one in _notes(ground.folder).values()), default=0)
    with whole_folder(ground.folder / OWN / id) as draft:
        write(draft)
        write_json(draft / _NOTE, {"id": id, "number": number, **note})


def count(ground: Ground) -> None:
    """Replace the catalog; from here on the layer counts."""
    write_text(ground.path, ground.content)


def last_added(folder: Path) -> str:
    """Name the layer that was brought in last; raise LayerError where there is none."""
    notes = _notes(folder)
    if not notes:
        raise LayerError(Fault("intake_none_added", str(folder)))
    return max(notes, key=lambda id: int(notes[id]["number"]))


def take_back(folder: Path, id: str) -> str:
    """Take a layer back whole: out of the catalog in one step, then its folder."""
    notes = _notes(folder)
    if id not in notes:
        expected = ", ".join(notes) or "–"
        raise LayerError(
            Fault("intake_not_added", str(folder), key=id, found=id, expected=expected)
        )
    path, before = folder / FILE_NAME, notes[id].get("before")
    content = without_entry(read_text(path), str(path), id)
    if checksum_of_text(content.removesuffix("\n")) == before:
        content = content.removesuffix("\n")  # the line feed came with the layer
    if content in (ALONE, ABOVE_BUNDLED):
        remove(path)
    else:
        write_text(path, content)
    remove(folder / OWN / id)
    return id


def checksum_of_text(content: str) -> str:
    """Give what tells a text from any other."""
    return hashlib.sha256(content.encode("utf-8")).hexdigest()


def _kept(folder: Path) -> list[str]:
    """List the folders of layers that were brought in, named by a catalog or not."""
    return sorted(path.parent.name for path in (folder / OWN).glob(f"*/{_NOTE}"))


def _named_in(path: Path) -> set[str]:
    if not path.is_file():
        return set()
    data = parse_yaml(read_text(path), str(path)).data
    layers = data.get("layers") if isinstance(data, dict) else None
    return set(layers) if isinstance(layers, dict) else set()


def _notes(folder: Path) -> dict[str, dict[str, Any]]:
    """Read how each layer was brought in that the catalog still names."""
    found = {}
    for id in _kept(folder):
        if id in _named_in(folder / FILE_NAME):
            note = _note(folder / OWN / id / _NOTE)
            if note is not None:
                found[id] = note
    return found


def _note(path: Path) -> dict[str, Any] | None:
    try:
        note = read_json(path)
    except FileError:
        return None
    is_note = isinstance(note, dict) and isinstance(note.get("number"), int)
    return note if is_note else None

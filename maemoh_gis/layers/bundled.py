"""Layers that come with the program, standing beneath those of a catalog that extends them."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from maemoh_gis.documents.schema import validate
from maemoh_gis.documents.yaml import Document, read_yaml
from maemoh_gis.layers.entries import CatalogFile, Layer, Stack
from maemoh_gis.layers.stacks import Entries

_PACKAGE = Path(str(resources.files("maemoh_gis")))


def package_folder() -> Path:
    """Give the folder the program is installed in, in which nobody works."""
    return _PACKAGE.resolve()


def bundled_folder() -> Path:
    """Give the folder of what comes with the program: in the package, or beside it in a clone."""
    installed = _PACKAGE / "bundled"
    return installed if installed.is_dir() else _PACKAGE.parent


def with_bundled(
    document: Document, entries: Entries, file_name: str
) -> tuple[dict[str, Layer | Stack], dict[str, Path]]:
    """
    Put the entries that come with the program beneath those of a document that extends them.

    An entry of its own stands in the place of the bundled one of its id. A stack that names its own
    id means the one it replaces, which is then `bundled_ID`. One that is at fault replaces it too:
    what it replaces would be taken unseen.

    Returns
    -------
    entries, folders : dict, dict
        By id; and the folder of those that come with the program.
    """
    data = document.data if isinstance(document.data, dict) else {}
    if data.get("extends") != "bundled":
        return dict(entries), {}
    folder = bundled_folder() / "layers"
    bundled = validate(CatalogFile, read_yaml(folder / file_name)).layers
    own = {id: _over(id, entry, bundled) for id, entry in entries.items()}
    named = {name for entry in own.values() if isinstance(entry, Stack) for name in entry.named}
    beneath = {
        name: entry
        for id, entry in bundled.items()
        for name in ([id] if id not in data.get("layers", {}) else [_replaced(id)])
        if name == id or name in named
    }
    return {**beneath, **own}, dict.fromkeys(beneath, folder)


def _replaced(id: str) -> str:
    return f"bundled_{id}"


def _over(id: str, entry: Layer | Stack, bundled: Entries) -> Layer | Stack:
    """Let a stack that names itself mean the bundled entry of its id."""
    if not isinstance(entry, Stack) or id not in bundled:
        return entry
    if entry.slope_of == id:
        return entry.model_copy(update={"slope_of": _replaced(id)})
    best = [_replaced(id) if one == id else one for one in entry.best_of or ()]
    return entry.model_copy(update={"best_of": best}) if entry.best_of is not None else entry

"""
Writing the bundled layers again from their sources, and the catalog's checksums and accuracy.

The builders were measured with certain sources; another edition may change what the catalog claims,
so sources are told apart by checksum. All layers are written beside the old ones first and replace
them only when every builder is done.
"""

from __future__ import annotations

import importlib
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.locks import workshop
from maemoh_gis.files import cannot, read_csv, read_text, sha256_of, write_csv, write_text
from maemoh_gis.layers.catalog import FILE_NAME, SOURCES_FILE, Catalog, read_catalog

_PARTS = ("reference", "facts")

THEMES = (
    "areas",
    "forest_acts",
    "statistics",
    "railway",
    "roads",
    "freight_places",
    "freight_demand",
    "terrain",
    "water",
    "mine",
    "places",
    "land_use.layer",
    "land_cover",
    "bare_ground",
    "land_use.observed",
    "people",
    "villages",
    "public_places",
    "outlines",
    "traffic",
    "planning",
    "observed_roads",
    "observed_rail",
    "observed_water",
)
"""Builders in the order they must run; the land use model reads what the others wrote."""

Accuracy = Mapping[str, Mapping[str, float | int]]


def rebuild(
    sources: Path, out: Path, *, described_in: Path | None = None, any_sources: bool = False
) -> list[str]:
    """
    Write the bundled layers and update the catalog.

    Parameters
    ----------
    sources : Path
        Folder with `reference/` and `facts/`.
    out : Path
        Layers folder to write.
    described_in : Path, optional
        Folder whose `catalog.yaml` and `sources.csv` describe the layers; `out` by default.
    any_sources : bool
        Go on although a source is not the one the accuracy was measured with.

    Returns
    -------
    list of str
        Ids of the layers written, in the order of the catalog.

    Raises
    ------
    LayerError
        With every source that is missing or different, or every layer without a builder or entry;
        nothing is changed then.
    FormatError
        If the catalog is faulty.
    FileError
        If a file cannot be read or written.
    """
    described_in = described_in or out
    catalog = read_catalog(described_in)
    faults = list(source_faults(sources, described_in / SOURCES_FILE, any_sources=any_sources))
    if faults:
        raise LayerError(faults)
    # Beside `out`, so that moving the files there is one step each; what a killed rebuild left is
    # removed by the next.
    with workshop(out, ".rebuilding-") as own:
        draft = own / "layers"
        try:
            draft.mkdir()
            measured = _build_all(sources, draft)
            _require_same_layers(catalog, measured, draft)
            checksums = {id: sha256_of(draft / catalog[id].path) for id in catalog.with_files}
            content = described(read_text(described_in / FILE_NAME), checksums, measured)
            for id in catalog.with_files:
                (draft / catalog[id].path).replace(out / catalog[id].path)
            if described_in.resolve() != out.resolve():
                shutil.copyfile(described_in / SOURCES_FILE, out / SOURCES_FILE)
            write_text(out / FILE_NAME, content)
        except OSError as error:
            raise cannot("write", out, error) from error
    read_catalog(out)
    return list(catalog.with_files)


def source_faults(sources: Path, checksums: Path, *, any_sources: bool = False) -> Iterator[Fault]:
    """
    Compare the sources with those the accuracy was measured with.

    Parameters
    ----------
    sources : Path
        Folder with `reference/` and `facts/`.
    checksums : Path
        Table of `file` and `sha256`.
    any_sources : bool
        Report missing files only.

    Yields
    ------
    Fault
        One for each file that is missing or different.
    """
    for row in read_csv(checksums):
        path = sources / row["file"]
        if not path.is_file():
            yield Fault("source_missing", str(sources), key=row["file"], found=row["file"])
        elif not any_sources and (found := sha256_of(path)) != row["sha256"]:
            yield Fault(
                "source_differs",
                str(sources),
                key=row["file"],
                found=found[:12],
                expected=row["sha256"][:12],
            )


def write_source_checksums(sources: Path, path: Path) -> list[str]:
    """
    Write the table of sources, for those who keep the pack.

    Parameters
    ----------
    sources : Path
        Folder with `reference/` and `facts/`.
    path : Path
        Table to write.

    Returns
    -------
    list of str
        The files the builders read: those whose name stands in a builder.
    """
    builders = "\n".join(read_text(module) for module in sorted(Path(__file__).parent.glob("*.py")))
    # A layer that is written may have the name of a source that is not read.
    names = set(re.findall(r'(?<!out / )"([\w.-]+\.[a-z]+)"', builders))
    found = [
        file.relative_to(sources).as_posix()
        for part in _PARTS
        for file in sorted((sources / part).rglob("*"))
        if file.name in names
    ]
    write_csv(path, ("file", "sha256"), [(file, sha256_of(sources / file)) for file in found])
    return found


def described(content: str, checksums: Mapping[str, str], measured: Accuracy) -> str:
    """
    Put checksums and accuracy into the text of a catalog, leaving everything else as it is.

    Parameters
    ----------
    content : str
        Text of `catalog.yaml`; every entry states a `sha256`.
    checksums : mapping of str to str
        Checksum by layer id.
    measured : mapping
        Accuracy by layer id and measure; a layer without any keeps what is written.

    Returns
    -------
    str
        The new text. Comments, order and quotes stay, so a change shows as changed lines.
    """
    import yaml

    root = yaml.compose(content, Loader=yaml.SafeLoader)
    entries = dict(_items(_below(root, "layers")))
    edits: list[tuple[int, int, str]] = []
    for id, checksum in checksums.items():
        keys = dict(_items(entries[id][1]))
        key, value = keys["sha256"]
        edits.append((value.start_mark.index, value.end_mark.index, f'"{checksum}"'))
        if not measured.get(id):
            continue
        written = _flow_mapping(measured[id])
        if "accuracy" not in keys:
            indent = " " * key.start_mark.column
            edits.append((key.start_mark.index,) * 2 + (f"accuracy: {written}\n{indent}",))
        elif _as_written(keys["accuracy"][1]) != list(measured[id].items()):
            name, old = keys["accuracy"]
            end = len(content[: old.end_mark.index].rstrip())
            edits.append((name.end_mark.index, end, f": {written}"))
    for start, end, new in sorted(edits, reverse=True):
        content = content[:start] + new + content[end:]
    return content


def _build_all(sources: Path, draft: Path) -> dict[str, Mapping[str, float | int]]:
    measured: dict[str, Mapping[str, float | int]] = {}
    for theme in THEMES:
        builder = importlib.import_module(f"pack.{theme}")
        measured.update(builder.build(sources, draft))
    return measured


def _require_same_layers(catalog: Catalog, measured: Accuracy, draft: Path) -> None:
    """Refuse to go on if the builders and the catalog do not speak of the same layers."""
    faults = [
        catalog.document.fault("layer_not_written", ("layers", id), found=catalog[id].path)
        for id in catalog.with_files
        if not (draft / catalog[id].path).is_file()
    ]
    paths = {catalog[id].path for id in catalog.with_files}
    written = sorted(path.name for path in draft.iterdir() if path.is_file())
    strange = [
        *(name for name in written if name not in paths),
        *(id for id in measured if id not in catalog.with_files),
    ]
    faults += [
        catalog.document.fault("layer_without_entry", ("layers",), found=name) for name in strange
    ]
    if faults:
        raise LayerError(faults)


def _as_written(node: Any) -> list[tuple[str, float]]:
    """Read the measures of an entry, in their order."""
    return [(name, float(value.value)) for name, (_, value) in _items(node)]


def _flow_mapping(values: Mapping[str, float | int]) -> str:
    return "{" + ", ".join(f"{name}: {_number(value)}" for name, value in values.items()) + "}"


def _number(value: float) -> str:
    """Write a number as the strict reader takes it: no exponent, a digit on both sides of the
    point.
    """
    if not -1e15 < value < 1e15:  # nor NaN
        raise LayerError(Fault("not_a_measure", found=str(value)))
    if isinstance(value, int):
        return str(value)
    written = f"{float(value):.12f}".rstrip("0")
    return written + "0" if written.endswith(".") else written


def _items(node: Any) -> Iterator[tuple[str, tuple[Any, Any]]]:
    for key, value in node.value:
        yield str(key.value), (key, value)


def _below(node: Any, name: str) -> Any:
    return dict(_items(node))[name][1]

"""
Reading a faulty catalog as far as it goes, so that its faults and those of the files come together.

A run refuses a faulty catalog at once. The audit notes every fault, puts a stand-in where only a
description is missing, and goes on to the file itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pydantic

from maemoh_gis.core.errors import FormatError
from maemoh_gis.core.faults import Fault
from maemoh_gis.documents.schema import validate
from maemoh_gis.documents.yaml import Document, read_yaml
from maemoh_gis.layers.bundled import with_bundled
from maemoh_gis.layers.catalog import FILE_NAME, Catalog, described, entry_faults
from maemoh_gis.layers.entries import CatalogFile, Layer, Stack, entry_of

NOT_STATED = "0" * 64
"""Stands for a checksum that the catalog does not state."""

_OF_OTHERS = {"unknown_layer", "stack_member_absent"}
"""Faults of an entry that say another is not there; one that is only at fault is told by itself."""
_WORDS = {"th": "–", "en": "–"}
_STAND_INS: Mapping[str, Any] = {
    "title": _WORDS,
    "nature": "published",
    "confidence": "L",
    "complete_within": "none",
    "source": "not stated",
    "licence": "not-stated",
    "as_of": 2569,
    "retrieved": "2569-01-01",
    "caution": _WORDS,
    "sha256": NOT_STATED,
}


def read_for_audit(folder: Path, *, name: str | None = None) -> tuple[Catalog, list[Fault]]:
    """Read a catalog and its faults; layers that cannot be understood are left out."""
    document = read_yaml(folder / FILE_NAME, name=name or f"{folder.name}/{FILE_NAME}")
    try:
        entries = dict(validate(CatalogFile, document).layers)
        faults: list[Fault] = []
    except FormatError as error:
        faults = list(error.faults)
        entries = _understood(document, faults)
    entries, folders = with_bundled(document, entries, FILE_NAME)
    known = {(fault.file, fault.key) for fault in faults}
    named = set(_entries(document))
    faults += [
        fault
        for fault in entry_faults(entries, document)
        if (fault.file, fault.key) not in known
        and not (fault.code in _OF_OTHERS and fault.found in named)
    ]
    return described(folder, document, entries, folders=folders), faults


def _entries(document: Document) -> Mapping[str, Any]:
    data = document.data
    entries = data.get("layers") if isinstance(data, dict) else None
    return entries if isinstance(entries, dict) else {}


def _understood(document: Document, faults: list[Fault]) -> dict[str, Layer | Stack]:
    """Give the layers that can be read once stand-ins fill what is missing or wrong."""
    entries = _entries(document)
    if not entries:
        raise FormatError(faults)
    layers: dict[str, Layer | Stack] = {}
    for id, entry in entries.items():
        at_fault = [
            fault.key.split(".")[2:]
            for fault in faults
            if fault.key and fault.key.startswith(f"layers.{id}.")
        ]
        if isinstance(entry, dict):
            try:
                layers[id] = entry_of(_mended(entry, at_fault))
            except pydantic.ValidationError:
                continue
    return layers


def _mended(entry: Mapping[str, Any], at_fault: list[list[str]]) -> dict[str, Any]:
    """Replace what is at fault by a stand-in, and take out what no layer has."""
    mended = dict(entry)
    for key, *below in at_fault:
        if key in _STAND_INS:
            mended[key] = _STAND_INS[key]
        elif key == "columns" and below:
            mended[key] = {**mended[key], below[0]: _WORDS}
        elif key == "classes" and below:
            mended[key] = {**mended[key], below[0]: {"key": f"class_{below[0]}", **_WORDS}}
        else:
            mended.pop(key, None)
    return mended

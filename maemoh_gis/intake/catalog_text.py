"""The text of a catalog with one entry more or less, every other line as it stands."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from maemoh_gis.core.errors import FormatError
from maemoh_gis.documents.yaml import Document, parse_yaml, written_yaml


def entry_text(id: str, entry: Mapping[str, Any]) -> str:
    """Write a layer as YAML, set in below `layers:`."""
    return "".join(f"  {line}\n" for line in written_yaml({id: dict(entry)}).splitlines())


def with_entry(content: str, file: str, text: str) -> str:
    """Put an entry behind the others."""
    document = parse_yaml(content, file)
    lines = content.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    start = _line(document, ("layers",))
    if start is None or "{" in lines[start - 1]:
        raise FormatError(document.fault("intake_catalog_form", ("layers",)))
    return "".join(_put(lines, _end(lines, start, indent=0), text))


def without_entry(content: str, file: str, id: str) -> str:
    """Take an entry out, be it changed by hand since it was written."""
    document = parse_yaml(content, file)
    start = _line(document, ("layers", id))
    if start is None:
        return content
    lines = content.splitlines(keepends=True)
    return "".join([*lines[: start - 1], *lines[_end(lines, start, indent=2) :]])


def _line(document: Document, path: tuple[str, ...]) -> int | None:
    return document.places[path].line if path in document.places else None


def _put(lines: list[str], at: int, text: str) -> list[str]:
    return [*lines[:at], text, *lines[at:]]


def _end(lines: list[str], start: int, *, indent: int) -> int:
    """Find where what begins at a line ends: behind its last line that stands deeper."""
    end = start
    for number, line in enumerate(lines[start:], start=start + 1):
        bare = line.strip()
        if not bare or bare.startswith("#"):
            continue
        if len(line) - len(line.lstrip(" ")) <= indent:
            break
        end = number
    return end

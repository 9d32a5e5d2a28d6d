"""
Strict YAML: plain values with the line of every key, and nothing guessed.

A key given twice, `no` meaning false, `12:30` meaning 750, `010` meaning 8, an unquoted date, tags,
anchors: each is refused with its line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from maemoh_gis.errors import Fault, FormatError
from maemoh_gis.files import read_text

if TYPE_CHECKING:
    from pathlib import Path

KeyPath = tuple[str, ...]
"""Keys from the top of a file down to one place."""

_MAX_DEPTH = 30
_MAX_CHARACTERS = 5_000_000

_NULL = re.compile(r"(~|null|)")
_TRUE_FALSE = re.compile(r"(true|false)")
_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(0|[1-9][0-9]*)\.[0-9]+([eE][-+]?[0-9]+)?")
# What YAML 1.1 and 1.2 readers take for different things.
_AMBIGUOUS = re.compile(
    r"(?i:y|n|yes|no|on|off|true|false|null)"
    r"|[-+]?0[0-9_]+|[-+]?0[xob][0-9a-fA-F_]+|[-+]?[0-9]+(_[0-9]+)+"
    r"|[-+]?[0-9]+(:[0-9]+)+(\.[0-9]*)?"
    r"|[-+]?[0-9]+[eE][-+]?[0-9]+|[-+]?\.[0-9]+([eE].*)?|[-+]?[0-9]+\.([eE].*)?"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?"
    r"|[-+]?\.(?i:inf|nan)"
)


@dataclass(frozen=True)
class Place:
    """Where a value was written."""

    file: str
    line: int | None


@dataclass(frozen=True)
class Document:
    """A file as plain dicts, lists and scalars, with the place of every key."""

    data: Any
    places: Mapping[KeyPath, Place]
    file: str

    def place(self, path: Sequence[object]) -> Place:
        """Find where a key, or the nearest key above it, was written."""
        keys = tuple(str(key) for key in path)
        while keys:
            if keys in self.places:
                return self.places[keys]
            keys = keys[:-1]
        return Place(self.file, 1)

    def fault(self, code: str, path: Sequence[object], **more: Any) -> Fault:
        """Make a fault that names the place of `path`."""
        place = self.place(path)
        return Fault(code, place.file, place.line, ".".join(map(str, path)) or None, **more)


def read_yaml(path: Path, *, name: str | None = None) -> Document:
    """
    Read a YAML file without guessing.

    Parameters
    ----------
    path : Path
        File to read, UTF-8.
    name : str, optional
        How messages name the file; the path by default.

    Returns
    -------
    Document
        Values and the line of every key.

    Raises
    ------
    FormatError
        With every fault: syntax, keys given twice, ambiguous scalars, tags, anchors.
    FileError
        If the file cannot be read.
    """
    file = name or str(path)
    return parse_yaml(read_text(path), file)


def parse_yaml(content: str, file: str) -> Document:
    """Read YAML from a text; see `read_yaml`."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    if len(content) > _MAX_CHARACTERS:
        raise FormatError(Fault("yaml_too_large", file, found=str(len(content))))
    try:
        node = YAML(typ="rt", pure=True).compose(content)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise FormatError(Fault("yaml_syntax", file, line, found=error.problem)) from error
    except YAMLError as error:
        raise FormatError(Fault("yaml_syntax", file, found=str(error))) from error
    if node is None:
        raise FormatError(Fault("yaml_empty", file, 1))
    reader = _StrictReader(file, content)
    data = reader.value(node, ())
    if reader.faults:
        raise FormatError(reader.faults)
    return Document(data, reader.places, file)


class _StrictReader:
    """Turns YAML nodes into plain values and gathers what must not be guessed."""

    def __init__(self, file: str, content: str) -> None:
        self.file = file
        self.content = content
        self.faults: list[Fault] = []
        self.places: dict[KeyPath, Place] = {}

    def fault(self, code: str, node: Any, path: KeyPath, **more: Any) -> None:
        line = node.start_mark.line + 1
        self.faults.append(Fault(code, self.file, line, ".".join(path) or None, **more))

    def value(self, node: Any, path: KeyPath) -> Any:
        self.places.setdefault(path, Place(self.file, node.start_mark.line + 1))
        if len(path) > _MAX_DEPTH:
            self.fault("yaml_too_deep", node, path[:3])
            return None
        if node.anchor is not None:
            self.fault("yaml_anchor", node, path, found=f"&{node.anchor}")
            return None
        if self.content[node.start_mark.index : node.start_mark.index + 1] == "!":
            self.fault("yaml_tag", node, path, found=str(node.tag))
            return None
        if node.id == "mapping":
            return self.mapping(node, path)
        if node.id == "sequence":
            return [self.value(item, (*path, str(i))) for i, item in enumerate(node.value)]
        return self.scalar(node, path)

    def mapping(self, node: Any, path: KeyPath) -> dict[str, Any]:
        content: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if key_node.id != "scalar":
                self.fault("yaml_key_not_text", key_node, path)
                continue
            key = str(key_node.value)
            below = (*path, key)
            if key == "<<":
                self.fault("yaml_anchor", key_node, path, found="<<")
                continue
            if key in content:
                first = self.places[below].line
                self.fault("duplicate_key", key_node, below, values={"first_line": first})
                continue
            self.places[below] = Place(self.file, key_node.start_mark.line + 1)
            content[key] = self.value(value_node, below)
        return content

    def scalar(self, node: Any, path: KeyPath) -> Any:
        written = str(node.value)
        if node.style is not None:
            return written
        if _NULL.fullmatch(written):
            return None
        if _TRUE_FALSE.fullmatch(written):
            return written == "true"
        if _INT.fullmatch(written):
            return int(written)
        if _FLOAT.fullmatch(written):
            return float(written)
        if _AMBIGUOUS.fullmatch(written):
            self.fault("ambiguous_scalar", node, path, found=written)
            return None
        return written

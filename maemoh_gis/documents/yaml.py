"""
Strict YAML: plain values with the line of every key, and nothing guessed.

A key given twice, `no` meaning false, `12:30` meaning 750, `010` meaning 8, an unquoted date, tags,
anchors: each is refused with its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from maemoh_gis.core.errors import FormatError
from maemoh_gis.core.faults import Fault
from maemoh_gis.files import read_text

if TYPE_CHECKING:
    from pathlib import Path

KeyPath = tuple[str, ...]
"""Keys from the top of a file down to one place."""

_MAX_DEPTH = 30
_MAX_CHARACTERS = 5_000_000
# Where reading stops at once; between the two every place that is too deep is named.
_MAX_NESTING = 200
# More than any number of this field has; Python itself refuses to read some thousand.
_MAX_DIGITS = 300

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
    """Read a YAML file without guessing."""
    file = name or str(path)
    return parse_yaml(read_text(path), file)


def parse_yaml(content: str, file: str) -> Document:
    """Read YAML from a text; see `read_yaml`."""
    import yaml

    if len(content) > _MAX_CHARACTERS:
        raise FormatError(Fault("yaml_too_large", file, found=str(len(content))))
    try:
        events = list(_events(content, file))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise FormatError(Fault("yaml_syntax", file, line, found=error.problem)) from error
    except yaml.YAMLError as error:
        raise FormatError(_without_mark(error, content, file)) from error
    starts = [event for event in events if isinstance(event, yaml.DocumentStartEvent)]
    if not starts:
        raise FormatError(Fault("yaml_empty", file, 1))
    if len(starts) > 1:
        mark = starts[1].start_mark
        raise FormatError(Fault("yaml_syntax", file, mark.line + 1 if mark else None, found="---"))
    nodes = (yaml.NodeEvent, yaml.CollectionEndEvent)
    reader = _StrictReader(file, [event for event in events if isinstance(event, nodes)])
    data = reader.value(())
    if reader.faults:
        raise FormatError(reader.faults)
    return Document(data, reader.places, file)


def _events(content: str, file: str) -> Iterator[Any]:
    """Read event by event, and stop at nesting too deep before libyaml, which takes time with the
    square of the depth, has gone down all of it.
    """
    import yaml

    depth = 0
    # In C where PyYAML was built with libyaml, as its wheels are: some twenty times quicker.
    for event in yaml.parse(content, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        depth += _is(event, "MappingStart", "SequenceStart")
        depth -= _is(event, "MappingEnd", "SequenceEnd")
        if depth > _MAX_NESTING:
            mark = event.start_mark
            raise FormatError(Fault("yaml_too_deep", file, mark.line + 1 if mark else None))
        yield event


def _without_mark(error: Exception, content: str, file: str) -> Fault:
    """Say where a character stands that no YAML may hold."""
    position = getattr(error, "position", None)
    line = content[:position].count("\n") + 1 if isinstance(position, int) else None
    found = str(getattr(error, "reason", "")) or str(error)
    return Fault("yaml_syntax", file, line, found=found)


def written_yaml(data: Any) -> str:
    """Write plain data so that `parse_yaml` reads it again, quoted only where there is doubt."""
    import yaml

    class Dumper(yaml.SafeDumper):
        """Leaves a text bare where nobody can take it for anything else."""

    def text(dumper: yaml.SafeDumper, written: str) -> yaml.ScalarNode:
        forms = (_NULL, _TRUE_FALSE, _INT, _FLOAT, _AMBIGUOUS)
        style = '"' if any(form.fullmatch(written) for form in forms) else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", written, style=style)

    Dumper.add_representer(str, text)
    return yaml.dump(data, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=4096)


class _StrictReader:
    """Turns the events of one YAML document into plain values and gathers what is not to guess."""

    def __init__(self, file: str, events: Sequence[Any]) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self.places: dict[KeyPath, Place] = {}
        self._events = events
        self._at = 0

    def fault(self, code: str, event: Any, path: KeyPath, **more: Any) -> None:
        """Note a fault where an event begins."""
        line = event.start_mark.line + 1
        self.faults.append(Fault(code, self.file, line, ".".join(path) or None, **more))

    def value(self, path: KeyPath) -> Any:
        """Read the value that comes next."""
        event = self._events[self._at]
        self.places.setdefault(path, Place(self.file, event.start_mark.line + 1))
        if len(path) > _MAX_DEPTH:
            self.fault("yaml_too_deep", event, path[:3])
            return self.skip()
        if event.anchor is not None:
            sign = "*" if _is(event, "Alias") else "&"
            self.fault("yaml_anchor", event, path, found=f"{sign}{event.anchor}")
            return self.skip()
        if event.tag is not None:
            self.fault("yaml_tag", event, path, found=str(event.tag))
            return self.skip()
        self._at += 1
        if _is(event, "MappingStart"):
            return self.mapping(path)
        if _is(event, "SequenceStart"):
            return self.sequence(path)
        return self.scalar(event, path)

    def skip(self) -> None:
        """Pass over a value, with all that is in it."""
        depth = 0
        while True:
            event = self._events[self._at]
            self._at += 1
            depth += _is(event, "MappingStart", "SequenceStart")
            depth -= _is(event, "MappingEnd", "SequenceEnd")
            if depth == 0:
                return

    def sequence(self, path: KeyPath) -> list[Any]:
        """Read a list whose beginning is read."""
        items: list[Any] = []
        while not _is(self._events[self._at], "SequenceEnd"):
            items.append(self.value((*path, str(len(items)))))
        self._at += 1
        return items

    def mapping(self, path: KeyPath) -> dict[str, Any]:
        """Read a mapping whose beginning is read."""
        content: dict[str, Any] = {}
        while not _is(key_event := self._events[self._at], "MappingEnd"):
            key = self.key(key_event, path)
            if key is None:
                self.skip()
            elif key in content:
                below = (*path, key)
                first = self.places[below].line
                self.fault("duplicate_key", key_event, below, values={"first_line": first})
                self.skip()
            else:
                below = (*path, key)
                self.places[below] = Place(self.file, key_event.start_mark.line + 1)
                content[key] = self.value(below)
        self._at += 1
        return content

    def key(self, event: Any, path: KeyPath) -> str | None:
        """Read a key; None where it cannot be one."""
        self.skip()
        if _is(event, "Alias") or event.anchor is not None:
            self.fault("yaml_anchor", event, path, found=f"&{event.anchor}")
        elif not _is(event, "Scalar"):
            self.fault("yaml_key_not_text", event, path)
        elif event.value == "<<":
            self.fault("yaml_anchor", event, path, found="<<")
        elif event.tag is not None:
            self.fault("yaml_tag", event, path, found=str(event.tag))
        else:
            return str(event.value)
        return None

    def scalar(self, event: Any, path: KeyPath) -> Any:
        """Read what is neither a list nor a mapping."""
        written = str(event.value)
        if event.style:
            return written
        if _NULL.fullmatch(written):
            return None
        if _TRUE_FALSE.fullmatch(written):
            return written == "true"
        if _INT.fullmatch(written):
            if len(written) > _MAX_DIGITS:
                self.fault("number_too_long", event, path, found=f"{written[:20]}…",
                           values={"digits": len(written)})  # fmt: skip
                return None
            return int(written)
        if _FLOAT.fullmatch(written):
            return float(written)
        if _AMBIGUOUS.fullmatch(written):
            self.fault("ambiguous_scalar", event, path, found=written)
            return None
        return written


def _is(event: Any, *kinds: str) -> bool:
    """Say whether an event is of one of some kinds; its class is not imported before it is met."""
    return type(event).__name__.removesuffix("Event") in kinds

"""
Reading the files people write: strict YAML, checked models, every fault at once with its line.

YAML guesses are refused rather than guessed: a key given twice, `no` meaning false, `12:30` meaning
750, `010` meaning 8, an unquoted date. What a file may say is declared once, as a pydantic model.
"""

from __future__ import annotations

import difflib
import json
import re
import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import pydantic
from pydantic_core import PydanticCustomError

from maemoh_gis import units
from maemoh_gis.errors import Fault, FormatError
from maemoh_gis.files import read_text
from maemoh_gis.language import Language

if TYPE_CHECKING:
    from pathlib import Path

KeyPath = tuple[str, ...]
"""Keys from the top of a file down to one place."""

ModelT = TypeVar("ModelT", bound=pydantic.BaseModel)

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


class Strict(pydantic.BaseModel):
    """Base of everything a file may say: no unknown keys, nothing changes after reading."""

    model_config = pydantic.ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        use_attribute_docstrings=True,
        allow_inf_nan=False,
        populate_by_name=False,
    )


class Words(Strict):
    """A text for people in both languages."""

    th: Annotated[str, pydantic.Field(min_length=1)]
    """Thai."""
    en: Annotated[str, pydantic.Field(min_length=1)]
    """English."""

    def __getitem__(self, language: str) -> str:
        """Give the text in a language."""
        return self.th if language == "th" else self.en

    def both(self) -> dict[Language, str]:
        """Give the text in every language."""
        return {"th": self.th, "en": self.en}


def _year_be(year: int) -> int:
    try:
        return units.check_year_be(year)
    except FormatError as error:
        fault = error.faults[0]
        raise custom_error(fault.code, **fault.values) from error


def _crs(code: str) -> str:
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        CRS(code)
    except CRSError as error:
        raise custom_error("unknown_crs") from error
    return code


def _relative_path(path: str) -> str:
    parts = re.split(r"[\\/]", path)
    if ".." in parts or parts[0] == "" or ":" in path or path.startswith("~"):
        raise custom_error("path_leaves_project")
    return path


def _date_be(written: str) -> str:
    match = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", written)
    if not match or not (1 <= int(match[2]) <= 12 and 1 <= int(match[3]) <= 31):
        raise custom_error("not_a_date")
    _year_be(int(match[1]))
    return written


Confidence = typing.Literal["H", "M", "L", "ASSUMPTION"]
"""How far a number can be trusted: high, medium, low, or this project's own assumption."""
YearBE = Annotated[int, pydantic.AfterValidator(_year_be)]
"""A Buddhist Era year."""
DateBE = Annotated[str, pydantic.AfterValidator(_date_be)]
"""A quoted Buddhist Era date, "2569-11-21"."""
Crs = Annotated[str, pydantic.AfterValidator(_crs)]
"""A coordinate reference system by authority and code, such as EPSG:32647."""
ProjectPath = Annotated[str, pydantic.AfterValidator(_relative_path)]
"""A path inside the project folder."""
Name = Annotated[str, pydantic.Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
"""An id: small letters, digits, underscores."""


def custom_error(code: str, **values: object) -> PydanticCustomError:
    """Make a validation error that carries the code of a fault."""
    return PydanticCustomError("maemoh", "{code}", {"code": code, "values": values})


def validate(model: type[ModelT], document: Document) -> ModelT:
    """
    Check a document against its model.

    Parameters
    ----------
    model : type
        Pydantic model of the file.
    document : Document
        What was read.

    Returns
    -------
    model
        The checked, frozen content.

    Raises
    ------
    FormatError
        With one fault for every defect, each with file, line and key.
    """
    try:
        return model.model_validate(document.data)
    except pydantic.ValidationError as error:
        faults = [_fault_of(dict(item), model, document) for item in error.errors()]
        # A mistyped key is one defect, not an unknown key and a missing one.
        meant = {(f.key or "").removesuffix(f.found or "") + (f.expected or "")
                 for f in faults if f.code == "unknown_key"}  # fmt: skip
        faults = [f for f in faults if f.code != "missing_key" or f.key not in meant]
        raise FormatError(sorted(faults, key=lambda f: (f.file or "", f.line or 0))) from None


def nearest(name: str, choices: Iterable[str]) -> str | None:
    """Find the name that was most likely meant, or None if none is near."""
    close = difflib.get_close_matches(name, list(choices), n=1, cutoff=0.5)
    return close[0] if close else None


_EXPECTED: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "literal_error": lambda c: (
        str(c["expected"]).replace("'", "").replace(" or ", ", ").replace("True", "true")
    ),
    "greater_than": lambda c: f"> {c['gt']:g}",
    "greater_than_equal": lambda c: f">= {c['ge']:g}",
    "less_than": lambda c: f"< {c['lt']:g}",
    "less_than_equal": lambda c: f"<= {c['le']:g}",
    "string_pattern_mismatch": lambda c: str(c["pattern"]),
    "too_short": lambda c: f">= {c['min_length']}",
    "too_long": lambda c: f"<= {c['max_length']}",
}
_TYPES = {"int": "1", "float": "1.5", "string": "text", "bool": "true / false"}
_TYPES |= dict.fromkeys(("model", "dict"), "key: value") | dict.fromkeys(("list", "tuple"), "[ , ]")


def _fault_of(error: dict[str, Any], model: type[pydantic.BaseModel], document: Document) -> Fault:
    path = tuple(p for p in error["loc"] if p != "[key]")
    kind, context = str(error["type"]), error.get("ctx", {})
    found = _shown(error["input"])
    if kind == "maemoh":
        values = context["values"]
        return document.fault(context["code"], path, found=found, values=values)
    if kind == "missing":
        return document.fault("missing_key", path)
    if kind == "extra_forbidden":
        names = _fields_at(model, path[:-1])
        suggestion = nearest(str(path[-1]), names)
        return document.fault(
            "unknown_key", path, found=str(path[-1]), expected=suggestion or ", ".join(names)
        )
    if kind in _EXPECTED:
        return document.fault("wrong_value", path, found=found, expected=_EXPECTED[kind](context))
    return document.fault(
        "wrong_type", path, found=found, expected=_TYPES.get(kind.split("_", maxsplit=1)[0], kind)
    )


def _shown(value: object) -> str:
    plain = value is None or isinstance(value, bool)
    written = json.dumps(value) if plain else str(value)
    return written if len(written) <= 60 else written[:57] + "..."


def _fields_at(model: Any, path: Sequence[object]) -> list[str]:
    """List the keys that a model allows at a place."""
    current = model
    for key in path:
        current = _below(current, key)
        if current is None:
            return []
    current = _unwrapped(current)
    if isinstance(current, type) and issubclass(current, pydantic.BaseModel):
        return [field.alias or name for name, field in current.model_fields.items()]
    return []


def _below(annotation: Any, key: object) -> Any:
    annotation = _unwrapped(annotation)
    if isinstance(annotation, type) and issubclass(annotation, pydantic.BaseModel):
        for name, field in annotation.model_fields.items():
            if str(key) in (name, field.alias):
                return field.annotation
        return None
    arguments = typing.get_args(annotation)
    return arguments[-1] if arguments else None


def _unwrapped(annotation: Any) -> Any:
    """Look through Optional and Annotated."""
    origin = typing.get_origin(annotation)
    if origin is Annotated:
        return _unwrapped(typing.get_args(annotation)[0])
    if origin in (typing.Union, types.UnionType):
        options = [a for a in typing.get_args(annotation) if a is not type(None)]
        options = [a for a in options if hasattr(a, "model_fields")] or options
        return _unwrapped(options[0]) if len(options) == 1 else annotation
    return annotation

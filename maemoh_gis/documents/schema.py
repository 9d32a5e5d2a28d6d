"""
What the files people write may say, declared once as pydantic models and checked all at once.

Every fault carries the file, line and key of the document it was found in.
"""

from __future__ import annotations

import difflib
import json
import re
import types
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any, TypeVar

import pydantic
from pydantic_core import PydanticCustomError

from maemoh_gis.core import units
from maemoh_gis.core.errors import FormatError, RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.messages import Language
from maemoh_gis.documents.yaml import Document

A_PLACE = "18.296,99.752"
"""How a place is written: latitude before longitude."""

ModelT = TypeVar("ModelT", bound=pydantic.BaseModel)


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
    for part in parts:
        _not_reserved(part)
    return path


def _not_reserved(name: str) -> str:
    """Refuse names that Windows keeps for devices or cannot hold, so that a folder can be sent."""
    if name.split(".", maxsplit=1)[0].strip().lower() in _DEVICES or name != name.rstrip(". "):
        raise custom_error("name_of_windows")
    return name


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
_PORTS = (f"{port}{n}" for port in ("com", "lpt") for n in range(10))
_DEVICES = frozenset({"con", "prn", "aux", "nul", *_PORTS})
ProjectPath = Annotated[str, pydantic.AfterValidator(_relative_path)]
"""A path inside the project folder."""
_NAME, _DIGITS = r"^[a-z][a-z0-9_]{0,62}$", r"^[0-9]+$"
_CHECKSUM, _UNIT = r"^[0-9a-f]{64}$", r"^[A-Z][A-Z0-9-]{0,30}$"
_COLOUR, _DASH = r"^#[0-9a-f]{6}$", r"^[0-9]+( [0-9]+)*$"
_PATTERNS = {
    _NAME: "not_a_name", _DIGITS: "not_a_class_code", _CHECKSUM: "not_a_checksum",
    _UNIT: "not_a_unit_name", _COLOUR: "not_a_colour", _DASH: "not_a_dash",
}  # fmt: skip
"""Faults of texts that are not written as they must be; a pattern tells nobody how."""
Colour = Annotated[str, pydantic.Field(pattern=_COLOUR)]
"""Red, green and blue as `#rrggbb`."""
Dash = Annotated[str, pydantic.Field(pattern=_DASH)]
"""Lengths of dash and gap in pixels, as `6 4`."""
Name = Annotated[str, pydantic.Field(pattern=_NAME)]
"""An id: small letters, digits, underscores."""
FolderName = Annotated[Name, pydantic.AfterValidator(_not_reserved)]
"""An id that a folder is named after."""
ClassCode = Annotated[str, pydantic.Field(pattern=_DIGITS)]
"""The code of a class as the key of its description."""
Checksum = Annotated[str, pydantic.Field(pattern=_CHECKSUM)]
"""SHA-256 of a file."""
UnitName = Annotated[str, pydantic.Field(pattern=_UNIT)]
"""Name of a generating unit: capital letters, digits, hyphens."""


def custom_error(code: str, **values: object) -> PydanticCustomError:
    """Make a validation error that carries the code of a fault."""
    return PydanticCustomError("maemoh", "{code}", {"code": code, "values": values})


def error_of(fault: Fault) -> PydanticCustomError:
    """Make a validation error of a fault that was found by what a file describes."""
    own = {"found": fault.found, "expected": fault.expected, "key": fault.key}
    values = {name: value for name, value in own.items() if value is not None}
    return custom_error(fault.code, **fault.values, **values)


def validate(model: type[ModelT], document: Document) -> ModelT:
    """Check a document against its model."""
    try:
        return model.model_validate(document.data)
    except pydantic.ValidationError as error:
        faults = [_fault_of(dict(item), model, document, suggest=number < _MOST_SUGGESTIONS)
                  for number, item in enumerate(error.errors())]  # fmt: skip
        # A mistyped key is one defect, not an unknown key and a missing one.
        meant = {(f.key or "").removesuffix(f.found or "") + (f.expected or "")
                 for f in faults if f.code == "unknown_key"}  # fmt: skip
        faults = [f for f in faults if f.code != "missing_key" or f.key not in meant]
        raise FormatError(sorted(faults, key=lambda f: (f.file or "", f.line or 0))) from None


def place_in(written: str, key: str) -> tuple[float, float] | None:
    """
    Read a place as `lat,lon` in degrees.

    Latitude and longitude; None where it is no pair of numbers.
    """
    try:
        lat, lon = (float(part) for part in written.split(","))
    except ValueError:
        return None
    if -90 <= lat <= 90 and -180 <= lon <= 180:
        return lat, lon
    turned = -90 <= lon <= 90 and -180 <= lat <= 180
    expected = f"{lon:g},{lat:g}" if turned else A_PLACE
    raise RunError(Fault("not_a_place", key=key, found=written, expected=expected))


def nearest(name: str, choices: Iterable[str]) -> str | None:
    """Find the name that was most likely meant, or None if none is near."""
    close = difflib.get_close_matches(name, list(choices), n=1, cutoff=0.5)
    return close[0] if close else None


def nearest_first(name: str, choices: Iterable[str]) -> str:
    """List all names that are there, the one that was most likely meant before the others."""
    known = list(choices)
    near = nearest(name, known)
    return ", ".join([near, *(one for one in known if one != near)] if near else known)


def keys_at(model: type[pydantic.BaseModel], path: Sequence[object]) -> list[str]:
    """
    List the keys that a model allows at a place.

    Empty where the keys are the writer's own, or there is no such place.
    """
    return _fields_at(model, path)


_EXPECTED: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "literal_error": lambda c: (
        str(c["expected"]).replace("'", "").replace(" or ", ", ").replace("True", "true")
    ),
    "greater_than": lambda c: f"> {c['gt']:g}",
    "greater_than_equal": lambda c: f">= {c['ge']:g}",
    "less_than": lambda c: f"< {c['lt']:g}",
    "less_than_equal": lambda c: f"<= {c['le']:g}",
    "too_short": lambda c: f">= {c['min_length']}",
    "too_long": lambda c: f"<= {c['max_length']}",
}
_TYPES = {"int": "1", "float": "1.5", "string": "text", "bool": "true / false"}
_TYPES |= dict.fromkeys(("model", "dict"), "key: value") | dict.fromkeys(("list", "tuple"), "[ , ]")


# Looking for the nearest name takes longer than all else, and nobody reads as many.
_MOST_SUGGESTIONS = 500


def _fault_of(
    error: dict[str, Any], model: type[pydantic.BaseModel], document: Document, *, suggest: bool
) -> Fault:
    path = _as_written([p for p in error["loc"] if p != "[key]"], document)
    kind, context = str(error["type"]), error.get("ctx", {})
    found = _shown(error["input"])
    if kind == "maemoh":
        values = dict(context["values"])
        key = values.pop("key", None)
        if key is not None and tuple(map(str, (*path, key))) in document.places:
            path = (*path, key)
        found = values.pop("found", found)
        return document.fault(context["code"], path, found=found, values=values)
    if kind == "string_pattern_mismatch":
        return document.fault(_PATTERNS[context["pattern"]], path, found=found)
    if kind == "missing":
        return document.fault("missing_key", path)
    if kind == "extra_forbidden":
        names = _fields_at(model, path[:-1])
        suggestion = nearest(str(path[-1]), names) if suggest else None
        return document.fault(
            "unknown_key", path, found=str(path[-1]), expected=suggestion or ", ".join(names)
        )
    if kind in _EXPECTED:
        return document.fault("wrong_value", path, found=found, expected=_EXPECTED[kind](context))
    return document.fault(
        "wrong_type", path, found=found, expected=_TYPES.get(kind.split("_", maxsplit=1)[0], kind)
    )


def _as_written(path: Sequence[Any], document: Document) -> tuple[Any, ...]:
    """Leave out the steps of a path that stand in the model only, not in the file."""
    kept: tuple[Any, ...] = ()
    for step in path[:-1]:
        if tuple(map(str, (*kept, step))) in document.places:
            kept = (*kept, step)
    return (*kept, *path[-1:])


def _shown(value: object) -> str:
    """Write a value as it would stand in the file, shortened."""
    written = _written(value)
    return written if len(written) <= 60 else written[:57] + "..."


def _written(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key}: {_written(one)}" for key, one in value.items()) or "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_written(one) for one in value)}]"
    if isinstance(value, pydantic.BaseModel):
        return _written(value.model_dump(exclude_none=True))
    plain = value is None or isinstance(value, bool)
    return json.dumps(value) if plain else str(value)


def _fields_at(model: Any, path: Sequence[object]) -> list[str]:
    """List the keys that a model allows at a place."""
    current = model
    for key in path:
        current = _below(current, key)
        if current is None:
            return []
    names = [
        field.alias or name
        for one in _models(_unwrapped(current))
        for name, field in one.model_fields.items()
    ]
    return list(dict.fromkeys(names))


def _below(annotation: Any, key: object) -> Any:
    annotation = _unwrapped(annotation)
    if models := _models(annotation):
        fields = (named for one in models for named in one.model_fields.items())
        return next((f.annotation for name, f in fields if str(key) in (name, f.alias)), None)
    arguments = typing.get_args(annotation)
    return arguments[-1] if arguments else None


def _models(annotation: Any) -> list[type[pydantic.BaseModel]]:
    """List the models a place may hold; none where it holds something else."""
    is_union = typing.get_origin(annotation) in (typing.Union, types.UnionType)
    options = typing.get_args(annotation) if is_union else (annotation,)
    found = [one for one in options if isinstance(one, type)]
    return [one for one in found if issubclass(one, pydantic.BaseModel)]


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

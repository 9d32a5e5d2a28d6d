"""A value of a scenario in one line, for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from maemoh_gis.core.messages import Language


def value_words(value: object, language: Language) -> str:
    """Write a value of a scenario in one line."""
    if value is None:
        return "–"
    if isinstance(value, Mapping):
        words = value.get("title", value)
        if isinstance(words, Mapping) and set(words) == {"th", "en"}:
            return str(words[language])
        pairs = (f"{key}: {value_words(part, language)}" for key, part in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(value_words(part, language) for part in value) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)

"""
Words and numbers of a map page, in both languages at once.

A page switches its language without being loaded again, so everything it says is put into words
twice here, and nothing on the page formats a number of its own but what is read from the screen.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from maemoh_gis.core.messages import LANGUAGES, Language, Text, catalogue, in_language, same
from maemoh_gis.core.units import ce_from_be, ha_from_m2, m2_from_rai, number
from maemoh_gis.pages.content import Column

Messages = Mapping[Language, Mapping[str, str]]

PREFIX = "page."
LONGEST = 300
"""Letters of a text from a layer that are shown; what is longer ends in an ellipsis."""


@dataclass(frozen=True)
class Wording:
    """The page's messages in every language."""

    messages: Messages

    @classmethod
    def of_package(cls) -> Wording:
        """Take the messages from the package's catalogues."""
        return cls({language: catalogue(language, PREFIX) for language in LANGUAGES})

    def __call__(self, id: str, /, **values: object) -> Text:
        """Put a message into words."""
        return {
            language: self.messages[language][PREFIX + id].format_map(
                {key: in_language(value, language) for key, value in values.items()}
            )
            for language in LANGUAGES
        }

    def year(self, year_be: int) -> Text:
        """Write the year the page stands for."""
        return self("year", year_be=year_be, year_ce=ce_from_be(year_be))

    def area(self, area_rai: float) -> Text:
        """Write an area in rai with hectares beside it."""
        area_ha = ha_from_m2(m2_from_rai(area_rai))
        return self(
            "rai_and_ha",
            rai=number(area_rai, 0 if abs(area_rai) >= 100 else 1),
            ha=number(area_ha, 0 if abs(area_ha) >= 100 else 1),
        )

    def value(self, feature: Mapping[str, Any], column: Column) -> Text:
        """Write one property of a feature."""
        if column.kind == "score_range":
            return self._score_range(feature, column)
        by_language = {code: feature.get(f"{column.key}_{code}") for code in LANGUAGES}
        if column.key not in feature and any(not is_missing(v) for v in by_language.values()):
            return {code: plain(by_language[code]) for code in LANGUAGES}
        value = feature.get(column.key)
        if isinstance(value, list | tuple):
            return self._joined(value, column)
        if is_missing(value):
            return self("not_known")
        return self._with_unit(self._one(value, column), column)

    def _one(self, value: Any, column: Column) -> Text:
        if column.kind == "area_rai":
            return self.area(float(value))
        if column.kind == "number":
            return same(number(float(value), column.decimals))
        if column.kind == "year_be":
            return same(str(int(value)))
        if column.kind == "confidence" and f"{PREFIX}confidence_{value}" in self.messages["en"]:
            return self(f"confidence_{value}")
        return column.values.get(str(value)) or same(plain(value))

    def _joined(self, values: Sequence[Any], column: Column) -> Text:
        if not values:
            return self("no_value")
        words = [self._one(value, column) for value in values]
        return {code: ", ".join(word[code] for word in words) for code in LANGUAGES}

    def _score_range(self, feature: Mapping[str, Any], column: Column) -> Text:
        ends: Iterator[Any] = (
            feature.get(f"{column.key}_{end}") for end in ("mean", "low", "high")
        )
        mean, low, high = (
            "–" if is_missing(end) else number(float(end), column.decimals or 2) for end in ends
        )
        if "–" in {low, high}:
            return same(mean)
        share = feature.get("scored_share")
        if share is None or is_missing(share):
            return same(f"{low}–{high}")
        return self("score_on_share", low=low, high=high, percent=f"{100 * float(share):.0f}")

    def _with_unit(self, text: Text, column: Column) -> Text:
        if column.unit is None:
            return text
        return {code: f"{text[code]} {column.unit[code]}" for code in LANGUAGES}

    def label(self, feature: Mapping[str, Any], stem: str) -> Text | None:
        """
        Name a feature for the map.

        None where the feature has no name. A language without one takes the other's.
        """
        names = [feature.get(f"{stem}_{code}", feature.get(stem)) for code in LANGUAGES]
        known = [plain(name) for name in names if not is_missing(name) and str(name).strip()]
        if not known:
            return None
        return {
            code: known[0] if is_missing(name) or not str(name).strip() else plain(name)
            for code, name in zip(LANGUAGES, names, strict=True)
        }


def plain(value: object) -> str:
    """Make a value from a layer fit to be shown."""
    words = clean("" if is_missing(value) else str(value)[: LONGEST * 2])
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"


def clean(words: str) -> str:
    """Drop what no page can hold: control characters and halves of letters."""
    # Nothing that is printable, a space among it, is dropped or turned below.
    if words.isprintable():
        return words
    return "".join(
        " " if letter.isspace() else letter
        for letter in words
        if letter.isspace()
        or (
            unicodedata.category(letter) not in {"Cc", "Cs"}
            and unicodedata.bidirectional(letter) not in _TURNS
        )
    )


_TURNS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def is_missing(value: object) -> bool:
    """Say whether a cell of a table is empty: None, NaN, NA or NaT."""
    if value is None or type(value).__name__ in {"NAType", "NaTType"}:
        return True
    return isinstance(value, float | np.floating) and math.isnan(value)

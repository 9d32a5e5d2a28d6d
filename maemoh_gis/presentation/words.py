"""Words and figures that several features say alike, in both languages."""

from __future__ import annotations

from typing import Any

from maemoh_gis.core.messages import LANGUAGES, Text, both, has_text, text
from maemoh_gis.pages.wording import is_missing
from maemoh_gis.presentation.run_files import NOT_KNOWN


def unit_words(unit: str) -> Text:
    """Name a unit."""
    id = f"unit.{unit.replace(' ', '_')}"
    return {code: text(id, code) if has_text(id, code) else unit for code in LANGUAGES}


MILLION = 1e6


def percent_of(share: Any) -> Text:
    """Write a share that may be missing as a percentage."""
    if is_missing(share) or share == "":
        return NOT_KNOWN
    return both("report.percent", value=f"{100 * float(share):.0f}")


def rounded(value: float | None) -> float | None:
    """Round a number to six digits that count; None stays None."""
    return None if value is None else float(f"{value:.6g}")

"""
Areas, years and numbers as Thai planners write them.

Every conversion between rai, hectares and square kilometres, between Buddhist and
Common Era, and between numbers and their written form is here and nowhere else.
"""

from __future__ import annotations

import math
import re

from maemoh_gis.core.errors import FormatError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.messages import Language, text

M2_PER_RAI = 1600.0
M2_PER_HA = 10_000.0
M2_PER_KM2 = 1_000_000.0
BE_MINUS_CE = 543

# Years outside this span are not dates of this subject: a C.E. year typed into a B.E. field falls
# out.
EARLIEST_BE, LATEST_BE = 2400, 2700

# An id, a file name or a code is a word with a Latin letter in it.
_WORD, _NAMED = re.compile(r"[0-9A-Za-z_.:/-]+"), re.compile("[A-Za-z_]")
_THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
_SAME_UNITS = (
    {"m", "metre", "metres", "meter", "meters", "เมตร", "ม."},
    {"km", "kilometre", "kilometres", "kilometer", "kilometers"},
    {"ft", "foot", "feet", "us survey foot"},
    {"percent", "%", "pct", "percentage", "per cent", "ร้อยละ"},
    {"degree", "degrees", "deg", "°"},
    {"mm", "millimetre", "millimetres", "millimeter", "millimeters"},
)


def same_unit(one: str, other: str) -> bool:
    """
    Say whether two texts name one unit.

    Examples
    --------
    >>> same_unit("%", "percent"), same_unit("ft", "m")
    (True, False)
    """
    left, right = one.strip().lower(), other.strip().lower()
    return left == right or any(left in names and right in names for names in _SAME_UNITS)


def rai_from_m2(area_m2: float) -> float:
    """Convert square metres to rai (1 rai = 1,600 m2)."""
    return area_m2 / M2_PER_RAI


def m2_from_rai(area_rai: float) -> float:
    """Convert rai to square metres."""
    return area_rai * M2_PER_RAI


def ha_from_m2(area_m2: float) -> float:
    """Convert square metres to hectares."""
    return area_m2 / M2_PER_HA


def be_from_ce(year_ce: int) -> int:
    """Convert a Common Era year to Buddhist Era."""
    return year_ce + BE_MINUS_CE


def ce_from_be(year_be: int) -> int:
    """Convert a Buddhist Era year to Common Era."""
    return year_be - BE_MINUS_CE


def check_year_be(
    year: int, *, file: str | None = None, line: int | None = None, key: str = "year"
) -> int:
    """Accept a Buddhist Era year and refuse anything else."""
    if EARLIEST_BE <= year <= LATEST_BE:
        return year
    as_be = be_from_ce(year)
    code = "year_in_ce" if EARLIEST_BE <= as_be <= LATEST_BE else "year_out_of_range"
    raise FormatError(
        Fault(code, file, line, key, found=str(year), expected=str(as_be), values={"as_be": as_be})
    )


def thai_digits(written: str) -> str:
    """Write the numbers of a text with Thai digits; ids, file names and codes keep theirs."""
    return _WORD.sub(_number_in_thai_digits, written)


def _number_in_thai_digits(word: re.Match[str]) -> str:
    whole = word[0]
    return whole if _NAMED.search(whole) else whole.translate(_THAI_DIGITS)


def known(value: float, decimals: int | None = None) -> float | None:
    """Give a number, rounded where asked; None for NaN, which is unknown."""
    if math.isnan(value):
        return None
    return float(value) if decimals is None else round(float(value), decimals)


def number(value: float, decimals: int = 0, *, thai: bool = False) -> str:
    """
    Write a number with thousands separators, the same way in both languages.

    NaN is written as a dash, because unknown is not zero; `thai` asks for Thai digits.
    """
    if not math.isfinite(value):
        return "–"
    written = f"{value:,.{decimals}f}"
    if float(written.replace(",", "")) == 0:
        written = written.removeprefix("-")
    return thai_digits(written) if thai else written


def area(area_m2: float, language: Language, *, thai: bool = False) -> str:
    """Write an area in rai with hectares beside it, as `1,000 rai (160 ha)`."""
    rai, ha = rai_from_m2(area_m2), ha_from_m2(area_m2)
    return text(
        "units.rai_and_ha",
        language,
        rai=number(rai, 0 if abs(rai) >= 100 else 1, thai=thai),
        ha=number(ha, 0 if abs(ha) >= 100 else 1, thai=thai),
    )

"""Areas, years and numbers as Thai planners write them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maemoh_gis.core import units
from maemoh_gis.core.errors import FormatError

ARABIC_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
AREAS = st.floats(min_value=0, max_value=2e10)
"""Up to a little more than the province, in square metres."""


def test_a_rai_is_1600_square_metres() -> None:
    assert units.rai_from_m2(1600) == 1
    assert units.m2_from_rai(2.5) == 4000


def test_a_hectare_is_six_and_a_quarter_rai() -> None:
    assert units.rai_from_m2(10_000) == 6.25
    assert units.ha_from_m2(units.m2_from_rai(6.25)) == 1


def test_a_square_kilometre_is_a_hundred_hectares() -> None:
    assert units.ha_from_m2(1_000_000) == 100


@given(AREAS)
def test_rai_and_square_metres_go_there_and_back(area_m2: float) -> None:
    assert units.m2_from_rai(units.rai_from_m2(area_m2)) == pytest.approx(area_m2, rel=1e-15)


def test_buddhist_era_is_543_years_ahead() -> None:
    assert units.be_from_ce(2026) == 2569
    assert units.ce_from_be(2569) == 2026


@pytest.mark.parametrize("year", [2400, 2569, 2700])
def test_a_buddhist_era_year_is_taken_as_it_is(year: int) -> None:
    assert units.check_year_be(year) == year


@pytest.mark.parametrize("year", [1857, 2026, 2050, 2157])
def test_a_common_era_year_is_named_as_such(year: int) -> None:
    with pytest.raises(FormatError) as caught:
        units.check_year_be(year, file="s.yaml", line=7)
    (fault,) = caught.value.faults
    assert fault.code == "year_in_ce"
    assert fault.values["as_be"] == year + 543
    assert (fault.file, fault.line, fault.key) == ("s.yaml", 7, "year")


@pytest.mark.parametrize("year", [-2569, 0, 1856, 2158, 2399, 2701, 25690])
def test_a_year_of_neither_era_is_refused(year: int) -> None:
    with pytest.raises(FormatError) as caught:
        units.check_year_be(year)
    assert caught.value.faults[0].code == "year_out_of_range"


@given(st.text())
def test_thai_digits_turn_back_into_the_same_text(written: str) -> None:
    plain = written.translate(ARABIC_DIGITS)
    assert units.thai_digits(plain).translate(ARABIC_DIGITS) == plain


def test_thai_digits_are_written_for_every_digit() -> None:
    assert units.thai_digits("0123456789 ไร่") == "๐๑๒๓๔๕๖๗๘๙ ไร่"


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (1234.5, 1, "1,234.5"),
        (0, 0, "0"),
        (-0.04, 1, "0.0"),
        (-0.05, 1, "-0.1"),
        (-1234, 0, "-1,234"),
        (math.nan, 2, "–"),
        (math.inf, 0, "–"),
    ],
)
def test_a_number_is_written_the_same_everywhere(value: float, decimals: int, written: str) -> None:
    assert units.number(value, decimals) == written


@pytest.mark.parametrize(
    "name",
    ["council_path_2574", "3b1d922d3223", "EPSG:32647", "MM-8", "PM2.5", "land_2574.csv", "m3"],
)
def test_what_goes_by_a_name_keeps_its_digits(name: str) -> None:
    assert units.thai_digits(f"ฉากทัศน์ {name} พ.ศ. 2574") == f"ฉากทัศน์ {name} พ.ศ. ๒๕๗๔"


def test_a_number_can_be_written_in_thai_digits() -> None:
    assert units.number(1234.5, 1, thai=True) == "๑,๒๓๔.๕"


def test_an_area_is_written_in_rai_with_hectares_beside_it() -> None:
    assert units.area(1_600_000, "en") == "1,000 rai (160 ha)"
    assert units.area(16_000, "en") == "10.0 rai (1.6 ha)"
    assert "ไร่" in units.area(1_600_000, "th")
    assert "๑,๐๐๐" in units.area(1_600_000, "th", thai=True)

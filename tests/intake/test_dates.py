"""Which era the dates of a file are in is read off them, and nothing that is no date is one."""

import pandas as pd
import pytest

from maemoh_gis.intake.dates import years_in


@pytest.mark.parametrize(
    ("name", "values", "told"),
    [
        ("วันที่", ["31/12/2566", "1/1/2568"], ("be", 2566, 2568)),
        ("date", ["2023-05-01", "2026-01-31"], ("ce", 2566, 2569)),
        ("ปี", [2566, 2569], ("be", 2566, 2569)),
        ("year", [2023.0, None], ("ce", 2566, 2566)),
        ("date", pd.to_datetime(["2026-01-31"]), ("ce", 2569, 2569)),
    ],
)
def test_years_are_told_in_the_buddhist_era(name, values, told):
    (found,) = years_in(pd.DataFrame({name: values}))
    assert (found.era, found.first_be, found.last_be) == told


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("area_rai", [2566, 2569]),
        ("date", ["31/12/2566", "2026-01-31"]),
        ("date", ["31/12/2566", "soon"]),
        ("year", [1, 2]),
        ("year", [None, None]),
    ],
)
def test_what_is_no_date_or_of_two_eras_is_not_told(name, values):
    assert list(years_in(pd.DataFrame({name: values}))) == []

"""What is written of an estate: the year asked for is in it, whatever it is."""

from types import SimpleNamespace

import pytest

from maemoh_gis.estate.outputs import write_estate
from maemoh_gis.files import read_csv
from tests.estate.made import estate_made


@pytest.mark.parametrize("year", [2540, 2590, 2650])
def test_the_year_asked_for_is_in_the_table(year, tmp_path):
    scenario = SimpleNamespace(estate=estate_made(), timeline=None, year=year)
    results = SimpleNamespace(resolved=SimpleNamespace(scenario=scenario), catalog=None)
    write_estate(results, tmp_path)
    (rai,) = [row for row in read_csv(tmp_path / "estate.csv")
              if row["year_be"] == str(year) and row["quantity"] == "occupied_rai"]  # fmt: skip
    assert float(rai["central"]) == (0 if year < 2580 else 600)

"""A station is found by its name in either language, and told as the run tells it."""

import json

import pandas as pd
import pytest

import maemoh_gis as mm
from maemoh_gis.ask.station import stations_of_scenario, told_at
from maemoh_gis.core.errors import RunError
from maemoh_gis.near_misses.outputs import TABLES
from maemoh_gis.runs.project import prepare


@pytest.fixture(scope="module")
def tables(small_project):
    return stations_of_scenario(*prepare(small_project, "small"))


def test_a_scenario_without_a_run_is_told_as_its_run(tables, small_run):
    for name in TABLES:
        run = pd.read_csv(small_run / name, dtype=str, keep_default_na=False)
        assert [list(row) for row in tables[name]] or run.empty
        asked = pd.DataFrame(tables[name])
        for column in set(asked) & set(run):
            assert asked[column].tolist() == run[column].tolist(), (name, column)


@pytest.mark.parametrize("name", ["แม่เมาะ", "สถานีแม่เมาะ", "Mae Mo", "mae mo station", "MAEMO"])
def test_a_station_is_found_however_it_is_written(tables, name):
    (told,) = told_at(tables, name)
    assert told.station["station_en"] == "Mae Mo"
    assert told.tests
    assert {row["station_en"] for row in told.tests} == {"Mae Mo"}


def test_an_unknown_station_is_refused_with_the_nearest_names(tables):
    with pytest.raises(RunError) as refused:
        told_at(tables, "Mae Moh")
    (fault,) = refused.value.faults
    assert fault.code == "unknown_station"
    assert fault.expected.split(", ")[0] == "Mae Mo"


def test_where_no_use_has_a_yard_nothing_is_told():
    with pytest.raises(RunError) as refused:
        told_at({name: [] for name in TABLES}, "Mae Mo")
    assert [fault.code for fault in refused.value.faults] == ["no_station_told"]


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_verb_says_the_verdict_and_what_would_settle_it(maemoh, small_run, language):
    code, printed, _ = maemoh("--lang", language, "why", "แม่เมาะ", "--run", small_run)
    row = pd.read_csv(small_run / "why.csv").set_index("station_en").loc["Mae Mo"]
    assert code == 0
    assert row[f"verdict_{language}"] in printed
    assert row[f"survey_{language}"] in printed


def test_as_data_it_holds_the_rows_of_the_run(maemoh, small_run):
    code, printed, _ = maemoh("why", "Mae Mo", "--run", small_run, "--json")
    (told,) = json.loads(printed)
    frame = mm.why("Mae Mo", small_run)
    assert code == 0
    assert [row["test"] for row in told["tests"]] == frame["test"].tolist()
    assert frame.attrs["station"][0]["station_en"] == "Mae Mo"


def test_a_name_that_is_none_is_no_traceback(maemoh, small_run):
    code, _, complaint = maemoh("--lang", "en", "why", "Nowhere", "--run", small_run)
    assert code == 2
    assert "Traceback" not in complaint

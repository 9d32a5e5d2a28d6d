"""Names of the API, each as it was promised, and questions put without an object."""

import inspect

import geopandas as gpd
import pytest
import shapely

import maemoh_gis as mm
from maemoh_gis.core.errors import RunError
from maemoh_gis.runs.run import run
from tests.tiny import SIDE, SOUTH, UTM, WEST, write_project

PROMISED = {
    "add_layer": "source limit * complete as_of made_by licence confidence datum_operation crs "
    "table encoding score id about cautious scenario layers scenarios bundled",
    "assess": "run land datum_operation * table encoding",
    "check": "name * layers scenarios",
    "compare": "*runs * folder good_score alerts layers replace ledger",
    "explain": "run lat lon",
    "ledger": "base other * good_score layers",
    "load_scenario": "name values * layers scenarios",
    "open_catalog": "layers",
    "open_run": "folder * layers",
    "run": "scenario folder * values again layers scenarios watch pages cache replace",
    "timeline": "scenario * layers scenarios",
}


def written(function) -> str:
    """Write the parameters of a function in order, with a star before those that are named."""
    said, named = [], False
    for one in inspect.signature(function).parameters.values():
        if one.kind is one.KEYWORD_ONLY and not named:
            said.append("*")
            named = True
        said.append(f"*{one.name}" if one.kind is one.VAR_POSITIONAL else one.name)
    return " ".join(said)


@pytest.mark.parametrize("name", PROMISED)
def test_a_verb_takes_what_it_was_promised_to_take(name):
    assert written(getattr(mm, name)) == PROMISED[name]


def test_listing_the_package_shows_its_names_and_nothing_else():
    assert dir(mm) == sorted(mm.__all__)


def test_a_name_that_is_none_is_answered_with_those_that_are():
    with pytest.raises(AttributeError, match=r"no attribute 'runn'; it has .*\brun\b"):
        _ = mm.runn


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    """Run a square with one thing in its middle; land within 500 m of it is removed."""
    folder = tmp_path_factory.mktemp("tiny")
    middle = shapely.Point(WEST + SIDE / 2, SOUTH + SIDE / 2)
    project = write_project(folder, [middle], complete="extent")
    run(project, "tiny", folder / "run")
    return project, mm.open_run(folder / "run", layers=project.layers)


def test_a_use_that_is_none_is_answered_with_those_that_are(tiny):
    _, result = tiny
    with pytest.raises(RunError) as refused:
        result.sites_of("estates")
    (fault,) = refused.value.faults
    assert (fault.code, fault.found, fault.expected) == ("unknown_use", "estates", "estate")


def test_land_of_ones_own_comes_back_with_its_columns_and_what_is_said_of_it(tiny):
    _, result = tiny
    x, y = WEST + SIDE / 2, SOUTH + SIDE / 2
    plots = gpd.GeoDataFrame(
        {"name": ["far", "near"]},
        geometry=[shapely.box(WEST, SOUTH, WEST + 1000, SOUTH + 1000),
                  shapely.box(x - 100, y - 100, x + 100, y + 100)],
        crs=UTM, index=[7, 9],
    )  # fmt: skip
    found = mm.assess(result, plots)
    assert found.crs == plots.crs
    assert found["name"].tolist() == ["far", "near"]
    assert found["area_rai"].tolist() == [625, 25]
    assert found["estate_verdict"].tolist() == ["allowed", "removed"]
    assert found["estate_limits"].tolist() == ["", "near"]
    assert list(plots.columns) == ["name", "geometry"]


def test_a_file_of_land_gives_what_its_features_give(tiny, tmp_path):
    _, result = tiny
    box = shapely.box(WEST, SOUTH, WEST + 1000, SOUTH + 1000)
    plots = gpd.GeoDataFrame({"name": ["a"]}, geometry=[box], crs=UTM)
    plots.to_file(tmp_path / "plots.gpkg")
    told = [mm.assess(result, one) for one in (plots, tmp_path / "plots.gpkg")]
    columns = [name for name in told[0].columns if name.startswith("estate_")]
    assert told[0][columns].equals(told[1][columns])


def test_a_scenario_is_checked_without_a_run(tiny):
    project, _ = tiny
    table = mm.check("tiny", layers=project.layers, scenarios=project.scenarios)
    assert table.loc["near", ["ground", "status", "share"]].tolist() == ["law", "checked", 1.0]
    assert table.attrs["warnings"] == []

"""The mine, its units, and the power plants and substations of the pack."""

import numpy as np
import pytest

from maemoh_gis import files
from maemoh_gis.layers.catalog import read_catalog
from pack import mine as theme
from tests.layers.bundled import same_file
from tests.paths import LAYERS, SOURCES

needs_sources = pytest.mark.skipif(SOURCES is None, reason="the fuller sources are not here")


def _metres(name):
    return files.read_vector(LAYERS / name).to_crs("EPSG:32647")


@pytest.fixture(scope="module")
def mine():
    return _metres("mine.geojson")


@pytest.fixture(scope="module")
def pit(mine):
    return mine[mine["part"] == "pit"].set_index("variant")


@pytest.fixture(scope="module")
def plants():
    return _metres("power_plants.geojson")


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    out = tmp_path_factory.mktemp("mine")
    return out, theme.build(SOURCES, out)


def test_the_pit_grows_from_inner_to_best_to_outer(pit):
    inner, best, outer = pit.loc[["inner", "best", "outer"], "geometry"]
    assert inner.difference(best).area < 0.02 * inner.area
    assert best.difference(outer).area < 0.02 * best.area
    assert inner.area < best.area < outer.area


def test_the_best_pit_is_smaller_than_the_published_one(pit):
    figures = {r["item"]: float(r["area_rai"]) for r in files.read_csv(LAYERS / "mine_figures.csv")}
    assert pit.loc["best", "area_rai"] < figures["pit"] < figures["mining_area"]
    assert pit.loc["outer", "area_rai"] < figures["pit_in_rai"]


@pytest.mark.parametrize(
    ("item", "km2"),
    [("pit", 28.0), ("mining_area", 37.5), ("external_dumps", 41.4), ("whole_complex", 135.0)],
)
def test_published_areas_are_kept_in_rai(item, km2):
    figures = {r["item"]: float(r["area_rai"]) for r in files.read_csv(LAYERS / "mine_figures.csv")}
    assert figures[item] == pytest.approx(km2 * 625, rel=0.002)


def test_dumps_are_a_presumption_and_say_so(mine):
    dumps = mine[mine["part"] == "dump"]
    assert len(dumps) == 2
    assert (dumps["confidence"] == "L").all()
    assert dumps["name_th"].str.contains("สันนิษฐาน").all()


def test_dumps_do_not_lie_in_the_pit(mine, pit):
    dumps = mine[mine["part"] == "dump"]
    assert (dumps.intersection(pit.loc["inner", "geometry"]).area < 0.01 * dumps.area).all()


def test_stated_areas_are_those_of_the_outlines(mine):
    np.testing.assert_allclose(mine["area_rai"], mine.area / 1600, atol=10)


def test_the_mine_is_of_2543_and_in_mae_moh_district(mine):
    district = _metres("districts.geojson").set_index("name_th").loc["แม่เมาะ", "geometry"]
    assert (mine["year_be"] == 2543).all()
    assert mine.within(district).all()


def test_the_plant_stands_beside_the_pit(pit, plants):
    plant = plants[plants["name_th"] == "โรงไฟฟ้าแม่เมาะ"].geometry.iloc[0]
    assert 0 < plant.distance(pit.loc["best", "geometry"]) < 3_000


def test_the_units_stand_within_600_m_of_the_plant(plants):
    plant = plants[plants["name_th"] == "โรงไฟฟ้าแม่เมาะ"].geometry.iloc[0]
    units = _metres("power_unit_points.geojson")
    assert units["unit"].tolist() == ["8", "9", "10", "11", "12", "13", "MMRP1"]
    assert (units.distance(plant) < 600).all()


def test_the_units_make_up_the_contracted_2220_mw():
    assert _metres("power_unit_points.geojson")["net_mw"].sum() == 2220


def test_mae_moh_counts_2455_mw_beside_what_the_tracker_prints(plants):
    plant = plants[plants["name_th"] == "โรงไฟฟ้าแม่เมาะ"].iloc[0]
    assert (plant["capacity_mw"], plant["capacity_mw_as_printed"]) == (2455, 2605)


def test_each_plant_and_each_substation_is_there_once(plants):
    assert plants["name_en"].is_unique
    stations = _metres("substations.geojson")
    apart = [
        stations.drop(index).distance(place).min() for index, place in stations.geometry.items()
    ]
    assert min(apart) > 1_000


def test_a_substation_states_all_its_voltages():
    stations = files.read_vector(LAYERS / "substations.geojson")
    assert stations["voltages_kv"].iloc[0] == "115/230/500"
    highest = [max(map(int, text.split("/"))) for text in stations["voltages_kv"]]
    assert stations["max_voltage_kv"].tolist() == highest


@pytest.mark.parametrize("name", ["power_plants.geojson", "substations.geojson"])
def test_points_stay_within_30_km_of_the_province(name):
    province = _metres("districts.geojson").union_all()
    assert (_metres(name).distance(province) < 30_500).all()


@pytest.mark.parametrize(
    "name", ["mine.geojson", "power_plants.geojson", "power_unit_points.geojson"]
)
def test_every_feature_is_named_in_both_languages(name):
    features = files.read_vector(LAYERS / name)
    assert features[["name_th", "name_en"]].notna().all(axis=None)


def test_keys_of_the_sources_stay_with_the_sources():
    for name in ("mine", "power_plants", "power_unit_points", "substations"):
        columns = set(files.read_vector(LAYERS / f"{name}.geojson").columns)
        assert not columns & {"rule", "source", "cells", "station_id", "bus_id", "id", "other_tags"}


@needs_sources
def test_rebuilding_gives_the_committed_bytes(rebuilt):
    out, _ = rebuilt
    for path in sorted(out.iterdir()):
        assert same_file(path, LAYERS / path.name), path.name


@needs_sources
def test_the_catalog_states_the_accuracy_that_is_measured(rebuilt):
    catalog = read_catalog(LAYERS)
    assert {id: dict(catalog[id].accuracy) for id in rebuilt[1]} == rebuilt[1]


@needs_sources
def test_outlines_keep_the_traced_area_and_stay_within_half_a_cell(rebuilt):
    accuracy = rebuilt[1]["mine"]
    assert accuracy["area_change_percent"] <= 3.0
    assert accuracy["outline_shift_m"] <= theme.TRACE_CELL_M / 2


@needs_sources
def test_unit_names_are_those_of_the_unit_table():
    known = {r["unit"].split(" ")[0] for r in files.read_csv(SOURCES / "facts" / "plant_units.csv")}
    assert set(files.read_vector(LAYERS / "power_unit_points.geojson")["unit"]) <= known

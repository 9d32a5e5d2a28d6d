"""Land use that was seen stands before what is modelled; crops fill open land to their totals."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
import rasterio

from maemoh_gis import files
from maemoh_gis.layers.catalog import read_catalog
from pack import land_cover
from pack.land_use import layer as landuse
from pack.land_use.drivers import cells_of
from pack.land_use.model import CODES, FARM
from pack.land_use.observed import seen_land_use, with_crops
from tests.layers.bundled import same_file
from tests.paths import LAYERS, SOURCES

NAMES = ("land_use_observed", "land_use_2569")


def codes_of(name):
    with rasterio.open(LAYERS / f"{name}.tif") as opened:
        return opened.read(1)


@pytest.fixture(scope="module")
def seen():
    return codes_of("land_use_observed")


@pytest.fixture(scope="module")
def whole():
    return codes_of("land_use_2569")


@pytest.fixture(scope="module")
def cover():
    return codes_of("land_cover")


@pytest.fixture(scope="module")
def ground():
    return landuse.read_ground(LAYERS)


def test_what_was_seen_stands_in_the_whole_map(seen, whole, ground):
    assert (whole[seen > 0] == seen[seen > 0]).all()
    assert ((whole > 0) == (ground.district >= 0)).all()


@pytest.mark.parametrize(
    ("shown", "use"), [("water", "water"), ("built_up", "built_up"), ("tree_cover", "forest")]
)
def test_a_class_is_that_of_the_land_cover_but_in_the_mine(seen, cover, ground, shown, use):
    differ = (cover == land_cover.CODES[shown]) != (seen == CODES[use])
    mine = files.read_vector(LAYERS / "mine_2026.geojson").to_crs(landuse.CRS)
    dug = np.isin(ground.fixed, [CODES["mine"], CODES["dump"]])
    dug |= cells_of(mine[mine["variant"] == "best"].geometry, ground.grid)
    assert not differ[~dug].any()


def test_no_crop_was_seen_and_none_stands_on_what_was(seen, whole):
    farm = [CODES[name] for name in FARM]
    assert not np.isin(seen, farm).any()
    assert not np.isin(whole, farm)[seen > 0].any()


def test_each_district_has_its_published_farm_land_to_the_cell(whole, ground):
    rows = {row["code"]: row for row in files.read_csv(LAYERS / "district_statistics.csv")}
    for number, code in enumerate(ground.quotas):
        for name in FARM:
            cells = int((whole[ground.district == number] == CODES[name]).sum())
            assert abs(cells - float(rows[code][f"{name}_rai"]) / 6.25) <= 1, (code, name)


def test_totals_that_are_not_met_are_told(whole):
    entry = read_catalog(LAYERS)["land_use_2569"]
    for name, rai in (("built_up", 312_025), ("forest", 5_434_652.16)):
        percent = 100 * float((whole == CODES[name]).sum()) * 6.25 / rai
        told = entry.accuracy[f"{name}_of_published_percent"]
        assert told == pytest.approx(percent, abs=0.06)
        assert f"{told:.0f} %" in entry.caution.en
        assert f"{told:.0f}" in entry.caution.th


def test_the_map_says_which_cells_were_seen(seen):
    catalog = read_catalog(LAYERS)
    assert catalog.read_from("land_use_map") == (*NAMES, "land_use")
    share = float((seen > 0).sum()) / int((codes_of("land_use_2569") > 0).sum())
    assert catalog["land_use_observed"].accuracy["seen_percent"] == round(100 * share, 1)
    assert [catalog[name].nature for name in NAMES] == ["observed", "modelled"]


@pytest.mark.parametrize("name", NAMES)
def test_what_rests_on_the_image_is_provisional_and_under_the_licence_of_the_map(name):
    entry = read_catalog(LAYERS)[name]
    assert entry.licence == "ODbL-1.0"
    assert entry.caution.en.startswith("Provisional")
    assert entry.caution.th.startswith("ข้อมูลชั่วคราว")


def a_row(ground, *, fixed):
    """Cut four cells of one district out of the province."""
    place = (slice(0, 1), slice(0, 4))
    return replace(
        ground,
        grid=replace(ground.grid, rows=1, cols=4),
        district=np.zeros((1, 4), dtype=np.int32),
        fixed=np.array([fixed], dtype=np.int32),
        drivers={name: values[place] for name, values in ground.drivers.items()},
    )


def test_water_stands_over_the_mine_and_a_replanted_dump_stays_a_dump(ground):
    # Bare: water, trees, open; not bare: trees. The last two cells are dump by older outlines.
    strip = a_row(ground, fixed=[0, 0, CODES["dump"], CODES["dump"]])
    cover = np.array([[1, 2, 3, 2]], dtype=np.uint8)
    bare = np.array([[True, True, True, False]])
    found = seen_land_use(cover, bare, strip)
    assert found.tolist() == [[CODES["water"], CODES["mine"], CODES["dump"], 0]]
    whole = with_crops(replace(strip, quotas={"1": {"paddy": 0.0}}), found, 1)
    assert whole[0, 3] == CODES["dump"]


def test_bare_ground_away_from_the_mine_may_be_a_field(ground):
    strip = a_row(ground, fixed=[0, 0, 0, 0])
    cover = np.array([[5, 5, 2, 4]], dtype=np.uint8)
    found = seen_land_use(cover, np.zeros((1, 4), dtype=bool), strip)
    whole = with_crops(replace(strip, quotas={"1": {"paddy": 12.5}}), found, 1)
    paddy, forest, built_up = (CODES[name] for name in ("paddy", "forest", "built_up"))
    assert whole.tolist() == [[paddy, paddy, forest, built_up]]


@pytest.mark.slow
@pytest.mark.skipif(SOURCES is not None, reason="the rebuild from the sources proves it")
def test_building_again_gives_the_same_bytes(tmp_path):
    from pack.land_use import observed

    for path in LAYERS.iterdir():
        if path.suffix in {".geojson", ".csv", ".tif"} and path.stem not in NAMES:
            shutil.copy(path, tmp_path)
    observed.build(tmp_path, tmp_path)
    for name in NAMES:
        assert same_file(tmp_path / f"{name}.tif", LAYERS / f"{name}.tif")

"""The bundled land use map: it is modelled, and it agrees with the published totals."""

import shutil
from dataclasses import replace

import numpy as np
import pytest
import rasterio
from rasterio.features import geometry_mask, rasterize

from maemoh_gis import files
from maemoh_gis.core.errors import LayerError
from pack.land_use import layer as landuse
from pack.land_use.model import CODES, FARM, FIXED, quota_report
from pack.land_use.quotas import FARM_COLUMNS, read_quotas
from tests.layers.bundled import same_file
from tests.paths import LAYERS, SOURCES

RAI_PER_CELL = 6.25


@pytest.fixture(scope="module")
def dataset():
    with rasterio.open(LAYERS / "land_use.tif") as opened:
        yield opened


@pytest.fixture(scope="module")
def land_use(dataset):
    return dataset.read(1)


@pytest.fixture(scope="module")
def districts():
    return files.read_vector(LAYERS / "districts.geojson").to_crs("EPSG:32647")


@pytest.fixture(scope="module")
def district(dataset, districts):
    """DOPA code of the district of each cell, 0 outside."""
    shapes = zip(districts.geometry, districts["code"].astype(int), strict=True)
    return rasterize(
        list(shapes), out_shape=dataset.shape, transform=dataset.transform, dtype="int32"
    )


@pytest.fixture(scope="module")
def quotas():
    return files.read_csv(LAYERS / "land_use_quotas.csv")


@pytest.fixture(scope="module")
def coarse():
    """Cells of 200 m, 25 rai each, are modelled four times as fast."""
    return landuse.read_ground(LAYERS, cell_m=200.0)


@pytest.fixture(scope="module")
def modelled(coarse):
    return coarse.modelled(landuse.SEED)


def inside(dataset, shapes):
    return geometry_mask(shapes, dataset.shape, dataset.transform, invert=True)


def layer_on(dataset, name):
    with (
        rasterio.open(LAYERS / name) as source,
        rasterio.vrt.WarpedVRT(
            source,
            crs=dataset.crs,
            transform=dataset.transform,
            width=dataset.width,
            height=dataset.height,
        ) as warped,
    ):
        return warped.read(1, masked=True)


def copied(tmp_path):
    for path in LAYERS.iterdir():
        if path.suffix in {".geojson", ".csv", ".tif"}:
            shutil.copy(path, tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", FARM)
def test_each_district_has_its_corrected_farm_land_to_one_cell(land_use, district, name):
    rows = files.read_csv(LAYERS / "district_statistics.csv")
    assert len(rows) == 13
    for row in rows:
        cells = int(((district == int(row["code"])) & (land_use == CODES[name])).sum())
        assert abs(cells - float(row[f"{name}_rai"]) / RAI_PER_CELL) <= 1, row["name_en"]


def test_built_up_land_is_within_one_percent_of_the_province_total(land_use):
    rai = (land_use == CODES["built_up"]).sum() * RAI_PER_CELL
    assert rai == pytest.approx(312_025, rel=0.01)


def test_forest_is_within_one_percent_of_both_published_totals(land_use):
    rai = (land_use == CODES["forest"]).sum() * RAI_PER_CELL
    assert rai == pytest.approx(5_434_652, rel=0.01)
    assert rai == pytest.approx(5_480_762, rel=0.01)


def test_reservoirs_keep_their_cells(dataset, land_use, district):
    shapes = files.read_vector(LAYERS / "reservoirs.geojson").to_crs(dataset.crs).geometry
    water = inside(dataset, shapes) & (district > 0)
    assert ((land_use == CODES["water"]) == water).all()


@pytest.mark.parametrize(("part", "name"), [("pit", "mine"), ("dump", "dump")])
def test_the_mine_keeps_its_cells(dataset, land_use, part, name):
    mine = files.read_vector(LAYERS / "mine.geojson").to_crs(dataset.crs)
    shapes = mine[(mine["part"] == part) & (mine["variant"] == "best")].geometry
    there = land_use[inside(dataset, shapes)]
    assert there.size > 500
    assert np.isin(there, [CODES[n] for n in FIXED]).all()
    assert (there == CODES[name]).mean() > 0.95


def test_every_cell_of_the_province_has_a_class_and_no_other_cell_has(land_use, district):
    assert ((land_use > 0) == (district > 0)).all()
    assert land_use.max() <= max(CODES.values())


def test_paddy_lies_flatter_and_lower_than_forest(dataset, land_use):
    paddy, forest = (land_use == CODES[name] for name in ("paddy", "forest"))
    slope, elevation = (layer_on(dataset, f"{name}.tif") for name in ("slope", "elevation"))
    assert slope[paddy].mean() < slope[forest].mean() / 2
    assert elevation[paddy].mean() < elevation[forest].mean() - 100


def test_built_up_land_lies_nearer_to_district_towns_than_forest(dataset, land_use):
    seats = files.read_vector(LAYERS / "district_seats.geojson").to_crs(dataset.crs).geometry
    built_up = (land_use == CODES["built_up"]) & inside(dataset, seats.buffer(5000.0))
    forest = (land_use == CODES["forest"]) & inside(dataset, seats.buffer(5000.0))
    share = built_up.sum() / (land_use == CODES["built_up"]).sum()
    assert share > 10 * forest.sum() / (land_use == CODES["forest"]).sum()


def test_the_map_is_in_patches(land_use):
    alike = (land_use[:, 1:] == land_use[:, :-1])[land_use[:, 1:] > 0]
    assert alike.mean() > 0.9


def test_the_file_says_it_is_modelled(dataset):
    assert dataset.tags()["nature"] == "modelled"
    assert dataset.tags()["confidence"] == "L"


def test_cells_are_whole_multiples_of_100_m(dataset):
    assert dataset.crs.to_epsg() == 32647
    assert dataset.res == (100.0, 100.0)
    assert dataset.transform.c % 100 == dataset.transform.f % 100 == 0


def test_the_file_is_small_enough_for_the_pack():
    assert (LAYERS / "land_use.tif").stat().st_size < 900_000


def test_the_quota_table_agrees_with_the_map(land_use, district, quotas):
    assert len(quotas) == 13 * 6 + len(CODES)
    for row in quotas:
        here = (
            district > 0 if row["district_code"] == "52" else district == int(row["district_code"])
        )
        cells = int((land_use[here] == CODES[row["land_use"]]).sum())
        assert cells == int(row["modelled_cells"])
        if row["quota_cells"]:
            assert cells - int(row["quota_cells"]) == int(row["difference_cells"])


def test_the_quota_table_says_which_areas_are_assumed(quotas):
    bases = {(row["district_code"] == "52", row["land_use"]): row["basis"] for row in quotas}
    assert bases[False, "paddy"] == "corrected"
    assert bases[False, "built_up"] == "assumed"
    assert bases[True, "built_up"] == bases[True, "forest"] == "published"
    assert bases[True, "other"] == "residual"


def test_a_changed_total_moves_the_map(coarse, modelled):
    mae_mo = {**coarse.quotas["5202"], "paddy": coarse.quotas["5202"]["paddy"] + 625.0}
    changed = replace(coarse, quotas={**coarse.quotas, "5202": mae_mo}).modelled(landuse.SEED)
    here = coarse.district == list(coarse.quotas).index("5202")
    paddy = [int((m[here] == CODES["paddy"]).sum()) for m in (modelled, changed)]
    assert paddy[1] == paddy[0] + 25
    farm = [CODES[name] for name in FARM]
    assert (np.isin(changed, farm) == np.isin(modelled, farm))[~here].all()


def test_on_a_200_m_grid_quotas_are_met_and_the_deviation_in_rai_is_reported(coarse, modelled):
    rows = quota_report(
        modelled,
        coarse.district,
        coarse.quotas,
        whole="52",
        whole_rai=coarse.province_rai,
        cell_m=200.0,
    )
    farm = [row for row in rows if row.land_use in FARM and row.district != "52"]
    assert {row.difference_cells for row in farm} == {0}
    assert 3.125 < max(abs(row.difference_rai) for row in farm) <= 12.5


def test_a_quota_larger_than_mae_mo_names_the_district_and_the_class(coarse):
    flooded = {**coarse.quotas, "5202": {"paddy": 900_000.0}}
    with pytest.raises(LayerError) as caught:
        replace(coarse, quotas=flooded).modelled(landuse.SEED)
    (fault,) = caught.value.faults
    assert (fault.code, fault.key, fault.found) == ("quota_infeasible", "5202.paddy", "36000")


def test_missing_figures_are_all_named(tmp_path):
    header = ",".join(["code", *FARM_COLUMNS.values(), "households"])
    files.write_text(tmp_path / "district_statistics.csv", f"{header}\n5201,1,2,,x,5,6\n")
    with pytest.raises(LayerError) as caught:
        read_quotas(tmp_path, ["5201"], 100.0)
    assert [fault.key for fault in caught.value.faults] == [
        "5201.orchards_rai",
        "5201.vegetables_rai",
    ]
    assert {fault.code for fault in caught.value.faults} == {"quota_missing"}


@pytest.mark.slow
@pytest.mark.skipif(SOURCES is not None, reason="the rebuild from the sources proves it")
def test_building_again_gives_the_same_bytes(tmp_path):
    out = copied(tmp_path)
    for name in ("land_use.tif", "land_use_quotas.csv"):
        (out / name).unlink()
    landuse.build(tmp_path, out)
    for name in ("land_use.tif", "land_use_quotas.csv"):
        assert same_file(out / name, LAYERS / name)

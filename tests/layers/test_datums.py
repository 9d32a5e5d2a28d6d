"""One file lands on one place by every door, or is refused until its way to WGS 84 is named."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely
from rasterio.transform import Affine

from maemoh_gis.api.new_layer import add_layer
from maemoh_gis.ask.explain import assess
from maemoh_gis.cli import main
from maemoh_gis.core.crs import needs_operation, shifted_between, transformer_between
from maemoh_gis.core.errors import FormatError, GridError, RunError
from maemoh_gis.core.grid import Grid
from maemoh_gis.files import sha256_of
from maemoh_gis.layers.catalog import read_catalog
from maemoh_gis.layers.load import Layers
from maemoh_gis.runs.finished import open_run
from maemoh_gis.runs.run import run
from tests.tiny import ENTRY, SOUTH, UTM, WEST, write_project

CORNER = (579_000.0, 2_023_000.0)
"""Of EPSG:24047."""
ON_WGS_84 = (99.744335, 18.297901)
"""The corner by EPSG:1304, the parameters from 62 stations: Everest 1830 (1937) to WGS 84 by
dX 210, dY 814, dZ 289 m, worked out in `test_the_named_way_is_that_of_the_62_stations`."""

WRITTEN_OTHERWISE = [
    "EPSG:24047",
    "epsg:24047",
    "24047",
    "urn:ogc:def:crs:EPSG::24047",
    "Indian 1975 / UTM zone 47N",
    "ESRI:24047",
    "WKT1_GDAL",
    "WKT1_ESRI",
    "WKT2_2019",
]
OWN_PARAMETERS = [
    "+proj=utm +zone=47 +a=6377276.345 +rf=300.8017 +towgs84=0,0,0",
    "+proj=utm +zone=47 +a=6377276.345 +rf=300.8017 +towgs84=210,814,289",
    "+proj=utm +zone=47 +a=6377276.345 +rf=300.8017",
    "EPSG:4240",
    "EPSG:24048",
    "EPSG:4131",
    "EPSG:3148",
]
ON_TODAYS_DATUM = ["EPSG:32647", "EPSG:4326", "EPSG:4979", "OGC:CRS84", "EPSG:3857", "EPSG:32648",
                   "+proj=utm +zone=47 +datum=WGS84", "EPSG:32647+5773"]  # fmt: skip


def named(written: str) -> str:
    from pyproj import CRS

    if written.startswith("WKT"):
        return CRS("EPSG:24047").to_wkt(written)
    return "EPSG:24047" if written == "ESRI:24047" else written


@pytest.mark.parametrize("written", [*WRITTEN_OTHERWISE, *OWN_PARAMETERS])
def test_an_old_datum_is_known_by_whatever_name(written: str) -> None:
    assert needs_operation(named(written))


@pytest.mark.parametrize("written", ON_TODAYS_DATUM)
def test_todays_datum_needs_no_operation(written: str) -> None:
    assert not needs_operation(written)


def test_the_named_way_is_that_of_the_62_stations() -> None:
    x, y = shifted_between("EPSG:24047", "EPSG:4326", "EPSG:1304")(*CORNER)
    assert (x, y) == pytest.approx(ON_WGS_84, abs=1e-6)
    # The same by the textbook: unproject, to the centre of the earth, add, back.
    a, f = 6_377_276.345, 1 / 300.8017
    everest = f"+a={a} +rf=300.8017 +no_defs"
    lon, lat = transformer_between(
        f"+proj=utm +zone=47 {everest}", f"+proj=longlat {everest}"
    ).transform(*CORNER)
    phi, lam, e2 = np.radians(lat), np.radians(lon), f * (2 - f)
    n = a / np.sqrt(1 - e2 * np.sin(phi) ** 2)
    x = n * np.cos(phi) * np.cos(lam) + 210
    y = n * np.cos(phi) * np.sin(lam) + 814
    earth = (x, y, n * (1 - e2) * np.sin(phi) + 289)
    lon, lat, _ = transformer_between("EPSG:4978", "EPSG:4979").transform(*earth)
    assert (lon, lat) == pytest.approx(ON_WGS_84, abs=1e-6)


def test_the_way_back_leads_back() -> None:
    forth = shifted_between("EPSG:24047", UTM, "EPSG:1304")
    back = shifted_between("EPSG:24047", UTM, "EPSG:1304", back=True)
    assert back(*forth(*CORNER)) == pytest.approx(CORNER, abs=0.005)


def catalog_with(folder: Path, crs: str, operation: str | None, path: str, kind: str) -> Path:
    """Write a catalog of one layer in a CRS."""
    entry = ENTRY.format(
        id="things", kind=kind, complete="none", sha256=sha256_of(folder / path)
    ).replace("things.geojson", path)
    told = f"    crs: {crs!r}\n".replace("\\n", " ")
    if operation:
        told += f"    datum_operation: {operation}\n"
    if kind == "raster":
        told += "    resampling: nearest\n    unit: m\n"
    folder.joinpath("catalog.yaml").write_text(
        "version: 1\nlayers:\n" + entry.replace("    crs: EPSG:4326\n", told), encoding="utf-8"
    )
    return folder


def write_corner(path: Path) -> Path:
    gpd.GeoDataFrame(geometry=[shapely.Point(*CORNER)], crs="EPSG:24047").to_file(path)
    return path


@pytest.mark.parametrize("written", WRITTEN_OTHERWISE)
def test_the_catalog_asks_for_the_operation_and_takes_it(written: str, tmp_path: Path) -> None:
    write_corner(tmp_path / "things.gpkg")
    catalog_with(tmp_path, named(written), None, "things.gpkg", "points")
    with pytest.raises(FormatError) as caught:
        read_catalog(tmp_path)
    assert [fault.code for fault in caught.value.faults] == ["datum_operation_missing"]
    assert caught.value.faults[0].line is not None
    catalog_with(tmp_path, named(written), "EPSG:1304", "things.gpkg", "points")
    (point,) = Layers(read_catalog(tmp_path)).shapes("things", "EPSG:4326")
    assert (point.x, point.y) == pytest.approx(ON_WGS_84, abs=1e-6)


@pytest.mark.parametrize("written", OWN_PARAMETERS[:3])
def test_a_crs_with_parameters_of_its_own_is_refused(written: str, tmp_path: Path) -> None:
    write_corner(tmp_path / "things.gpkg")
    catalog_with(tmp_path, written, None, "things.gpkg", "points")
    with pytest.raises(FormatError) as caught:
        read_catalog(tmp_path)
    assert [fault.code for fault in caught.value.faults] == ["datum_operation_missing"]


def test_an_operation_that_leads_from_another_datum_is_refused(tmp_path: Path) -> None:
    write_corner(tmp_path / "things.gpkg")
    catalog_with(tmp_path, "EPSG:24047", "EPSG:1000", "things.gpkg", "points")
    with pytest.raises(FormatError) as caught:
        read_catalog(tmp_path)
    (fault,) = caught.value.faults
    assert (fault.code, fault.expected) == (
        "unknown_datum_operation", "EPSG:1812, EPSG:1304, EPSG:1537",
    )  # fmt: skip


def test_a_raster_is_shifted_as_features_are(tmp_path: Path) -> None:
    # One pixel of 100 m whose upper left corner is the corner.
    with rasterio.open(
        tmp_path / "things.tif", "w", driver="GTiff", height=1, width=1, count=1, dtype="float32",
        crs="EPSG:24047", transform=Affine(100, 0, CORNER[0], 0, -100, CORNER[1]), nodata=-1,
    ) as out:  # fmt: skip
        out.write(np.full((1, 1, 1), 7, dtype=np.float32))
    catalog_with(tmp_path, "EPSG:24047", "EPSG:1304", "things.tif", "raster")
    east, north = transformer_between("EPSG:4326", UTM).transform(*ON_WGS_84)
    grid = Grid.covering((east - 200, north - 300, east + 300, north + 200), crs=UTM, cell_m=5)
    layers = Layers(read_catalog(tmp_path))
    rows, cols = np.nonzero(layers.numbers("things", grid) == 7)
    # UTM of the two datums differs by a turn of some seconds, so edges agree to a cell.
    assert abs(grid.x[cols.min()] - 2.5 - east) <= 5
    assert abs(grid.y[rows.min()] + 2.5 - north) <= 5
    assert abs((grid.x[cols.max()] - grid.x[cols.min()] + 5) - 100) <= 5
    inside, outside = (east + 50, north - 50), (east - 50, north - 50)
    read = layers.numbers_at("things", np.array([inside, outside]), UTM)
    assert read[0] == 7
    assert np.isnan(read[1])


def test_a_grid_on_an_old_datum_is_refused() -> None:
    with pytest.raises(GridError) as caught:
        Grid("EPSG:24047", 100, 0, 0, 1, 1)
    assert caught.value.faults[0].code == "grid_datum"


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("finished")
    project = write_project(folder, [shapely.Point(WEST + 3_000, SOUTH + 3_000)], complete="extent")
    return run(project, "tiny", folder / "run"), project.layers


def write_plot(path: Path) -> Path:
    """Write a square on the old datum; its lower left corner is at 3 km, 3 km of the study."""
    x, y = WEST + 3_000, SOUTH + 3_000
    back = shifted_between("EPSG:24047", UTM, "EPSG:1304", back=True)
    corners = [(x, y), (x + 1_000, y), (x + 1_000, y + 1_000), (x, y + 1_000)]
    shape = shapely.Polygon([back(*corner) for corner in corners])
    gpd.GeoDataFrame({"name": ["plot"]}, geometry=[shape], crs="EPSG:24047").to_file(path)
    return path


def test_assess_asks_for_the_operation_and_takes_it(
    finished: tuple[Path, Path], tmp_path: Path
) -> None:
    folder, layers = finished
    opened = open_run(folder, read_catalog(layers))
    plot = write_plot(tmp_path / "plot.gpkg")
    with pytest.raises(RunError) as caught:
        assess(opened, plot)
    assert caught.value.faults[0].code == "file_on_old_datum"
    with pytest.raises(RunError) as caught:
        assess(opened, plot, "EPSG:1")
    assert caught.value.faults[0].code == "unknown_datum_operation"
    ((attributes, found),) = assess(opened, plot, "EPSG:1304")
    square = shapely.box(WEST + 3_000, SOUTH + 3_000, WEST + 4_000, SOUTH + 4_000)
    same = tmp_path / "same.gpkg"
    gpd.GeoDataFrame({"name": ["plot"]}, geometry=[square], crs=UTM).to_file(same)
    ((plain, expected),) = assess(opened, same)
    assert attributes["datum_operation"] == "EPSG:1304"
    assert attributes["cells"] == plain["cells"] == 100
    assert found == expected


def test_the_command_takes_the_operation(
    finished: tuple[Path, Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder, layers = finished
    plot = str(write_plot(tmp_path / "plot.gpkg"))
    line = ["maemoh-gis", "assess", str(folder), plot, "--layers", str(layers)]
    monkeypatch.setattr("sys.argv", line)
    with pytest.raises(SystemExit, match="2"):
        main()
    assert "--datum-operation" in capsys.readouterr().err
    monkeypatch.setattr("sys.argv", [*line, "--datum-operation", "EPSG:1304"])
    with pytest.raises(SystemExit, match="0"):
        main()


def test_add_layer_asks_for_the_operation_and_takes_it(tmp_path: Path) -> None:
    corner = gpd.GeoDataFrame(geometry=[shapely.Point(*CORNER)], crs="EPSG:24047")
    about = {
        "title": {"th": "บ่อ", "en": "Wells"}, "caution": {"th": "ทดสอบ", "en": "A test"},
        "nature": "observed", "confidence": "M", "complete_within": "none",
        "source": "a survey", "licence": "CC0-1.0", "as_of": 2569, "retrieved": "2569-11-21",
    }  # fmt: skip
    alone = {"layers": tmp_path, "scenario": None, "bundled": False}
    for operation, code in ((None, "intake_missing"), ("EPSG:1", "unknown_datum_operation")):
        with pytest.raises(FormatError) as caught:
            add_layer(corner, id="wells", about=about, datum_operation=operation, **alone)
        assert [(one.code, one.key) for one in caught.value.faults] == [(code, "datum_operation")]
    with pytest.raises(FormatError) as caught:
        add_layer(corner.set_crs(None, allow_override=True), id="wells", about=about, **alone)
    assert [(one.code, one.key) for one in caught.value.faults] == [("intake_missing", "crs")]
    assert not list(tmp_path.iterdir())
    add_layer(corner, id="wells", about=about, datum_operation="EPSG:1304", **alone)
    (point,) = Layers(read_catalog(tmp_path)).shapes("wells", "EPSG:4326")
    assert (point.x, point.y) == pytest.approx(ON_WGS_84, abs=1e-6)

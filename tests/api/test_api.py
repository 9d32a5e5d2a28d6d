"""The Python API: equal to the command line, cheap to import, careful in what it shows."""

import inspect
import json
import subprocess
import sys

import geopandas as gpd
import numpy as np
import pytest
import rasterio
import shapely

import maemoh_gis as mm
from maemoh_gis.api.markup import Picture
from maemoh_gis.cli import main
from maemoh_gis.core.errors import RunError
from maemoh_gis.files import read_json, read_text, sha256_of, write_text
from tests.paths import LAYERS
from tests.runs import roads_project
from tests.tiny import SIDE, SOUTH, UTM, WEST, write_project

HEAVY = ("numpy", "pandas", "geopandas", "xarray", "rasterio", "shapely", "pyproj", "scipy",
         "numba", "networkx", "osmnx", "folium", "pydantic", "jinja2", "sklearn")  # fmt: skip

NOTEBOOK = """import maemoh_gis as mm
result = mm.run("tiny", {folder!r}, layers={layers!r}, scenarios={scenarios!r})
result.sites.to_file({sites!r})
result.score("estate").values.tofile({score!r})"""


def middle():
    return shapely.Point(WEST + SIDE / 2, SOUTH + SIDE / 2)


@pytest.fixture
def tiny(tmp_path):
    """A project of 100 x 100 cells and the folders the verbs take."""
    project = write_project(tmp_path, [middle()], complete="extent")
    return {"layers": str(project.layers), "scenarios": str(project.scenarios)}


def test_importing_the_package_imports_nothing_heavy():
    """In a process of its own, and the names are there all the same."""
    code = (
        "import sys, maemoh_gis as mm; "
        f"print([name for name in {HEAVY} if name in sys.modules], 'run' in dir(mm))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[] True\n"


def test_reading_a_scenario_loads_no_compiler_and_no_statistics():
    """They take longer to load than a scenario to read and check."""
    slow = ("numba", "scipy.stats", "folium", "osmnx", "sklearn")
    code = (
        "import sys, maemoh_gis as mm; mm.load_scenario('baseline'); "
        f"print([name for name in {slow} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_every_name_of_the_api_is_there_and_no_other():
    assert all(getattr(mm, name) is not None for name in mm.__all__)
    with pytest.raises(AttributeError, match="runn"):
        _ = mm.runn


def test_rasters_are_read_with_what_the_core_install_brings():
    """Dask comes with the extra `cluster` and with the tests, not with the tool."""
    code = (
        "import sys; sys.modules.update(dask=None, distributed=None); import maemoh_gis as mm; "
        f"print(mm.open_catalog({str(LAYERS)!r}).read('slope').dims)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("('y', 'x')\n", "")


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")  # of affine, in odc-geo
def test_a_raster_knows_its_place_as_odc_geo_reads_and_writes_it():
    from odc.geo.geobox import GeoBox
    from odc.geo.xr import wrap_xr

    raster = mm.open_catalog(LAYERS).read("slope")
    with rasterio.open(LAYERS / "slope.tif") as dataset:
        box = GeoBox(dataset.shape, dataset.transform, "EPSG:32647")
    assert raster.odc.geobox == box
    theirs = wrap_xr(raster.values, box)
    for name in ("y", "x"):
        np.testing.assert_allclose(raster[name], theirs[name], rtol=0, atol=1e-6)
        assert raster[name].attrs == theirs[name].attrs


def shown(name):
    """List what a name of the API offers to its users: itself, its methods and properties."""
    thing = getattr(mm, name)
    yield name, thing
    if isinstance(thing, type):
        fields = getattr(thing, "__dataclass_fields__", {})
        for member in dir(thing):
            if not member.startswith("_") and member not in fields:
                yield f"{name}.{member}", inspect.getattr_static(thing, member)


def test_every_method_and_property_of_the_api_has_an_example():
    """Run as doctests; an attribute's words are its own or those of the function behind it."""
    named = [pair for name in mm.__all__ if name != "__version__" for pair in shown(name)]
    assert len(named) > 40
    assert [name for name, thing in named if ">>>" not in (inspect.getdoc(thing) or "")] == []


def test_the_same_scenario_gives_the_same_by_notebook_api_and_command_line(
    tiny, tmp_path, monkeypatch
):
    nbformat = pytest.importorskip("nbformat")
    nbclient = pytest.importorskip("nbclient")
    by_api = mm.run("tiny", tmp_path / "api", **tiny)
    options = ["--layers", tiny["layers"], "--scenarios", tiny["scenarios"]]
    out = str(tmp_path / "line")
    monkeypatch.setattr("sys.argv", ["maemoh-gis", "run", "tiny", "--out", out, *options])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    sites, score = tmp_path / "by_notebook.gpkg", tmp_path / "by_notebook.bin"
    cell = NOTEBOOK.format(
        folder=str(tmp_path / "notebook"), sites=str(sites), score=str(score), **tiny
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)])
    nbclient.NotebookClient(notebook, kernel_name="python3", timeout=120).execute()

    records = [read_json(tmp_path / name / "run.json") for name in ("api", "line", "notebook")]
    assert records[0] == records[1] == records[2]
    assert {"sites.gpkg", "score_estate.tif", "limits_estate.tif"} <= set(records[0]["outputs"])
    np.testing.assert_array_equal(
        np.fromfile(score, dtype=np.float32), by_api.score("estate").values.ravel()
    )
    kept = gpd.read_file(sites)
    assert len(kept) == len(by_api.sites) > 0
    assert kept.geometry.geom_equals_exact(by_api.sites.geometry, 0).all()


def test_a_run_that_stands_is_taken_and_again_computes_it_anew(tiny, tmp_path):
    stages = []
    folder = tmp_path / "runs" / "tiny"
    mm.run("tiny", folder, watch=stages.append, **tiny)
    first = len(stages)
    mm.run("tiny", folder, watch=stages.append, **tiny)
    assert len(stages) == first > 0
    write_text(folder / "removed.csv", "spoiled\n")
    mm.run("tiny", folder, watch=stages.append, **tiny)
    assert len(stages) == 2 * first
    mm.run("tiny", folder, again=True, watch=stages.append, **tiny)
    assert len(stages) == 3 * first


def test_a_raster_lies_where_the_grid_does_and_says_what_it_is(tiny, tmp_path):
    """Score 0 at the thing, 1 from 1 km: the cell 600 m east of the middle scores 0.6."""
    result = mm.run("tiny", tmp_path / "run", **tiny)
    score = result.score("estate")
    east = score.sel(x=WEST + SIDE / 2 + 600, y=SOUTH + SIDE / 2, method="nearest")
    # The nearest centre lies 50 m off in both directions: hypot(550 or 650, 50) m.
    away = np.hypot(float(east.x) - (WEST + SIDE / 2), float(east.y) - (SOUTH + SIDE / 2))
    known = result.rasters("estate").sel(x=east.x, y=east.y)
    assert float(known["score_high"]) == pytest.approx(away / 1000, abs=1e-6)
    assert score.attrs["crs"] == UTM
    assert score.attrs["cell_m"] == 100
    assert score.attrs["units"] == "score, 0 bad to 1 good"
    assert "permit" in score.attrs["caveat"]
    json.dumps(dict(score.attrs))


def test_where_nothing_of_a_kind_was_found_a_frame_is_empty_and_has_a_crs(tiny, tmp_path):
    result = mm.run("tiny", tmp_path / "run", **tiny)
    assert len(result.yards) == 0
    assert result.yards.crs == UTM


@pytest.mark.parametrize(("language", "words"), [("en", "candidate sites"), ("th", "พื้นที่ทางเลือก")])
def test_texts_are_escaped_and_in_the_language_of_the_reader(
    tiny, tmp_path, monkeypatch, language, words
):
    monkeypatch.setenv("MAEMOH_LANG", language)
    path = tmp_path / "scenarios" / "tiny.yaml"
    written = path.read_text(encoding="utf-8")
    bad = written.replace("{th: เล็ก, en: Tiny}", '{th: "<b>ก&", en: "<script>x&"}').replace(
        "{th: ไกล, en: Far}", '{th: "<i>ก", en: "<img src=x>"}'
    )
    path.write_text(bad, encoding="utf-8")
    result = mm.run("tiny", tmp_path / "run", **tiny)
    scenario = mm.load_scenario("tiny", **tiny)
    lat, lon = 18.22, 99.71
    shown = [
        result._repr_html_(),
        scenario._repr_html_(),
        result.explain(lat, lon)._repr_html_(),
        mm.open_catalog(tiny["layers"])._repr_html_(),
    ]
    assert words in shown[0]
    for html in shown:
        assert not any(tag in html for tag in ("<script", "<b>", "<i>", "<img"))
    assert "&lt;" in shown[0]
    page = result.map()._repr_html_()
    assert page.count("<") == page.count(">") == 2  # the frame alone; its page is an attribute


def test_prose_and_tables_around_a_picture_take_its_thai_font():
    shown = Picture("<svg/>", "ภาพ")._repr_html_()
    assert "@font-face{font-family:Sarabun;unicode-range:U+0E01-0E5B" in shown
    for family in ("--jp-content-font-family:", "--jp-code-font-family-default:"):
        assert f"{family}Sarabun," in shown


def test_a_folder_that_holds_no_run_is_refused(tmp_path):
    with pytest.raises(RunError, match=r"run\.json"):
        mm.open_run(tmp_path)
    with pytest.raises(RunError):
        mm.Comparison(tmp_path)


def test_a_network_is_built_as_the_run_had_it_and_refused_where_its_roads_have_changed(tmp_path):
    project = roads_project.write_project(tmp_path)
    folders = {"layers": str(project.layers), "scenarios": str(project.scenarios)}
    result = mm.run("travel", tmp_path / "run", pages=False, **folders)
    graph = result.network()
    assert [mode for *_, mode in graph.edges(data="mode")] == ["road", "road"]
    assert sum(held["geometry"].length for *_, held in graph.edges(data=True)) == pytest.approx(
        20_000, abs=1
    )
    assert graph.graph["units"] == {"length": "m", "minutes": "minutes"}
    assert (graph.graph["crs"], graph.graph["scenario"]) == (UTM, "travel")
    with pytest.raises(RunError) as refused:
        result.network("rail")
    assert refused.value.faults[0].code == "unknown_network"
    catalog = project.layers / "catalog.yaml"
    roads = sha256_of(project.layers / "roads.geojson")
    write_text(catalog, read_text(catalog).replace(roads, "0" * 64))
    with pytest.raises(RunError) as refused:
        mm.open_run(tmp_path / "run", layers=project.layers).network()
    assert [(fault.code, fault.key) for fault in refused.value.faults] == [
        ("layer_changed", "roads")
    ]


def test_a_scenario_without_timeline_has_no_path(tiny):
    with pytest.raises(RunError, match="timeline"):
        mm.timeline("tiny", **tiny)


def test_a_changed_scenario_is_another_and_the_first_stays(tiny):
    scenario = mm.load_scenario("tiny", **tiny)
    coarse = scenario.having({"grid.cell_m": 200})
    assert (scenario.cell_m, coarse.cell_m) == (100, 200)
    assert coarse.having({"year": 2580}).label == "tiny--cell_m-200--2580"
    with pytest.raises(RunError, match="cell_m"):
        scenario.having({"grid.cellm": 200})

"""A catalog of one's own that extends the bundled one: its entries stand above those beneath."""

import geopandas as gpd
import numpy as np
import pytest
import shapely

import maemoh_gis as mm
from maemoh_gis.core.errors import FormatError, LayerError
from maemoh_gis.core.grid import Grid
from maemoh_gis.files import write_text
from maemoh_gis.layers.audit import audit_folder
from maemoh_gis.layers.audit.gate import faults_in_layers
from maemoh_gis.layers.catalog import read_catalog
from maemoh_gis.layers.load import Layers
from maemoh_gis.runs.project import Project, prepare
from tests.paths import LAYERS, SCENARIOS
from tests.stacked_heights import add_raster
from tests.tiny import UTM

HEAD = "version: 1\nextends: bundled\nlayers:\n"
STACK = """  elevation:
    title: {th: ความสูง, en: Heights}
    kind: raster
    best_of: [survey_dem, elevation]
"""
WEST, NORTH = 570_000.0, 2_030_000.0
GRID = Grid.covering((560_000, 2_015_000, 585_000, 2_040_000), crs=UTM, cell_m=500)


@pytest.fixture
def layers(tmp_path):
    folder = tmp_path / "layers"
    write_text(folder / "catalog.yaml", HEAD + STACK)
    add_raster(folder, "survey_dem", np.full((400, 400), 9_000.0), WEST, NORTH, 12.5)
    return folder


def test_a_survey_above_the_bundled_heights_blanks_no_cell(layers):
    catalog, bundled = read_catalog(layers), read_catalog(LAYERS)
    assert set(catalog) == {*bundled, "survey_dem", "bundled_elevation"}
    assert catalog.read_from("elevation") == ("survey_dem", "bundled_elevation")
    values = Layers(catalog).numbers("elevation", GRID)
    alone = Layers(bundled).numbers("elevation", GRID)
    surveyed = values == 9_000
    assert surveyed.sum() == 100
    assert values[~surveyed].tobytes() == alone[~surveyed].tobytes()


def test_a_scenario_runs_over_layers_of_both_folders(layers):
    resolved, catalog = prepare(Project(layers, SCENARIOS), "baseline")
    assert resolved.scenario.id == "baseline"
    assert faults_in_layers(catalog, ["elevation", "districts"]) == []
    assert catalog.path_of("districts") == LAYERS / "districts.geojson"


def test_without_the_key_nothing_stands_beneath(layers):
    text = (layers / "catalog.yaml").read_text("utf-8").replace("extends: bundled\n", "")
    write_text(layers / "catalog.yaml", text)
    with pytest.raises(FormatError) as raised:
        read_catalog(layers)
    assert [fault.code for fault in raised.value.faults] == ["stack_loop"]


def test_an_entry_at_fault_does_not_let_the_bundled_one_through(layers):
    catalog = layers / "catalog.yaml"
    write_text(
        catalog, catalog.read_text("utf-8").replace("kind: raster\n    best", "kind: x\n    best")
    )
    read = read_catalog(layers, whole=False)
    assert "elevation" in read.withheld
    with pytest.raises(LayerError):
        read["elevation"]


def test_other_names_than_bundled_are_refused(layers):
    catalog = layers / "catalog.yaml"
    write_text(catalog, catalog.read_text("utf-8").replace("extends: bundled", "extends: other"))
    with pytest.raises(FormatError) as raised:
        read_catalog(layers)
    assert [(f.code, f.key) for f in raised.value.faults] == [("wrong_value", "extends")]


def test_the_audit_takes_layers_of_both_folders(layers):
    report = audit_folder(layers)
    assert not report.blocks
    assert "file_not_described" not in {fault.code for fault in report.findings}


def test_a_layer_is_added_above_the_bundled_ones(layers):
    wells = gpd.GeoDataFrame(geometry=[shapely.Point(99.7, 18.3)], crs="EPSG:4326")
    about = {
        "title": {"th": "บ่อน้ำ", "en": "Wells"}, "caution": {"th": "ตัวอย่าง", "en": "Example"},
        "nature": "observed", "confidence": "M", "complete_within": {"layer": "districts"},
        "source": "a survey", "licence": "CC0-1.0", "as_of": 2569, "retrieved": "2569-11-21",
    }  # fmt: skip
    mm.add_layer(wells, id="wells", about=about, layers=layers, scenario=None)
    catalog = read_catalog(layers)
    assert catalog["wells"].complete_within.layer == "districts"
    assert catalog.read_from("elevation") == ("survey_dem", "bundled_elevation")

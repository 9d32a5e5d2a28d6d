"""Names that one system or another cannot hold."""

import pytest
import shapely

from maemoh_gis.core.errors import MaeMohError
from maemoh_gis.files import read_text, write_text
from maemoh_gis.runs.project import prepare
from tests.tiny import SOUTH, WEST, write_project

DEVICES = ("con", "prn", "aux", "nul", "com1", "lpt9")


@pytest.mark.parametrize("name", DEVICES)
def test_a_scenario_named_like_a_device_of_windows_is_refused(tmp_path, name):
    project = write_project(tmp_path, [shapely.Point(WEST, SOUTH)])
    text = read_text(project.scenarios / "tiny.yaml")
    write_text(project.scenarios / f"{name}.yaml", text.replace("id: tiny", f"id: {name}"))
    with pytest.raises(MaeMohError) as stopped:
        prepare(project, name)
    (fault,) = stopped.value.faults
    assert (fault.code, fault.line, fault.key, fault.found) == ("name_of_windows", 2, "id", name)


PATHS = ("con.geojson", "AUX.tif", "maps/nul.gpkg", "soil. ", "old./a.tif")


@pytest.mark.parametrize("path", PATHS)
def test_a_layer_file_named_so_is_refused(tmp_path, path):
    project = write_project(tmp_path, [shapely.Point(WEST, SOUTH)])
    catalog = project.layers / "catalog.yaml"
    write_text(catalog, read_text(catalog).replace("path: things.geojson", f'path: "{path}"'))
    with pytest.raises(MaeMohError) as stopped:
        prepare(project, "tiny")
    assert [(f.code, f.key) for f in stopped.value.faults] == [
        ("name_of_windows", "layers.things.path")
    ]

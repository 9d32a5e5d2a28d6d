"""Stacks of layers: a survey above a world map is read as one layer, and says which is which."""

from dataclasses import replace

import numpy as np
import pytest
import shapely

from maemoh_gis.core.errors import FormatError, LayerError
from maemoh_gis.core.grid import Grid
from maemoh_gis.core.messages import describe
from maemoh_gis.engine.stages import keys_of
from maemoh_gis.layers.audit import audit_folder
from maemoh_gis.layers.cached import CachedLayers
from maemoh_gis.layers.catalog import read_catalog
from maemoh_gis.layers.load import Layers
from maemoh_gis.suitability.measure_stages import distance_stage, numbers_stage
from tests.stacked_heights import (
    STACK,
    SURVEY,
    VALLEY,
    WORLD,
    add_raster,
    take_out,
    write_heights,
    write_stack,
)
from tests.tiny import SIDE, SOUTH, UTM, WEST

THINGS = [shapely.Point(WEST + 5_000, SOUTH + 5_000)]
GRID = Grid.covering((WEST, SOUTH, WEST + SIDE, SOUTH + SIDE), crs=UTM, cell_m=100)
ROADS = """  roads_x:
    title: {{th: ถนน, en: Roads}}
    kind: {kind}
    best_of: [{members}]
"""


@pytest.fixture
def project(tmp_path):
    return write_heights(tmp_path, THINGS)


def layers_of(project, **how):
    return Layers(read_catalog(project.layers, **how))


def add_entry(project, text):
    catalog = project.layers / "catalog.yaml"
    catalog.write_text(catalog.read_text("utf-8") + text, "utf-8")


def whole_cells():
    """Say which cells of the grid lie in the valley with all of their land."""
    west, south, east, north = VALLEY
    inside_x = (GRID.x - 50 >= west) & (GRID.x + 50 <= east)
    inside_y = (GRID.y - 50 >= south) & (GRID.y + 50 <= north)
    return inside_y[:, np.newaxis] & inside_x


def test_no_cell_at_the_seam_is_unknown(project):
    values = layers_of(project).numbers("heights", GRID)
    assert not np.isnan(values).any()
    assert (values == np.where(whole_cells(), SURVEY, WORLD)).all()
    assert whole_cells().sum() == 19 * 19


def test_a_stack_says_of_every_cell_which_member_it_is_read_from(project):
    layers = layers_of(project)
    assert layers.catalog.read_from("heights") == ("survey_dem", "elevation")
    assert (layers.members("heights", GRID) == np.where(whole_cells(), 0, 1)).all()


def test_a_window_of_a_stack_is_cut_from_the_whole(project):
    layers = layers_of(project)
    part = replace(GRID, row0=GRID.row0 + 47, rows=11, col0=GRID.col0 + 28, cols=9)
    whole = layers.numbers("heights", GRID)[47:58, 28:37]
    assert layers.numbers("heights", part).tobytes() == np.ascontiguousarray(whole).tobytes()


def test_heights_at_points_are_read_from_the_first_member_that_has_them(project):
    points = np.array([[VALLEY[0] + 6, VALLEY[1] + 6], [VALLEY[0] - 6, VALLEY[1]], [0, 0]])
    found = layers_of(project).numbers_at("heights", points, UTM)
    assert found[:2].tolist() == [SURVEY, WORLD]
    assert np.isnan(found[2])


def test_a_stack_knows_what_any_of_its_members_knows(tmp_path):
    project = write_heights(tmp_path, THINGS, "best_of: [survey_dem, far_away]")
    add_raster(project.layers, "far_away", np.full((2, 2), 1.0), WEST + 50_000, SOUTH, 500.0)
    layers = layers_of(project)
    stack, alone = (layers.numbers(id, GRID) for id in ("heights", "survey_dem"))
    assert stack.tobytes() == alone.tobytes()
    assert (~np.isnan(alone) & ~whole_cells()).any()


@pytest.mark.parametrize("members", ["elevation", "taken_out, elevation", "survey_dem"])
def test_a_stack_of_one_layer_is_that_layer_bit_for_bit(tmp_path, members):
    project = write_heights(tmp_path, THINGS, f"best_of: [{members}]")
    layers, only = layers_of(project), members.split(", ")[-1]
    points = np.column_stack([GRID.x, GRID.y])
    for read in (
        lambda id: layers.numbers(id, GRID),
        lambda id: layers.numbers_at(id, points, UTM),
    ):
        assert read("heights").tobytes() == read(only).tobytes()


def test_a_member_on_another_crs_leaves_no_ring_either(tmp_path):
    project = write_heights(tmp_path, THINGS, survey=None)
    add_raster(project.layers, "survey_dem", np.full((160, 160), SURVEY), 99.71, 18.22, 0.000125,
               crs="EPSG:4326")  # fmt: skip
    layers = layers_of(project)
    values = layers.numbers("heights", GRID)
    assert set(np.unique(values).tolist()) == {WORLD, SURVEY}
    assert (values == SURVEY).sum() < (~np.isnan(layers.numbers("survey_dem", GRID))).sum()


def test_a_stack_is_as_sure_as_the_least_sure_of_what_it_is_read_from(project):
    catalog = read_catalog(project.layers)
    stack = catalog["heights"]
    assert (stack.nature, stack.confidence, stack.as_of) == ("modelled", "L", 2543)
    assert (
        stack.caution.en
        == "Valley survey: Valley survey is a test · World model: World model is a test"
    )
    take_out(project, "elevation")
    alone = read_catalog(project.layers)["heights"]
    assert (alone.nature, alone.confidence, alone.as_of) == ("observed", "H", 2569)


def test_classes_are_read_from_the_first_member_that_has_one(tmp_path):
    project = write_heights(tmp_path, THINGS, survey=None)
    for id, code in (("world_use", 2), ("town_use", 1)):
        size, cell_m = ((24, 500.0), (20, 100.0))[id == "town_use"]
        values = np.full((size, size), code)
        values[:2, :2] = -9999
        corner = (WEST - 1_000, SOUTH + SIDE + 1_000) if id == "world_use" else (WEST, SOUTH + SIDE)
        add_raster(project.layers, id, values, *corner, cell_m, unit="none")
    catalog = project.layers / "catalog.yaml"
    text = catalog.read_text("utf-8").replace(
        "    resampling: average\n    unit: none\n",
        "    resampling: nearest\n"
        '    classes: {"1": {key: a, th: ก, en: A}, "2": {key: b, th: ข, en: B}}\n',
    )
    catalog.write_text(text, "utf-8")
    add_entry(project, ROADS.format(kind="raster", members="town_use, world_use"))
    codes = layers_of(project).codes("roads_x", GRID)
    expected = np.full(GRID.shape, 2)
    expected[:20, :20] = 1
    expected[:2, :2] = 2
    assert (codes == expected).all()


def test_features_come_whole_from_the_first_member_that_is_there(project):
    add_entry(project, ROADS.format(kind="points", members="gone, things, study_points"))
    layers = layers_of(project)
    found, alone = (layers.features(id, UTM) for id in ("roads_x", "things"))
    assert found.equals(alone)
    assert layers.catalog.stacks["roads_x"].absent == ("gone", "study_points")
    assert layers.catalog["roads_x"].path == "things.geojson"


def test_keys_change_when_any_member_changes(project):
    def key():
        layers = layers_of(project)
        return keys_of([numbers_stage("heights")], layers, GRID)["numbers:heights"]

    first = key()
    assert key() == first
    take_out(project, "elevation")
    add_raster(project.layers, "elevation", np.full((24, 24), 301.0), WEST - 1_000,
               SOUTH + SIDE + 1_000, 500.0, nature="modelled")  # fmt: skip
    second = key()
    take_out(project, "survey_dem")
    third = key()
    assert len({first, second, third}) == 3


def test_keys_of_features_change_with_the_member_that_is_not_read_too(project):
    add_entry(project, ROADS.format(kind="points", members="things, elsewhere"))

    def key():
        stage = distance_stage("roads_x", {}, 1000.0)
        return keys_of([stage], layers_of(project), GRID)[stage.id]

    before = key()
    text = (project.layers / "catalog.yaml").read_text("utf-8")
    start = text.index("  things:\n")
    entry = text[start : text.index("  elevation:\n")]
    add_entry(project, entry.replace("  things:\n", "  elsewhere:\n"))
    assert key() != before


def test_a_stack_read_once_for_all_is_the_same(project):
    layers = layers_of(project)
    once = CachedLayers(layers)
    assert once.numbers("heights", GRID).tobytes() == layers.numbers("heights", GRID).tobytes()
    assert (once.members("heights", GRID) == layers.members("heights", GRID)).all()
    once.close()


def test_a_raster_stack_without_members_is_unknown_everywhere(tmp_path):
    project = write_heights(tmp_path, THINGS, "best_of: [gone, lost]\n    unit: m")
    layers = layers_of(project)
    assert np.isnan(layers.numbers("heights", GRID)).all()
    assert (layers.members("heights", GRID) == -1).all()
    assert np.isnan(layers.numbers_at("heights", np.zeros((2, 2)), UTM)).all()
    assert layers.catalog["heights"].unit == "m"


def test_features_that_may_be_absent_are_none_and_prove_nothing(project):
    text = ROADS.format(kind="points", members="gone") + "    may_be_absent: true\n"
    add_entry(project, text + "    columns: {name_th: {th: ชื่อ, en: name}}\n")
    layers = layers_of(project)
    found = layers.features("roads_x", UTM, {"name_th": "x"})
    assert found.empty
    assert "name_th" in found
    assert found.crs == UTM
    assert layers.catalog["roads_x"].complete_within == "none"
    assert len(layers.complete_within("roads_x", UTM)) == 0


def test_other_features_must_have_a_member_left(project):
    add_entry(project, ROADS.format(kind="points", members="gone, lost"))
    with pytest.raises(FormatError) as raised:
        read_catalog(project.layers)
    (fault,) = raised.value.faults
    assert (fault.code, fault.key) == ("stack_without_members", "layers.roads_x.best_of")
    assert "may_be_absent: true" in describe(fault, "en")
    catalog = read_catalog(project.layers, whole=False)
    assert catalog["heights"].kind == "raster"
    with pytest.raises(LayerError):
        catalog["roads_x"]


@pytest.mark.parametrize(
    ("members", "code", "found"),
    [
        ("[]", "wrong_value", "[]"),
        ("[heights]", "stack_loop", "heights → heights"),
        ("[elevation, elevation]", "stack_member_twice", "elevation"),
        ("[elevation, things]", "stack_kind_differs", "points"),
        ("[elevation, in_feet]", "stack_unit_differs", "ft"),
        ("[elevation]\n    unit: ft", "stack_unit_differs", "m"),
        ("[elevation]\n    path: a.tif", "unknown_key", "path"),
        ('[elevation]\n    classes: {"1": {key: a, th: ก, en: A}}', "stack_classes_differ", "–"),
    ],
)
def test_a_stack_that_cannot_be_read_as_one_layer_is_refused_by_name(
    tmp_path, members, code, found
):
    project = write_heights(tmp_path, THINGS, f"best_of: {members}")
    add_raster(project.layers, "in_feet", np.zeros((2, 2)), WEST, SOUTH, 500.0, unit="ft")
    with pytest.raises(FormatError) as raised:
        read_catalog(project.layers)
    (fault,) = raised.value.faults
    assert (fault.code, fault.found) == (code, found)
    assert fault.line is not None
    assert "heights" in fault.key
    assert all(describe(fault, language) for language in ("th", "en"))


def test_an_unknown_kind_of_stack_is_refused(project):
    add_entry(project, ROADS.format(kind="heights", members="things"))
    with pytest.raises(FormatError) as raised:
        read_catalog(project.layers)
    (fault,) = raised.value.faults
    assert (fault.code, fault.key, fault.found) == ("wrong_value", "layers.roads_x.kind", "heights")


def test_columns_that_a_stack_needs_stand_in_every_member(project):
    add_entry(project, ROADS.format(kind="points", members="things")
              + "    columns: {class: {th: ชั้น, en: class}}\n")  # fmt: skip
    with pytest.raises(FormatError) as raised:
        read_catalog(project.layers)
    (fault,) = raised.value.faults
    assert (fault.code, fault.found) == ("stack_column_missing", "class")


def test_stacks_within_stacks_stand_in_their_place_and_hold_no_circle(project):
    add_entry(project, ROADS.format(kind="raster", members="new_dem, heights"))
    catalog = read_catalog(project.layers)
    assert catalog.read_from("roads_x") == ("survey_dem", "elevation")
    assert catalog.stacks["roads_x"].absent == ("new_dem",)
    take_out(project, "heights")
    write_stack(project, STACK.replace("elevation", "roads_x"))
    with pytest.raises(FormatError) as raised:
        read_catalog(project.layers)
    assert {fault.code for fault in raised.value.faults} == {"stack_loop"}


def test_a_member_at_fault_is_not_passed_over(project):
    catalog = project.layers / "catalog.yaml"
    text = catalog.read_text("utf-8").replace("Valley survey}", "Valley survey, fr: x}", 1)
    catalog.write_text(text, "utf-8")
    read = read_catalog(project.layers, whole=False)
    with pytest.raises(LayerError) as raised:
        read["heights"]
    assert raised.value.faults[0].key == "layers.survey_dem.title.fr"


def test_the_audit_tells_an_absent_member_and_blames_a_file_once(project):
    take_out(project, "survey_dem")
    report = audit_folder(project.layers)
    told = [fault for fault in report.findings if fault.code == "stack_member_absent"]
    assert [(fault.found, fault.severity) for fault in told] == [("survey_dem", "notes")]
    (project.layers / "elevation.tif").write_bytes(b"broken")
    found = [fault for fault in audit_folder(project.layers).findings if fault.blocks]
    assert {fault.key for fault in found} == {"elevation"}


SLOPES = """  slope_here:
    title: {{th: ความลาดชัน, en: Slope}}
    kind: raster
    {members}
"""


def plane(side, cell_m, percent, rise=0.0):
    """Give heights of a plane that rises eastward."""
    return np.tile(rise + np.arange(side) * cell_m * percent / 100.0, (side, 1))


def sloping(folder, members="slope_of: heights"):
    """Write a world of 2 % and a valley of 8 %, 400 m above it."""
    project = write_heights(folder, THINGS, survey=None)
    take_out(project, "elevation")
    add_raster(project.layers, "elevation", plane(24, 500.0, 2), WEST - 1_000,
               SOUTH + SIDE + 1_000, 500.0)  # fmt: skip
    add_raster(project.layers, "survey_dem", plane(160, 12.5, 8, 400.0), VALLEY[0], VALLEY[3], 12.5)
    add_entry(project, SLOPES.format(members=members))
    return project


def test_a_slope_follows_from_heights_without_a_ring_or_a_step_at_the_seam(tmp_path):
    layers = layers_of(sloping(tmp_path))
    values = layers.numbers("slope_here", GRID)
    assert not np.isnan(values).any()
    assert set(np.round(np.unique(values), 4).tolist()) == {2.0, 8.0}
    assert ((values > 5) == whole_cells()).all()
    assert (layers.members("slope_here", GRID) == np.where(whole_cells(), 0, 1)).all()
    assert layers.catalog["slope_here"].unit == "percent"


def test_the_outermost_pixels_of_heights_have_no_slope_of_their_own(tmp_path):
    project = sloping(tmp_path, "slope_of: survey_dem")
    fine = Grid.covering(VALLEY, crs=UTM, cell_m=12.5)
    layers = layers_of(project)
    known = ~np.isnan(layers.numbers("slope_here", fine))
    heights = ~np.isnan(layers.numbers("survey_dem", fine))
    assert heights.sum() == 160 * 160
    assert known.sum() == 158 * 158


def test_slope_at_points_and_in_windows_is_that_of_the_whole(tmp_path):
    layers = layers_of(sloping(tmp_path))
    points = np.array([[VALLEY[0] + 500, VALLEY[1] + 500], [WEST + 1_000, SOUTH + 1_000]])
    assert np.round(layers.numbers_at("slope_here", points, UTM), 6).tolist() == [8.0, 2.0]
    part = replace(GRID, row0=GRID.row0 + 47, rows=7, col0=GRID.col0 + 28, cols=9)
    whole = layers.numbers("slope_here", GRID)[47:54, 28:37]
    assert layers.numbers("slope_here", part).tobytes() == np.ascontiguousarray(whole).tobytes()


def test_a_slope_may_stand_above_a_raster_of_slopes(tmp_path):
    project = sloping(tmp_path, "slope_of: survey_dem")
    add_raster(project.layers, "slope", np.full((24, 24), 3.0), WEST - 1_000,
               SOUTH + SIDE + 1_000, 500.0, unit="percent")  # fmt: skip
    add_entry(project, ROADS.format(kind="raster", members="slope_here, slope"))
    layers = layers_of(project)
    values = layers.numbers("roads_x", GRID)
    assert set(np.round(np.unique(values), 4).tolist()) == {3.0, 8.0}
    assert layers.catalog.read_from("roads_x") == ("survey_dem", "slope")


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ("slope_of: things", "stack_kind_differs"),
        ("slope_of: in_feet", "slope_needs_metres"),
        ("slope_of: in_degrees", "slope_needs_metres"),
        ("slope_of: slope_here", "stack_loop"),
        ("slope_of: a_slope", "slope_needs_metres"),
        ("slope_of: survey_dem\n    best_of: [elevation]", "wrong_value"),
    ],
)
def test_a_slope_of_what_are_no_heights_in_metres_is_refused(tmp_path, members, code):
    project = sloping(tmp_path, members)
    add_raster(project.layers, "in_feet", np.zeros((3, 3)), WEST, SOUTH, 500.0, unit="ft")
    add_raster(project.layers, "in_degrees", np.zeros((3, 3)), 99.7, 18.2, 0.01, crs="EPSG:4326")
    slope = SLOPES.format(members="slope_of: elevation")
    add_entry(project, slope.replace("slope_here", "a_slope"))
    with pytest.raises(FormatError) as raised:
        read_catalog(project.layers)
    assert [fault.code for fault in raised.value.faults] == [code]
    assert all(
        describe(fault, language) for fault in raised.value.faults for language in ("th", "en")
    )

"""Layers on the map are those whose entry of the catalog says how they are drawn."""

import re

import geopandas as gpd
import pandas as pd
import pytest
import shapely

import maemoh_gis as mm
from maemoh_gis.core.errors import FormatError
from maemoh_gis.engine.stages import key_of
from maemoh_gis.layers.catalog import read_catalog
from maemoh_gis.layers.load import Layers
from maemoh_gis.presentation.context_layers import _merged, context_layers, drawn_layers
from maemoh_gis.runs.project import prepare
from maemoh_gis.runs.run import study_grid
from maemoh_gis.runs.stage_table import stage_table
from tests.paths import LAYERS
from tests.tiny import SOUTH, WEST, write_project

ABOUT = {
    "title": {"th": "บ่อน้ำ", "en": "Wells"}, "caution": {"th": "ตัวอย่าง", "en": "Example"},
    "nature": "observed", "confidence": "M", "complete_within": "none", "source": "a survey",
    "licence": "CC0-1.0", "as_of": 2569, "retrieved": "2569-11-21",
}  # fmt: skip
WELLS = gpd.GeoDataFrame({"depth_m": [30.0]}, geometry=[shapely.Point(99.7, 18.3)], crs="EPSG:4326")


@pytest.fixture(scope="module")
def bundled():
    """Give the bundled layers as maps draw them, by id."""
    return {one.id: one for one in context_layers(Layers(read_catalog(LAYERS)))}


@pytest.fixture
def tiny(tmp_path):
    return write_project(tmp_path, [shapely.Point(WEST + 3_000, SOUTH + 3_000)], complete="extent")


def test_the_bundled_layers_are_drawn_from_the_bottom_up():
    drawn = drawn_layers(read_catalog(LAYERS))
    assert (drawn[0], drawn[-1]) == ("districts", "facilities")
    assert drawn.index("road_lines") < drawn.index("railway") < drawn.index("stations")


@pytest.mark.parametrize(
    ("layer", "name"),
    [
        ("public_places", "โรงพยาบาลแม่เมาะ"), ("public_places", "ที่ว่าการอำเภอแม่เมาะ"),
        ("reservoirs", "อ่างเก็บน้ำแม่จาง"), ("stations", "แม่เมาะ"), ("road_lines", "11"),
    ],
)  # fmt: skip
def test_what_a_resident_looks_for_is_named_on_a_map_as_it_opens(bundled, layer, name):
    drawn = bundled[layer]
    assert drawn.shown
    assert drawn.label is not None
    column = drawn.label if drawn.label in drawn.frame else f"{drawn.label}_th"
    assert name in set(drawn.frame[column])


def test_no_name_on_a_map_has_a_digit_that_nobody_knows(bundled):
    named = [one for one in bundled.values() if one.label is not None]
    assert len(named) > 5
    for one in named:
        held = [one.frame[c] for c in one.frame if c.removesuffix("_th") == one.label]
        said = pd.concat(held).dropna().astype(str)
        assert list(said[said.str.contains("?", regex=False)]) == [], one.id


def test_a_layer_that_says_nothing_of_it_is_not_drawn(tiny):
    assert drawn_layers(read_catalog(tiny.layers)) == []


def test_a_layer_of_the_user_is_on_the_map_as_its_entry_says(tiny):
    draw = {"colour": "#1f6f9f", "radius_px": 7, "columns": ["depth_m"], "group": "nature"}
    columns = {"depth_m": {"th": "ความลึก", "en": "depth", "unit": "m"}}
    mm.add_layer(
        WELLS,
        id="wells",
        about={**ABOUT, "columns": columns, "draw": draw},
        layers=tiny.layers,
        scenario=None,
    )
    catalog = read_catalog(tiny.layers)
    (wells,) = context_layers(Layers(catalog))
    assert (wells.id, wells.title["en"], wells.group) == ("wells", "Wells", "nature")
    assert (wells.style.colour, wells.style.radius_px) == ("#1f6f9f", 7)
    assert [column.key for column in wells.columns] == ["depth_m"]


def test_features_alike_in_what_is_shown_are_drawn_as_one(tiny):
    lines = [[(0, 0), (1, 0)], [(1, 0), (2, 0)], [(2, 0), (3, 0)], [(0, 1), (1, 1)]]
    roads = gpd.GeoDataFrame(
        {"class": ["trunk", "trunk", "trunk", "lane"], "ref": ["11", "11", None, None]},
        geometry=[shapely.LineString([(99.7 + x, 18.3 + y) for x, y in line]) for line in lines],
        crs="EPSG:4326",
    )
    columns = {key: {"th": key, "en": key} for key in ("class", "ref")}
    draw = {"where": {"class": ["trunk"]}, "columns": ["class", "ref"], "merged": True}
    mm.add_layer(
        roads,
        id="ways",
        about={**ABOUT, "columns": columns, "draw": draw},
        layers=tiny.layers,
        scenario=None,
    )
    (drawn,) = context_layers(Layers(read_catalog(tiny.layers)))
    assert drawn.frame["class"].tolist() == ["trunk", "trunk"]
    assert sorted(drawn.frame["ref"].fillna("").tolist()) == ["", "11"]
    assert sorted(shapely.length(drawn.frame.geometry.to_numpy()).round(6).tolist()) == [1, 2]
    assert set(drawn.frame.geom_type) == {"LineString"}


def described(*names):
    return {name: {"th": name, "en": name} for name in names}


def drawn_of(tiny, frame, draw, *names):
    entry = {**ABOUT, "columns": described(*names), "draw": draw}
    mm.add_layer(frame, id="ways", about=entry, layers=tiny.layers, scenario=None)
    return context_layers(Layers(read_catalog(tiny.layers)))


def three(**columns):
    ways = [shapely.LineString([(99.7 + x, 18.3), (99.8 + x, 18.3)]) for x in (0.0, 0.1, 0.2)]
    return gpd.GeoDataFrame(columns, geometry=ways, crs="EPSG:4326")


def test_merged_without_columns_all_are_alike(tiny):
    (drawn,) = drawn_of(tiny, three(ref=["1", "2", "3"]), {"merged": True}, "ref")
    assert (len(drawn.frame), set(drawn.frame.geom_type)) == (1, {"LineString"})


@pytest.mark.parametrize("columns", [["name", "name_en"], ["name", "name"]])
def test_a_column_that_is_named_twice_is_compared_once(tiny, columns):
    frame = three(name_th=["ก", "ก", "ข"], name_en=["a", "a", "b"])
    draw = {"columns": columns, "merged": True}
    (drawn,) = drawn_of(tiny, frame, draw, "name_th", "name_en")
    assert drawn.frame["name_en"].tolist() == ["a", "b"]


def test_features_with_another_label_are_not_drawn_as_one(tiny):
    frame = three(kind=["a", "a", "a"], ref=["1", "1", "2"])
    draw = {"columns": ["kind"], "label": "ref", "merged": True}
    (drawn,) = drawn_of(tiny, frame, draw, "kind", "ref")
    assert drawn.frame["ref"].tolist() == ["1", "2"]


def test_shapes_in_a_column_of_any_name_lists_and_categories_are_drawn_as_one():
    """As a layer may be received: lists of a GeoJSON file, categories nobody has."""
    kinds = pd.Categorical(["a", "a", "a"], categories=["a", "b"])
    frame = three(kind=kinds, refs=[["1"], ["1"], ["2", "3"]]).rename_geometry("geom")
    merged = _merged(frame, ["kind", "refs"])
    assert (merged.geometry.name, merged["kind"].tolist()) == ("geom", ["a", "a"])
    assert merged["refs"].nunique() == 2
    assert not merged.geometry.is_empty.any()


def test_a_layer_that_has_nothing_of_what_is_to_be_drawn_is_left_off_the_map(tiny):
    draw = {"where": {"ref": ["motorway"]}}
    assert drawn_of(tiny, three(ref=["1", "2", "3"]), draw, "ref") == []


def test_what_is_looked_for_stands_in_one_column_not_in_two_languages(tiny):
    draw = {"where": {"name": ["a"]}, "label": "name"}
    frame = three(name_th=["ก"] * 3, name_en=["a"] * 3)
    with pytest.raises(FormatError) as error:
        drawn_of(tiny, frame, draw, "name_th", "name_en")
    (fault,) = error.value.faults
    assert (fault.code, fault.key) == ("unknown_column", "layers.ways.draw.where")
    assert fault.found == "name"


def test_a_layer_added_without_a_word_on_drawing_is_drawn_plainly(tiny):
    mm.add_layer(
        WELLS.drop(columns="depth_m"), id="wells", about=ABOUT, layers=tiny.layers, scenario=None
    )
    assert drawn_layers(read_catalog(tiny.layers)) == ["wells"]


@pytest.mark.parametrize(
    ("draw", "code"),
    [
        ({"colour": "red"}, "not_a_colour"),
        ({"dash": "a"}, "not_a_dash"),
        ({"columns": ["deep"]}, "unknown_column"),
        ({"label": "deep"}, "unknown_column"),
        ({"where": {"deep": "yes"}}, "unknown_column"),
    ],
)
def test_what_no_map_could_draw_is_a_fault_of_the_entry(tiny, draw, code):
    columns = {"depth_m": {"th": "ความลึก", "en": "depth", "unit": "m"}}
    with pytest.raises(FormatError) as error:
        mm.add_layer(
            WELLS,
            id="wells",
            about={**ABOUT, "columns": columns, "draw": draw},
            layers=tiny.layers,
            scenario=None,
        )
    (fault,) = error.value.faults
    assert (fault.code, fault.key.split(".")[:3]) == (code, ["layers", "wells", "draw"])


def test_a_raster_is_drawn_by_no_entry(tmp_path):
    content = (LAYERS / "catalog.yaml").read_text(encoding="utf-8")
    spoilt = content.replace("\n  elevation:\n", "\n  elevation:\n    draw: {}\n")
    (tmp_path / "catalog.yaml").write_text(spoilt, encoding="utf-8")
    with pytest.raises(FormatError) as error:
        read_catalog(tmp_path)
    assert [(fault.code, fault.key) for fault in error.value.faults] == [
        ("draw_needs_features", "layers.elevation.draw")
    ]


def test_how_a_layer_is_drawn_decides_nothing_that_is_computed(tiny):
    resolved, catalog = prepare(tiny, "tiny")
    file = tiny.layers / "catalog.yaml"
    drawn = re.sub(r"(?m)^(    sha256)", r"    draw: {colour: '#123456'}\n\1",
                   file.read_text(encoding="utf-8"))  # fmt: skip
    keys = keys_of_layers(resolved, catalog)
    file.write_text(drawn, encoding="utf-8")
    other = read_catalog(tiny.layers)
    assert drawn_layers(other)
    assert keys_of_layers(resolved, other) == keys


def keys_of_layers(resolved, catalog):
    """Give the keys of all stages as if nothing went into them but layers."""
    layers = Layers(catalog)
    grid = study_grid(resolved.scenario, layers)
    return [key_of(stage, layers, grid, []) for stage in stage_table(resolved.scenario, catalog)]

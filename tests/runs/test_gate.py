"""What the audit blocks, `check`, `run` and the Python door refuse: of the layers they use."""

from dataclasses import replace

import geopandas as gpd
import pytest
import shapely

import maemoh_gis as mm
from maemoh_gis.batch.plan import Planned, prepared
from maemoh_gis.core.errors import LayerError, MaeMohError
from maemoh_gis.files import read_text, sha256_of, write_geojson, write_text
from maemoh_gis.layers.audit import audit_folder
from maemoh_gis.layers.audit.gate import require_sound
from maemoh_gis.layers.catalog import read_catalog
from maemoh_gis.layers.entries import CompleteWithin
from maemoh_gis.presentation.context_layers import drawn_layers
from maemoh_gis.runs.layers_read import MAP_LAYERS, faults_before_run, layers_read
from maemoh_gis.runs.map_content import HEIGHTS, PLACE_LAYERS
from maemoh_gis.runs.project import Project, prepare
from maemoh_gis.runs.run import compute, run
from maemoh_gis.runs.stage_table import stage_table
from tests.paths import LAYERS, SCENARIOS
from tests.tiny import ENTRY, SOUTH, UTM, WEST, write_project

THINGS = [shapely.Point(WEST + 5000, SOUTH + 5000), shapely.Point(WEST + 1000, SOUTH + 1000)]
BOWTIE = shapely.Polygon(
    [(WEST, SOUTH), (WEST + 900, SOUTH + 900), (WEST + 900, SOUTH), (WEST, SOUTH + 900)]
)


def reseal(project, id, text=None):
    """Write a layer anew and put its checksum into the catalog."""
    path, catalog = project.layers / f"{id}.geojson", project.layers / "catalog.yaml"
    before = sha256_of(path)
    write_text(path, text)
    write_text(catalog, read_text(catalog).replace(before, sha256_of(path)))


def swapped(shapes):
    frame = gpd.GeoSeries(shapes, crs=UTM).to_crs("EPSG:4326")
    return [shapely.Point(point.y, point.x) for point in frame]


def features(shapes):
    written = ",\n".join(
        f'{{"type":"Feature","properties":{{"n":{n}}},"geometry":'
        f"{'null' if shape is None else shapely.to_geojson(shape)}}}"
        for n, shape in enumerate(shapes)
    )
    return f'{{"type":"FeatureCollection","features":[\n{written}\n]}}\n'


def lonlat(shapes):
    return list(gpd.GeoSeries(shapes, crs=UTM).to_crs("EPSG:4326"))


SPOILT = {
    "axes swapped": (THINGS, features(swapped(THINGS)), "axes_swapped"),
    "another crs": (
        THINGS,
        features(lonlat(THINGS)).replace(
            '"features"',
            '"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::32647"}},"features"',
        ),
        "crs_differs",
    ),
    "no geometry": (THINGS, features([lonlat(THINGS)[0], None]), "geometry_missing"),
    "lines for points": (
        THINGS,
        features(lonlat([shapely.LineString(THINGS), THINGS[0]])),
        "geometry_kind",
    ),
    "crosses itself": (
        [BOWTIE.envelope],
        features(lonlat([BOWTIE])),
        "geometry_invalid",
    ),
}


@pytest.fixture(params=SPOILT)
def spoilt(request, tmp_path):
    shapes, text, code = SPOILT[request.param]
    project = write_project(tmp_path, shapes)
    reseal(project, "things", text)
    return project, code


def refusal(ask):
    with pytest.raises(MaeMohError) as stopped:
        ask()
    return [(fault.key, fault.code) for fault in stopped.value.faults]


def test_what_the_audit_blocks_every_door_refuses(spoilt, tmp_path):
    project, code = spoilt
    blocked = [f.code for f in audit_folder(project.layers).findings if f.blocks]
    assert blocked == [code]
    expected = [("things", code)]
    folder = tmp_path / "runs" / "tiny"
    doors = (
        lambda: prepare(project, "tiny"),
        lambda: run(project, "tiny", folder),
        lambda: prepared([Planned("tiny", "tiny", {})], project, project.catalog()),
        lambda: mm.load_scenario("tiny", layers=project.layers, scenarios=project.scenarios),
        lambda: compute(project.scenario("tiny"), project.catalog()),
    )
    for ask in doors:
        assert refusal(ask) == expected
    assert not folder.parent.exists()


def test_points_in_the_study_area_are_refused(tmp_path):
    project = write_project(tmp_path, THINGS)
    reseal(project, "study", features(lonlat(THINGS)))
    assert refusal(lambda: prepare(project, "tiny")) == [("study", "geometry_kind")]


def test_all_faults_of_all_layers_come_at_once(tmp_path):
    project = write_project(tmp_path, THINGS)
    reseal(project, "study", features([None]))
    reseal(project, "things", features([*swapped(THINGS[:1]), None]))
    assert refusal(lambda: prepare(project, "tiny")) == [
        ("study", "geometry_missing"),
        ("things", "axes_swapped"),
        ("things", "geometry_missing"),
    ]


def test_a_layer_nobody_uses_stops_nobody(tmp_path):
    project = write_project(tmp_path, THINGS)
    other = gpd.GeoDataFrame({"n": [1]}, geometry=swapped(THINGS[:1]), crs="EPSG:4326")
    write_geojson(project.layers / "other.geojson", other)
    entry = ENTRY.format(id="other", kind="points", complete="none",
                         sha256=sha256_of(project.layers / "other.geojson"))  # fmt: skip
    catalog = project.layers / "catalog.yaml"
    write_text(catalog, read_text(catalog) + entry)
    prepare(project, "tiny")
    assert [f.key for f in audit_folder(project.layers).findings if f.blocks] == ["other"]


def with_entry(project, *, wrong, and_=("", "")):
    catalog = project.layers / "catalog.yaml"
    entry = ENTRY.format(id="other", kind="points", complete="none", sha256="0" * 64)
    write_text(catalog, read_text(catalog) + entry.replace(*wrong).replace(*and_))


def test_an_entry_at_fault_stops_only_who_asks_for_it(tmp_path):
    project = write_project(tmp_path, THINGS)
    with_entry(project, wrong=("    licence: CC0-1.0\n", ""))
    resolved, catalog = prepare(project, "tiny")
    assert faults_before_run(resolved, catalog) == []
    with pytest.raises(LayerError) as stopped:
        _ = catalog["other"]
    assert [(f.key, f.code) for f in stopped.value.faults] == [
        ("layers.other.licence", "missing_key")
    ]
    told = [f.code for f in audit_folder(project.layers).findings if f.blocks]
    assert told == ["missing_key", "layer_file_absent"]
    with pytest.raises(MaeMohError):
        read_catalog(project.layers)


def test_an_entry_at_fault_is_told_instead_of_an_unknown_layer(tmp_path):
    project = write_project(tmp_path, THINGS)
    with_entry(project, wrong=("    nature: observed\n", "    nature: guessed\n"))
    scenario = project.scenarios / "tiny.yaml"
    write_text(scenario, read_text(scenario).replace("layer: things", "layer: other"))
    assert refusal(lambda: prepare(project, "tiny")) == [("layers.other.nature", "wrong_value")]


def test_what_rests_on_an_entry_at_fault_is_withheld_with_its_faults(tmp_path):
    project = write_project(tmp_path, THINGS, complete="{layer: other}")
    with_entry(
        project,
        wrong=("    kind: points\n", "    kind: polygons\n"),
        and_=("    crs: EPSG:4326\n", ""),
    )
    found = refusal(lambda: prepare(project, "tiny"))
    assert found == [("layers.other.crs", "layer_without_crs")]


def test_a_file_that_was_mended_is_looked_at_again(tmp_path):
    project = write_project(tmp_path, THINGS)
    sound = read_text(project.layers / "things.geojson")
    reseal(project, "things", features([lonlat(THINGS)[0], None]))
    assert refusal(lambda: prepare(project, "tiny")) == [("things", "geometry_missing")]
    reseal(project, "things", sound)
    prepare(project, "tiny")


def test_a_layer_is_looked_at_again_where_that_it_is_complete_in_is_described_anew():
    """The columns of the other layer decide whether it can be chosen from."""
    catalog = read_catalog(LAYERS)
    within = CompleteWithin(layer="districts", where={"code": 5202})
    layers = {**catalog.layers,
              "roads": catalog["roads"].model_copy(update={"complete_within": within})}  # fmt: skip
    require_sound(replace(catalog, layers=layers), ["roads"])
    columns = {name: told for name, told in catalog["districts"].columns.items() if name != "code"}
    layers["districts"] = catalog["districts"].model_copy(update={"columns": columns})
    with pytest.raises(LayerError) as stopped:
        require_sound(replace(catalog, layers=layers), ["roads"])
    assert [(f.code, f.found) for f in stopped.value.faults] == [("unknown_column", "code")]


@pytest.mark.parametrize("name", sorted(path.stem for path in SCENARIOS.glob("*.yaml")))
def test_every_layer_a_stage_reads_is_looked_at(name):
    resolved, catalog = prepare(Project(LAYERS, SCENARIOS), name)
    read = {layer for stage in stage_table(resolved.scenario, catalog) for layer in stage.layers}
    assert read <= set(layers_read(resolved.scenario, catalog))


def test_every_layer_a_map_shows_is_looked_at():
    shown = {*drawn_layers(read_catalog(LAYERS)), *PLACE_LAYERS, HEIGHTS}
    assert shown == set(MAP_LAYERS)

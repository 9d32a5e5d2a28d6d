"""A file of one's own becomes a layer by one line, is counted where it is known, and goes again."""

import shutil
from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely

from maemoh_gis.core.errors import FormatError, MaeMohError
from maemoh_gis.files import read_text, write_text
from maemoh_gis.intake import add as adding
from maemoh_gis.intake.asking import settled
from maemoh_gis.intake.effect import known_by, sites_moved
from maemoh_gis.intake.ground import find_ground
from maemoh_gis.intake.said import Told
from maemoh_gis.intake.shelf import alone, last_added, take_back
from maemoh_gis.layers.catalog import read_catalog
from maemoh_gis.layers.load import Layers
from maemoh_gis.runs.project import prepare
from maemoh_gis.runs.run import compute
from maemoh_gis.suitability.limits import State
from maemoh_gis.suitability.result import states_of
from tests.intake.forest import FOREST_CELLS, LAND, OLD, WAY, WRITERS, forest, forest_project
from tests.tiny import UTM

SAID = Told(limit="forest", complete="province", as_of="2568", source="An office", licence="own",
            confidence="M", datum_operation=WAY)  # fmt: skip


@pytest.fixture
def project(tmp_path):
    return forest_project(tmp_path)


def ground_of(project):
    return find_ground(project.layers, project.scenarios, "tiny")


def brought(project, file, told=SAID, **how):
    ground = ground_of(project)
    return adding.add(*settled(file, told, ground, **how), ground)


def said_of(fault):
    return fault.code, fault.key


def refused(project, file, told=SAID, **how):
    before = seen(project.layers)
    with pytest.raises(MaeMohError) as error:
        brought(project, file, told, **how)
    assert seen(project.layers) == before
    return [said_of(fault) for fault in error.value.faults]


def seen(folder):
    """Give every file below a folder with its content."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def removed_cells(project):
    results = compute(*prepare(project, "tiny"))
    return int((states_of(results, "estate").state == State.REMOVED).sum())


@pytest.mark.parametrize("kind", WRITERS)
def test_in_whatever_file_it_comes_it_lands_within_a_metre_and_gives_one_answer(
    project, tmp_path, kind
):
    before = removed_cells(project)
    # The way from the old datum is asked for only where there is one.
    told = SAID if kind == "shapefile" else replace(SAID, datum_operation=None)
    added = brought(project, WRITERS[kind](tmp_path), told)
    shapes = Layers(read_catalog(project.layers)).shapes(added.id, UTM)
    assert max(shapely.hausdorff_distance(a, b) for a, b in zip(shapes, LAND, strict=True)) < 1
    assert removed_cells(project) - before == FOREST_CELLS
    catalog = read_catalog(project.layers)
    assert [name for name in catalog[added.id].columns if not name.isascii()] == ["ชื่อป่า", "วันที่"]
    read = Layers(catalog).features(added.id, UTM)
    assert read["ชื่อป่า"].tolist() == ["ป่าแม่เมาะ", "ป่าแม่จาง"]


def test_a_shapefile_stays_as_it_came_and_its_checksum_is_over_all_its_parts(project, tmp_path):
    file = WRITERS["shapefile"](tmp_path)
    added = brought(project, file)
    layer = read_catalog(project.layers)[added.id]
    assert (layer.encoding, layer.crs, layer.datum_operation) == ("cp874", OLD, WAY)
    for part in (".shp", ".dbf", ".shx", ".prj"):
        assert added.path.with_suffix(part).read_bytes() == file.with_suffix(part).read_bytes()
    table = added.path.with_suffix(".dbf")
    table.write_bytes(table.read_bytes() + b"\0")
    with pytest.raises(MaeMohError) as error:
        Layers(read_catalog(project.layers)).features(added.id, UTM)
    assert [fault.code for fault in error.value.faults] == ["checksum_differs"]


def test_all_that_is_wanting_is_named_at_once(project, tmp_path):
    assert refused(project, WRITERS["shapefile"](tmp_path), Told()) == [
        ("intake_missing", key)
        for key in ("--datum-operation", "--as", "--complete", "--as-of", "--source", "--licence",
                    "--confidence")
    ]  # fmt: skip


def test_defaults_claim_no_more_than_is_known(project, tmp_path):
    told = Told(datum_operation=WAY, limit="forest")
    added = brought(project, WRITERS["shapefile"](tmp_path), told, yes=True)
    layer = read_catalog(project.layers)[added.id]
    assert layer.complete_within == "none"
    assert (layer.confidence, layer.nature) == ("L", "indicative")
    # The newest date of the file itself.
    assert layer.as_of == 2568
    known = known_by(added.before, added.after, added.id)
    assert known.study.after == pytest.approx(FOREST_CELLS / 10_000, abs=0.01)


def test_no_default_chooses_a_datum_or_a_year_that_nobody_knows(project, tmp_path):
    frame = forest(name=["a", "b"])
    file = tmp_path / "plain.geojson"
    frame.to_crs("EPSG:4326").to_file(file)
    assert refused(project, file, Told(limit="forest"), yes=True) == [("intake_missing", "--as-of")]
    file = WRITERS["shapefile"](tmp_path)
    assert refused(project, file, Told(), yes=True) == [("intake_missing", "--datum-operation")]


def test_every_answer_that_cannot_be_is_refused_at_once(project, tmp_path):
    told = Told(limit="forrest", complete="nowhere", as_of="2026", source="x y z", licence="own",
                confidence="X", datum_operation="EPSG:1", id="Layer 1")  # fmt: skip
    assert refused(project, WRITERS["shapefile"](tmp_path), told) == [
        ("intake_choice", "--as"), ("intake_choice", "--complete"), ("year_in_ce", "--as-of"),
        ("intake_choice", "--confidence"), ("not_a_name", "--id"),
        ("unknown_datum_operation", "--datum-operation"),
    ]  # fmt: skip


def test_a_crs_that_is_none_and_words_too_short_are_faults_of_the_line(project, tmp_path):
    told = replace(SAID, crs="EPSG:9", source="me", licence="", title=" ", encoding="no-such",
                   datum_operation=None)  # fmt: skip
    table = tmp_path / "points.csv"
    table.write_text("name,lat,lon\na,18.3,99.7\n")
    for file in (WRITERS["geojson"](tmp_path), table):
        assert refused(project, file, told) == [
            ("intake_short", "--source"), ("intake_short", "--licence"),
            ("intake_short", "--title"),
            ("intake_choice", "--crs"), ("unknown_encoding", "--encoding"),
        ]  # fmt: skip


def test_a_geopackage_of_several_layers_asks_which(project, tmp_path):
    file = WRITERS["geopackage"](tmp_path)
    forest().iloc[:1].to_file(file, layer="other")
    told = replace(SAID, datum_operation=None)
    assert refused(project, file, told) == [("intake_missing", "--table")]
    added = brought(project, file, replace(told, table="other"))
    assert len(Layers(read_catalog(project.layers)).shapes(added.id, UTM)) == 1


def test_a_file_without_a_crs_is_asked_for_it_and_never_guessed(project, tmp_path):
    file = WRITERS["shapefile"](tmp_path)
    file.with_suffix(".prj").unlink()
    assert refused(project, file, SAID) == [("intake_missing", "--crs")]
    brought(project, file, replace(SAID, crs=OLD))


def test_polygons_that_cross_themselves_are_mended_and_told(project, tmp_path):
    bow = shapely.Polygon([(0, 0), (1000, 1000), (1000, 0), (0, 1000)])
    land = shapely.transform(bow, lambda xy: xy + np.array([LAND[0].bounds[:2]]))
    file = tmp_path / "bow.geojson"
    gpd.GeoDataFrame({"n": [1]}, geometry=[land], crs=UTM).to_crs("EPSG:4326").to_file(file)
    ground = ground_of(project)
    told, found = settled(file, replace(SAID, datum_operation=None), ground)
    assert found.mended == 1
    assert any("1" in note["en"] and "mended" in note["en"] for note in found.notes)
    added = adding.add(told, found, ground)
    (shape,) = Layers(read_catalog(project.layers)).shapes(added.id, UTM)
    assert shape.is_valid
    assert shape.area == pytest.approx(500_000, rel=1e-4)


@pytest.mark.parametrize("ended", [True, False])
def test_taken_back_every_byte_is_as_it_was(project, tmp_path, ended):
    path = project.layers / "catalog.yaml"
    if not ended:
        write_text(path, read_text(path).rstrip("\n"))
    before = seen(project.layers)
    first = brought(project, WRITERS["shapefile"](tmp_path))
    second = brought(project, WRITERS["geopackage"](tmp_path), replace(SAID, datum_operation=None))
    assert (first.id, second.id) == ("own_forest", "own_forest_2")
    with alone(project.layers):
        assert last_added(project.layers) == second.id
        take_back(project.layers, second.id)
    with alone(project.layers):
        take_back(project.layers, last_added(project.layers))
    assert seen(project.layers) == before


def test_only_what_was_brought_in_is_taken_back(project, tmp_path):
    brought(project, WRITERS["shapefile"](tmp_path))
    before = seen(project.layers)
    with pytest.raises(MaeMohError) as error, alone(project.layers):
        take_back(project.layers, "things")
    assert [said_of(fault) for fault in error.value.faults] == [("intake_not_added", "things")]
    assert seen(project.layers) == before


def test_killed_before_the_catalog_names_it_nothing_counts_and_the_next_clears_up(
    project, tmp_path, monkeypatch
):
    before = seen(project.layers)
    file = WRITERS["shapefile"](tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(adding, "count", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            brought(project, file)
    there = seen(project.layers)
    assert {name: there[name] for name in before} == before
    assert len(there) > len(before)
    assert "own_forest" not in read_catalog(project.layers).layers
    with alone(project.layers):
        pass
    assert seen(project.layers) == before


def test_what_the_audit_would_block_is_not_brought_in(project, tmp_path):
    file = tmp_path / "turned.geojson"
    turned = shapely.transform(
        np.asarray(forest().to_crs("EPSG:4326").geometry.array, dtype=object),
        lambda xy: xy[:, ::-1],
    )
    gpd.GeoDataFrame({"n": [1, 2]}, geometry=turned, crs="EPSG:4326").to_file(file)
    assert [code for code, _ in refused(project, file, replace(SAID, datum_operation=None))] == [
        "axes_swapped"
    ]


def test_the_folder_of_the_installed_program_takes_nothing(project, tmp_path, monkeypatch):
    monkeypatch.setattr("maemoh_gis.intake.ground.package_folder", project.layers.resolve)
    assert refused(project, WRITERS["shapefile"](tmp_path)) == [("intake_in_package", None)]


def test_where_there_is_no_catalog_one_above_the_bundled_layers_is_made_and_goes_again(tmp_path):
    project = forest_project(tmp_path)
    layers = tmp_path / "fresh" / "layers"
    ground = find_ground(layers, project.scenarios, None)
    file = WRITERS["geopackage"](tmp_path)
    told = Told(limit="none", complete="unknown", as_of="2568", source="An office", licence="own",
                confidence="L")  # fmt: skip
    added = adding.add(*settled(file, told, ground), ground)
    assert {"districts", added.id} <= set(read_catalog(layers).layers)
    with alone(layers):
        take_back(layers, added.id)
    assert list(layers.iterdir()) == []


def test_sites_that_are_lost_are_named(project, tmp_path):
    """All of the square but its corner passes; forest over the first site takes it away."""
    added = brought(project, WRITERS["geopackage"](tmp_path), replace(SAID, datum_operation=None))
    (sites,) = sites_moved(added.before, added.after)
    rai = FOREST_CELLS * 6.25
    assert sites.allowed_before_rai - sites.allowed_after_rai == pytest.approx(rai)
    assert sites.before == len(sites.lost) + (sites.after - len(sites.won))


def test_questions_are_asked_one_by_one_and_again_where_the_answer_cannot_be(project, tmp_path):
    answers = iter(["EPSG:1304", "1", "nowhere", "unknown", "2026", "2568", "An office", "", "L"])
    heard = []

    def ask(question, wrong):
        heard.append((question.name, [fault.code for fault in wrong]))
        return next(answers)

    added = brought(project, WRITERS["shapefile"](tmp_path), Told(), ask=ask)
    assert heard == [
        ("datum_operation", []), ("limit", []), ("complete", []), ("complete", ["intake_choice"]),
        ("as_of", []), ("as_of", ["year_in_ce"]), ("source", []), ("licence", []),
        ("confidence", []),
    ]  # fmt: skip
    layer = read_catalog(project.layers)[added.id]
    assert (layer.answers, layer.licence, layer.as_of) == ("forest", "LicenseRef-own", 2568)


def test_a_layer_at_fault_stops_nobody_who_brings_another(project, tmp_path):
    path = project.layers / "catalog.yaml"
    write_text(path, read_text(path).replace("  west:\n", "  west:\n    colour: red\n"))
    brought(project, WRITERS["geopackage"](tmp_path), replace(SAID, datum_operation=None))
    shutil.rmtree(project.layers / "own")
    with pytest.raises(FormatError):
        read_catalog(project.layers)

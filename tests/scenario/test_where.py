"""Features chosen by what stands in their columns: the file decides, before anything is run."""

import geopandas as gpd
import pytest
import shapely

from maemoh_gis.core.errors import MaeMohError
from maemoh_gis.files import read_text, sha256_of, write_geojson, write_text
from maemoh_gis.runs.project import prepare
from tests.tiny import SOUTH, WEST, write_project

THINGS = [shapely.Point(WEST + 1000 * n, SOUTH + 1000 * n) for n in range(1, 6)]


def with_where(folder, where):
    """Write the tiny project, whose catalog lists no column, with a choice of things."""
    project = write_project(folder, THINGS)
    path = project.scenarios / "tiny.yaml"
    text = read_text(path).replace(
        "    layer: things\n", f"    layer: things\n    where: {where}\n"
    )
    write_text(path, text)
    return project


def faults(project):
    with pytest.raises(MaeMohError) as stopped:
        prepare(project, "tiny")
    return [(f.code, f.line, f.key, f.found, f.expected) for f in stopped.value.faults]


def line_of(project, start):
    lines = read_text(project.scenarios / "tiny.yaml").splitlines()
    return next(n for n, line in enumerate(lines, 1) if line.strip().startswith(start))


@pytest.mark.parametrize("where", ["{n: 2}", "{n: [1, 2, 9]}", "{n: 2.0}"])
def test_a_column_of_the_file_may_be_chosen_by_though_the_catalog_lists_none(tmp_path, where):
    prepare(with_where(tmp_path, where), "tiny")


def test_a_column_the_file_lacks_is_named_with_the_nearest(tmp_path):
    project = with_where(tmp_path, "{nn: 2}")
    line = line_of(project, "where:")
    assert faults(project) == [("unknown_column", line, "limits.near.where.nn", "nn", "n")]


def test_where_no_column_is_near_all_are_named(tmp_path):
    project = with_where(tmp_path, "{EXPIRE_BE: 2570}")
    line = line_of(project, "where:")
    key = "limits.near.where.EXPIRE_BE"
    assert faults(project) == [("unknown_column", line, key, "EXPIRE_BE", "n")]


def test_a_choice_of_nothing_names_the_values_there_are(tmp_path):
    project = with_where(tmp_path, "{n: seven}")
    line = line_of(project, "where:")
    expected = ("nothing_selected", line, "limits.near.where.n", "seven", "0, 1, 2, 3, 4")
    assert faults(project) == [expected]


def test_nothing_is_suggested_where_nothing_is_described(tmp_path):
    project = write_project(tmp_path, THINGS)
    path = project.scenarios / "tiny.yaml"
    measure = "measure: {distance_to: things}"
    zone = "measure: {zone: {layer: study, column: height}}"
    write_text(path, read_text(path).replace(measure, zone))
    found = faults(project)
    assert ("none_described", None) in [(code, expected) for code, *_, expected in found]
    assert "–" not in {expected for *_, expected in found}


def test_a_column_to_count_with_must_hold_numbers(tmp_path):
    project = write_project(tmp_path, THINGS)
    frame = gpd.read_file(project.layers / "study.geojson").assign(height="4,861")
    catalog, path = project.layers / "catalog.yaml", project.layers / "study.geojson"
    before = sha256_of(path)
    write_geojson(path, frame, decimals=9)
    columns = "    columns: {height: {th: สูง, en: Height, unit: m}}\n    kind: polygons\n"
    text = read_text(catalog).replace(before, sha256_of(path))
    write_text(catalog, text.replace("    kind: polygons\n", columns, 1))
    scenario = project.scenarios / "tiny.yaml"
    zone = "measure: {zone: {layer: study, column: height}}"
    written = read_text(scenario).replace("measure: {distance_to: things}", zone)
    write_text(scenario, written)
    (found,) = faults(project)
    assert (found[0], *found[2:]) == (
        "column_not_number", "uses.estate.criteria.far.measure.zone.column", "height", "4,861",
    )  # fmt: skip

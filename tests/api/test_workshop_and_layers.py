"""Weights from a filled table, layers of one's own, and the two plain figures."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

import maemoh_gis as mm
from maemoh_gis.core.errors import FormatError
from maemoh_gis.files import read_text
from maemoh_gis.pictures.figures import Range, Spot, ranges_svg, spots_svg
from tests.defects.planting import CATALOG, Copy

COLUMNS = ["respondent", "first", "second", "judgement"]
ABOUT = {
    "title": {"th": "บ่อน้ำ", "en": "Wells: 'old', #1"}, "caution": {"th": "ก", "en": "x: y"},
    "nature": "observed", "confidence": "M", "complete_within": "none", "source": "a survey",
    "licence": "CC0-1.0", "as_of": 2569, "retrieved": "2569-11-21",
}  # fmt: skip


def said(*rows):
    return mm.Workshop(pd.DataFrame(rows, columns=COLUMNS))


def add(folder, id, frame, about, **more):
    return mm.add_layer(
        frame, id=id, about=about, layers=folder, scenario=None, bundled=False, **more
    )


def wells(*points):
    return gpd.GeoDataFrame(geometry=[shapely.Point(p) for p in points], crs="EPSG:4326")


def test_two_opposite_answers_cancel_out_and_their_range_shows_it():
    """3 and 1/3: each gives 0.75 to one criterion; the geometric mean of the answers is 1."""
    weights = said(("a", "rail", "road", "3"), ("b", "rail", "road", "1/3")).weights
    assert weights.loc["rail"].tolist() == pytest.approx([0.75, 0.25, 0.5, 0.25, 0.75])


def test_a_contradiction_is_found_and_the_pair_named():
    """Rail 9 times road, road 9 times homes, and yet homes 9 times rail."""
    rows = [("a", "rail", "road", 9), ("a", "road", "homes", 9), ("a", "rail", "homes", "1/9")]
    found = said(*rows).consistency.loc["a"]
    assert not found["consistent"]
    assert ":" in found["ask_again"]


def test_a_table_without_a_column_or_with_a_gap_is_refused():
    with pytest.raises(FormatError, match="judgement"):
        mm.Workshop(pd.DataFrame([("a", "x", "y")], columns=COLUMNS[:3]))
    with pytest.raises(FormatError):
        said(("a", "rail", "road", 2), ("a", "rail", "homes", 2))


def test_a_layer_is_described_in_full_or_not_written(tmp_path):
    lacking = {key: value for key, value in ABOUT.items() if key not in ("source", "caution")}
    with pytest.raises(FormatError) as refused:
        add(tmp_path, "wells", wells((99.7, 18.3)), lacking)
    assert [(one.code, one.key) for one in refused.value.faults] == [("intake_missing", "made_by")]
    assert list(tmp_path.iterdir()) == []


def test_layers_are_added_one_by_one_and_none_is_overwritten(tmp_path):
    add(tmp_path, "wells", wells((99.7, 18.3)), ABOUT)
    first = read_text(tmp_path / "own/wells/wells.geojson")
    add(tmp_path, "springs", wells((99.8, 18.4), (99.9, 18.4)), ABOUT)
    with pytest.raises(FormatError, match="wells"):
        add(tmp_path, "wells", wells((98.0, 17.0)), ABOUT)
    assert read_text(tmp_path / "own/wells/wells.geojson") == first
    catalog = mm.open_catalog(tmp_path)
    assert catalog["wells"].title.en == "Wells: 'old', #1"
    assert len(catalog.read("springs")) == 2


@pytest.mark.parametrize(
    ("shapes", "code"),
    [
        ([(18.3, 99.7)], "axes_swapped"),
        ([], "intake_empty"),
        ([(99.7, 18.3), None], "geometry_missing"),
    ],
)
def test_what_the_audit_would_block_is_not_added(tmp_path, shapes, code):
    points = [None if one is None else shapely.Point(one) for one in shapes]
    frame = gpd.GeoDataFrame(geometry=points, crs="EPSG:4326")
    with pytest.raises(FormatError) as refused:
        add(tmp_path, "wells", frame, ABOUT)
    assert [fault.code for fault in refused.value.faults] == [code]
    assert list(tmp_path.iterdir()) == []


def test_figures_leave_out_what_is_not_known_and_escape_names():
    nan = float("nan")
    drawn = ranges_svg("<b>", "rai", [Range("ก&", 1, 2, 4), Range("unknown", nan, nan, nan)])
    assert drawn.count("<circle") == 1
    assert "ก&amp;" in drawn
    assert "<b>" not in drawn
    assert "unknown" in drawn
    spots = spots_svg(
        "t", "x", "y", [Spot("one", 1, 2, marked=True), Spot("two", nan, 1, marked=False)]
    )
    assert spots.count("<circle") == 1
    assert "– two" in spots


def test_a_dot_lies_where_its_value_is():
    """The axis runs from 0 to 4 over 430 units from 370: 2 lies in the middle, at 585."""
    assert 'cx="585.0"' in ranges_svg("t", "u", [Range("a", 2, 2, 2), Range("b", 0, 4, 4)])


def test_a_table_in_a_stated_code_page_is_read(tmp_path):
    copy = Copy(tmp_path, ("subdistrict_population",))
    path = copy.path_of("subdistrict_population")
    path.write_bytes(path.read_text("utf-8").encode("cp874"))
    copy.seal("subdistrict_population")
    line = "path: subdistrict_population.csv\n"
    text = copy.read(CATALOG)
    copy.write(CATALOG, text.replace(line, f"{line}    encoding: cp874\n"))
    read = mm.open_catalog(copy.layers).read("subdistrict_population")
    assert read["name_th"].iloc[0] == "บ้านดง"

"""Traffic counts: one row a point, years side by side, no share that cannot be believed."""

import pytest

from maemoh_gis.layers.catalog import read_catalog
from pack import traffic as theme
from tests.layers.bundled import table
from tests.paths import LAYERS, SOURCES

needs_sources = pytest.mark.skipif(SOURCES is None, reason="the fuller sources are not here")


@pytest.fixture(scope="module")
def rows():
    return table("traffic_counts")


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    out = tmp_path_factory.mktemp("traffic")
    return out, theme.build(SOURCES, out)


def _counted(year, **other):
    return {
        "route": "1", "control_section": "1102", "section_th": "ดอนไชย-สบปราบ",
        "survey_km": "617+097", "aadt": "14494", "heavy_pct": "24.783",
        "highway_office": "ขท.ลำปางที่1", "province": "ลำปาง", "year_be": year, **other,
    }  # fmt: skip


def test_route_1_through_ban_dong_carries_some_18_thousand_a_day(rows):
    counts = {r["km"]: r["vehicles_2566"] for r in rows if r["control_section"] == 1201}
    assert counts == {720.4: 17_980, 769.4: 10_740}


def test_heavy_shares_stand_only_with_lampang_1_outside_the_doubted_stretch(rows):
    told = [r for r in rows if r["heavy_percent"] is not None]
    assert {r["highway_district_th"] for r in told} == {"ลำปางที่ 1"}
    assert not [r for r in told if r["route"] == 1 and 697 <= r["km"] <= 702]
    assert all(0 <= r["heavy_percent"] <= 60 for r in told)


def test_what_is_doubted_is_of_low_confidence(rows):
    doubted = {(r["route"], r["km"]) for r in rows if r["confidence"] == "L"}
    assert {(1, 697.9), (1, 701.8)} <= doubted
    assert all(r["confidence"] == "L" for r in rows if r["highway_district_th"] == "ลำปางที่ 2")


def test_points_are_there_once_and_counted_at_least_once(rows):
    keys = [(r["route"], r["control_section"], r["km"], r["section_th"]) for r in rows]
    assert len(set(keys)) == len(keys) == 159
    years = [f"vehicles_{year}" for year in theme.YEARS_BE]
    assert all(any(r[year] for year in years) for r in rows)


def test_a_point_is_told_with_all_its_years():
    years = {"2564": _counted("2564", aadt="11938"), "2566": _counted("2566")}
    row = theme.point_row(years)
    assert (row["km"], row["section_th"]) == (617.1, "ดอนไชย – สบปราบ")
    assert [row[f"vehicles_{year}"] for year in theme.YEARS_BE] == [None, None, 11_940, 14_490]
    assert (row["highway_district_th"], row["heavy_percent"]) == ("ลำปางที่ 1", 25)


@pytest.mark.parametrize(
    ("other", "share", "confidence"),
    [
        ({}, 25, "M"),
        ({"survey_km": "701+817"}, None, "L"),
        ({"highway_office": "ลำปางที่ 2"}, None, "L"),
        ({"highway_office": "แพร่", "province": "แพร่"}, None, "M"),
    ],
)
def test_a_share_is_kept_only_where_it_can_be_believed(other, share, confidence):
    row = theme.point_row({"2566": _counted("2566", **other)})
    assert (row["heavy_percent"], row["confidence"]) == (share, confidence)


@needs_sources
def test_rebuilding_gives_the_committed_bytes(rebuilt):
    name = "traffic_counts.csv"
    assert (rebuilt[0] / name).read_bytes() == (LAYERS / name).read_bytes()


@needs_sources
def test_the_catalog_states_the_accuracy_that_is_measured(rebuilt):
    catalog = read_catalog(LAYERS)
    assert {id: dict(catalog[id].accuracy) for id in rebuilt[1]} == rebuilt[1]

"""The sheets beside a report: permits by site, aspects of two programmes, villages by moo."""

import re

import pytest

from maemoh_gis.core.messages import both
from maemoh_gis.files import read_csv, read_json, read_text
from maemoh_gis.layers.load import Layers
from maemoh_gis.pages.report_content import Map, Table
from maemoh_gis.presentation.run_files import open_files, range_of
from maemoh_gis.sheets.sheets import _own_permits, permit_status, site_sheets
from maemoh_gis.sheets.towns import _OF_RUN
from tests.paths import LAYERS, ROOT

LAW = {"title_en": "Reserved forest", "ground": "law", "status": "checked"}
STAND_IN = {"title_en": "Mapped forest", "ground": "physics", "status": "checked"}
PERMIT = {"limits": "reserve mapped", "uses": "", "status": ""}


def status(permit=PERMIT, subject_to=(), **limits):
    return permit_status(permit, limits, "estate", list(subject_to))


def test_a_permit_is_needed_where_its_law_lies_on_the_site():
    assert status(reserve=LAW, subject_to=["Reserved forest"]) == "needed"


def test_a_law_that_was_not_checked_leaves_the_permit_unknown():
    unchecked = {**LAW, "status": "not_checked"}
    assert status(reserve=unchecked, subject_to=["Reserved forest"]) == "unknown"
    assert status(reserve={**LAW, "status": "partly"}) == "unknown"


def test_a_stand_in_of_the_law_proves_no_need():
    assert status(mapped=STAND_IN, subject_to=["Mapped forest"]) == "unknown"


def test_a_checked_law_that_does_not_lie_there_is_not_found():
    assert status(reserve=LAW) == "not_found"


def test_a_use_may_always_need_a_permit():
    assert status({"limits": "", "uses": "yard estate", "status": ""}) == "needed"
    assert status({"limits": "", "uses": "yard", "status": ""}) is None


def test_what_is_on_record_as_held_is_held():
    assert status({**PERMIT, "status": "held"}, reserve=LAW) == "held"


@pytest.mark.parametrize(("table", "dimensions", "aspects"),
                         [("eco_town_aspects", 5, 20), ("smart_city_aspects", 3, 14)])  # fmt: skip
def test_every_aspect_names_a_figure_that_can_be_told_or_none(table, dimensions, aspects):
    rows = read_csv(LAYERS / f"{table}.csv")
    assert len(rows) == aspects
    assert len({row["dimension"] for row in rows}) == dimensions
    statistics = {(r["topic"], r["item"], r["year_be"])
                  for r in read_csv(LAYERS / "province_statistics.csv")}  # fmt: skip
    for row in rows:
        kind, _, rest = row["figure"].partition(" ")
        assert kind in {"", "run", "statistic"}
        assert kind != "run" or rest in _OF_RUN
        assert kind != "statistic" or tuple(rest.split()) in statistics


def test_permits_name_limits_and_uses_of_the_shipped_scenarios():
    scenarios = "".join(read_text(path) for path in sorted((ROOT / "scenarios").glob("*.yaml")))
    for row in read_csv(LAYERS / "permits.csv"):
        assert row["limits"] or row["uses"], row["id"]
        for name in (*row["limits"].split(), *row["uses"].split()):
            assert re.search(rf"\b{name}:", scenarios), name


def test_a_range_below_zero_is_told_without_a_dash_before_the_minus():
    assert range_of(-2.044, -1.186, -0.657, 2)["en"] == "-1.19 (-2.04 to -0.66)"
    assert range_of(0.657, 1.186, 2.044, 2)["en"] == "1.19 (0.66–2.04)"


@pytest.fixture(scope="module")
def sections(small_run, small_project):
    record = read_json(small_run / "run.json")
    return site_sheets(
        open_files(small_run, record, Layers(small_project.catalog()), checked=False)
    )


@pytest.fixture(scope="module")
def sheets(sections):
    return [one for one in sections if not one.id.endswith("-permits")]


def permits_in(section):
    head = both("report.column.permit")
    tables = [block for block in section.blocks if isinstance(block, Table)]
    return [row[0]["en"] for one in tables if one.heads[0].title == head for row in one.rows]


def test_permits_that_are_alike_for_all_sites_stand_once_before_them(sections, sheets):
    shared = {one.id.removesuffix("-permits"): permits_in(one)
              for one in sections if one not in sheets}  # fmt: skip
    assert any(shared.values())
    for use, alike in shared.items():
        mine = [permits_in(sheet) for sheet in sheets if sheet.id.startswith(f"{use}-")]
        assert len(mine) > 1
        assert [one for own in mine for one in own if one in alike] == []


def test_a_permit_that_differs_stands_on_the_sheets_it_is_of():
    permits = [{**PERMIT, "title_th": "x", "title_en": "own"}]
    for asked, there in ((["needed", "unknown"], [1, 1]), (["needed", None], [1, 0]),
                         (["needed", "needed"], [0, 0]), ([None, None], [0, 0])):  # fmt: skip
        told = [_own_permits(permits, [asked], place) for place in (0, 1)]
        assert [len(one) for one in told] == there, asked


def test_one_site_has_all_its_permits():
    assert len(_own_permits([PERMIT], [["needed"]], 0)) == 1


def test_every_site_stands_with_its_outline_on_a_map_of_what_lies_around_it(sheets):
    assert sheets
    for sheet in sheets:
        (closeup,) = (block.figure for block in sheet.blocks if isinstance(block, Map))
        (site,) = closeup.sites
        across = [float(x) for x in re.findall(r"[ML](-?[\d.]+)", site.path)]
        assert max(across) - min(across) > closeup.width / 50
        assert closeup.ground.marks


def test_a_close_up_names_roads_or_villages(sheets):
    closeups = [next(b for b in sheet.blocks if isinstance(b, Map)).figure for sheet in sheets]
    assert any(name.text["en"].isdigit() for closeup in closeups for name in closeup.names)


def test_a_sheet_is_called_by_the_name_of_its_site(sheets, small_run):
    import geopandas as gpd

    named = [
        name
        for layer in gpd.list_layers(small_run / "sites.gpkg")["name"]
        for name in gpd.read_file(small_run / "sites.gpkg", layer=layer)["name_th"]
    ]
    assert named
    assert all(any(sheet.title["th"].endswith(name) for sheet in sheets) for name in named)

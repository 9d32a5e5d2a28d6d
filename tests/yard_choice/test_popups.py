"""Popups of sites, rectangles and compared places tell what the tables of the run hold."""

import json
import re
from types import SimpleNamespace

import geopandas as gpd
import pytest
from shapely import box

from maemoh_gis.files import read_csv, read_vector
from maemoh_gis.layers.catalog import read_catalog
from maemoh_gis.yard_choice.popups import yard_popup
from tests.paths import LAYERS


@pytest.fixture(scope="module")
def page(small_run):
    html = (small_run / "map.html").read_text(encoding="utf-8")
    return json.loads(
        re.search(r'<script type="application/json" id="data">(.*?)</script>', html)[1]
    )


def popup(titles, lines):
    return dict(zip((title["en"] if isinstance(title, dict) else title for title in titles),
                    (line["en"] if isinstance(line, dict) else line for line in lines),
                    strict=True))  # fmt: skip


def layer(page, id):
    return next(layer for layer in page["layers"] if layer["id"] == id)


def freight_range(small_run, yard):
    """TEU at the central case, and the least and the greatest of all cases."""
    rows = [row for row in read_csv(small_run / "freight_yards.csv") if row["yard"] == yard]
    central = next(r for r in rows if (r["demand"], r["case"]) == ("central", "central"))
    teu = [float(row["teu"]) for row in rows]
    return f"{float(central['teu']):,.0f}", f"{min(teu):,.0f}", f"{max(teu):,.0f}"


def test_a_site_tells_on_what_its_score_rests_and_how_sure_that_is(page, small_run):
    use = next(use for use in page["uses"] if use["id"] == "container_yard")
    frame = read_vector(small_run / "sites.gpkg", layer="sites_container_yard")
    assert len(use["sites"]) == len(frame) > 0
    for site, share in zip(use["sites"], frame["scored_share"], strict=True):
        told = popup(use["titles"], site["lines"])
        assert told["The score rests on"].startswith(f"{100 * share:.0f} % of the weight")
        parts = [float(n) for n in re.findall(r"(\d+) %", told["Confidence, by weight"])]
        assert sum(parts) == pytest.approx(100, abs=2)
        # One reading: what is not scored here is what the score does not rest on.
        left = re.search(r"not scored (\d+) %", told["Confidence, by weight"])[1]
        assert float(left) == pytest.approx(100 * (1 - share), abs=0.51)


def test_freight_of_a_place_is_that_of_the_table(page, small_run):
    places = layer(page, "yard_choice")
    names = {row["name_en"]: row["id"] for row in read_csv(small_run / "yard_choice.csv")}
    assert places["features"]
    for feature in places["features"]:
        told = popup(places["titles"], feature["lines"])["Freight (assumption)"]
        id = names[feature["name"]["en"].partition(": ")[2]]
        if told.startswith("no train"):
            assert not [r for r in read_csv(small_run / "freight_yards.csv") if r["yard"] == id]
            continue
        central, least, most = freight_range(small_run, id)
        assert told.startswith(f"{central} loaded TEU a year ({least} to {most} over all cases)")


def test_what_indicators_give_a_place_lies_in_the_range_of_its_score(page):
    places = layer(page, "yard_choice")
    for feature in places["features"]:
        told = popup(places["titles"], feature["lines"])
        least, greatest = (float(end) for end in told["Score, least to greatest"].split("–"))
        gained = sum(gained or 0.0 for _, gained, _ in feature["bars"])
        assert least - 0.006 <= gained <= greatest + 0.006
        letter = told["Class (only classes are told apart)"]
        assert len(letter) == 1 or letter == "none: no open railway in this year"
        assert sum(possible for _, _, possible in feature["bars"]) == pytest.approx(1.0)


def test_a_site_of_another_use_tells_people_near_and_no_freight(page):
    estate = next(use for use in page["uses"] if use["id"] == "green_estate")
    titles = [title["en"] for title in estate["titles"]]
    assert any(title.startswith("People within") for title in titles)
    assert not any("Freight" in title for title in titles)
    assert titles[-1] == "Subject to", "the longest comes last"


def test_a_rectangle_tells_people_near_and_freight_of_the_nearest_place():
    """Rectangles at x = 0 and 5,000 m; places at 1,000 and 6,500: 1.0 km and 1.5 km away."""
    fits = gpd.GeoDataFrame(
        {"rank": [1, 2]}, geometry=[box(-10, -10, 10, 10), box(4990, -10, 5010, 10)],
        crs="EPSG:32647",
    )  # fmt: skip
    ends = [f"people_2000_m_{end}" for end in ("low", "central", "high")]
    rows = [
        {"kind": "yard", "use": "yard", "rank": rank, "uncounted_land_2000_m": uncounted,
         "farm_rai": farm, **dict(zip(ends, people, strict=True))}
        for rank, people, uncounted, farm in
        ((1, (0, 125, 300), 0.25, 3.0), (2, ("", "", ""), 1.0, 0.0))
    ]  # fmt: skip
    case = SimpleNamespace(level="central", case="central", teu=1500.0, thb_saved=2.5e6)
    least = SimpleNamespace(level="low", case="central", teu=0.0, thb_saved=-1e5)
    freight = SimpleNamespace(cases=(case, least), justified="no", at=lambda level, case_: case)
    places = [
        SimpleNamespace(id="near", place=(1000.0, 0.0), title={"th": "ใกล้", "en": "Near"}),
        SimpleNamespace(id="far", place=(6500.0, 0.0), title={"th": "ไกล", "en": "Far"}),
        SimpleNamespace(id="nowhere", place=(0.0, 0.0), title={"th": "ไม่มี", "en": "None"}),
    ]
    found = {
        "exposure": SimpleNamespace(rows=rows),
        "freight": SimpleNamespace(
            indicators={"near": freight, "far": freight},
            unreached=(),
            senders=("a", "b"),
            gap_senders=lambda id: ("a",) if id == "far" else (),
        ),
        "choice": SimpleNamespace(contestants=places),
    }
    results = SimpleNamespace(
        found_as=lambda stage, _: found[stage],
        described_as=lambda key, _: found[key],
        resolved=SimpleNamespace(scenario=SimpleNamespace(
            exposure=SimpleNamespace(radii_m=[2000.0]), questions={})),
    )  # fmt: skip
    told, columns = yard_popup(results, "yard", fits)
    keys = [column.key for column in columns]
    assert keys == ["freight_words", "people_near", "farm_rai"]
    few = (
        "too little where roads are missing: from 1 of 2 senders the recorded drive is more than "
        "twice the straight line"
    )
    said = "1,500 loaded TEU a year (0 to 1,500 over all cases), saving 2.5 million THB a year "
    assert list(told["freight_words_en"]) == [
        f"Near, 1.0 km away: {said}(-0.1 to 2.5); no yard is justified in any case",
        f"Far, 1.5 km away: {said}(-0.1 to 2.5); no yard is justified in any case; {few}",
    ]
    some = "125 (fewer than 25 to 300); nobody counted on 25 % of the land around"
    assert told["people_near_en"].iloc[0] == f"{some}, where there may be more"
    assert told["people_near_en"].iloc[1] == "not known (100 % of the land not counted)"


def test_a_yard_says_of_which_year_the_roads_are_that_may_cross_it(page):
    yards = [one for one in page["layers"] if one["id"].startswith("yards_") and one["features"]]
    assert yards
    year = read_catalog(LAYERS)["roads"].as_of
    for one in yards:
        assert f"Roads are as recorded in B.E. {year}" in one["caution"]["en"]
        assert f"ข้อมูลถนนเป็นของ พ.ศ. {year}" in one["caution"]["th"]

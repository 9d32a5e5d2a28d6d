"""One pair, one distance: every table of a run has the same km for the same pair and carrier."""

from __future__ import annotations

import json
import math
import shutil

import geopandas as gpd
import pytest

from maemoh_gis.files import read_csv
from maemoh_gis.network.detours import MOST_DETOUR
from maemoh_gis.runs.project import Project
from maemoh_gis.runs.run import run
from tests.conftest import SMALL
from tests.paths import FROZEN_LAYERS, FROZEN_SCENARIOS


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Run the frozen baseline over coarse cells of one district; distances are those of all."""
    scenarios = tmp_path_factory.mktemp("one_distance") / "scenarios"
    shutil.copytree(FROZEN_SCENARIOS, scenarios)
    (scenarios / "small.yaml").write_text(SMALL, encoding="utf-8")
    out = tmp_path_factory.mktemp("one_distance") / "run"
    return run(Project(FROZEN_LAYERS, scenarios), "small", out, pages=False)


@pytest.fixture(scope="module")
def access(folder):
    rows = read_csv(folder / "access.csv")
    return {(row["from_en"], row["to_en"]): row for row in rows}


@pytest.fixture(scope="module")
def names(folder):
    """English names of access.csv by the keys of freight; rectangles have places of their own."""
    found = {}
    for file, key in (("district_seats", "code"), ("railheads", "key"), ("gateways", "key")):
        frame = gpd.read_file(FROZEN_LAYERS / f"{file}.geojson")
        found |= dict(zip(frame[key].astype(str), frame["name_en"], strict=True))
    yards = read_csv(folder / "freight_yards.csv")
    return {row["railhead"]: row["yard_en"] for row in yards} | found


def test_freight_costs_and_access_have_the_same_km(folder, access, names):
    compared = {"road": 0, "drayage": 0, "rail": 0}
    for row in read_csv(folder / "freight_costs.csv"):
        if row["case"] != "central":
            continue
        way, origin, gateway = (names.get(row[k], "–") for k in ("way", "origin", "gateway"))
        if row["way"] == "road":
            pairs = [("road", "road", (origin, gateway), row["road_km"])]
        else:
            pairs = [("drayage", "road", (origin, way), row["road_km"]),
                     ("rail", "rail", (way, gateway), row["rail_km"])]  # fmt: skip
        for kind, carrier, pair, km in pairs:
            if pair in access and access[pair][f"{carrier}_km"]:
                told = float(access[pair][f"{carrier}_km"])
                # The one file rounds to 0.1 km, the other to 0.01.
                assert told == pytest.approx(float(km), abs=0.056), (kind, pair)
                compared[kind] += 1
    assert compared["road"] >= 2 * 3
    assert compared["drayage"] >= 10
    assert compared["rail"] >= 10


def test_flows_and_access_have_the_same_km(folder, access, names):
    """A heavy box has a lorry of its own, there and back: lorry-km over 2 TEU are km."""
    compared = 0
    for row in read_csv(folder / "flows.csv"):
        heavy = row["box_class"] == "heavy_20" and row["teu"] and float(row["teu"]) > 20
        by_road = row["way"] == "road"
        # Other cases of prices take the ends of what is stated of a distance.
        if not heavy or (by_road and row["case"] != "central"):
            continue
        end = names[row["gateway"] if by_road else row["way"]]
        told = access.get((names[row["origin"]], end), {}).get("road_km")
        if told:
            km = float(row["truck_km"]) / float(row["teu"]) / 2
            assert float(told) == pytest.approx(km, rel=1e-3), (names[row["origin"]], end)
            compared += 1
    assert compared > 50


@pytest.mark.parametrize(
    ("start", "end", "km"),
    [
        ("Mae Phrik", "Laem Chabang port", 594),
        ("Thoen", "Laem Chabang port", 612),
        ("Sop Prap", "Laem Chabang port", 647),
        ("Soem Ngam", "Laem Chabang port", 681),
        ("Wang Nuea", "Chiang Khong", 219),
        ("Ngao", "Chiang Khong", 219),
        ("Chae Hom", "Chiang Khong", 267),
    ],
)
def test_who_lives_away_from_the_city_does_not_drive_there_first(access, start, end, km):
    there, back = access[start, end], access[end, start]
    assert float(there["road_km"]) == pytest.approx(km, abs=0.5)
    assert [there[k] for k in there if k.startswith("road_")] == [
        back[k] for k in back if k.startswith("road_")
    ]
    # Beyond the exit at 48 km/h as it is stated, before it as the roads allow.
    stated, minutes = float(there["road_stated_km"]), float(there["road_minutes"])
    assert 0 < stated < float(there["road_km"])
    assert minutes > stated / 48 * 60
    assert float(there["road_km"]) / minutes * 60 == pytest.approx(50, abs=6)


def test_a_box_from_mae_mo_station_costs_in_access_what_it_costs_in_freight(folder, access):
    row = access["Mae Mo", "Laem Chabang port"]
    assert float(row["road_thb_heavy_20_central"]) == pytest.approx(20_050, abs=1)
    station = access["Mae Mo station", "Laem Chabang port"]
    assert float(station["rail_thb_heavy_20_central"]) == pytest.approx(21_841, abs=1)
    costs = {
        (one["way"], one["case"], one["box_class"]): float(one["total_thb"])
        for one in read_csv(folder / "freight_costs.csv")
        if (one["origin"], one["gateway"]) == ("5202", "laem_chabang")
    }
    for level in ("low", "central", "high"):
        for box in ("heavy_20", "light_20", "box_40"):
            told = float(row[f"road_thb_{box}_{level}"])
            assert told == pytest.approx(costs["road", level, box], abs=1)
    # Of the stations it names one over which a box costs no more than over any railhead.
    least = min(thb for (way, case, box), thb in costs.items()
                if way != "road" and (case, box) == ("central", "heavy_20"))  # fmt: skip
    assert float(row["rail_thb_heavy_20_central"]) <= least + 1


def test_no_row_has_costs_of_both_kinds(access):
    gateways = {"Laem Chabang port", "Lat Krabang ICD", "Chiang Khong"}
    for pair, row in access.items():
        whole = [v for k, v in row.items() if v and k.startswith(("road_thb", "rail_thb"))]
        drayage = [v for k, v in row.items() if v and k.startswith("drayage_thb")]
        assert not (whole and drayage), pair
        assert not whole or len(gateways.intersection(pair)) == 1, pair


def test_ways_more_than_twice_the_straight_line_are_marked(folder, access):
    for row in access.values():
        if not row["road_km"]:
            assert row["road_gap"] == ""
            continue
        assert row["road_gap"] in {"yes", "no"}
        straight = float(row["road_straight_km"])
        if straight > 0.01 and float(row["road_km"]) > (MOST_DETOUR + 0.01) * straight:
            assert row["road_gap"] == "yes"
        assert bool(row["road_gap_th"]) is bool(row["road_gap_en"]) is (row["road_gap"] == "yes")
    absurd = [("Chae Hom", "Mueang Pan"), ("Mae Chang station", "Pang Puai station"),
              ("Pang Puai station", "Den Chai station"), ("Soem Ngam", "Ko Kha"),
              # Drawn as far as the exit at Den Chai, 174 km for 40.
              ("Pang Puai station", "Laem Chabang port")]  # fmt: skip
    assert {access[pair]["road_gap"] for pair in absurd} == {"yes"}
    assert access["Mueang Lampang", "Mae Mo"]["road_gap"] == "no"
    costs = read_csv(folder / "freight_costs.csv")
    assert {r["road_gap"] for r in costs if r["way"] == "pang_puai"} == {"yes"}
    yards = {row["yard"]: row for row in read_csv(folder / "freight_yards.csv")}
    assert "Mueang Lampang" in yards["pang_puai"]["drayage_gaps_en"].split("; ")
    assert int(yards["pang_puai"]["drayage_gaps"]) >= 7
    told = json.loads((folder / "run.json").read_text(encoding="utf-8"))["freight"]["findings"]
    (words,) = [one for one in told if "twice the straight line" in one["en"]]
    assert "Pang Puai station" in words["en"]
    assert "ปางป๋วย" in words["th"]
    assert not math.isnan(float(access["Chae Hom", "Mueang Pan"]["road_km"]))

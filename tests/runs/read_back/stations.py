"""Why no yard fits at a station: verdicts from counts, margins from values, what gives way."""

import numpy as np
import pandas as pd

from tests.runs.read_back.every import csv_file, package_file
from tests.runs.read_back.folder import near


def why(folder, name):
    csv_file(folder, name)
    table = folder.table(name)
    stations = folder.table("yards_stations.csv").set_index(["use", "station_en"])
    in_area = {
        (row["use"], row["station_en"])
        for _, row in stations.reset_index().iterrows()
        if str(row["in_study_area"]) == "True"
    }
    assert {(row["use"], row["station_en"]) for _, row in table.iterrows()} == in_area
    for _, row in table.iterrows():
        there = stations.loc[(row["use"], row["station_en"])]
        # Those within reach are some of the places nearest to the station.
        for count in ("places", "holds", "cannot_be_told"):
            assert int(row[count]) <= int(there[count]), count
        near([float(row["station_km"])], [float(there["station_km"])], abs=1e-6)
        assert row["verdict"] == _verdict(row)
        assert abs(float(row["place_km"]) - float(row["station_km"])) <= 2.0 + 1e-6
        assert row["station_th"] in row["verdict_th"]
        recorded = folder.record["near_misses"][row["use"]][row["station_en"]]
        assert recorded["verdict"] == row["verdict"]
        assert bool(recorded["relaxed"]) == (pd.notna(row["least_en"]) and row["least_en"] != "")
    first = [str(x) for x in table["in_view"]]
    assert first == sorted(first, reverse=True)


def _verdict(row):
    if int(row["holds"]):
        return "holds"
    if int(row["as_read"]):
        return "as_read"
    return "cannot_be_told" if int(row["cannot_be_told"]) else "fails"


def tests(folder, name):
    csv_file(folder, name)
    table = folder.table(name)
    at_least = table["test"].isin(["one_side", "roads"])
    value, limit = (pd.to_numeric(table[x]) for x in ("value", "limit"))
    margin = pd.to_numeric(table["margin"])
    known = value.notna().to_numpy()
    near(margin[known], np.where(at_least, value - limit, limit - value)[known], abs=1e-6)
    limits = table[table["test"].str.startswith("limit:")]
    for _, row in limits.iterrows():
        about = folder.resolved["limits"].get(row["test"].partition(":")[2])
        if about is None:
            # Land in use until its units are gone is a limit of the year, not of the scenario.
            assert row["test"].startswith("limit:zone_")
            continue
        assert row["title_en"] == about["title"]["en"]
        assert (row["outcome"] == "not_checked") == (about.get("test") is None)
        if row["outcome"] in ("removed", "permit"):
            assert float(row["value"]) > 0
            assert (row["outcome"] == "removed") == (about["outcome"] == "removed")
    for use, rows in table[~table.index.isin(limits.index)].groupby("use"):
        asked = folder.resolved["uses"][use]["yard"]
        of_grade = rows[rows["test"] == "grade"]
        assert set(pd.to_numeric(of_grade["limit"])) == {asked["greatest_grade_permille"]}
        of_course = rows[rows["test"] == "straight"]
        assert set(pd.to_numeric(of_course["error"])) == {2.0 * asked["line_accuracy_m"]}


def relaxations(folder, name):
    csv_file(folder, name)
    table = folder.table(name)
    stations = folder.table("why.csv").set_index(["use", "station_en"])
    for (use, station), rows in table.groupby(["use", "station_en"]):
        asked = folder.resolved["uses"][use]["yard"]
        assert stations.loc[(use, station), "verdict"] in ("cannot_be_told", "fails")
        now = {
            "grade": asked["greatest_grade_permille"],
            "straight": asked["straight_tolerance_m"],
            "siding": asked["sidings_m"][0],
            "length": asked["length_m"],
            "width": asked["width_m"],
            "offset": asked["offset_m"],
            "roads": len(asked["road_classes"]),
        }
        for _, row in rows.iterrows():
            assert float(row["was"]) == now[row["parameter"]]
            near([float(row["by"])], [abs(float(row["to"]) - float(row["was"]))], abs=1e-3)
        efforts = rows.groupby("number")["effort"].first().astype(float).tolist()
        assert efforts == sorted(efforts)


def earthworks(folder, name):
    csv_file(folder, name)
    table = folder.table(name)
    why_table = folder.table("why.csv")
    at_stations = table[table["rectangle"].isna() | (table["rectangle"].astype(str) == "")]
    pair = (at_stations, why_table)
    named = [set(zip(one["use"], one["station_en"], strict=True)) for one in pair]
    assert named[0] == named[1]
    for use, rows in table.groupby("use"):
        # Every rectangle that fits has a bed, at its own place.
        fits = folder.layer("yards.gpkg", f"yards_{use}")
        own = rows[~rows.index.isin(at_stations.index)]
        assert [int(n) for n in own["rectangle"]] == list(fits["rank"])[:50]
        near(own["place_km"].astype(float), fits["chainage_km"].iloc[:50], abs=1e-3)
        assert list(own["side"]) == list(fits["side"])[:50]
        bed = folder.resolved["uses"][use]["yard"]["own_bed"]
        for _, row in rows.iterrows():
            error = pd.to_numeric(row["heights_error_m"])
            surveyed = bool(error <= bed["surveyed_within_m"])
            assert str(row["surveyed"]) == str(surveyed)
            # Only a survey gives cubic metres, only the user's price baht.
            assert (str(row["moved_m3_read"]) in ("", "nan")) != surveyed
            assert str(row["thb_read"]) in ("", "nan") or bed.get("thb_per_m3") is not None


def places(folder, name):
    package_file(folder, name)
    table = folder.table("why.csv")
    assert len(table)
    for use, rows in table.groupby("use"):
        asked = folder.resolved["uses"][use]["yard"]
        drawn = folder.layer(name, f"stations_{use}")
        assert list(drawn["station_en"]) == list(rows["station_en"])
        assert list(drawn["verdict"]) == list(rows["verdict"])
        # A relaxed yard may be smaller than asked for, never larger.
        assert (drawn.geometry.area <= asked["length_m"] * asked["width_m"] * (1 + 1e-6)).all()
        middles = drawn.geometry.centroid.to_crs("EPSG:4326")
        near(rows["lon"].astype(float), middles.x, abs=2e-5)
        near(rows["lat"].astype(float), middles.y, abs=2e-5)

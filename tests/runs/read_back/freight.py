"""Freight: flows, costs, what yards would bring, emissions, and the sets of yards."""

import math

import numpy as np
import pandas as pd
import shapely

from tests.runs.read_back.every import csv_file, package_file, unique
from tests.runs.read_back.folder import near, numbers, rounds_to

TEU_OF_BOX = {"heavy_20": 1.0, "light_20": 1.0, "box_40": 2.0}
LORRIES = {"heavy_20": 1.0, "light_20": 0.5, "box_40": 1.0}
LIFTING = {"heavy_20": 1.0, "light_20": 1.0, "box_40": 1.7}
ROAD_RATE = {"heavy_20": "heavy", "light_20": "light", "box_40": "light"}
_CHEAP_WHERE_HIGH = {"road_average_speed_long_haul", "rail_commercial_speed_freight"}
_OF_ROAD = {
    "road_container_heavy_teu_km", "road_container_light_teu_km", "road_average_speed_long_haul",
    "transit_time_road_mae_mo_laem_chabang",
}  # fmt: skip
LEVELS = ("low", "central", "high")
PARTS = ("haul", "drayage", "yard_lifts", "shunting", "linehaul", "port_lift", "gate", "time",
         "empty_lifts", "empty_shunting", "empty_linehaul")  # fmt: skip


class Rates:
    """The rates of a case of prices, read from the table by what each case means."""

    def __init__(self, folder, case):
        self.rows, self.case = folder.source_table("tariffs").set_index("item"), case
        freight = folder.resolved["freight"]
        self.faster_kph = freight["double_track_kph"]
        where = folder.source_table("linehaul_distances")
        self.stated = {
            mode: float(where[(where["from_place"] == start) & (where["mode"] == mode)
                              & (where["to_place"] == "Laem Chabang port")]["km_central"].iloc[0])
            for mode, start in (("road", "Mae Mo district"), ("rail", "Mae Mo station"))
        }  # fmt: skip

    def __getitem__(self, item):
        dear = {"low": "low", "central": "central", "high": "high"}.get(self.case)
        if dear is None:
            favoured = (item in _OF_ROAD) == (self.case == "favours_road")
            dear = "low" if favoured else "high"
        if item in _CHEAP_WHERE_HIGH and dear != "central":
            dear = {"low": "high", "high": "low"}[dear]
        return float(self.rows.loc[item, dear] or self.rows.loc[item, "central"])

    def factor(self, item, level="central"):
        return float(self.rows.loc[item, level] or self.rows.loc[item, "central"])

    def days(self, mode, km, faster_km=0.0):
        """Days of a way: those stated for the known way, less its travel, plus this one's."""
        item = {"road": "road_average_speed_long_haul", "rail": "rail_commercial_speed_freight"}
        kph = self[item[mode]]
        stated = self[f"transit_time_{mode}_mae_mo_laem_chabang"]
        waits = max(0.0, stated - self.stated[mode] / kph / 24)
        fast = max(kph, self.faster_kph or 0.0)
        return waits + ((km - faster_km) / kph + faster_km / fast) / 24

    def by_road(self, box, km):
        teu = TEU_OF_BOX[box]
        return {
            "haul": km * self[f"road_container_{ROAD_RATE[box]}_teu_km"] * teu,
            "gate": self["gate_and_documents"],
            "time": self.days("road", km) * self["value_of_time"] * teu,
        }

    def by_rail(self, box, drayage_km, km, faster_km=0.0):
        teu, lift = TEU_OF_BOX[box], LIFTING[box]
        yard = 2 * self["inland_yard_lift"] * lift
        port = self["laem_chabang_rail_terminal_lift"] * lift
        shunting = self["rail_wagon_shunting_and_documents"]
        return {
            "drayage": self.drayage(drayage_km),
            "yard_lifts": yard,
            "shunting": shunting,
            "linehaul": km * self["rail_linehaul_loaded_teu_km"] * teu,
            "port_lift": port,
            "gate": self["gate_and_documents"],
            "time": self.days("rail", km, faster_km) * self["value_of_time"] * teu,
            "empty_lifts": yard + port,
            "empty_shunting": shunting,
            "empty_linehaul": km * self["rail_linehaul_empty_teu_km"] * teu,
        }

    def drayage(self, km):
        beyond = self["drayage_beyond_25_km"] * max(0.0, km - 25)
        return self["drayage_base_within_25_km"] + beyond


def rates(folder, case):
    return folder.once(("rates", case), lambda: Rates(folder, case))


def costs(folder, name):
    csv_file(folder, name)
    table = folder.table(name)
    unique(table, "origin", "way", "gateway", "box_class", "case")
    parts = table[list(PARTS)].apply(numbers)
    near(numbers(table["total_thb"]), parts.sum(axis=1), abs=1e-6, what="parts make the whole")
    empty = parts[["empty_lifts", "empty_shunting", "empty_linehaul"]].sum(axis=1)
    alone = numbers(table["loaded_way_alone_thb"])
    near(alone, numbers(table["total_thb"]) - empty, abs=1e-6)
    road, rail = numbers(table["road_km"]), numbers(table["rail_km"])
    assert ((table["way"] == "road") == rail.isna()).all()
    for k, row in table.iterrows():
        price = rates(folder, row["case"])
        if row["way"] == "road":
            wanted = price.by_road(row["box_class"], road[k])
        else:
            # A branch of the new line is double track; the rest of the way is single.
            branch = (
                folder.resolved["freight"]["railheads"]
                .get(row["way"].removesuffix(":new"), {})
                .get("branch_km")
            )
            wanted = price.by_rail(row["box_class"], road[k], rail[k], branch or 0.0)
        # Kilometres are told to a tenth; a part is as unsure as that makes it.
        for part in PARTS:
            assert (row[part] == "") == (part not in wanted), (row, part)
            if part in wanted:
                near(parts.loc[k, part], wanted[part], abs=4.0, what=(dict(row), part))


def flows(folder, name):
    csv_file(folder, name)
    table = folder.table(name)
    unique(table, "yard", "case", "origin", "commodity", "direction", "gateway", "way")
    teu = numbers(table["teu"])
    demand = folder.source_table("freight_demand")
    wanted = numbers(demand["teu_central"])
    keys = ["origin", "commodity", "box_class", "direction"]
    asked = demand.assign(teu=wanted).groupby(keys)["teu"].sum(min_count=1)
    freight = folder.resolved["freight"]
    for case, rows in table.assign(number=teu).groupby(["yard", "case"]):
        found = rows.groupby(keys)["number"].sum(min_count=1)
        near(found.sort_index(), asked.reindex(found.index), abs=0.011 * 8, what=case)
        assert set(asked.index) == set(found.index), "no flow is lost"
        near(rows["number"].sum(), asked.sum(), abs=0.005 * len(rows), what=case)
        # What goes to each gateway is its share of every sender's.
        for gateway, part in rows.groupby("gateway"):
            share = dict(freight["gateways"][gateway]["share"])
            of_year = float(share[max(y for y in share if int(y) <= folder.record["year"])])
            near(part["number"].sum(), asked.sum() * of_year, abs=0.005 * len(part))
    near(folder.record["freight"]["teu"], asked.sum(), abs=0.06)
    unknown = asked.isna().sum() * len(freight["gateways"])
    assert folder.record["freight"]["flows_of_unknown_size"] == unknown
    _each_flow(folder, table, teu)


def _each_flow(folder, table, teu):
    """A flow pays, drives and emits what its way of the table of costs says."""
    told = folder.table("freight_costs.csv")
    told["km"] = numbers(told["road_km"])
    told["rail"] = numbers(told["rail_km"])
    told = told.set_index(["origin", "way", "gateway", "box_class", "case"])
    compared = 0
    for k, row in table.iterrows():
        if math.isnan(teu[k]) or teu[k] == 0:
            continue
        box, price = row["box_class"], rates(folder, row["case"])
        at = (row["origin"], row["way"], row["gateway"], box, row["case"])
        if at not in told.index:
            continue
        compared += 1
        way = told.loc[at]
        boxes = teu[k] / TEU_OF_BOX[box]
        drives = 2 * way["km"] * (LORRIES[box] if row["way"] == "road" else 1.0)
        near(float(row["truck_km"]), drives * boxes, abs=0.11 * boxes + 1, what=dict(row))
        # Empties of the balance over the year: nothing loaded comes the other way here.
        assert row["direction"] == "out"
        whole = float(way["total_thb"])
        near(float(row["thb"]), whole * boxes, abs=4 * boxes + 1, what=dict(row))
        near(float(row["co2_kg"]), _co2(price, box, way, row["way"]) * boxes, rel=2e-3)
    assert compared > 20


def _co2(price, box, way, kind):
    def road(km):
        item = f"truck_{ROAD_RATE[box]}_teu_km"
        return km * price.factor(item) * TEU_OF_BOX[box]

    if kind == "road":
        return road(way["km"])
    tare = price.factor("container_tare_20ft") + price.factor("container_wagon_tare") / 2
    load = {"heavy_20": 18.0, "light_20": 10.0, "box_40": 20.0}[box]
    light = tare * TEU_OF_BOX[box] / (tare * TEU_OF_BOX[box] + load)
    train = way["rail"] * price.factor("rail_teu_km_loaded") * TEU_OF_BOX[box] * (1 + light)
    return train + 6 * price.factor("lift_emission") + road(way["km"]) / LORRIES[box]


def yards(folder, name):
    csv_file(folder, name)
    table = folder.table(name)
    unique(table, "yard", "demand", "case")
    told = {c: numbers(table[c]) for c in table if c.startswith(("teu", "thb", "fixed", "trains"))}
    boxes = told["teu_heavy_20"] + told["teu_light_20"] + told["teu_box_40"]
    near(told["teu"], boxes, abs=0.16)
    yard = folder.resolved["freight"]["yard"]

    def annuity(years):
        rate = yard["interest"]
        return rate / (1 - (1 + rate) ** -years)

    flows = folder.table("flows.csv")
    flows["number"] = numbers(flows["teu"]).fillna(0)
    flows["paid"] = numbers(flows["thb"]).fillna(0)
    for k, row in table.iterrows():
        price = rates(folder, row["case"])
        fixed = 1e6 * (yard["rai"] * price["yard_capex"] * annuity(yard["years"])
                       + yard["stackers"] * price["reach_stacker"]
                       * annuity(yard["stacker_years"]))  # fmt: skip
        rounds_to(told["fixed_thb"][k], fixed, 1, row["yard"])
        saved = told["thb_saved"][k]
        if row["justified"] == "yes":
            assert saved >= fixed
            assert told["teu"][k] >= told["teu_to_justify"][k] - 0.1
        elif saved >= fixed and not math.isnan(told["teu_to_justify"][k]):
            assert told["teu"][k] < told["teu_to_justify"][k]
        if told["teu"][k] == 0:
            assert saved == 0
        if row["demand"] == "central":
            _saving_is_a_difference(flows, row, told["teu"][k], saved)
    for yard_id, one in folder.record["freight"]["yards"].items():
        rows = table[table["yard"] == yard_id].set_index(["demand", "case"])
        for column, at in (("central", ("central", "central")), ("low", ("low", "central")),
                           ("high", ("high", "central")),
                           ("favours_rail", ("central", "favours_rail")),
                           ("favours_road", ("central", "favours_road"))):  # fmt: skip
            near(one[f"thb_saved_{column}"], float(rows.loc[at, "thb_saved"]), abs=0.051)
            near(one[f"teu_{column}"], float(rows.loc[at, "teu"]), abs=0.051)
            assert one[f"justified_{column}"] == rows.loc[at, "justified"]
        said = set(rows["justified"])
        assert one["justified"] == (said.pop() if len(said) == 1 else "unknown")


def _saving_is_a_difference(flows, row, teu, saved):
    """Of the yard whose flows are told: what all pay without it less what they pay with it."""
    here = flows[(flows["case"] == row["case"])]
    with_it = here[here["yard"] == row["yard"]]
    if with_it.empty:
        return
    without = here[here["yard"] == ""]
    near(without["paid"].sum() - with_it["paid"].sum(), saved, abs=0.51 * len(here))
    near(with_it[with_it["way"] == row["railhead"]]["number"].sum(), teu, abs=0.006 * len(here))


def emissions(folder, name):
    csv_file(folder, name)
    table = folder.table(name)
    assert table["yard"].iloc[0] == "note"
    table = table.iloc[1:]
    unique(table, "yard", "case", "way")
    columns = ["teu", "lorry_km", "co2_t_low", "co2_t_central", "co2_t_high"]
    told = table.assign(**{c: numbers(table[c]) for c in columns})
    told = told.set_index(["yard", "case", "way"])[columns]
    flows = folder.table("flows.csv")
    sums = flows.assign(
        teu=numbers(flows["teu"]).fillna(0), lorry_km=numbers(flows["truck_km"]).fillna(0),
        co2_t_central=numbers(flows["co2_kg"]).fillna(0) / 1000,
        by=np.where(flows["way"] == "road", "road", "rail"),
    )  # fmt: skip
    for (yard, case), rows in sums.groupby(["yard", "case"]):
        parts = [told.loc[(yard, case, way)] for way in ("road", "rail")]
        near(sum(parts), told.loc[(yard, case, "all")], abs=0.16 + 1.5)
        for way in ("road", "rail"):
            mine = rows[rows["by"] == way]
            for column, off in (("teu", 0.005), ("lorry_km", 0.51), ("co2_t_central", 0.0006)):
                near(told.loc[(yard, case, way)][column], mine[column].sum(),
                     abs=off * len(mine) + 0.51, what=(yard, case, way, column))  # fmt: skip
        if yard:
            change = told.loc[(yard, case, "change")]
            both = [told.loc[(one, case, "all")] for one in (yard, "")]
            for column in ("teu", "lorry_km", "co2_t_central"):
                near(change[column], both[0][column] - both[1][column], abs=1.1, what=column)
            ends = sorted(both[0][c] - both[1][c] for c in ("co2_t_low", "co2_t_high"))
            near([change["co2_t_low"], change["co2_t_high"]], ends, abs=0.16)


def yard_sets(folder, name):
    csv_file(folder, name)
    table = folder.table(name)
    unique(table, "prices", "aim", "yards")
    told = {c: numbers(table[c]) for c in ("objective", "bound", "gap", "thb_saved", "yards")}
    for k, row in table.iterrows():
        assert len(row["places_en"].split("; ")) == len(row["places_th"].split("; "))
        assert len(row["places_en"].split("; ")) == told["yards"][k]
        objective, bound = told["objective"][k], told["bound"][k]
        if row["aim"] == "covering":
            assert bound >= objective - 0.1
        else:
            assert bound <= objective + 0.1
        wanted = abs(objective - bound) / max(abs(objective), 1e-9)
        near(told["gap"][k], wanted, abs=1e-5)
        assert (row["status"] == "optimal") == (told["gap"][k] < 1e-6), dict(row)
        if row["aim"] == "within_room":
            handled, room = ([float(x) for x in row[c].split("; ")]
                             for c in ("handled_teu", "room_teu"))  # fmt: skip
            assert len(handled) == len(room) == told["yards"][k]
            assert all(a <= b + 0.5 for a, b in zip(handled, room, strict=True))
    costs = table.assign(**told)
    for prices, rows in costs[costs["aim"].isin(["median", "within_room"])].groupby("prices"):
        # Without yards all go as they would go anyway: cost plus saving is one number.
        near(
            rows["objective"] + rows["thb_saved"],
            [(rows["objective"] + rows["thb_saved"]).iloc[0]] * len(rows),
            abs=0.3,
            what=prices,
        )
        free = rows[rows["aim"] == "median"].sort_values("yards")
        assert (free["objective"].diff().dropna() <= 0.1).all(), "more yards never cost more"
    for place in costs[(costs["yards"] == 1) & (costs["aim"] == "median")]["places_en"]:
        assert place in set(folder.table("yard_choice.csv")["name_en"])


def areas(folder, name):
    package_file(folder, name)
    land = folder.layer(name, "market_areas")
    for _, rows in land.groupby(["case", "against_road"]):
        near(shapely.union_all(rows.geometry.array).area, rows["area_m2"].sum(), rel=1e-9)
    lines = folder.layer(name, "flows")
    assert (lines["flows"] > 0).all()
    assert (lines["teu"] >= 0).all()
    told = folder.table("flows.csv")
    told["number"] = numbers(told["teu"]).fillna(0)
    for (yard, case), rows in lines.groupby(["yard", "case"]):
        all_of = told[(told["yard"] == yard) & (told["case"] == case)]
        assert rows["teu"].max() <= all_of["number"].sum() + 0.1
        near(rows[rows["carrier"] == "rail"]["teu"].max() if "rail" in set(rows["carrier"]) else 0,
             _most_on_one_section(folder, all_of), abs=0.2, what=(yard, case))  # fmt: skip


def _most_on_one_section(folder, flows):
    """Sum the TEU by train over the section of the railway that most of them pass."""
    freight = folder.resolved["freight"]
    posts = {
        head: about["km_post"]
        for head, about in (freight["railheads"] | freight.get("on_line", {})).items()
    }
    sections = folder.source(freight["railway"])
    middles = (sections["km_post_start"].astype(float) + sections["km_post_end"].astype(float)) / 2
    by_train = flows[(flows["way"] != "road") & (flows["number"] > 0)]
    if by_train.empty:
        return 0.0
    known = by_train[by_train["way"].isin(posts)]
    if len(known) < len(by_train):
        return _of_any(folder, by_train, middles, posts)
    return _of_any(folder, known, middles, posts)


def _of_any(folder, by_train, middles, posts):
    freight = folder.resolved["freight"]
    total = pd.Series(0.0, index=middles.index)
    for _, row in by_train.iterrows():
        start = posts.get(row["way"])
        if start is None:
            start = _post_of(folder, row["way"])
        end = freight["gateways"][row["gateway"]].get("joins_km_post") or 0.0
        low, high = sorted((start, end))
        total += row["number"] * ((low < middles) & (middles < high))
    return float(total.max())


def _post_of(folder, place):
    """Find the kilometre post of a new yard from the section of railway it stands at."""
    points = folder.layer("yards.gpkg", "yard_choice").set_index("id").geometry
    sections = folder.source(folder.resolved["freight"]["railway"])
    at = sections.geometry.distance(points[place]).idxmin()
    row = sections.loc[at]
    share = shapely.line_locate_point(row.geometry, points[place], normalized=True)
    start, end = float(row["km_post_start"]), float(row["km_post_end"])
    return start + float(share) * (end - start)

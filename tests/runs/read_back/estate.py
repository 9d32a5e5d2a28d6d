"""Estate, steps and gates of a run, worked out again from the scenario on its record."""

import math

from tests.runs.read_back.every import csv_file, unique
from tests.runs.read_back.folder import near as exactly
from tests.runs.read_back.folder import numbers

LEVELS = ("low", "central", "high")
UNITS = {"factories": "factories_per_100_rai", "jobs": "jobs_per_rai", "mw": "mw_per_rai",
         "water_mm3": "water_m3_per_rai_day", "teu": "teu_per_rai"}  # fmt: skip
GATES = ["policy", "land_right", "demand", "rail_and_grid", "acceptance", "money"]
WORLDS = ("favours_road", "central", "favours_rail")


def near(found, wanted, what=""):
    """Demand that a number is the wanted one in the six digits that are written."""
    exactly(found, wanted, rel=1e-5, what=what)


def growth(folder, name):
    csv_file(folder, name)
    table = folder.table(name)
    unique(table, "year_be", "quantity")
    estate = folder.resolved["estate"]
    told = {(int(row["year_be"]), row["quantity"]): row for _, row in table.iterrows()}
    years = sorted({year for year, _ in told})
    assert years == list(range(years[0], 2601))
    for year in years:
        for level in LEVELS:
            land = _land(estate, year, level)
            near(float(told[year, "occupied_rai"][level]), land, what=(year, level))
            for quantity, rate in UNITS.items():
                wanted = _needs(estate, land, quantity, rate, level)
                near(float(told[year, quantity][level]), wanted, what=(year, quantity))
        _water(folder, told, estate, year)
    now = folder.record["estate"]
    for quantity in ("occupied_rai", *UNITS):
        row = told.get((folder.record["year"], quantity))
        if row is not None:
            assert [float(row[level]) for level in LEVELS] == [now[quantity][x] for x in LEVELS]


def _water(folder, told, estate, year):
    """Of the water the timeline tells as freed the estate may have its share."""
    freed = folder.table("timeline.csv")
    freed = freed[(freed["year_be"] == str(year)) & (freed["id"] == "water_freed_mm3")]
    row = told.get((year, "water_open_mm3"))
    if freed.empty or freed["low"].iloc[0] == "":
        assert row is None
        return
    for level in LEVELS:
        share = estate["freed_water_share"][level]
        near(float(row[level]), share * float(freed[level].iloc[0]), what=(year, level))


def _land(estate, year, level):
    assert not estate.get("commitments")
    passed = max(0, year - estate["first_year"] + 1)
    most = estate["rai"] * estate["sold_share"][level]
    return min(most, passed * estate["take_up_rai"][level])


def _needs(estate, land, quantity, rate, level):
    found = sum(land * one["share"] * one[rate][level] for one in estate["industries"].values())
    if quantity == "factories":
        return found / 100
    return found * estate["water_days"] / 1e6 if quantity == "water_mm3" else found


def prices(folder, name):
    csv_file(folder, name)
    table = folder.table(name)
    unique(table, "case", "box_class", "direction", "gateway")
    for _, row in table.iterrows():
        ways = {way: float(row[f"{way}_thb_teu"]) for way in ("road", "yard", "rival")
                if row[f"{way}_thb_teu"]}  # fmt: skip
        assert ways[row["cheapest"]] == min(ways.values())
        factor = row["even_lorry_factor"]
        if factor:
            # A lorry that is dearer than rail need not rise, one that is cheaper must.
            assert (float(factor) > 1) == (ways["road"] < ways["yard"]), row.to_dict()
    central = table[table["case"] == "central"]
    full = _full_teu(folder.resolved["estate"])
    near(numbers(central["teu_full_central"]).sum(), full)


def _full_teu(estate):
    land = estate["rai"] * estate["sold_share"]["central"]
    return _needs(estate, land, "teu", "teu_per_rai", "central")


def _pairs_teu(estate, pairs, level):
    trains = estate["trains"]
    return pairs * 2 * trains["teu_a_train"][level] * trains["weeks"] * trains["filled"]


def ladder(folder, name):
    csv_file(folder, name)
    table, estate = folder.table(name), folder.resolved["estate"]
    assert list(dict.fromkeys(table["step"])) == list(estate["steps"])
    for _, row in table.iterrows():
        pairs = float(row["pairs_a_week"])
        near(pairs, float(estate["steps"][row["step"]]["pairs_a_week"]))
        if not pairs:
            continue
        for level in LEVELS:
            near(float(row[f"teu_{level}"]), _pairs_teu(estate, pairs, level))
        rai = float(row["rai"])
        near(rai * float(row["teu_per_rai"]), float(row["teu_central"]))
        has = estate["rai"] * estate["sold_share"]["central"] >= rai
        assert (row["first_year_be"] != "") == has
        if has:
            years = math.ceil(rai / float(row["take_up_rai_a_year"]))
            row_years = int(row["years_in_a_row"])
            assert int(row["first_year_be"]) == estate["first_year"] + years + row_years - 2
    for told in ("reached_now_in", "reached_full_in"):
        reached = table.drop_duplicates("step")[told]
        assert sorted(" ".join(reached).split()) == sorted(WORLDS)


def sweep(folder, name):
    csv_file(folder, name)
    table, estate = folder.table(name), folder.resolved["estate"]
    tried = estate["sweep"]
    assert len(table) == len(tried["rai"]) * len(tried["take_up"]) * len(tried["teu_per_rai"])
    for _, row in table.iterrows():
        land = float(row["planned_rai"]) * estate["sold_share"]["central"]
        near(float(row["occupied_rai"]), land)
        near(float(row["teu"]), land * float(row["teu_per_rai"]))
        years = math.ceil(land / float(row["take_up_rai_a_year"]))
        assert int(row["full_in_be"]) == estate["first_year"] + years - 1
        assert row["step_if_all_by_rail"] in estate["steps"]


def asked_from(folder, use):
    """List the years from which the register lets a use be asked for; no run here has papers."""
    register, column = folder.table("land_register.csv"), f"{use}_from_central"
    if column not in register:
        return []
    assert not any(use in one.split() for one in register["open_for"])
    return [int(year) for year in register[column] if year]


def gates(folder, name):
    csv_file(folder, name)
    table, told = folder.table(name), folder.resolved["gates"]
    assert list(dict.fromkeys(table["use"])) == list(told)
    for use, one in told.items():
        mine = table[table["use"] == use]
        assert list(mine["gate"]) == GATES
        for _, row in mine.iterrows():
            if row["gate"] == "land_right" and (years := asked_from(folder, use)):
                assert row["state"] == "not_met"
                assert int(row["earliest_be"]) == max(min(years), folder.resolved["year"])
                # The register tells of its own land; of any other nobody has said who owns it.
                assert row["elsewhere"] == "unknown"
                assert "ไม่ทราบ" in row["state_th"]
                assert 0 <= int(row["numbers_assumed"]) <= int(row["numbers"])
                continue
            assert row["elsewhere"] == ""
            if row["asked"]:
                met = float(row["committed"]) >= float(row["asked"])
                assert row["state"] == ("met" if met else "not_met")
            else:
                assert row["state"] == one["gates"][row["gate"]]["state"]
            assert row["paper_th"] == one["gates"][row["gate"]]["paper"]["th"]

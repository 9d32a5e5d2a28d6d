"""
The bundled tables, and the register of 27 errors in the printed plan that they must not repeat.

At least one test for each item of the register: the corrected value stands as a number here, and
wherever the tables allow it the sum, share or order that proves the correction is worked out again.
"""

import re

import pytest

from tests.layers.bundled import TABLES, column, table, words

CROPS = ("paddy_rai", "field_crops_rai", "orchards_rai", "vegetables_rai", "other_agriculture_rai")

MUEANG, MAE_MO, KO_KHA, SOEM_NGAM, NGAO, CHAE_HOM, WANG_NUEA = range(5201, 5208)
THOEN, MAE_PHRIK, MAE_THA, SOP_PRAP, HANG_CHAT, MUEANG_PAN = range(5208, 5214)


@pytest.fixture(scope="module")
def districts() -> dict[int, dict[str, object]]:
    return {row["code"]: row for row in table("district_statistics")}


@pytest.fixture(scope="module")
def province() -> dict[tuple[str, str, int | None], dict[str, object]]:
    return {(r["topic"], r["item"], r["year_be"]): r for r in table("province_statistics")}


@pytest.fixture(scope="module")
def value(province):
    """Look up a figure of the province by topic, item and year."""
    return lambda topic, item, year=None: province[topic, item, year]["value"]


@pytest.fixture(scope="module")
def printed(province):
    """Look up what was printed instead of a figure of the province."""
    return lambda topic, item, year=None: province[topic, item, year]["value_as_printed"]


def test_register_01_household_rows_stand_under_their_own_district(districts):
    mae_mo = districts[MAE_MO]
    assert (mae_mo["households"], mae_mo["farm_households"]) == (18_206, 4_901)
    assert mae_mo["agriculture_rai"] == 57_781
    assert (mae_mo["households_as_printed"], mae_mo["farm_households_as_printed"]) == (
        22_596,
        7_667,
    )
    right_as_printed = [c for c, r in districts.items() if r["households_as_printed"] is None]
    assert right_as_printed == [MUEANG, NGAO, WANG_NUEA]
    assert column(districts, "households") == 305_171
    assert column(districts, "farm_households") == 94_844


def test_register_01_printed_rows_stand_in_order_of_population_under_labels_in_order_of_code(
    districts,
):
    true_order = (MUEANG, KO_KHA, THOEN, MAE_THA, NGAO, HANG_CHAT, WANG_NUEA)
    true_order += (MAE_MO, CHAE_HOM, MUEANG_PAN, SOEM_NGAM, SOP_PRAP, MAE_PHRIK)
    for label, owner in zip(districts, true_order, strict=True):
        under_label = districts[label]["households_as_printed"] or districts[label]["households"]
        assert under_label == districts[owner]["households"]


def test_register_01_printed_rows_are_the_true_rows_of_other_districts(districts):
    """All three columns moved together, so a printed row must be the true row of some district."""
    true = {
        (r["households"], r["farm_households"], r["agriculture_rai"]) for r in districts.values()
    }
    for row in districts.values():
        if row["households_as_printed"] is not None:
            moved = (
                row["households_as_printed"],
                row["farm_households_as_printed"],
                row["agriculture_rai_as_printed_with_households"],
            )
            assert moved in true


def test_register_02_vegetables_are_what_the_row_leaves(districts):
    expected = {MUEANG: (1_034, 10_335), KO_KHA: (30, 15_555), MAE_PHRIK: (231, 5_555),
                HANG_CHAT: (902, 1_118)}  # fmt: skip
    for code, (corrected, as_printed) in expected.items():
        row = districts[code]
        others = sum(row[crop] for crop in CROPS if crop != "vegetables_rai")
        assert row["vegetables_rai"] == corrected == row["agriculture_rai"] - others
        assert row["vegetables_rai_as_printed"] == as_printed
        assert row["confidence"] == ("L" if code == HANG_CHAT else "M")


def test_register_03_paddy_field_crops_and_other_close_their_row_and_column(districts, value):
    expected = {
        MUEANG_PAN: ("paddy_rai", 26_925, 26_885),
        SOP_PRAP: ("field_crops_rai", 8_327, 8_227),
        SOEM_NGAM: ("other_agriculture_rai", 31, 32),
    }
    for code, (crop, corrected, as_printed) in expected.items():
        row = districts[code]
        assert (row[crop], row[f"{crop}_as_printed"]) == (corrected, as_printed)
        assert row["components_gap_rai"] == 0
    assert column(districts, "paddy_rai") == 438_793 == value("agriculture", "paddy_area")
    assert (
        column(districts, "field_crops_rai") == 368_171 == value("agriculture", "field_crops_area")
    )
    assert column(districts, "other_agriculture_rai") == 3_594


def test_register_04_rows_of_ngao_and_wang_nuea_are_flagged_not_forced(districts, province, value):
    gaps = {c: r["agriculture_rai"] - sum(r[crop] for crop in CROPS) for c, r in districts.items()}
    assert {c: gap for c, gap in gaps.items() if gap} == {NGAO: 10, WANG_NUEA: -20}
    assert {c: r["components_gap_rai"] for c, r in districts.items()} == gaps
    assert districts[NGAO]["agriculture_rai"] == 113_624
    assert districts[WANG_NUEA]["agriculture_rai"] == 114_333
    assert districts[NGAO]["confidence"] == districts[WANG_NUEA]["confidence"] == "M"
    assert column(districts, "agriculture_rai") == 965_032
    assert value("agriculture", "vegetables_area") - column(districts, "vegetables_rai") == -39
    assert "39" in province["agriculture", "vegetables_area", None]["note"]


def test_register_05_orchards_total_closes_the_grand_total(districts, province, value, printed):
    assert value("agriculture", "orchards_area") == 145_159
    assert printed("agriculture", "orchards_area") == 155_158
    assert value("agriculture", "orchards_area") - column(districts, "orchards_rai") == 29
    assert "29" in province["agriculture", "orchards_area", None]["note"]
    items = (
        "paddy_area",
        "field_crops_area",
        "orchards_area",
        "vegetables_area",
        "other_crops_area",
    )
    assert sum(value("agriculture", item) for item in items) == 965_032


def test_register_06_district_areas_add_up_to_neither_printed_total(districts, value, printed):
    assert column(districts, "area_rai_published") == 7_954_459
    assert value("area", "districts_area_total") == 7_954_459
    assert printed("area", "districts_area_total") == 7_904_459
    assert value("area", "province_area_rai") == 7_833_726
    assert value("area", "province_area_km2") == pytest.approx(7_833_726 / 625, abs=0.001)


def test_register_07_agricultural_share_of_chae_hom_is_worked_out_again(districts, value, printed):
    row = districts[CHAE_HOM]
    share = 100 * row["agriculture_rai"] / row["area_rai_published"]
    assert value("agriculture", "chae_hom_agricultural_share") == 8.97 == round(share, 2)
    assert printed("agriculture", "chae_hom_agricultural_share") == 9.08


def test_register_08_leading_nines_of_the_land_figures_are_restored(value, printed):
    expected = {
        "agricultural_area": (973_638, 473_638),
        "cultivated_area": (965_032, 465_032),
        "fodder_area": (2_930, 2_530),
        "paddy_share": (45.47, 94.47),
        "other_crops_area": (3_594, 3_554),
    }
    for item, pair in expected.items():
        assert (value("agriculture", item), printed("agriculture", item)) == pair
    land = ("agricultural_area", "forest_area", "other_area")
    assert sum(value("agriculture", i) for i in land) == pytest.approx(7_833_726, abs=0.001)
    farmed = ("cultivated_area", "fodder_area", "fishery_area")
    assert sum(value("agriculture", i) for i in farmed) == pytest.approx(973_638, abs=1)
    assert round(100 * 438_793 / 965_032, 2) == 45.47


def test_register_09_population_of_2565_is_missing(value, printed):
    assert value("population", "registered", 2565) is None
    assert printed("population", "registered", 2565) == 756_811
    for year, artefact in ((2565, 29_549), (2566, -47_253)):
        assert value("population", "registered_change", year) is None
        assert printed("population", "registered_change", year) == artefact
    known = [value("population", "registered", year) for year in (2561, 2562, 2563, 2564, 2566)]
    assert known == [743_724, 740_316, 736_026, 727_262, 709_558]
    assert 756_811 not in [row["value"] for row in table("province_statistics")]


def test_register_10_population_changes_are_differences_of_the_populations(value, printed):
    assert value("population", "registered_change", 2562) == -3_408
    assert value("population", "registered_change", 2563) == -4_290
    assert printed("population", "registered_change", 2562) == -5_408
    assert printed("population", "registered_change", 2563) == -2_290
    for year in (2562, 2563, 2564):
        change = value("population", "registered", year) - value(
            "population", "registered", year - 1
        )
        assert value("population", "registered_change", year) == change


def test_register_11_road_to_mae_mo_is_an_estimate_of_25_km(districts):
    row = districts[MAE_MO]
    assert row["name_th"] == "แม่เมาะ"
    assert (row["road_km_to_capital"], row["road_km_to_capital_as_printed"]) == (25, 54)
    assert row["road_confidence"] == "L"
    assert 18.7 <= row["road_km_to_capital"] <= 2 * 18.7  # straight line from Lampang station
    others = [r for c, r in districts.items() if c != MAE_MO]
    assert all(r["road_km_to_capital_as_printed"] is None for r in others)


def test_register_12_road_totals_are_the_sums_of_the_agencies(province, value, printed):
    agencies = ("highway_district_1", "highway_district_2", "rural_roads")
    total = sum(value("roads", agency) for agency in agencies)
    assert value("roads", "total") == 1_723.725 == pytest.approx(total)
    assert printed("roads", "total") == 1_807.109
    asphalt = sum(value("roads", f"{agency}_asphalt") for agency in agencies)
    assert value("roads", "asphalt_total") == 1_574.944 == pytest.approx(asphalt)
    assert printed("roads", "asphalt_total") == 1_658.328
    assert printed("roads", "total") - total == pytest.approx(83.384)
    assert sum(value("roads", f"{a}_concrete") for a in agencies) == pytest.approx(128.585)
    assert province["roads", "total", None]["confidence"] == "M"


def test_register_13_gravel_share_of_rural_roads_is_worked_out_again(value, printed):
    share = 100 * value("roads", "rural_roads_gravel") / value("roads", "rural_roads")
    assert value("roads", "rural_roads_gravel_share") == 0.03 == round(share, 2)
    assert printed("roads", "rural_roads_gravel_share") == 0.05


def test_register_14_water_customers_keep_the_printed_total_and_say_it_does_not_add_up(
    province, value
):
    branches = ("lampang", "ko_kha", "thoen", "ngao", "wang_nuea")
    total = sum(value("water", f"customers_{branch}", 2567) for branch in branches)
    assert total == 66_892 == value("water", "customers_branch_sum", 2567)
    assert value("water", "customers_total", 2567) == 67_383 == total + 491
    three = sum(value("water", f"customers_{branch}", 2567) for branch in branches[:3])
    assert value("water", "customers_main_branches", 2567) == 65_611 == three + 491
    assert province["water", "customers_total", 2567]["confidence"] == "M"


def test_register_15_more_water_is_produced_than_distributed_than_sold(province, value, printed):
    assert value("water", "produced", 2565) == 18.117
    assert printed("water", "produced", 2565) == 17.117
    assert province["water", "produced", 2565]["confidence"] == "M"
    for year in (2564, 2565, 2566, 2567):
        flows = [value("water", item, year) for item in ("produced", "distributed", "sold")]
        assert flows == sorted(flows, reverse=True)


def test_register_16_electricity_total_is_the_sum_of_its_classes(province, value, printed):
    def classes(kind):
        items = {
            item: r["value"] for (topic, item, _), r in province.items() if topic == "electricity"
        }
        return [v for k, v in items.items() if k.startswith(kind) and not k.endswith("_total")]

    assert len(classes("energy_")) == len(classes("users_")) == 11
    assert value("electricity", "energy_total", 2566) == 1_071_167_409.54
    assert sum(classes("energy_")) == pytest.approx(1_071_167_409.54, abs=0.01)
    assert printed("electricity", "energy_total", 2566) == 1_053_563_365
    assert sum(classes("users_")) == 298_763 == value("electricity", "users_total", 2566)


def test_register_17_labour_figures_add_up(value, printed):
    expected = {
        "employed_men": (197_954, 187_954),
        "unemployed": (7_719, 17_719),
        "unemployed_men": (4_185, 14_185),
        "not_in_labour_force": (213_919, 313_922),
        "under_15": (101_003, 111_002),
    }
    for item, pair in expected.items():
        assert (value("labour", item, 2566), printed("labour", item, 2566)) == pair
    adults, force = value("labour", "aged_15_and_over", 2566), value("labour", "labour_force", 2566)
    assert adults - force == 213_919
    parts = ("employed", "unemployed", "waiting_for_season")
    assert sum(value("labour", part, 2566) for part in parts) == force
    assert value("population", "survey", 2566) - adults == 101_003
    share = round(100 * 213_919 / adults, 2)
    assert (
        value("labour", "not_in_labour_force_share", 2566) == 36.6 == pytest.approx(share, abs=0.01)
    )
    assert round(100 * 7_719 / force, 2) == 2.08


def test_register_18_gpp_adds_up_every_year(value, printed):
    assert (value("gpp", "industry", 2563), printed("gpp", "industry", 2563)) == (24_996, 25_996)
    assert (value("gpp", "agriculture", 2565), printed("gpp", "agriculture", 2565)) == (
        9_317,
        8_317,
    )
    for year in range(2560, 2566):
        parts = sum(value("gpp", part, year) for part in ("agriculture", "industry", "services"))
        assert parts == pytest.approx(value("gpp", "total", year), abs=2)  # rounded parts
    growth = 100 * (value("gpp", "industry", 2563) / value("gpp", "industry", 2562) - 1)
    assert growth == pytest.approx(-1.33, abs=0.005)


def test_register_19_mineral_totals_are_the_sums_of_their_own_year(value, printed):
    totals = {2565: 21_259_059.36, 2566: 20_602_361.85, 2567: 19_566_077.20,
              2568: 19_815_374.40, 2569: 8_572_838.16}  # fmt: skip
    rows = table("mineral_output")
    for year, total in totals.items():
        added = sum(r["output_tonnes"] for r in rows if r["fiscal_year_be"] == year)
        assert (
            value("mining", "mineral_output_total", year) == total == pytest.approx(added, abs=0.01)
        )
    assert printed("mining", "mineral_output_total", 2565) == 20_024_931.87
    assert printed("mining", "mineral_output_total", 2566) == totals[2565]
    assert printed("mining", "mineral_output_total", 2567) == totals[2566]
    assert printed("mining", "mineral_output_total", 2568) is None


def test_register_20_damaged_mineral_labels_are_dropped_and_their_tonnes_kept():
    rows = table("mineral_output")
    damaged = {
        r["fiscal_year_be"]: r["output_tonnes"] for r in rows if r["mineral"] == "label_damaged_1"
    }
    assert damaged == {2565: 66_583.1, 2566: 52_031, 2567: 56_722.25, 2568: 63_189, 2569: 30_610.2}
    second = [r["output_tonnes"] for r in rows if r["mineral"] == "label_damaged_2"]
    assert second == [0, 300, 0, 0, 100]
    assert sum(r["name_th"] == "บอลเคลย์" for r in rows) == 5  # one row a year, not two
    assert "ดีบุก" not in words("mineral_output")
    assert not re.search(r"\btin\b", words("mineral_output"))


def test_register_21_licences_carry_the_year_of_the_table_and_the_date_of_the_count(
    province, value
):
    rows = table("mining_licences")
    dates = {r["year_be"]: r["as_of_date"] for r in rows}
    assert dates == {2565: "2564-01-31", 2566: "2565-01-31", 2567: "2566-03-31",
                     2568: "2567-01-31", 2569: "2569-04-30"}  # fmt: skip
    assert {r["as_of_date_as_printed"] for r in rows if r["year_be"] == 2569} == {"2568-04-30"}
    for year, total in zip(range(2565, 2570), (103, 102, 100, 99, 95), strict=True):
        added = sum(r["licences"] for r in rows if r["year_be"] == year)
        assert added == total == value("mining", "licences_total", year)
    states = ("licences_open", "licences_stopped", "licences_not_yet_open")
    assert [value("mining", s, 2569) for s in states] == [92, 1, 2]
    coal = [r["licences"] for r in rows if r["mineral"] == "coal"]
    assert coal == [58, 58, 58, 58, 52]


def test_register_22_railway_is_642_29_km_long(value, printed):
    assert value("transport", "rail_km_from_bangkok") == 642.29
    assert printed("transport", "rail_km_from_bangkok") == 625
    assert value("transport", "road_km_from_bangkok") == 602


def test_register_23_two_pairs_of_households_stay_apart(districts, value):
    assert value("households", "households") == 305_171 == column(districts, "households")
    assert value("households", "farm_households") == 94_844 == column(districts, "farm_households")
    assert value("households", "households_dec_2565", 2565) == 302_165
    assert value("households", "farm_households_dec_2565", 2565) == 170_128
    assert round(100 * 94_844 / 305_171, 2) == 31.08


def test_register_24_nine_districts_have_land_without_title(province, value, printed):
    assert value("problems", "districts_with_untitled_land") == 9
    assert printed("problems", "districts_with_untitled_land") == 8
    assert province["problems", "districts_with_untitled_land", None]["confidence"] == "M"


def test_register_25_coal_stops_as_decided_in_2568_not_as_the_plan_printed(value, printed):
    retire = {r["id"]: r["stated_end_year_be"] for r in table("coal_units")}
    assert (
        retire["MM-8"] == retire["MM-11"] == 2574 == value("coal_phase_out", "units_8_11_last_year")
    )
    assert retire["MM-12"] == retire["MM-13"] == 2591
    assert value("coal_phase_out", "units_12_13_last_year") == 2591
    assert value("coal_phase_out", "end_year") == 2593
    assert value("coal_phase_out", "end_year_other_statement") == 2594
    assert printed("coal_phase_out", "half_retired_year") == 2568
    running = [r for r in table("coal_units") if r["status"] == "operating"]
    assert min(r["stated_end_year_be"] for r in running) > 2568
    half = value("coal_phase_out", "half_retired_year")
    left = sum(r["gross_mw"] for r in running if r["stated_end_year_be"] > half)
    assert (half, left) == (2574, 1_255)


def test_register_26_monks_add_up(value, printed):
    assert value("religion", "monks") == 3_690 == 2_272 + 1_418
    assert printed("religion", "monks") == 3_670


@pytest.mark.parametrize(
    "wrong",
    [
        "แม่เม่า",
        "(?<!อำเภ)องาว",
        "แม่ชะจาน",
        "ครึ่ง,|ครั้ง",
        "ฝั่",
        "เครื่องตี",
        "หมายความว่า",
        "หนังสือพิมพ์",
        "newspaper",
    ],
)
def test_register_27_misread_names_are_in_no_table(wrong):
    assert not [name for name in TABLES if re.search(wrong, words(name))]


def test_register_27_names_stand_as_they_are_spelt(districts, province):
    assert districts[MAE_MO]["name_th"] == "แม่เมาะ"
    assert districts[NGAO]["name_th"] == "งาว"
    assert "แม่ขะจาน" in province["water", "customers_wang_nuea", 2567]["name_th"]
    assert province["crops", "bamboo", 2566]["name_th"] == "ไผ่"
    assert province["crops", "bamboo", 2566]["value"] == 38_620
    assert province["crops", "lac", 2566]["name_th"] == "ครั่ง"
    assert province["crops", "lac", 2566]["value"] == 3_938
    groups = {r["group"]: r["name_th"] for r in table("factories")}
    assert groups["beverages"] == "อุตสาหกรรมเครื่องดื่ม"
    assert "หนังสัตว์" in groups["leather"]

"""A workshop from the form to what it changes, with forms filled as a spreadsheet would."""

import re
import zipfile
from html import escape
from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import box

from maemoh_gis.core.errors import FormatError, RunError
from maemoh_gis.files import read_csv, write_bytes
from maemoh_gis.mcda.weights import rank_order_centroid
from maemoh_gis.workshop.agreement import agreements, sites_under, tell_apart
from maemoh_gis.workshop.answers import read_answers
from maemoh_gis.workshop.form import PAIRS, POINTS, RANK, asked_of, form_bytes
from maemoh_gis.workshop.outputs import write_workshop
from maemoh_gis.workshop.places import overlap, places_of


@pytest.fixture(scope="module")
def scenario(small_project):
    return small_project.scenario("small").scenario


def fill(path: Path, cells: dict[int, dict[str, object]]) -> None:
    """Write cells of sheets (by number) into a form, as a spreadsheet saves them."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    for number, written in cells.items():
        name = f"xl/worksheets/sheet{number}.xml"
        xml = parts[name].decode()
        for cell, value in written.items():
            plain = isinstance(value, int | float)
            held = f"<v>{value}</v>" if plain else f"<is><t>{escape(str(value))}</t></is>"
            kind = "" if plain else ' t="inlineStr"'
            xml, count = re.subn(
                rf'<c r="{cell}" s="(\d+)"/>', rf'<c r="{cell}" s="\1"{kind}>{held}</c>', xml
            )
            assert count == 1, cell
        parts[name] = xml.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts.items():
            new.writestr(name, content)


def filled(folder, scenario, code, answers, *, way=POINTS, group="", sheet=1, name=None):
    path = folder / f"{name or code}.xlsx"
    write_bytes(path, form_bytes(scenario, way, "th"))
    cells = {f"D{9 + at}": value for at, value in enumerate(answers) if value is not None}
    fill(path, {sheet: {"B5": code, "B6": group, **cells}} if code else {sheet: cells})
    return path


def first(scenario):
    return asked_of(scenario)[0]


def even(count, total=100):
    """Share points out with what is left over on the first."""
    part = total // count
    return [total - part * (count - 1), *[part] * (count - 1)]


@pytest.mark.parametrize("way", [POINTS, RANK, PAIRS])
def test_a_form_asks_every_criterion_of_every_use_and_opens_no_other_cell(scenario, way, tmp_path):
    path = tmp_path / "form.xlsx"
    write_bytes(path, form_bytes(scenario, way, "th"))
    assert form_bytes(scenario, way, "th") == path.read_bytes()
    with zipfile.ZipFile(path) as book:
        styles = book.read("xl/styles.xml").decode()
        xfs = re.findall(r"<xf .*?(?:/>|</xf>)", styles.split("<cellXfs")[1])
        free = [at for at, xf in enumerate(xfs) if 'locked="0"' in xf]
        texts = {at for at in free if 'numFmtId="49"' in xfs[at]}
        for number, asked in enumerate(asked_of(scenario), start=1):
            sheet = book.read(f"xl/worksheets/sheet{number}.xml").decode()
            assert "<sheetProtection" in sheet
            cells = re.findall(r'<c r="([A-Z]+\d+)" s="(\d+)"/>', sheet)
            opened = [cell for cell, style in cells if int(style) in free]
            count = len(asked.criteria)
            questions = count * (count - 1) // 2 if way == PAIRS else count
            assert opened == ["B5", "B6", *(f"D{9 + at}" for at in range(questions))]
            # A spreadsheet would make a date of 1/9 and of the code 1-2, and 1 of the code 001.
            as_text = {cell for cell, style in cells if int(style) in texts}
            assert as_text == (set(opened) if way == PAIRS else {"B5", "B6"})
            assert "<dataValidation " in sheet


def test_points_and_ranks_become_the_weights_a_hand_would_find(scenario, tmp_path):
    criteria = list(first(scenario).criteria)
    points = even(len(criteria))
    ranks = list(range(1, len(criteria) + 1))
    files = [
        filled(tmp_path, scenario, "P1", points),
        filled(tmp_path, scenario, "P2", ranks, way=RANK),
    ]
    answers = {one.person: one for one in read_answers(files, scenario)}
    assert answers["P1"].weights == pytest.approx(
        {name: point / 100 for name, point in zip(criteria, points, strict=True)}
    )
    order = dict(zip(criteria, ranks, strict=True))
    assert answers["P2"].weights == pytest.approx(rank_order_centroid(order))


def test_pairs_that_agree_become_their_ratios(scenario, tmp_path):
    criteria = list(first(scenario).criteria)
    pairs = len(criteria) * (len(criteria) - 1) // 2
    path = filled(tmp_path, scenario, "P1", ["1"] * pairs, way=PAIRS)
    (answer,) = read_answers([path], scenario)
    assert answer.weights == pytest.approx(dict.fromkeys(criteria, 1 / len(criteria)))
    assert answer.consistency == pytest.approx(0.0, abs=1e-9)


def test_all_that_is_wrong_in_all_forms_is_named_at_once(scenario, tmp_path):
    count = len(first(scenario).criteria)
    short = even(count, 98)
    half = [*even(count)[:-1], None]
    words = ["many", *even(count)[1:]]
    (tmp_path / "notes.xlsx").write_bytes(b"no workbook")
    files = [
        filled(tmp_path, scenario, "A", short),
        filled(tmp_path, scenario, "B", half),
        filled(tmp_path, scenario, "C", words),
        filled(tmp_path, scenario, "", even(count), name="nobody"),
        filled(tmp_path, scenario, "D", even(count), name="d1"),
        filled(tmp_path, scenario, "D", even(count), name="d2"),
        tmp_path / "notes.xlsx",
        tmp_path / "absent.xlsx",
    ]
    with pytest.raises(FormatError) as refused:
        read_answers(files, scenario)
    found = {(Path(fault.file).name, fault.code) for fault in refused.value.faults}
    assert {
        ("A.xlsx", "workshop_total"),
        ("B.xlsx", "workshop_not_filled"),
        ("C.xlsx", "workshop_value"),
        ("nobody.xlsx", "workshop_no_code"),
        ("d2.xlsx", "workshop_twice"),
        ("notes.xlsx", "not_a_workbook"),
    } <= found
    assert any(file == "absent.xlsx" for file, _ in found)
    use = first(scenario).use
    wrong = next(one for one in refused.value.faults if one.code == "workshop_value")
    assert wrong.key == f"{use}: {next(iter(first(scenario).criteria))}"
    total = next(one for one in refused.value.faults if one.code == "workshop_total")
    assert (total.found, total.expected) == ("98", "100")


def test_the_sum_a_spreadsheet_claims_is_added_up_again(scenario, tmp_path):
    count = len(first(scenario).criteria)
    path = filled(tmp_path, scenario, "A", even(count, 98))
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    parts["xl/worksheets/sheet1.xml"] = re.sub(r"(</f>)<v>0</v>", r"\1<v>100</v>", sheet).encode()
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)
    with pytest.raises(FormatError):
        read_answers([path], scenario)


def test_a_form_of_another_scenario_is_refused(scenario, tmp_path):
    count = len(first(scenario).criteria)
    other = scenario.model_copy(update={"id": "other"})
    path = filled(tmp_path, other, "A", even(count))
    with pytest.raises(FormatError) as refused:
        read_answers([path], scenario)
    assert refused.value.faults[0].code == "workshop_of_another"


def test_groups_count_people_alike_and_the_widest_gap_names_both(scenario, tmp_path):
    criteria = list(first(scenario).criteria)
    count = len(criteria)
    mine, yours = even(count), list(reversed(even(count)))
    mine[0] += mine.pop()
    mine.append(0)
    files = [
        filled(tmp_path, scenario, "A", mine, group="north"),
        filled(tmp_path, scenario, "B", yours, group="south"),
        filled(tmp_path, scenario, "C", yours, group="south"),
    ]
    (found,) = agreements(read_answers(files, scenario))
    expected = (mine[0] + 2 * yours[0]) / 300
    assert found.groups["together"][criteria[0]] == pytest.approx(expected)
    assert found.groups["south"][criteria[0]] == pytest.approx(yours[0] / 100)
    assert found.apart is not None
    gaps = {name: abs(mine[at] - yours[at]) for at, name in enumerate(criteria)}
    assert gaps[found.apart.criterion] == max(gaps.values())
    assert {found.apart.lowest_by, found.apart.highest_by} & {"A"}
    assert found.concordance is not None
    assert 0 <= found.concordance < 1


def test_sites_are_scored_anew_and_what_is_unknown_gives_nobody_credit():
    weights = {"road": 0.5, "water": 0.3, "law": 0.2}
    sites = [
        {"number": 1, "road_mean": 0.4, "water_mean": 0.8, "law_mean": None},
        {"number": 2, "road_mean": 0.9, "water_mean": 0.9, "law_mean": None},
    ]
    best, other = sites_under(sites, weights)
    assert best.number == 2
    assert (best.score, best.low, best.high) == pytest.approx((0.9, 0.72, 0.92))
    assert (other.score, other.low, other.high) == pytest.approx((0.55, 0.44, 0.64))
    assert tell_apart([best, other])
    assert not tell_apart(sites_under(sites, {"road": 0.1, "water": 0.1, "law": 0.8}))


def test_the_folder_holds_weights_a_scenario_that_checks_and_a_page(
    scenario, small_project, tmp_path
):
    count = len(first(scenario).criteria)
    path = filled(tmp_path, scenario, "=A1+<b>", even(count), group="ชาวบ้าน")
    out = tmp_path / "out"
    said = write_workshop(read_answers([path], scenario), scenario, None, out, over=False)
    assert said
    rows = read_csv(out / "weights.csv", "utf-8-sig")
    assert sum(float(row["weight"]) for row in rows) == pytest.approx(1.0, abs=1e-5)
    assert "'=A1" in (out / "weights.csv").read_text(encoding="utf-8-sig")
    page = (out / "workshop.html").read_text(encoding="utf-8")
    assert "<b>" not in page.split("</style>")[-1].replace("<b></b>", "")
    assert "ไม่ใช่การรับฟังความคิดเห็นตามกฎหมาย" in page
    (small_project.scenarios / "workshop.yaml").write_bytes((out / "workshop.yaml").read_bytes())
    try:
        read = small_project.scenario("workshop").scenario
    finally:
        (small_project.scenarios / "workshop.yaml").unlink()
    assert read.viewpoint == "workshop_0"
    given = read.viewpoints["workshop_0"].weights[first(scenario).use].points
    assert given == pytest.approx({row["criterion"]: float(row["weight"]) for row in rows})


def test_a_folder_of_other_things_is_kept_and_an_own_one_is_written_over_if_asked(
    scenario, tmp_path
):
    answers = read_answers(
        [filled(tmp_path, scenario, "P1", even(len(first(scenario).criteria)))], scenario
    )
    mine = tmp_path / "mine.txt"
    mine.write_text("mine")
    with pytest.raises(RunError) as refused:
        write_workshop(answers, scenario, None, tmp_path, over=True)
    assert refused.value.faults[0].code == "not_own_folder"
    assert mine.read_text() == "mine"
    out = tmp_path / "out"
    write_workshop(answers, scenario, None, out, over=False)
    with pytest.raises(RunError) as refused:
        write_workshop(answers, scenario, None, out, over=False)
    assert refused.value.faults[0].code == "out_exists"
    write_workshop(answers, scenario, None, out, over=True)


def test_overlap_of_teams_is_set_algebra(tmp_path):
    crs = "EPSG:32647"
    squares = {"a": box(0, 0, 2000, 2000), "b": box(1000, 0, 3000, 2000), "c": box(0, 0, 3000, 800)}
    files = []
    for name, shape in squares.items():
        path = tmp_path / f"{name}.gpkg"
        gpd.GeoDataFrame(geometry=[shape], crs=crs).to_file(path)
        files.append(path)
    found = overlap(places_of(files, crs), crs).set_index("teams")
    area = {teams: row.geometry.area for teams, row in found.iterrows()}
    assert area == pytest.approx(
        {
            "a, b, c": 1000 * 800,
            "a, b": 1000 * 1200,
            "a, c": 1000 * 800,
            "b, c": 1000 * 800,
            "a": 1000 * 1200,
            "b": 1000 * 1200,
        }
    )
    assert found.loc["a, b, c", "area_rai"] == pytest.approx(500.0)


def test_teams_without_areas_are_named_together(tmp_path):
    from shapely.geometry import Point

    lines = tmp_path / "points.gpkg"
    gpd.GeoDataFrame(geometry=[Point(0, 0)], crs="EPSG:32647").to_file(lines)
    bad = tmp_path / "bad.geojson"
    bad.write_text("{")
    with pytest.raises(FormatError) as refused:
        places_of([lines, tmp_path / "absent.gpkg", lines, bad], "EPSG:32647")
    told = [(Path(fault.file).name, fault.code) for fault in refused.value.faults]
    assert [file for file, _ in told] == [
        "points.gpkg",
        "absent.gpkg",
        "points.gpkg",
        "bad.geojson",
    ]
    assert [code for file, code in told if file == "points.gpkg"] == ["workshop_no_areas"] * 2


def test_a_room_of_thirty_teams_is_laid_over_each_other():
    # Each drew a strip of ten kilometres, a kilometre farther on than the one before.
    teams = {f"t{n}": box(1000 * n, 0, 1000 * n + 10_000, 1000) for n in range(30)}
    found = overlap(teams, "EPSG:32647")
    assert found["n"].max() == 10
    assert len(found) == 39
    assert found["area_rai"].sum() == pytest.approx(39_000 * 1000 / 1600)

"""Places for the yard: rectangles, stretches, stations, and the places that compete."""

import math

import numpy as np
import rasterio
import shapely

from tests.runs.read_back.every import csv_file, package_file, unique
from tests.runs.read_back.folder import M2_PER_RAI, centres, near, numbers

INDICATORS = ("land_score", "saved_thb", "people", "to_settle")
TESTS = ("straight", "grade", "tracks", "one_side", "roads")


def yards_package(folder, name):
    package_file(folder, name)
    for use, counts in folder.record["yards"].items():
        fits = folder.layer(name, f"yards_{use}")
        assert len(fits) == counts["fits"]
        asked = folder.resolved["uses"][use]["yard"]
        near(fits.geometry.area, fits["length_m"] * fits["width_m"], rel=1e-6)
        near(fits["area_rai"], fits["length_m"] * fits["width_m"] / M2_PER_RAI, abs=0.0051)
        assert list(fits["rank"]) == list(range(1, len(fits) + 1))
        _turned(fits)
        _along(folder, use, fits["chainage_km"], fits)
        assert set(fits["siding_m"]) == {asked["sidings_m"][0]}
        assert set(fits["longest_siding_m"]) <= set(asked["sidings_m"])
        assert (fits["longest_siding_m"] >= fits["siding_m"]).all()
        assert (fits["grade_permille"] <= fits["grade_steepest_permille"] + 1e-9).all()
        assert ((fits["outcome"] == "holds") == (fits["not_told"] == "")).all()
        assert ((fits["expansion_share"] == 1) | ~fits["expansion_free"]).all()
        full, most = asked["full_score_grade_permille"], asked["greatest_grade_permille"]
        score = np.interp(fits["grade_permille"], [full, most], [1, 0])
        near(fits["grade_score"], score, abs=1e-3)
        # Nothing is taken out of a stretch: each rectangle lies in one.
        stretches = folder.layer(name, f"yards_open_{use}")
        land = shapely.union_all(stretches.geometry.array).buffer(0.5)
        open_fits = fits[fits["outcome"] == "cannot_be_told"]
        assert open_fits.geometry.within(land).all()
        near(shapely.union_all(fits.geometry.array).area, fits.geometry.area.sum(), rel=1e-6)
    if "yard_choice" in folder.layer_names(name):
        frame, table = folder.layer(name, "yard_choice"), folder.table("yard_choice.csv")
        assert [c for c in frame if c != "geometry"] == list(table.columns)
        for column in table:
            if column.endswith(("_th", "_en")) or column in ("id", "class"):
                assert list(frame[column].fillna("").astype(str)) == list(table[column]), column


def _turned(fits):
    """The bearing is that of the long side."""
    for _, fit in fits.iterrows():
        ring = np.array(fit.geometry.exterior.coords)
        sides = np.diff(ring, axis=0)
        longest = sides[np.hypot(*sides.T).argmax()]
        bearing = math.degrees(math.atan2(*longest)) % 180
        off = abs(bearing - fit["bearing_deg"] % 180)
        assert min(off, 180 - off) < 0.06


def line_of(folder, use):
    """Join the sections of the railway into the line that chainages count along."""
    import shapely.ops

    railway = folder.resolved["uses"][use]["yard"]["railway"]
    layer = railway if isinstance(railway, str) else railway["layer"]
    where = None if isinstance(railway, str) else railway.get("where")
    return shapely.ops.linemerge(list(folder.source(layer, where).geometry))


def _along(folder, use, chainage_km, frame):
    line = line_of(folder, use)
    assert line.geom_type == "LineString"
    at = shapely.line_interpolate_point(line, np.asarray(chainage_km, dtype=float) * 1000)
    # A yard lies beside the line where its chainage says, its middle no farther than it is wide.
    far = shapely.distance(at, np.asarray(frame.geometry.array))
    assert far.max() < 300, far.max()


def yards_open(folder, name):
    csv_file(folder, name)
    table = folder.table(name)
    unique(table, "use", "stretch")
    for use, rows in table.groupby("use"):
        frame = folder.layer("yards.gpkg", f"yards_open_{use}")
        counts = folder.record["yards"][use]
        assert len(rows) == len(frame) == counts["stretches"]
        for column in frame.columns.drop("geometry"):
            if frame[column].dtype.kind in "fi":
                near(numbers(rows[column]), frame[column], rel=1e-9, what=column)
            else:
                assert list(rows[column]) == list(frame[column].fillna("").astype(str)), column
        start, end = numbers(rows["from_km"]), numbers(rows["to_km"])
        asked = folder.resolved["uses"][use]["yard"]
        near(numbers(rows["length_m"]), (end - start) * 1000 + asked["length_m"], abs=1.1)
        step = (end - start) * 1000 / (numbers(rows["places"]) - 1).replace(0, np.nan)
        assert step.dropna().between(9.9, 10.1).all()
        best = numbers(rows["best_km"])
        assert ((start <= best) & (best <= end)).all()
        assert (numbers(rows["places_as_read"]) <= numbers(rows["places"])).all()
        assert (numbers(rows["score_best"]) <= numbers(rows["score_greatest"]) + 1e-9).all()
        assert not (numbers(rows["grade_permille"]) > numbers(rows["grade_most_permille"])).any()
        for told in rows["not_told"]:
            assert set(told.split(";")) <= set(TESTS)
            assert told
        near(numbers(rows["places"]).sum(), counts["cannot_be_told"])
        points = shapely.points(numbers(rows["best_x_m"]), numbers(rows["best_y_m"]))
        assert shapely.distance(points, np.asarray(frame.geometry.array)).max() < 1.0
        _along(folder, use, (start + end) / 2, frame)


def yards_stations(folder, name):
    csv_file(folder, name)
    table = folder.table(name)
    unique(table, "use", "station_en")
    for use, rows in table.groupby("use"):
        counts = folder.record["yards"][use]
        told = ("places", "holds", "cannot_be_told", "fails", "stretches", "places_as_read")
        number = {column: numbers(rows[column]) for column in told}
        near(number["places"], number["holds"] + number["cannot_be_told"] + number["fails"])
        for column in ("places", "holds", "cannot_be_told", "fails", "stretches"):
            near(number[column].sum(), counts[column], what=column)
        assert (number["places_as_read"] <= number["cannot_be_told"]).all()
        assert ((rows["fails_most_by"] != "") == (number["fails"] > 0)).all()
        assert (numbers(rows["station_km"]).diff().dropna() > 0).all()
        stretches = folder.table("yards_open.csv")
        mine = stretches[stretches["use"] == use]
        named = mine["station_en"].value_counts()
        for _, row in rows.iterrows():
            assert int(row["stretches"]) == named.get(row["station_en"], 0), row["station_en"]
        near(numbers(rows["score_best"]).max(), numbers(mine["score_best"]).max(), abs=1e-6)
        near(number["places_as_read"].sum(), numbers(mine["places_as_read"]).sum())
        near(numbers(rows["grade_permille"]).min(), numbers(mine["grade_permille"]).min())

        tracks_at_stations(folder, use, rows)


def tracks_at_stations(folder, use, rows):
    """Pieces of track counted by hand from the layer, sides by what lies left of the main track."""
    asked = folder.resolved["uses"][use]["yard"]
    area = folder.resolved["area"]
    study = shapely.union_all(folder.source(area["layer"], area.get("where")).geometry.array)
    points = folder.source(asked["stations"]).set_index("name_en").geometry
    tracks = folder.source(asked["tracks"])
    assert (rows["in_study_area"] == "True").any()
    for _, row in rows.iterrows():
        at = points[row["station_en"]]
        # The study area of a run is made of cells.
        if study.boundary.distance(at) > 1500:
            assert row["in_study_area"] == str(study.covers(at)), row["station_en"]
        here = tracks[tracks["station_en"] == row["station_en"]]
        for kind in ("loop", "siding", "yard", "spur"):
            mine = here[here["kind"] == kind]
            told = [row[f"{kind}_{c}"] for c in ("pieces", "longest_m", "total_m", "side")]
            if mine.empty:
                assert told == [""] * 4, (row["station_en"], kind)
                continue
            by_hand = [len(mine), mine["length_m"].max(), mine["length_m"].sum()]
            near([float(one) for one in told[:3]], by_hand)
            sides = {"both": {"left", "right"}, "": set()}.get(told[3], {told[3]})
            assert sides == _sides(mine, tracks, line_of(folder, use)), (row["station_en"], kind)
        short = row["loop_short_of_siding_m"]
        assert (short == "") == (row["loop_pieces"] == "")
        if short:
            least = asked["sidings_m"][0]
            near(float(short), max(0, least - float(row["loop_longest_m"])))


def _sides(pieces, tracks, line):
    """Lay strips along the left and the right of the main track that is nearest to each piece."""
    main = tracks[tracks["kind"] == "main"].geometry
    found = set()
    for piece in pieces.geometry:
        middle = piece.interpolate(0.5, normalized=True)
        track = main.iloc[int(main.distance(middle).to_numpy().argmin())]
        away = track.distance(middle)
        start, end = (line.project(track.interpolate(d, normalized=True)) for d in (0, 1))
        if away < 2 or away > 150 or abs(end - start) < track.length / 2:
            continue
        ahead = track if end > start else track.reverse()
        left, right = (ahead.buffer(s * (away + 1), single_sided=True) for s in (1, -1))
        if left.covers(middle) != right.covers(middle):
            found.add("left" if left.covers(middle) else "right")
    return found


def yards_turned_down(folder, name):
    csv_file(folder, name)
    table = folder.table(name)
    unique(table, "use", "test")
    for use, own in table.groupby("use"):
        counts = folder.record["yards"][use]
        rows = own.set_index("test")
        assert (numbers(rows["places"]) == counts["places"]).all()
        at_all, alone = numbers(rows["at_all"]), numbers(rows["alone"])
        assert (alone <= at_all).all()
        assert at_all["all"] == counts["fails"]
        assert alone["all"] == alone.drop("all").sum()
        assert at_all.drop("all").max() <= at_all["all"] <= at_all.drop("all").sum()
        untold = numbers(rows["cannot_be_told"])
        assert untold["all"] == counts["cannot_be_told"] >= untold.drop("all").max()
        assert (numbers(rows["read_beyond"]) <= untold).all()


def yard_choice(folder, name):
    csv_file(folder, name)
    table = folder.table(name)
    unique(table, "id")
    about, told = folder.resolved["choice"], folder.record["choice"]
    assert list(table["id"]) == told["order"]
    assert list(table["number"]) == [str(n) for n in range(1, len(table) + 1)]
    order = [c for c in table if c.startswith(INDICATORS) and c.endswith("_low")]
    assert len(order) == len(INDICATORS)
    weight = sum(one["weight"] for one in about["indicators"].values())
    parts = {}
    for id in INDICATORS:
        held = about["indicators"][id]
        x, y = np.array(held["value"]["points"], dtype=float).T
        share = held["weight"] / weight
        worst, best = ("high", "low") if y[0] > y[-1] else ("low", "high")
        value, low, high = (numbers(table[f"{id}{end}"]) for end in ("", f"_{worst}", f"_{best}"))
        assert not (numbers(table[f"{id}_low"]) > numbers(table[f"{id}_high"])).any()
        assert not ((value < numbers(table[f"{id}_low"]) - 1e-4)
                    | (value > numbers(table[f"{id}_high"]) + 1e-4)).any()  # fmt: skip
        scored = [np.where(one.isna(), unknown, np.interp(one.fillna(0), x, y))
                  for one, unknown in ((value, 0.0), (low, 0.0), (high, 1.0))]  # fmt: skip
        parts[id] = [share * one for one in scored]
        assert set(table[f"{id}_confidence"]) == {held["confidence"]}
    for column, which in (("score", 0), ("score_least", 1), ("score_greatest", 2)):
        wanted = sum(part[which] for part in parts.values())
        near(numbers(table[column]), wanted, abs=1e-4, what=column)
    least, greatest = numbers(table["score_least"]), numbers(table["score_greatest"])
    assert (least <= greatest).all()
    eligible = table["eligible"] == "True"
    assert list(eligible) == sorted(eligible, reverse=True), "those not eligible come last"
    assert (least[eligible].diff().dropna() <= 1e-6).all()
    assert ((table["class"] != "") == eligible).all()
    _classes(table, eligible, least, greatest)
    assert dict(zip(table["id"], table["class"], strict=True)) == told["classes"]
    for id, one, other in zip(table["id"], least, greatest, strict=True):
        near(told["ranges"][id], [one, other], abs=1e-9)
    assert set(table["id"][table["on_front"] == "True"]) == set(told["on_front"])
    _homes(folder, table)
    _of_freight(folder, table)


def _classes(table, eligible, least, greatest):
    places = list(np.flatnonzero(eligible))
    for a in places:
        for b in places:
            if least[a] > greatest[b]:
                assert table["class"][a] < table["class"][b]


def _homes(folder, table):
    """Built-up land of the map around each station, by the cells of the layer."""
    homes = folder.resolved["choice"]["homes"]
    points = folder.layer("yards.gpkg", "yard_choice").set_index("id").geometry
    stations = folder.resolved["choice"]["places"]
    members = folder.read_from(homes["layer"])
    classes = folder.catalog["layers"][members[0]]["classes"]
    wanted = [int(code) for code, one in classes.items() if one["key"] in homes["classes"]]
    codes = np.zeros(1, dtype=np.uint8)
    for one in members:  # All bundled maps of land use stand on the same cells.
        with rasterio.open(folder.layers_path / f"{one}.tif") as raster:
            codes, transform = np.where(codes == 0, raster.read(1), codes), raster.transform
    rows, cols = np.nonzero(np.isin(codes, wanted))
    x, y = centres(transform, rows, cols)
    for _, row in table.iterrows():
        if row["id"] not in stations:
            continue
        about = stations[row["id"]]
        place = folder.source(about["layer"], about.get("where")).geometry.iloc[0]
        assert points[row["id"]].distance(place) < 6000
        near_m = np.hypot(x - place.x, y - place.y) <= homes["within_m"]
        found = near_m.sum() * abs(transform.a * transform.e) / M2_PER_RAI
        # Cells of the run are coarser than those of the layer.
        room = math.pi * homes["within_m"] ** 2 / M2_PER_RAI
        assert 0 <= float(row["homes_land_rai"]) <= 1.3 * room
        assert (float(row["homes_land_rai"]) / folder.cell_rai) % 1 < 1e-6
        assert abs(float(row["homes_land_rai"]) - found) < 0.4 * room, row["id"]
        told = folder.record["choice"]["people"][row["id"]]
        near(told["homes_land_rai"], float(row["homes_land_rai"]), abs=0.0051)
        near(told["at_least"], float(row["people_low"]))
        near(np.nan if told["at_most"] is None else told["at_most"],
             float(row["people_high"] or "nan"))  # fmt: skip
        near(told["uncounted_share"], float(row["people_uncounted_share"]), abs=1e-4)


def _of_freight(folder, table):
    """What freight says of a place is the row of its yard."""
    yards = folder.table("freight_yards.csv").set_index(["yard", "demand", "case"])
    there = set(yards.index.get_level_values("yard"))
    for _, row in table.iterrows():
        if row["id"] not in there:
            assert row["freight_justified"] == ""
            continue
        mine = yards.loc[row["id"]]
        for column, at in (("central", ("central", "central")), ("low", ("low", "central")),
                           ("high", ("high", "central")),
                           ("favours_rail", ("central", "favours_rail"))):  # fmt: skip
            near(
                float(row[f"freight_thb_saved_{column}"]),
                float(mine.loc[at, "thb_saved"]),
                abs=0.051,
            )
            near(float(row[f"freight_teu_{column}"]), float(mine.loc[at, "teu"]), abs=0.051)
        near(
            float(row["saved_thb"]), float(mine.loc[("central", "central"), "thb_saved"]), abs=0.051
        )
        every = numbers(mine["thb_saved"])
        assert float(row["saved_thb_low"]) <= every.min() + 0.051
        assert float(row["saved_thb_high"]) >= every.max() - 0.051

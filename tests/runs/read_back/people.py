"""People, farm land, water and jobs near sites; open questions; the path after coal."""

import itertools
import json
import math

import numpy as np
import rasterio
import shapely

from tests.runs.read_back.every import csv_file, unique
from tests.runs.read_back.folder import HA_PER_RAI, M2_PER_RAI, centres, near, numbers
from tests.runs.read_back.land import study_of

LEVELS = ("low", "central", "high")
AMOUNTS = (
    "lignite_mt", "fly_ash_mt", "gypsum_mt", "freight_mt", "ash_wanting_mt", "lorries_fewer_a_day",
    "water_freed_mm3", "jobs_exposed",
)  # fmt: skip
SINCE_REFERENCE = {"ash_wanting_mt", "lorries_fewer_a_day", "water_freed_mm3", "jobs_exposed"}
OTHER_END = {"low": "high", "central": "central", "high": "low"}


def places_of(folder, use, kind):
    if kind == "site":
        return folder.layer("sites.gpkg", f"sites_{use}").set_index("number").geometry
    frame = folder.layer("yards.gpkg", f"yards_{use}")
    return frame.set_index("rank").geometry


class People:
    """People of the counted subdistricts by every estimate, at centres of cells of 100 m."""

    def __init__(self, folder):
        about = folder.resolved["exposure"]
        counted = folder.source_table(about["population"])
        people = dict(zip(counted["code"].astype(int), numbers(counted["population"]), strict=True))
        shapes = folder.source(about["subdistricts"])
        self.shapes = shapes[shapes["code"].astype(int).isin(people)]
        self.counted = shapely.union_all(self.shapes.geometry.array)
        self.people = [people[code] for code in self.shapes["code"].astype(int)]
        asked = [*about["homes"].values(), about["evenly"]]
        self.central = np.array([one["central"] for one in asked])
        self.most = np.array([one.get("most", 1.0) for one in asked])
        shown = [_shown(folder, one) for one in about["homes"].values()]
        self.shown = [*shown, _even(folder, about["evenly"])]
        self._placed = {}

    def placed(self, k):
        """Give points and people of a subdistrict by every estimate; none where none is shown."""
        if k not in self._placed:
            shape, people = self.shapes.geometry.iloc[k], self.people[k]
            shapely.prepare(shape)
            self._placed[k] = [_within(shape, people, *one) for one in self.shown]
        return self._placed[k]

    def within(self, land, metres):
        """Give low, central and high by trying every order in which estimates may be believed."""
        around = land.buffer(metres + 200)
        ends = np.zeros(3)
        for k, (shape, people) in enumerate(zip(self.shapes.geometry, self.people, strict=True)):
            if not shape.intersects(around):
                continue
            placed = self.placed(k)
            said, told = zip(*(self._of(one, land, metres) for one in placed), strict=True)
            said, told = np.array(said), np.array(told)
            shares = np.where(told, self.central, 0.0)
            inside = shapely.intersection(shape, land.buffer(metres)).area
            least = np.where(told, said, people if inside > 0.999 * shape.area else 0.0)
            most = np.where(told, said, people if inside > 5e3 else 0.0)
            ends += (_ends(least, self.most)[0], said @ shares / shares.sum(),
                     _ends(most, self.most)[1])  # fmt: skip
        return ends

    @staticmethod
    def _of(placed, land, metres):
        points, people = placed
        return people[shapely.distance(points, land) <= metres].sum(), len(points) > 0


def _within(shape, people, x, y, weight):
    """Place people of a subdistrict by what is shown in it."""
    west, south, east, north = shape.bounds
    near_it = np.flatnonzero((x >= west) & (x <= east) & (y >= south) & (y <= north))
    mine = near_it[shapely.contains_xy(shape, x[near_it], y[near_it])]
    total = weight[mine].sum()
    return shapely.points(x[mine], y[mine]), people * weight[mine] / (total or 1.0)


def _ends(said, most):
    found = []
    for order in itertools.permutations(range(len(said))):
        left, total = 1.0, 0.0
        for k in order:
            total += min(left, most[k]) * said[k]
            left -= min(left, most[k])
        found.append(total)
    return min(found), max(found)


def _shown(folder, about):
    """Give the centres of cells where a layer shows homes, and how much it shows."""
    if about.get("classes"):
        return _cells_of(folder, about["layer"], about["classes"])
    shapes = folder.source(about["layer"], about.get("where")).geometry
    if set(shapes.geom_type) & {"LineString", "MultiLineString"}:
        lines = shapes.explode(index_parts=False).array
        pieces = np.ceil(shapely.length(lines) / 7).astype(int)
        of = np.repeat(np.arange(len(lines)), pieces)
        along = (np.concatenate([np.arange(n) for n in pieces]) + 0.5) / pieces[of]
        at = shapely.line_interpolate_point(np.asarray(lines)[of], along, normalized=True)
        snapped = np.floor(shapely.get_coordinates(at) / 100) * 100 + 50
        weight = (shapely.length(lines) / pieces)[of]
    else:
        cells = [_centres_in(shape) for shape in shapes]
        snapped = np.unique(np.concatenate(cells), axis=0)
        weight = np.ones(len(snapped))
    places, cell = np.unique(snapped, axis=0, return_inverse=True)
    return places[:, 0], places[:, 1], np.bincount(cell.ravel(), weights=weight)


def _centres_in(shape):
    west, south, east, north = np.floor(np.array(shape.bounds) / 100) * 100 + 50
    x, y = np.meshgrid(np.arange(west, east + 1, 100), np.arange(south, north + 1, 100))
    inside = shapely.contains_xy(shape, x.ravel(), y.ravel())
    return np.column_stack([x.ravel()[inside], y.ravel()[inside]])


def _cells_of(folder, layer, classes):
    with rasterio.open(folder.layers_path / f"{layer}.tif") as raster:
        codes, transform = raster.read(1), raster.transform
    found = np.nonzero(np.isin(codes, _codes(folder, layer, classes)))
    return (*centres(transform, *found), np.ones(len(found[0])))


def _even(folder, about):
    """Give the centres of all cells of known land but those left out."""
    by_class, steep = about["not_on"]
    held = [one["key"] for one in folder.catalog["layers"][by_class["layer"]]["classes"].values()]
    wanted = [key for key in held if key not in by_class["classes"]]
    x, y, weight = _cells_of(folder, by_class["layer"], wanted)
    with rasterio.open(folder.layers_path / f"{steep['layer']}.tif") as raster:
        band, place = raster.read(1), raster.transform
    rows, cols = (y - place.f) // place.e, (x - place.c) // place.a
    assert min(rows.min(), cols.min()) >= 0
    values = band[rows.astype(int), cols.astype(int)]
    flat = ~(values > steep["above"])
    return x[flat], y[flat], weight[flat]


def _codes(folder, layer, names):
    classes = folder.catalog["layers"][layer]["classes"]
    return [int(code) for code, held in classes.items() if held["key"] in names]


def exposure(folder, name):
    csv_file(folder, name)
    table = folder.table(name)
    assert table["kind"].iloc[0] == "note"
    table = table.iloc[1:]
    places = table[table["kind"].isin(["site", "yard"])]
    unique(places, "kind", "use", "number")
    about = folder.resolved["exposure"]
    people = folder.once("people", lambda: People(folder))
    stations = folder.source(about["air_stations"]["layer"], about["air_stations"].get("where"))
    for use in folder.uses:
        counts = {"site": folder.record["sites"][use],
                  "yard": folder.record["yards"].get(use, {}).get("fits", 0)}  # fmt: skip
        for kind, count in counts.items():
            assert len(places[(places["kind"] == kind) & (places["use"] == use)]) == count
    first = []
    for _, row in places.iterrows():
        land = places_of(folder, row["use"], row["kind"])[int(row["number"])]
        near(float(row["area_rai"]), land.area / M2_PER_RAI, abs=0.0051)
        _around(row, land, about, people, stations)
        _amounts(row, land, about)
        _farm(folder, row, land, about)
        if row["kind"] == "site" and row["number"] == "1":
            first.append((row, land))
    whole = table[table["kind"] == "first_of_each_use"]
    assert len(whole) == bool(first)
    for _, row in whole.iterrows():
        _whole(folder, row, first, about, people, stations)


def _around(row, land, about, people, stations):
    for radius in about["radii_m"]:
        around = shapely.buffer(land, radius, quad_segs=32)
        share = 1 - shapely.intersection(around, people.counted).area / around.area
        near(float(row[f"uncounted_land_{radius}_m"]), max(0.0, share), abs=0.00051)
        told = [row[f"people_{radius}_m_{end}"] for end in LEVELS]
        if share > 1 - 1e-9:
            assert told == [""] * 3
            continue
        low, central, high = (int(n) for n in told)
        assert central >= 25, "nobody is never said to live somewhere"
        assert low % 25 == central % 25 == high % 25 == 0
        # Cells on the line between two subdistricts may be counted to either, and steep ones differ
        # by how the slope is read.
        found = people.within(land, radius)
        near([low, central, high], found, abs=30, rel=0.03, what=(dict(row), radius))
    near(float(row["air_station_m"]), stations.geometry.distance(land).min(), abs=0.51)
    nearest = stations.loc[stations.geometry.distance(land).idxmin()]
    assert row["air_station_en"] == nearest["name_en"]
    assert row["air_station_th"] == nearest["name_th"]


def _amounts(row, land, about):
    figures = about["uses"].get(row["use"]) or {}
    rai = land.area / M2_PER_RAI
    for level in LEVELS:
        jobs, water = figures.get("jobs_per_rai"), figures.get("water_m3_per_rai_day")
        if jobs is None:
            assert row.get(f"jobs_gained_{level}", "") == ""
        else:
            near(float(row[f"jobs_gained_{level}"]), rai * jobs[level], rel=1e-4)
        if water is None:
            assert row.get(f"water_demand_mm3_{level}", "") == ""
        else:
            share = (figures.get("productive_share") or dict.fromkeys(LEVELS, 1.0))[level]
            wanted = rai * water[level] * share * 365 / 1e6
            near(float(row[f"water_demand_mm3_{level}"]), wanted, rel=1e-4)


def _farm(folder, row, land, about):
    """Farm land of a site by points five metres apart, unlike the cells it is counted on."""
    west, south, east, north = land.bounds
    x, y = np.meshgrid(np.arange(west + 2, east, 5), np.arange(south + 2, north, 5))
    inside = shapely.contains_xy(land, x.ravel(), y.ravel())
    xy = np.column_stack([x.ravel()[inside], y.ravel()[inside]])
    members = folder.read_from(about["land_use"])
    found = np.zeros(len(xy), dtype=np.uint8)
    for one in members:
        with rasterio.open(folder.layers_path / f"{one}.tif") as raster:
            codes, place = raster.read(1), raster.transform
        cols = np.floor((xy[:, 0] - place.c) / place.a).astype(int)
        rows = np.floor((xy[:, 1] - place.f) / place.e).astype(int)
        found = np.where(found == 0, codes[rows, cols], found)
    farms = np.isin(found, _codes(folder, members[0], about["farms"]))
    rai = land.area / M2_PER_RAI
    near(float(row["farm_rai"]), farms.mean() * rai, abs=0.02 * rai + 0.2, what=dict(row))


def _whole(folder, row, first, about, people, stations):
    land = shapely.union_all([one for _, one in first])
    near(float(row["area_rai"]), sum(one.area for _, one in first) / M2_PER_RAI, abs=0.01)
    _around(row, land, about, people, stations)
    for stem in ("jobs_gained", "water_demand_mm3"):
        for level in LEVELS:
            known = [float(one[f"{stem}_{level}"]) for one, _ in first
                     if one.get(f"{stem}_{level}", "") != ""]  # fmt: skip
            told = row.get(f"{stem}_{level}", "")
            near(float(told) if told else math.nan, sum(known) if known else math.nan, rel=1e-4)
    near(float(row["farm_rai"]), sum(float(one["farm_rai"]) for one, _ in first), abs=0.11)
    told = folder.record["timeline"]["amounts"]
    for stem, amount in (("jobs_at_stake", "jobs_exposed"), ("water_freed_mm3",) * 2):
        for level in LEVELS:
            near(float(row[f"{stem}_{level}"]), told[amount][level], rel=1e-4)
    if row["water_demand_mm3_central"]:
        for level, less in zip(LEVELS, LEVELS[::-1], strict=True):
            wanted = float(row[f"water_freed_mm3_{level}"]) - float(row[f"water_demand_mm3_{less}"])
            near(float(row[f"water_balance_mm3_{level}"]), wanted, abs=1e-3)
    recorded = folder.record["exposure"]["first_of_each_use"]
    for column, value in recorded.items():
        assert str("" if value is None else value) == row[column], column


def exposure_by_subdistrict(folder, name):
    csv_file(folder, name)
    table = folder.table(name)
    unique(table, "code")
    about = folder.resolved["exposure"]
    shapes = folder.source(about["subdistricts"])
    shapes = shapes.set_index(shapes["code"].astype(int)).geometry
    counted = folder.source_table(about["population"])
    people = dict(zip(counted["code"].astype(int), numbers(counted["population"]), strict=True))
    first = [places_of(folder, use, "site").get(1) for use in folder.uses]
    first = [land for land in first if land is not None]
    plants = folder.source(about["plant"]["layer"], about["plant"].get("where"))
    middle = shapely.union_all(plants.geometry.array).centroid
    for _, row in table.iterrows():
        code = int(row["code"])
        land = sum(one.intersection(shapes[code]).area for one in first) / M2_PER_RAI
        near(float(row["land_rai"]), land, abs=0.051)
        assert float(row["farm_rai"]) <= float(row["land_rai"]) + 0.051
        assert (row["population"] == "") == (code not in people)
        if code in people:
            near(float(row["population"]), people[code])
        assert (row["jobs_at_stake_central"] != "") == shapes[code].contains(middle)
    whole = folder.table("exposure.csv")
    total = whole[whole["kind"] == "first_of_each_use"].iloc[0]
    here = shapely.union_all([shapes[int(code)] for code in table["code"]])
    if all(here.buffer(1.0).covers(land) for land in first):
        near(numbers(table["land_rai"]).sum(), float(total["area_rai"]), abs=0.06 * len(table))
        near(numbers(table["farm_rai"]).sum(), float(total["farm_rai"]), abs=0.06 * len(table) + 1)
    for level in LEVELS:
        stake = numbers(table[f"jobs_at_stake_{level}"]).sum()
        near(stake, float(total[f"jobs_at_stake_{level}"]), rel=1e-4)


def _acts_to_ask_for(folder, table):
    """Work out anew from the acts by site which one is about most land of sites."""
    told = folder.table("acts_by_site.csv") if folder.has("acts_by_site.csv") else None
    rows = table[table["kind"] == "act"].set_index("question")
    assert set(rows.index) == ({*told["limit"]} if told is not None else set())
    for limit, row in rows.iterrows():
        acts = told[(told["limit"] == limit) & (told["act"] != "")]
        if row["act"] == "":
            assert acts.empty
            assert row["ask_en"] == folder.resolved["limits"][limit]["office"]["en"]
            continue
        land = [
            float(act["share"]) * places_of(folder, act["use"], "site")[int(act["number"])].area
            for _, act in acts.iterrows()
        ]
        by_act = acts.assign(land=land).groupby("act")["land"].sum()
        taking = set(acts[acts["action"].str.startswith("revoked")]["act"])
        rest = by_act.drop(list(taking)) if taking < set(by_act.index) else by_act
        near(by_act[row["act"]], rest.max(), rel=1e-3)
        mine = acts[acts["act"] == row["act"]].iloc[0]
        assert (row["ask_en"], row["gazette_title"]) == (mine["office_en"], mine["gazette_title"])


def questions(folder, name):
    csv_file(folder, name)
    table = folder.table(name)
    _acts_to_ask_for(folder, table)
    for id, about in folder.resolved["questions"].items():
        mine = table[table["question"] == id]
        assert (mine["kind"] == "question").sum() == 1
        turned_on = shapely.union_all(np.concatenate([
            folder.source(one["layer"], one.get("where")).geometry.array
            for one in about["distance_to"]
        ]))  # fmt: skip
        ends = [0.0, *map(float, about["bands_m"]), math.inf]
        bands = mine[mine["kind"] == "band"]
        assert len(bands) == len(ends) - 1
        study = study_of(folder)
        inner = 0.0
        for (_, row), low, high in zip(bands.iterrows(), ends, ends[1:], strict=False):
            assert float(row["band_from_m"]) == low
            near(float(row["band_to_m"] or "inf"), high)
            reach = study if math.isinf(high) else turned_on.buffer(high, quad_segs=64)
            area = shapely.intersection(study, reach).area / M2_PER_RAI
            near(float(row["area_rai"]), area - inner, rel=2e-3, abs=0.2)
            inner = area
        near(numbers(bands["area_rai"]).sum(), study.area / M2_PER_RAI, abs=0.3)
        places = mine[mine["kind"].isin(["site", "yard", "place"])]
        unique(places, "kind", "use", "number", "name_en")
        assert ("place" in set(places["kind"])) == folder.has("yard_choice.csv")
        for _, row in places.iterrows():
            if row["kind"] == "place":
                points = folder.layer("yards.gpkg", "yard_choice").set_index("name_en")
                land = points.geometry[row["name_en"]]
            else:
                land = places_of(folder, row["use"], row["kind"])[int(row["number"])]
            metres = land.distance(turned_on)
            near(float(row["distance_m"]), metres, abs=0.51, what=dict(row))
            low, high = float(row["band_from_m"]), float(row["band_to_m"] or "inf")
            assert low - 0.51 <= metres <= high + 0.51
        recorded = folder.record["questions"][id]["bands"]
        near([one["land_rai"] for one in recorded], numbers(bands["area_rai"]))
        for one in recorded:
            for use, count in one["sites"].items():
                there = places[(places["kind"] == "site") & (places["use"] == use)]
                assert count == (numbers(there["band_from_m"]) == one["from_m"]).sum()
        villages = mine[mine["kind"] == "village"]
        assert len(villages) == folder.record["questions"][id]["people"]["villages"]


def timeline(folder, name):
    csv_file(folder, name)
    table = folder.table(name)
    assert table["kind"].iloc[0] == "note"
    table = table.iloc[1:]
    unique(table, "year_be", "kind", "id")
    path = folder.resolved["timeline"]
    units = folder.source_table(path["layer"]).set_index("id")
    told = table.assign(**{level: numbers(table[level]) for level in LEVELS})
    told = (
        told.assign(year=told["year_be"].astype(int)).set_index(["kind", "id", "year"]).sort_index()
    )
    record = folder.record["timeline"]["units"]
    for unit, one in record.items():
        near(one["mw"], float(units.loc[unit, "gross_mw"]))
    running = {
        year: [u for u, one in record.items() if one["counted"] and one["start"] <= year
               and (one["last_year"] is None or year <= one["last_year"])]
        for year in sorted(set(told.index.get_level_values("year")))
    }  # fmt: skip
    efficient = {u for u in record if "ultra" in units.loc[u].get("technology", "").lower()}
    measured = _measured(folder, path)
    for year, now in running.items():
        mw = sum(record[u]["mw"] for u in now)
        near(told.loc[("capacity", "mw", year), "central"], mw, what=year)
        _amounts_of_year(told, year, now, running, record, efficient, path, measured)
    _zones(folder, told)
    near(told.loc[("capacity", "mw", folder.record["year"]), "central"],
         folder.record["timeline"]["mw"])  # fmt: skip


def _measured(folder, path):
    about = path["lignite"]
    rows = folder.source_table(about["layer"])
    for column, value in about["where"].items():
        rows = rows[rows[column] == str(value)]
    rows = rows[rows[about["months_column"]] == "12"]
    years = rows[about["year_column"]].astype(int)
    tonnes = numbers(rows[about["value_column"]]).groupby(years).sum()
    return {y: t for y, t in tonnes.items() if y <= path["reference_year"]}


def _amounts_of_year(told, year, now, running, record, efficient, path, measured):
    per = path["coefficients"]
    reference = path["reference_year"]
    mw = sum(record[u]["mw"] for u in now)
    gone = max(0.0, sum(record[u]["mw"] for u in running[reference]) - mw)
    for level in LEVELS:
        c = {name: held[level] for name, held in per.items()}
        burning = sum(record[u]["mw"] * (c["ultra_supercritical_share"] if u in efficient else 1)
                      for u in now)  # fmt: skip
        modelled = burning * c["full_load_hours"] * c["lignite_t_per_mwh"]
        lignite = measured.get(year, modelled) / 1e6
        carried = (c["fly_ash_t_per_t"] * c["fly_ash_carried_share"]
                   + c["gypsum_t_per_t"] * c["gypsum_carried_share"])  # fmt: skip
        before = sum(record[u]["mw"] * (c["ultra_supercritical_share"] if u in efficient else 1)
                     for u in running[reference])  # fmt: skip
        fallen = (before - burning) * c["full_load_hours"] * c["lignite_t_per_mwh"] / 1e6
        ash = c["fly_ash_t_per_t"] * c["fly_ash_carried_share"]
        load_t = per["lorry_load_t"][OTHER_END[level]]
        wanted = (lignite, lignite * c["fly_ash_t_per_t"], lignite * c["gypsum_t_per_t"],
                  lignite * carried, fallen * ash, fallen * carried * 1e6 / load_t / 365,
                  gone * c["water_mm3_per_mw"], gone * c["jobs_per_mw"])  # fmt: skip
        for amount, value in zip(AMOUNTS, wanted, strict=True):
            since = amount in SINCE_REFERENCE and year < reference
            found = told.loc[("amount", amount, year), level]
            near(found, math.nan if since else value, rel=1e-5, what=(amount, year, level))


def _zones(folder, told):
    zones = folder.resolved["zones"]
    for id, about in zones.items():
        rows = told.loc[("zone", id)]
        if about.get("layer") is None:
            assert rows["central"].isna().all()
            continue
        shapes = folder.source(about["layer"], about.get("where"))
        land = shapely.union_all(shapes.geometry.array)
        if about.get("within_m"):
            land = shapely.union_all(shapes.geometry.buffer(about["within_m"], quad_segs=64).array)
        near(rows["central"], [land.area / M2_PER_RAI] * len(rows), abs=0.051)
        near(numbers(rows["area_ha"]), rows["central"] * HA_PER_RAI, abs=0.0051)
        near(folder.record["timeline"]["zones"][id]["area_rai"], rows["central"].iloc[0])
        units = folder.record["timeline"]["units"]
        last = [units[u]["last_year"] for u in about.get("units", ())]
        free = None if any(y is None for y in last) else max([y + 1 for y in last],
                                                              default=None)  # fmt: skip
        free = max([y for y in (free, about.get("earliest_year")) if y is not None], default=None)
        in_use = rows[rows["state"] == "in_use"].index
        if free is not None:
            assert list(in_use) == [y for y in rows.index if y < free], id


def timeline_data(folder, name):
    data = json.loads((folder.path / name).read_text(encoding="utf-8"))
    table = folder.table("timeline.csv").iloc[1:]
    table = table.assign(year=table["year_be"].astype(int)).set_index(["kind", "id", "year"])
    years = data["years"]
    near(
        data["capacity"]["mw"],
        numbers(table.loc[[("capacity", "mw", y) for y in years], "central"]),
    )
    for amount, held in data["amounts"].items():
        for level in LEVELS:
            column = table.loc[[("amount", amount, y) for y in years], level]
            near([np.nan if v is None else v for v in held[level]], numbers(column), rel=1e-9)
    for zone in data["zones"]:
        states = table.loc[[("zone", zone["id"], y) for y in years], "state"]
        assert list(states) == zone["states"]
    land = data["land"]
    for k in range(len(years)):
        states = ("ended_not_returned", "closed", "restoration", "conditional", "open")
        parts = sum(land[f"{state}_rai"][k] for state in states)
        near(land["no_longer_in_use_rai"][k], parts, abs=0.26)
    for unit in data["units"]:
        runs = [unit["start"] <= y and (unit["last_year"] is None or y <= unit["last_year"])
                and not unit["never"] for y in years]  # fmt: skip
        assert unit["runs"] == runs, unit["id"]
    for use, held in data["uses"].items():
        sites = places_of(folder, use, "site")
        assert [one["number"] for one in held["sites"]] == list(sites.index)
        for one in held["zones"].values():
            near(one["land_rai"], one["other_limits_rai"] + one["left_rai"], abs=0.11)
            assert (one["land_rai"] / folder.cell_rai) % 1 < 1e-6

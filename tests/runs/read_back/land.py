"""Land: scores, limits, what they remove, sites, and the balance where uses share it."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from rasterio.features import geometry_mask

from tests.runs.read_back.every import csv_file, raster_file, same_rows, unique
from tests.runs.read_back.folder import (
    ALLOWED,
    CONDITIONAL,
    HA_PER_RAI,
    M2_PER_RAI,
    OUTSIDE,
    REMOVED,
    centres,
    near,
    numbers,
    rounds_to,
)


def study_of(folder):
    """Unite the polygons of the study area."""
    return folder.once("study", lambda: shapely.union_all(zones_of(folder).geometry.array))


def zones_of(folder):
    area = folder.resolved["area"]
    return folder.source(area["layer"], area.get("where"))


def in_study(folder):
    limits = folder.bands(f"limits_{folder.uses[0]}.tif")["state"]
    return folder.cells(study_of(folder), limits)


def bits_of(folder, use, outcome):
    """Give the names of the limits of each bit, as the raster itself says."""
    import rasterio

    with rasterio.open(folder.path / f"limits_{use}.tif") as raster:
        return raster.tags()[f"{outcome}_by_bits"].split(",")


def score_raster(folder, name):
    raster_file(folder, name)
    use = name.removeprefix("score_").removesuffix(".tif")
    bands, study = folder.bands(name), in_study(folder)
    value, low, high, share = (bands[one] for one in bands)
    for band in bands.values():
        assert np.isnan(band[~study]).all(), "nothing is told outside the study area"
        inside = band[study]
        assert ((inside >= 0) & (inside <= 1) | np.isnan(inside)).all()
    assert (low[study] <= high[study]).all()
    told = study & ~np.isnan(value)
    assert (low[told] <= value[told]).all()
    assert (value[told] <= high[told]).all()
    assert (np.isnan(value) == (share == 0))[study].all(), "a score rests on some of the weight"
    weights = folder.record["weights"][use]["weights"]
    # A share is a sum of weights of criteria that are scored there.
    scored = np.array([
        sum(w for k, w in enumerate(weights.values()) if pattern >> k & 1)
        for pattern in range(2 ** len(weights))
    ]) / sum(weights.values())  # fmt: skip
    off = np.abs(share[study][:, None] - np.unique(scored.round(7))[None, :]).min(axis=1)
    assert off.max() < 1e-6


def limits_raster(folder, name):
    raster_file(folder, name)
    use = name.removeprefix("limits_").removesuffix(".tif")
    bands, study = folder.bands(name), in_study(folder)
    state, removed, asked = bands["state"], bands["removed_by"], bands["conditional_by"]
    assert ((state != OUTSIDE) == study).all()
    assert (removed[~study] == 0).all()
    assert (asked[~study] == 0).all()
    assert ((removed != 0) == (state == REMOVED))[study].all()
    assert ((asked != 0) | ~np.isin(state, [CONDITIONAL])).all()
    assert (asked == 0)[state == ALLOWED].all()
    for outcome, band in (("removed", removed), ("conditional", asked)):
        names = bits_of(folder, use, outcome)
        assert len(set(names)) == len(names)
        assert band.max() < 2 ** len(names)
        for bit, limit in enumerate(names):
            if (wanted := _by_layer(folder, limit, study)) is not None:
                assert ((band >> bit & 1 > 0) == wanted)[study].all(), limit


def _by_layer(folder, limit, study):
    """Work out from the layer where a limit on plain features holds; None for other tests."""
    about = folder.resolved["limits"].get(limit)
    if about is None or not about.get("test") or about.get("only_where"):
        return None
    test, layer = about["test"], about.get("layer")
    if not (folder.layers_path / f"{layer}.geojson").is_file():
        return None
    shapes = folder.source(layer, about.get("where"))
    if test.get("inside") is True:
        return geometry_mask(shapes.geometry, study.shape, folder.transform, invert=True)
    if (metres := test.get("within_m")) is None:
        return None
    rows, cols = np.nonzero(study)
    x, y = centres(folder.transform, rows, cols)
    near_one = np.zeros(study.shape, dtype=bool)
    whole = shapely.union_all(shapes.geometry.array)
    near_one[rows, cols] = shapely.distance(shapely.points(x, y), whole) <= metres
    return near_one


def removed_table(folder, name):
    csv_file(folder, name)
    table = folder.table(name)
    unique(table, "use", "outcome", "limit")
    assert set(table["use"]) == set(folder.uses)
    study = in_study(folder)
    for use in folder.uses:
        bands = folder.bands(f"limits_{use}.tif")
        for outcome in ("removed", "conditional"):
            rows = table[(table["use"] == use) & (table["outcome"] == outcome)]
            told = rows[rows["at_all_rai"] != ""].set_index("limit")
            names = bits_of(folder, use, outcome)
            assert set(told.index) <= set(names) | {"all"}, set(told.index) - set(names)
            for limit, (at_all, alone) in _counted(bands[f"{outcome}_by"][study], names).items():
                if limit not in told.index:
                    assert at_all == 0, (limit, "removes land and is not told")
                    continue
                _areas_are(told.loc[limit], (at_all, alone, at_all - alone), folder.cell_rai)
            without = rows[rows["at_all_rai"] == ""]
            assert set(without["status"]) <= {"not_checked", "not_located"}, without["status"]
    unsure = table[table["within_error_rai"] != ""]
    share = numbers(unsure["within_error_rai"]) / numbers(unsure["at_all_rai"]).replace(0, np.nan)
    near(numbers(unsure["within_error_share"]), share, abs=1e-4)
    note = table[table["limit"] == ""]
    assert list(note["use"]) == folder.uses, "the limits line heads each use"


def _counted(bits, names):
    """Count cells on which each limit holds at all, and alone."""
    found = {}
    for bit, limit in enumerate(names):
        mine = np.uint32(1 << bit)
        found[limit] = (int((bits & mine > 0).sum()), int((bits == mine).sum()))
    return found


def _areas_are(row, cells, cell_rai):
    for what, count in zip(("at_all", "alone", "shared"), cells, strict=True):
        rounds_to(float(row[f"{what}_rai"]), count * cell_rai, 2, (row.name, what))
        rounds_to(float(row[f"{what}_ha"]), count * cell_rai * HA_PER_RAI, 2, (row.name, what))


def removed_by_district(folder, name):
    csv_file(folder, name)
    table = folder.table(name)
    unique(table, "district_en", "use", "limit")
    zones, study = zones_of(folder), in_study(folder)
    whole = folder.table("removed.csv")
    for use in folder.uses:
        bits = folder.bands(f"limits_{use}.tif")["removed_by"]
        names = bits_of(folder, use, "removed")
        for _, zone in zones.iterrows():
            inside = folder.cells(zone.geometry, study)
            mine = table[(table["use"] == use) & (table["district_en"] == zone["name_en"])]
            mine = mine.set_index("limit")
            for limit, (at_all, alone) in _counted(bits[inside], names).items():
                if limit in mine.index:
                    _areas_are(mine.loc[limit], (at_all, alone, at_all - alone), folder.cell_rai)
        rows = whole[(whole["use"] == use) & (whole["outcome"] == "removed")].set_index("limit")
        for limit, parts in table[table["use"] == use].groupby("limit"):
            for what in ("at_all_rai", "alone_rai", "shared_rai"):
                total = numbers(parts[what]).sum()
                near(total, float(rows.loc[limit, what]), abs=0.01 * len(parts), what=limit)


def law_coverage(folder, name):
    csv_file(folder, name)
    table = folder.table(name)
    unique(table, "limit", "area", "name_en", "use")
    area, known = numbers(table["area_rai"]), numbers(table["known_rai"])
    assert (known <= area + 0.01).all()
    near(numbers(table["known_share"]), (known / area.replace(0, np.nan)).clip(upper=1), abs=2e-4)
    study = in_study(folder)
    whole = table[table["area"] == "study_area"]
    rounds_to(numbers(whole["area_rai"]), study.sum() * folder.cell_rai, 2)
    zones = {row["name_en"]: row.geometry for _, row in zones_of(folder).iterrows()}
    for zone, rows in table[table["area"] == "district"].groupby("name_en"):
        cells = folder.cells(zones[zone], study).sum()
        rounds_to(numbers(rows["area_rai"]), cells * folder.cell_rai, 2, zone)
    for use, rows in table[table["area"] == "open_land"].groupby("use"):
        state = folder.bands(f"limits_{use}.tif")["state"]
        open_cells = np.isin(state, [ALLOWED, CONDITIONAL]).sum()
        rounds_to(numbers(rows["area_rai"]), open_cells * folder.cell_rai, 2, use)
        assert folder.record["scored"][use]["open_rai"] == open_cells * folder.cell_rai
    for limit, rows in table[table["area"].isin(["study_area", "district"])].groupby("limit"):
        by = rows.assign(known=numbers(rows["known_rai"])).groupby("area")["known"].sum()
        near(by["district"], by["study_area"], abs=0.02 * len(rows), what=limit)
    law = table[table["ground"] == "law"]
    told = folder.record["legal_limits"]
    for status in ("checked", "partly", "not_checked"):
        assert set(law[law["status"] == status]["limit"]) == set(told[status])
    assert told["of"] == law["limit"].nunique()
    for limit, coverage in told["coverage"].items():
        rows = law[law["limit"] == limit]
        whole = rows[rows["area"] == "study_area"]["known_share"]
        near(coverage["study_area"], float(whole.iloc[0]), abs=1e-6)
        by_use = rows[rows["area"] == "open_land"].set_index("use")["known_share"]
        assert {use: float(x) if x else None for use, x in by_use.items()} == coverage["open_land"]

    _declared_land(folder, table, study)


def _acts_of(folder, told):
    """Read the acts a limit is declared in, as the layer has them."""
    acts = folder.source_table(told["layer"])
    for column, wanted in told["where"].items():
        values = wanted if isinstance(wanted, list) else [wanted]
        acts = acts[acts[column].isin(values)]
    return acts


def _declared_limits(folder, use=None):
    return {
        id: one["declared_in"]
        for id, one in folder.resolved["limits"].items()
        if one.get("declared_in") and (use is None or use in (one.get("uses") or folder.uses))
    }


def _declared_land(folder, table, study):
    """Count the subdistricts that acts name, and the cells of the study area in them."""
    for limit, told in _declared_limits(folder).items():
        areas, acts = folder.source(told["areas"]), _acts_of(folder, told)
        named = areas["code"].astype(str).isin(acts["code"])
        rows = table[table["limit"] == limit].set_index("area")
        for area, mine in (("declared", areas[named]), ("not_declared", areas[~named])):
            cells = [int(folder.cells(shape, study)[study].sum()) for shape in mine.geometry]
            rounds_to(float(rows.loc[area, "area_rai"]), sum(cells) * folder.cell_rai, 2, area)
            assert int(rows.loc[area, "subdistricts"]) == sum(count > 0 for count in cells)
            assert float(rows.loc[area, "known_rai"] or 0) == 0


def acts_by_site(folder, name):
    csv_file(folder, name)
    table = folder.table(name)
    unique(table, "use", "number", "limit", "act")
    for use in folder.uses:
        sites = folder.layer("sites.gpkg", f"sites_{use}")
        for limit, told in _declared_limits(folder, use).items():
            areas, acts = folder.source(told["areas"]), _acts_of(folder, told)
            mine = table[(table["use"] == use) & (table["limit"] == limit)]
            assert set(mine["number"].astype(int)) == set(sites["number"] if len(sites) else [])
            found = [_acts_of_site(site, mine, areas, acts) for _, site in sites.iterrows()]
            common = set.intersection(*found) if len(found) > 1 else set()
            assert set(mine[mine["all_sites"] == "true"]["act"]) == common


def _acts_of_site(site, table, areas, acts):
    """Work out anew which acts name subdistricts of a site, and on what share of it."""
    share = areas.geometry.intersection(site.geometry).area / site.geometry.area
    shares = dict(zip(areas["code"].astype(str), share, strict=True))
    here = acts[acts["code"].map(shares).fillna(0) > 0]
    rows = table[table["number"].astype(int) == site["number"]]
    told = rows[rows["act"] != ""].set_index("act")
    assert set(told.index) == set(here["act"])
    assert set(rows["status"]) == {"declared" if len(here) else "not_declared"}
    assert rows["register_to_be"].eq("2564").all()
    for act, named in here.groupby("act"):
        near(float(told.loc[act, "share"]), min(named["code"].map(shares).sum(), 1), abs=1e-4)
        one = named.iloc[0]
        for column in ("kind", "action", "published_be", "volume", "page", "office_en"):
            assert told.loc[act, column] == one[column]
        assert told.loc[act, "gazette_title"] == one["title_th"]
    limit = rows["limit"].iloc[0]
    assert site[f"{limit}_acts"] == len(told)
    assert site[f"{limit}_declared"] == rows["status"].iloc[0]
    return set(told.index)


def sites_package(folder, name):
    from tests.runs.read_back.every import package_file

    package_file(folder, name)
    assert folder.layer_names(name) == [f"sites_{use}" for use in folder.uses]
    for use in folder.uses:
        sites = folder.layer(name, f"sites_{use}")
        assert len(sites) == folder.record["sites"][use]
        if len(sites):
            _sites(folder, use, sites)


def _sites(folder, use, sites):
    about = folder.resolved["uses"][use]
    unique(sites, "id")
    assert list(sites["number"]) == list(range(1, len(sites) + 1))
    near(sites.geometry.area / M2_PER_RAI, sites["area_rai"] + sites["hole_rai"], rel=1e-12)
    near(sites["area_ha"], sites["area_rai"] * HA_PER_RAI, rel=1e-9)
    near(sites["short_of_rai"], (about["land"]["area_rai"] - sites["area_rai"]).clip(lower=0))
    inside = gpd.GeoSeries.from_xy(sites["lon"], sites["lat"], crs="EPSG:4326").to_crs(folder.crs)
    assert sites.geometry.buffer(2.0).contains(inside).all()
    taken = np.zeros(0)
    free = np.array([_site(folder, use, site) for _, site in sites.iterrows()])
    for _, site in sites.iterrows():
        taken = np.append(taken, site.geometry.area)
    near(shapely.union_all(sites.geometry.array).area, taken.sum(), rel=1e-12, what="sites overlap")
    weights = folder.record["weights"][use]["weights"]
    graded = [c for c in sites if c.startswith("weight_")]
    near(sites[graded].sum(axis=1), sites["scored_share"], abs=3e-4)
    means = sites[[f"{id}_mean" for id in weights]].astype(float).to_numpy()
    shares = np.array([weights[id] for id in weights])
    told = ~np.isnan(means) * shares
    # Where every scored criterion is scored on the whole site, their mean is the score.
    whole = (np.abs(told.sum(axis=1) - sites["scored_share"]) < 1e-4) & free
    mean = np.nansum(means * shares, axis=1) / told.sum(axis=1)
    near(sites["score_mean"][whole], mean[whole], abs=3e-4)
    _classes(sites)
    _topsis(sites, means, shares)


def _site(folder, use, site):
    """Check a site by its cells; tell whether no score of it is held by its interval."""
    limits, scores = folder.bands(f"limits_{use}.tif"), folder.bands(f"score_{use}.tif")
    cells = folder.cells(site.geometry, limits["state"])
    near(cells.sum() * folder.cell_rai, site["area_rai"] + site["hole_rai"], rel=1e-12)
    if site["hole_rai"] > 0:
        # Small holes that were filled belong to the outline, not to the scores.
        cells &= np.isin(limits["state"], [ALLOWED, CONDITIONAL])
        if round(cells.sum() * folder.cell_rai) != round(site["area_rai"]):
            return False
    assert np.isin(limits["state"][cells], [ALLOWED, CONDITIONAL]).all()
    permit = (limits["state"][cells] == CONDITIONAL).sum() * folder.cell_rai
    near(site["conditional_rai"], permit, rel=1e-12)
    here = {name: band[cells].astype(np.float64) for name, band in scores.items()}
    for column, value in (
        ("score_mean", here["score"].mean()), ("score_min", here["score"].min()),
        ("score_low", here["score_low"].mean()), ("score_high", here["score_high"].mean()),
        ("scored_share", here["scored_share"].mean()),
    ):  # fmt: skip
        rounds_to(site[column], value, 4, (site["id"], column))
    names, bits = bits_of(folder, use, "conditional"), limits["conditional_by"][cells]
    for bit, limit in enumerate(names):
        title = folder.resolved["limits"].get(limit, {}).get("title")
        if title is not None:
            assert ((bits >> bit & 1).any()) == (title["en"] in site["subject_to_en"]), limit
    ends = (here["score"] >= here["score_high"]) | (here["score"] <= here["score_low"])
    return not ends.any()


def _classes(sites):
    """A site whose least lies above the greatest of another is in a better class, and first."""
    letters = list(sites["class"])
    assert letters == sorted(letters)
    for one, other in ((a, b) for a in range(len(sites)) for b in range(len(sites))):
        if sites["score_low"][one] > sites["score_high"][other] + 1e-4:
            assert letters[one] < letters[other]
    for _, same in sites.groupby("class"):
        assert (same["score_low"].diff().dropna() <= 1e-4).all(), "in the order of what is certain"


def _topsis(sites, means, shares):
    """Closeness to the best and the worst of the list, by the published formula."""
    scored = ~np.isnan(means).any(axis=0)
    if len(sites) < 2 or not scored.any() or shares[scored].sum() <= 0:
        assert sites["topsis"].isna().all()
        return
    table = means[:, scored]
    length = np.sqrt((table**2).sum(axis=0))
    weighted = table / np.where(length > 0, length, 1) * (shares[scored] / shares[scored].sum())
    best = np.sqrt(((weighted - weighted.max(axis=0)) ** 2).sum(axis=1))
    worst = np.sqrt(((weighted - weighted.min(axis=0)) ** 2).sum(axis=1))
    if np.ptp(weighted, axis=0).max() < 1e-3:
        return
    near(sites["topsis"], worst / (best + worst), abs=5e-3)


def land_mix(folder, name):
    csv_file(folder, name)
    table = folder.table(name)
    unique(table, "part", "use")
    area = numbers(table["area_rai"])
    near(area.sum(), in_study(folder).sum() * folder.cell_rai, rel=1e-12)
    near(numbers(table["area_ha"]), area * HA_PER_RAI, rel=1e-9)
    assert (numbers(table["conditional_rai"]).fillna(0) <= area).all()
    assert (numbers(table["hole_rai"]).fillna(0) <= area).all()
    near(
        table.assign(a=area)[table["use"] != ""].set_index("use")["a"].sort_index(),
        pd.Series({use: _whole_of(folder, use) for use in folder.uses}).sort_index(),
        rel=1e-12,
    )


def _whole_of(folder, use):
    sites = folder.layer("sites.gpkg", f"sites_{use}")
    return 0.0 if sites.empty else float((sites["area_rai"] + sites["hole_rai"]).sum())


def workbook(folder, name):
    """Every sheet is the table or the layer of the same name."""
    sheets = folder.sheets(name)
    wanted = [f"sites_{use}" for use in folder.uses]
    assert set(wanted) <= set(sheets)
    assert "removed" in sheets
    for title, rows in sheets.items():
        if title == "removed":
            frame = folder.table("removed.csv")
        else:
            file = "sites.gpkg" if title.startswith("sites_") else "yards.gpkg"
            layer = folder.layer(file, title)
            told = [c for c in layer if c != "geometry" and not c.startswith("limits_checked_")]
            frame = layer[told]
        same_rows(folder, rows, frame)

"""The register of land, worked out again from the scenario as resolved and the table it names."""

import math

import shapely

from tests.runs.read_back.every import csv_file, unique
from tests.runs.read_back.folder import M2_PER_RAI, near, numbers


def land_register(folder, name):
    csv_file(folder, name)
    table = folder.table(name)
    unique(table, "zone")
    rows = table.set_index("zone")
    about = folder.resolved["after_use"]
    rules = folder.source_table(about["layer"]).set_index(["class", "use"])
    assert list(rows.index) == list(folder.resolved["zones"])
    for id, zone in folder.resolved["zones"].items():
        row, ended = rows.loc[id], _ended(folder, zone)
        near(_number(row["no_longer_in_use_from_be"]), ended, what=id)
        _earliest(row, zone, rules, ended)
        _area(folder, row, zone)
        told = folder.record["timeline"]["zones"][id]
        assert row["state"] == told["state"]
        assert row["papers_outstanding"].split() == told["outstanding"]
        year = folder.record["year"]
        there = {
            n for d in zone.get("basis", ()) if int(d["date"][:4]) <= year for n in d["covers"]
        }
        shown = {*row["papers_on_record"].split(), *row["papers_supposed"].split()}
        assert shown == there, id


def _number(cell):
    return float(cell) if cell else math.nan


def _ended(folder, zone):
    units = folder.record["timeline"]["units"]
    years = [units[unit]["last_year"] for unit in zone.get("units", ())]
    if any(year is None for year in years):
        return math.nan
    years = [year + 1 for year in years]
    if zone.get("earliest_year") is not None:
        years.append(zone["earliest_year"])
    return max(years, default=math.nan)


def _earliest(row, zone, rules, ended):
    named = zone.get("approved_after_use", ())
    for use in rules.index.get_level_values("use").unique():
        rule = rules.loc[(zone["land_class"], use)]
        asked = use in named if named else rule["only_if_named"] != "true"
        for level in ("low", "central", "high"):
            years = rule[f"years_{level}"]
            first = ended + float(years) if asked and years else math.nan
            near(_number(row[f"{use}_from_{level}"]), first, what=(row.name, use, level))


def _area(folder, row, zone):
    if zone.get("layer") is None:
        assert row["rai"] == ""
        return
    shapes = folder.source(zone["layer"], zone.get("where")).geometry
    if zone.get("within_m"):
        shapes = shapes.buffer(zone["within_m"], quad_segs=64)
    land = shapely.union_all(shapes.array)
    near(numbers(row[["rai"]]), [land.area / M2_PER_RAI], abs=0.051)

"""
The Mae Moh mine, its power units, and the power plants and substations around.

The outlines of the pit and the dumps are a reading of a 550 m elevation raster of February 2000.
The published areas, larger than what the raster shows, stand beside them in a table, so that nobody
takes the outline for the mine of today.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd
import shapely

from maemoh_gis import files
from maemoh_gis.core.units import be_from_ce, m2_from_rai
from pack.known_points import confidence_grade, near_province, province_outline
from pack.traces import METRES, rounded_rai, smooth_outline

if TYPE_CHECKING:
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

TRACE_CELL_M = 550.0
TRACE_YEAR_BE = 2543

_PARTS = {"open_pit_trace": "pit", "dump_trace": "dump"}
_NAMES = {
    "pit": ("บ่อเหมืองแม่เมาะ", "Mae Moh mine pit"),
    "west": ("ที่ทิ้งดินด้านตะวันตก (สันนิษฐาน)", "West dump (presumed)"),
    "east": ("ที่ทิ้งดินด้านตะวันออก (สันนิษฐาน)", "East dump (presumed)"),
}

# What has been printed of the size of the mine. The definitions differ and are not stated.
_FIGURE_COLUMNS = ("item", "name_th", "name_en", "area_rai", "as_printed", "year_be", "source")
_FIGURES: tuple[tuple[str, str, str, int, str, int | None, str], ...] = (
    (
        "pit",
        "บ่อเหมือง",
        "Pit",
        17500,
        "4 x 7 km",
        2565,
        "EGAT Mae Moh, article on leonardite, May 2565",
    ),
    (
        "pit_in_rai",
        "บ่อเหมือง (ตัวเลขไร่ในบทความเดียวกัน)",
        "Pit, in rai in the same article",
        16000,
        "about 16,000 rai",
        2565,
        "EGAT Mae Moh, article on leonardite, May 2565",
    ),
    (
        "pit_press",
        "บ่อเหมือง (สื่อ)",
        "Pit, in the press",
        18000,
        "2,880 ha",
        2565,
        "Mongabay, October 2565",
    ),
    (
        "mining_area",
        "พื้นที่ทำเหมือง",
        "Mining area",
        23420,
        "9,260 acres",
        None,
        "EGAT Mae Moh mine, web page in English, before 2562",
    ),
    (
        "external_dumps",
        "ที่ทิ้งดินนอกบ่อเหมือง",
        "Dumps outside the pit",
        25900,
        "10,240 acres",
        None,
        "EGAT Mae Moh mine, web page in English, before 2562",
    ),
    (
        "whole_complex",
        "พื้นที่โครงการทั้งหมด",
        "Whole complex",
        84400,
        "135 km2",
        None,
        "Global Energy Monitor wiki, Mae Moh power station",
    ),
)

# The tracker counts unit 4 (150 MW) as running; the operator lists MMRP1 and units 8 to 13 only.
_MAE_MOH_RUNNING_MW = 2455.0
# The map numbers the replacement of units 4 to 7 on from 13; the operator calls it MMRP1.
_REPLACEMENTS = {14: "MMRP1"}
_PLANT_NAMES = {
    "Mae Moh power station": ("โรงไฟฟ้าแม่เมาะ", "Mae Moh power plant"),
    "Bhumibol hydroelectric plant": ("โรงไฟฟ้าเขื่อนภูมิพล", "Bhumibol hydropower plant"),
    "Lampang solar farm": ("โรงไฟฟ้าพลังงานแสงอาทิตย์ลำปาง", "Lampang solar farm"),
    "Ban Tam Subdistrict Mueang Phayao District solar project": (
        "โรงไฟฟ้าพลังงานแสงอาทิตย์ ต.บ้านต๋ำ อ.เมืองพะเยา",
        "Ban Tam solar farm, Phayao",
    ),
}
_FUELS = {"coal": "lignite", "hydropower": "hydro", "solar": "solar"}


def build(sources: Path, out: Path) -> dict[str, dict[str, float | int]]:
    """
    Write the mine, its published figures, power units, power plants and substations.

    Parameters
    ----------
    sources : Path
        Folder with `reference/` and `facts/`.
    out : Path
        The layers folder.

    Returns
    -------
    dict
        Measured accuracy by layer id, then by measure.
    """
    reference = sources / "reference"
    traces = files.read_vector(reference / "mine_dem_trace.geojson")
    mine = draw_mine(traces)
    files.write_geojson(out / "mine.geojson", mine)
    files.write_csv(out / "mine_figures.csv", _FIGURE_COLUMNS, _FIGURES)

    near = near_province(sources)
    generators = files.read_vector(reference / "osm_generators_pypsa_asean.geojson")
    units = draw_units(generators)
    files.write_geojson(out / "power_unit_points.geojson", units)
    plants = draw_plants(files.read_vector(reference / "gem_gipt_feb2025_clip.geojson"), near)
    files.write_geojson(out / "power_plants.geojson", plants)
    buses = files.read_vector(reference / "osm_substation_buses_pypsa_asean.geojson")
    substations = draw_substations(buses, near, province_outline(sources))
    files.write_geojson(out / "substations.geojson", substations)
    return {
        "mine": measure_mine(traces, mine),
        "power_unit_points": _spread_of_units(units, plants),
        "power_plants": {"plants": len(plants)},
        "substations": {"substations": len(substations)},
    }


def draw_mine(traces: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Draw generalised outlines of the pit and the presumed dumps.

    Parameters
    ----------
    traces : geopandas.GeoDataFrame
        Outlines along raster cells, EPSG:4326: the pit in three variants, two dumps.

    Returns
    -------
    geopandas.GeoDataFrame
        Outlines in EPSG:32647. `variant` is how far the pit was taken to reach: `inner` below
        300 m, `best` below 320 m, `outer` below 330 m; variants lie one over the other and must not
        be added up.
    """
    shapes = [smooth_outline(s, cell_m=TRACE_CELL_M) for s in traces.to_crs(METRES).geometry]
    parts = [_PARTS[kind] for kind in traces["kind"]]
    names = [
        _NAMES[part if part == "pit" else name.split(" ")[0].lower()]
        for part, name in zip(parts, traces["name_en"], strict=True)
    ]
    return gpd.GeoDataFrame(
        {
            "part": parts,
            "variant": traces["variant"],
            "name_th": [thai for thai, _ in names],
            "name_en": [english for _, english in names],
            "area_rai": [rounded_rai(shape.area) for shape in shapes],
            "year_be": TRACE_YEAR_BE,
            "confidence": [confidence_grade(word) for word in traces["confidence"]],
        },
        geometry=shapes,
        crs=METRES,
    )


def measure_mine(traces: gpd.GeoDataFrame, mine: gpd.GeoDataFrame) -> dict[str, float | int]:
    """
    Compare the drawn outlines with the traces and with the published areas.

    Parameters
    ----------
    traces, mine : geopandas.GeoDataFrame
        The same outlines in the same order.

    Returns
    -------
    dict
        Largest change of area in percent and largest distance from the trace in metres; shares of
        the published areas that the best outlines hold, in percent.
    """
    before, after = traces.to_crs(METRES), mine.to_crs(METRES)
    change = (after.area / before.area - 1.0).abs()
    shift = shapely.hausdorff_distance(
        before.geometry.to_numpy(), after.geometry.to_numpy(), densify=0.1
    )
    published = {row[0]: m2_from_rai(row[3]) for row in _FIGURES}
    best = after[after["variant"] == "best"]
    of_part = best.area.groupby(best["part"]).sum()
    return {
        "area_change_percent": round(100.0 * float(change.max()), 1),
        "outline_shift_m": round(float(shift.max())),
        "share_of_published_pit_percent": round(100.0 * of_part["pit"] / published["pit"]),
        "share_of_published_mining_area_percent": round(
            100.0 * of_part["pit"] / published["mining_area"]
        ),
        "share_of_published_dumps_percent": round(
            100.0 * of_part["dump"] / published["external_dumps"]
        ),
    }


def draw_units(generators: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Place the generating units of Mae Moh.

    Parameters
    ----------
    generators : geopandas.GeoDataFrame
        Mapped generators, EPSG:4326, of which those burning coal carry the unit's number.

    Returns
    -------
    geopandas.GeoDataFrame
        Points in EPSG:4326 in the order of the units, with net capacity; `unit` is the name used in
        the table of units.
    """
    coal = generators[generators["tags.generator:source"] == "coal"]
    numbers = coal["other_tags"].map(_unit_number)
    coal = coal.assign(unit_no=numbers).sort_values("unit_no")
    return gpd.GeoDataFrame(
        {
            "unit": [_REPLACEMENTS.get(number, str(number)) for number in coal["unit_no"]],
            "name_th": [f"โรงไฟฟ้าแม่เมาะ เครื่องที่ {number}" for number in coal["unit_no"]],
            "name_en": [f"Mae Moh unit {number}" for number in coal["unit_no"]],
            "net_mw": coal["power_output_MW"].to_list(),
            "confidence": "M",
        },
        geometry=coal.geometry.to_list(),
        crs=generators.crs,
    )


def draw_plants(entries: gpd.GeoDataFrame, near: BaseGeometry) -> gpd.GeoDataFrame:
    """
    Place the power plants in and around the province, one point a plant.

    Parameters
    ----------
    entries : geopandas.GeoDataFrame
        Units of power plants, EPSG:4326.
    near : shapely.Polygon
        Area to keep, EPSG:32647.

    Returns
    -------
    geopandas.GeoDataFrame
        Points in EPSG:4326, largest first. `capacity_mw_as_printed` is the tracker's sum where the
        operator's list differs from it.
    """
    kept = entries[entries.to_crs(METRES).within(near)]
    rows = []
    for printed, units in kept.groupby("Plant / Project name", sort=True):
        total = round(float(units["Capacity (MW)"].sum()), 1)
        is_mae_moh = printed == "Mae Moh power station"
        name_th, name_en = _plant_name(str(printed))
        rows.append(
            {
                "name_th": name_th,
                "name_en": name_en,
                "fuel": _FUELS[units["Type"].iloc[0]],
                "capacity_mw": _MAE_MOH_RUNNING_MW if is_mae_moh else total,
                "capacity_mw_as_printed": total if is_mae_moh else None,
                "status": "operating",
                "first_year_be": _first_year_be(units["Start year"]),
                "confidence": "H" if total > 100 else "M",
                "geometry": units.geometry.iloc[0],
            }
        )
    plants = gpd.GeoDataFrame(rows, geometry="geometry", crs=entries.crs)
    return plants.sort_values(["capacity_mw", "name_en"], ascending=[False, True])


def draw_substations(
    buses: gpd.GeoDataFrame, near: BaseGeometry, province: BaseGeometry
) -> gpd.GeoDataFrame:
    """
    Place each transmission substation once, with all its voltages.

    Parameters
    ----------
    buses : geopandas.GeoDataFrame
        One point for each voltage of a station, EPSG:4326. The lowest voltage stands where the
        station is; every further one was moved 0.001 degree north-east for the eye.
    near, province : shapely.Polygon
        Area to keep, and the province, EPSG:32647.

    Returns
    -------
    geopandas.GeoDataFrame
        Points in EPSG:4326, highest voltage first, then from west to east.
    """
    lowest_first = buses.sort_values(["station_id", "voltage"])
    places = lowest_first.drop_duplicates("station_id").to_crs(METRES).set_index("station_id")
    places = places[places.within(near)]
    volts = lowest_first.groupby("station_id")["voltage"].apply(list)
    kilovolts = [[round(v / 1000) for v in volts[station]] for station in places.index]
    stations = gpd.GeoDataFrame(
        {
            "max_voltage_kv": [max(kv) for kv in kilovolts],
            "voltages_kv": ["/".join(map(str, kv)) for kv in kilovolts],
            "in_province": places.within(province).to_list(),
            "confidence": "M",
            "west_to_east": places.geometry.x.to_list(),
        },
        geometry=places.geometry.to_list(),
        crs=METRES,
    )
    ordered = stations.sort_values(["max_voltage_kv", "west_to_east"], ascending=[False, True])
    return ordered.drop(columns="west_to_east").to_crs("EPSG:4326")


def _plant_name(printed: str) -> tuple[str, str]:
    if printed in _PLANT_NAMES:
        return _PLANT_NAMES[printed]
    # The tracker numbers small solar farms without a name of their own.
    number = printed.removeprefix("Thailand solar project ")
    return f"โรงไฟฟ้าพลังงานแสงอาทิตย์ (GEM {number})", f"Solar farm (GEM {number})"


def _first_year_be(years_ce: pd.Series) -> int | None:
    first = years_ce.min()
    return None if pd.isna(first) else be_from_ce(int(first))


def _unit_number(tags: object) -> int:
    digits = "".join(letter for letter in str(tags) if letter.isdigit())
    return int(digits)


def _spread_of_units(units: gpd.GeoDataFrame, plants: gpd.GeoDataFrame) -> dict[str, float | int]:
    """Measure how far the units stand from the published point of the plant, metres."""
    plant = plants[plants["fuel"] == "lignite"].to_crs(METRES).geometry.iloc[0]
    offsets = units.to_crs(METRES).distance(plant)
    return {
        "units": len(units),
        "median_from_plant_point_m": round(float(offsets.median())),
        "largest_from_plant_point_m": round(float(offsets.max())),
    }

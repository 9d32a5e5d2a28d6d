"""
A synthetic world as a project folder: layers with their catalog, and a scenario to run on them.

    maemoh-gis run synthetic --layers FOLDER/layers --scenarios FOLDER/scenarios
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from maemoh_gis.core.crs import transformer_between
from maemoh_gis.files import write_csv, write_geojson, write_raster, write_text
from maemoh_gis.layers.catalog import FILE_NAME
from tests.world import (
    CLASS_SCORES,
    FLATNESS_POINTS,
    OPEN_CLASSES,
    STEEPEST_PERCENT,
    TITLE,
    WEIGHTS,
    World,
    fields,
    planted,
)

if TYPE_CHECKING:
    import geopandas as gpd

SCENARIO = "synthetic"
"""Id of the scenario that is written."""
# About a centimetre: the line must stay straight to well within a yard's tolerance.
_DECIMALS = 7
_AS_OF_BE, _WRITTEN = 2569, "2569-11-21"
_CAUTION = {
    "th": "ข้อมูลสังเคราะห์ สร้างขึ้นเพื่อทดสอบและฝึกใช้โปรแกรม ไม่ใช่สถานที่จริง",
    "en": "Synthetic data, made up to test and to learn the program. Not a real place.",
}
_CLASSES = {
    fields.WATER: {"key": "water", "th": "แหล่งน้ำ", "en": "water"},
    fields.PADDY: {"key": "paddy", "th": "นาข้าว", "en": "paddy"},
    fields.FIELD_CROPS: {"key": "field_crops", "th": "พืชไร่", "en": "field crops"},
    fields.BUILT_UP: {"key": "built_up", "th": "พื้นที่ชุมชน", "en": "built-up land"},
    fields.FOREST: {"key": "forest", "th": "ป่าไม้", "en": "forest"},
    fields.OTHER: {"key": "other", "th": "พื้นที่อื่น ๆ", "en": "other land"},
}
_COLUMNS = {
    "name_th": {"th": "ชื่อ", "en": "name in Thai"},
    "name_en": {"th": "ชื่อภาษาอังกฤษ", "en": "name"},
    "class": {"th": "ชั้นถนน", "en": "class"},
    "kind": {"th": "ประเภท", "en": "kind"},
    "fits": {"th": "วางลานได้", "en": "a yard fits"},
    "why_th": {"th": "เหตุผล", "en": "why, in Thai"},
    "why_en": {"th": "เหตุผลภาษาอังกฤษ", "en": "why"},
    "side": {"th": "ด้านของทางรถไฟ", "en": "side of the line"},
    "gauge_mm": {"th": "ขนาดทาง", "en": "gauge", "unit": "mm"},
    "tracks": {"th": "จำนวนทาง", "en": "tracks"},
    "chainage_km": {"th": "ระยะตามทางรถไฟ", "en": "distance along the line", "unit": "km"},
    "height_m": {"th": "ความสูง", "en": "height", "unit": "m"},
    "lon": {"th": "ลองจิจูด", "en": "longitude", "unit": "deg"},
    "lat": {"th": "ละติจูด", "en": "latitude", "unit": "deg"},
    "synthetic": {"th": "ข้อมูลสังเคราะห์", "en": "synthetic"},
}


def write_world(made: World, folder: Path) -> list[Path]:
    """
    Write a world as a project folder.

    Parameters
    ----------
    made : World
        The world.
    folder : Path
        Where `layers/` and `scenarios/` are written.

    Returns
    -------
    list of Path
        Files written; the same bytes for the same world.

    Raises
    ------
    FileError
        If a file cannot be written.
    """
    layers = folder / "layers"
    entries: dict[str, dict[str, Any]] = {}
    for id, (title, kind, frame) in _vectors(made).items():
        path = layers / f"{id}.geojson"
        checksum = write_geojson(path, frame, decimals=_DECIMALS)
        columns = {name: _COLUMNS[name] for name in frame.columns if name != frame.geometry.name}
        entries[id] = _entry(title, kind, path, checksum, crs="EPSG:4326", columns=columns)
    entries["railway_heights"] = _write_heights(made, layers / "railway_heights.csv")
    for id in ("elevation", "slope", "quality", "land_use"):
        entries[id] = _write_raster(made, id, layers / f"{id}.tif")
    head = "# A synthetic world: nothing in it is real.\n"
    write_text(layers / FILE_NAME, head + _yaml({"version": 1, "layers": entries}))
    scenario = folder / "scenarios" / f"{SCENARIO}.yaml"
    write_text(scenario, head + _yaml(_scenario(made)))
    files = [layers / str(entry["path"]) for entry in entries.values()]
    return [*files, layers / FILE_NAME, scenario]


def _vectors(made: World) -> dict[str, tuple[dict[str, str], str, gpd.GeoDataFrame]]:
    """List the vector layers: title, kind, features."""
    import geopandas as gpd

    def one(shape: Any, th: str, en: str, **more: Any) -> gpd.GeoDataFrame:
        content = {"name_th": [th], "name_en": [en], **more, "synthetic": [True]}
        return gpd.GeoDataFrame(content, geometry=[shape], crs=made.grid.crs)

    # A little inside the grid, or rounding to degrees would ask for one more row of cells.
    area = shapely.box(*made.grid.bounds).buffer(-made.grid.cell_m / 4, join_style="mitre")
    return {
        "study_area": (
            {"th": "พื้นที่ศึกษา", "en": "Study area"},
            "polygons",
            one(area, "พื้นที่ศึกษาจำลอง", "Synthetic study area"),
        ),
        "railway": (
            {"th": "ทางรถไฟ", "en": "Railway"},
            "lines",
            one(made.railway, "ทางรถไฟจำลอง", "Synthetic railway", gauge_mm=[1000], tracks=[1]),
        ),
        "stations": ({"th": "สถานีรถไฟ", "en": "Stations"}, "points", made.stations),
        "roads": ({"th": "ถนน", "en": "Roads"}, "lines", made.roads),
        "roads_complete": (
            {"th": "เขตที่ข้อมูลถนนครบถ้วน", "en": "Where no road is missing"},
            "polygons",
            one(made.roads_complete, "เขตจำลอง", "Synthetic extent"),
        ),
        "settlements": ({"th": "หมู่บ้าน", "en": "Villages"}, "points", made.settlements),
        "streams": ({"th": "ลำน้ำ", "en": "Streams"}, "lines", made.streams),
        "planted": ({"th": "คำตอบที่วางไว้", "en": "What is planted"}, "polygons", planted(made)),
    }


def _write_heights(made: World, path: Path) -> dict[str, Any]:
    points = shapely.line_interpolate_point(made.railway, made.plan.chainage_m)
    to_lonlat = transformer_between(made.grid.crs, "EPSG:4326")
    lon, lat = to_lonlat.transform(shapely.get_x(points), shapely.get_y(points))
    columns = ("chainage_km", "height_m", "lon", "lat")
    table = zip(
        np.round(made.plan.chainage_m / 1000.0, 4).tolist(),
        np.round(made.plan.height_m, 3).tolist(),
        np.round(lon, _DECIMALS).tolist(),
        np.round(lat, _DECIMALS).tolist(),
        strict=True,
    )
    checksum = write_csv(path, columns, table)
    title = {"th": "ระดับความสูงตามทางรถไฟ", "en": "Heights along the railway"}
    return _entry(title, "table", path, checksum, columns={c: _COLUMNS[c] for c in columns})


def _write_raster(made: World, id: str, path: Path) -> dict[str, Any]:
    tags = {"synthetic": "yes", "title_th": TITLE["th"], "title_en": TITLE["en"]}
    values = {
        "elevation": made.elevation,
        "slope": made.slope,
        "quality": made.criteria["quality"],
        "land_use": made.land_class,
    }[id]
    title = {
        "elevation": {"th": "ความสูง", "en": "Elevation"},
        "slope": {"th": "ความลาดชัน", "en": "Slope"},
        "quality": {"th": "คุณภาพพื้นที่", "en": "Quality of the land"},
        "land_use": {"th": "การใช้ประโยชน์ที่ดิน", "en": "Land use"},
    }[id]
    classes = id == "land_use"
    checksum = write_raster(
        path, {id: values}, made.grid, nodata=0 if classes else -9999.0, tags=tags,
        categorical=classes,
    )  # fmt: skip
    more: dict[str, Any] = {"crs": made.grid.crs, "resampling": "nearest"}
    if classes:
        more["classes"] = {str(code): words for code, words in _CLASSES.items()}
    else:
        more["unit"] = {"elevation": "m", "slope": "percent", "quality": "score"}[id]
    return _entry(title, "raster", path, checksum, **more)


def _entry(
    title: Mapping[str, str], kind: str, path: Path, checksum: str, **more: Any
) -> dict[str, Any]:
    """Describe a layer for the catalog."""
    labels = {"th": "ข้อมูลสังเคราะห์", "en": "synthetic"}
    # The roads say for themselves where they are complete; all else is complete by construction.
    within: Any = {"layer": "roads_complete"} if path.stem == "roads" else "extent"
    return {
        "title": {k: f"{title[k]} ({labels[k]})" for k in ("th", "en")},
        "kind": kind,
        "path": path.name,
        "nature": "modelled",
        "confidence": "ASSUMPTION",
        "complete_within": within,
        "source": "made up by this program from a seed",
        "licence": "CC0-1.0",
        "as_of": _AS_OF_BE,
        "retrieved": _WRITTEN,
        "caution": _CAUTION,
        **more,
        "sha256": checksum,
    }


def _scenario(made: World) -> dict[str, Any]:
    """Ask for a container yard and a green estate on the synthetic layers."""
    physics = {"ground": "physics", "basis": _CAUTION, "outcome": "removed"}
    closed = [c["key"] for code, c in _CLASSES.items() if code not in OPEN_CLASSES]
    limits = {
        "not_open": {
            "title": {"th": "ไม่ใช่พื้นที่โล่ง", "en": "Not open land"},
            **physics,
            "layer": "land_use",
            "test": {"classes": closed},
        },
        "steep_land": {
            "title": {"th": "ลาดชันเกินไป", "en": "Too steep"},
            **physics,
            "layer": "slope",
            "test": {"above": STEEPEST_PERCENT, "unit": "percent"},
        },
    }
    criteria = _scenario_criteria()
    land = {"least_score": 0.5, "conditional": False, "sites": 6, "spacing_m": 500,
            "basis": "ASSUMPTION: synthetic"}  # fmt: skip
    titles = {
        "container_yard": {"th": "ย่านกองเก็บตู้สินค้า (CY)", "en": "Container yard (CY)"},
        "green_estate": {"th": "นิคมอุตสาหกรรมสีเขียว", "en": "Green industrial estate"},
    }
    areas = {"container_yard": (150, 100), "green_estate": (1000, 500)}
    uses = {
        use: {
            "title": title,
            "land": {"area_rai": areas[use][0], "least_rai": areas[use][1], **land},
            "criteria": criteria,
        }
        for use, title in titles.items()
    }
    return {
        "version": 1,
        "id": SCENARIO,
        "title": TITLE,
        "question": {
            "th": "โปรแกรมหาคำตอบที่วางไว้พบหรือไม่",
            "en": "Does the program find what was planted?",
        },
        "year": _AS_OF_BE,
        "seed": made.seed,
        "grid": {"crs": made.grid.crs, "cell_m": made.grid.cell_m},
        "area": {"layer": "study_area"},
        "view": {"layer": "study_area", "margin_km": 1},
        "limits": limits,
        "uses": uses,
        "viewpoint": "starting",
        "viewpoints": {
            "starting": {
                "title": {"th": "มุมมองตั้งต้น", "en": "Starting viewpoint"},
                "basis": "ASSUMPTION: synthetic",
                "weights": {use: dict(WEIGHTS) for use in uses},
            }
        },
    }


def _scenario_criteria() -> dict[str, Any]:
    by_class = {c["key"]: CLASS_SCORES.get(code, 0.0) for code, c in _CLASSES.items()}
    content = {
        "quality": (
            {"th": "คุณภาพพื้นที่", "en": "Quality of the land"},
            {"value_of": "quality"},
            {"unit": "score", "points": [[0.0, 0.0], [1.0, 1.0]]},
        ),
        "flatness": (
            {"th": "ความราบ", "en": "Flatness"},
            {"value_of": "slope"},
            {"unit": "percent", "points": [list(pair) for pair in FLATNESS_POINTS]},
        ),
        "land_class": (
            {"th": "การใช้ประโยชน์ที่ดิน", "en": "Land use"},
            {"class_of": "land_use"},
            {"classes": by_class},
        ),
    }
    return {
        id: {
            "title": title,
            "basis": "ASSUMPTION: synthetic",
            "confidence": "ASSUMPTION",
            "measure": measure,
            "value": value,
        }
        for id, (title, measure, value) in content.items()
    }


def _yaml(content: Mapping[str, Any], depth: int = 0) -> str:
    """Write nested mappings as YAML: a block where it holds mappings or is a layer's, else one
    line.
    """
    lines = []
    for key, value in content.items():
        name = "  " * depth + (key if key.isidentifier() else json.dumps(key))
        nested = isinstance(value, Mapping) and any(isinstance(v, Mapping) for v in value.values())
        if nested and depth < 5:
            lines.append(f"{name}:\n{_yaml(value, depth + 1)}")
        else:
            # JSON on one line is YAML too.
            lines.append(f"{name}: {json.dumps(value, ensure_ascii=False)}\n")
    return "".join(lines)

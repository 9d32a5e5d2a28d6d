"""A small page about Mae Moh, drawn by hand: a plant, a railway, a pit, two uses, three sites."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
from shapely import LineString, Point, box

from maemoh_gis.grid import Grid
from maemoh_gis.maps.content import Column, ContextLayer, PageContent, Style, Use

PLANT = (99.752, 18.296)
STATION = (99.7070, 18.2614)
VIEW = (99.60, 18.18, 99.90, 18.42)
GRID = Grid("EPSG:32647", 200.0, 2810, -10200, 150, 170)


def both(th: str, en: str) -> dict[str, str]:
    return {"th": th, "en": en}


def layer(id: str, shapes: list, name_th: str, name_en: str, **changes) -> ContextLayer:
    frame = gpd.GeoDataFrame(
        {"name_th": [name_th] * len(shapes), "name_en": [name_en] * len(shapes),
         "area_rai": [1000.0] * len(shapes)},
        geometry=shapes, crs="EPSG:4326",
    )  # fmt: skip
    settings = {
        "title": both(f"ชั้น {name_th}", f"Layer {name_en}"),
        "style": Style(fill="#2b6cb0"),
        "confidence": "M",
        "caution": both("โดยประมาณ", "Indicative."),
        "licence": "CC0-1.0",
        "source": f"Source of {id}",
        "label": "name",
        "columns": [Column("area_rai", both("เนื้อที่", "Extent"), "area_rai")],
        "label_from_zoom": 5,
    }
    return ContextLayer(id=id, frame=frame, **{**settings, **changes})


def layers() -> list[ContextLayer]:
    return [
        layer("districts", [box(99.62, 18.2, 99.88, 18.4)], "อำเภอแม่เมาะ", "Mae Mo district",
              style=Style("#555555", dash="5 4")),
        layer("pit", [box(99.70, 18.31, 99.74, 18.35)], "บ่อเหมือง", "Mine pit"),
        layer("rail", [LineString([(99.61, 18.24), STATION, (99.89, 18.30)])], "ทางรถไฟ", "Railway",
              style=Style("#111111", width_px=3)),
        layer("plant", [Point(PLANT)], "โรงไฟฟ้าแม่เมาะ", "Mae Moh power plant", confidence="H"),
    ]  # fmt: skip


def use(id: str, title_th: str, title_en: str, places: list) -> Use:
    row, col = np.mgrid[: GRID.rows, : GRID.cols]
    score = ((row + col) / (GRID.rows + GRID.cols)).astype(np.float32)
    state = np.ones(GRID.shape, dtype=np.uint8)
    state[:10], state[10:30], state[30:40], state[40:50] = 0, 2, 3, 4
    score[state == 4] = np.nan
    points = gpd.GeoSeries([Point(place) for place in places], crs="EPSG:4326").to_crs(GRID.crs)
    count = len(places)
    sites = gpd.GeoDataFrame(
        {
            "rank": list(range(1, count + 1)),
            "area_rai": [p.buffer(500).area / 1600 for p in points],
            "score_mean": [0.8] * count,
            "score_low": [0.7] * count,
            "score_high": [0.9] * count,
            "subject_to_th": ["ต้องขออนุญาต"] * count,
            "subject_to_en": ["permit"] * count,
        },
        geometry=list(points.buffer(500)),
        crs=GRID.crs,
    )
    return Use(id, both(title_th, title_en), score, state, sites)


def example(**changes) -> PageContent:
    content = {
        "title": both("แม่เมาะหลังถ่านหิน", "Mae Moh after coal"),
        "question": both("ที่ดินใดรองรับได้", "Which land can carry it?"),
        "year_be": 2574,
        "view": VIEW,
        "grid": GRID,
        "uses": [
            use("yard", "ลานเก็บตู้คอนเทนเนอร์ (CY)", "Container yard (CY)", [STATION, PLANT]),
            use("estate", "นิคมอุตสาหกรรมสีเขียว", "Green industrial estate", [(99.8, 18.3)]),
        ],
        "layers": layers(),
        "caveats": [
            both("ตรวจสอบแล้ว 6 จาก 9 ข้อ", "6 of 9 legal limits checked"),
            both("ความลาดชันเป็นค่าโดยประมาณ", "The slope is an estimate"),
        ],
        "provenance": both("ฉากทัศน์ตัวอย่าง", "Example scenario"),
    }
    return PageContent(**{**content, **changes})

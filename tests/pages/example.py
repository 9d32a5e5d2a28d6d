"""A small page about Mae Moh, drawn by hand: a plant, a railway, a pit, two uses, three sites."""

from __future__ import annotations

import dataclasses

import geopandas as gpd
import numpy as np
from shapely import LineString, Point, box

from maemoh_gis.core.grid import Grid
from maemoh_gis.pages.cell_planes import pack_mask, pack_plane
from maemoh_gis.pages.content import (
    CellCriterion,
    CellFacts,
    CellLimit,
    CellNumber,
    CellUse,
    Column,
    ContextLayer,
    PageContent,
    Style,
    Use,
)

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
            "number": list(range(1, count + 1)),
            "class": ["A"] * count,
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


def cells(title: dict[str, str] | None = None) -> CellFacts:
    """Say of every cell what `use` draws there: one criterion scored, one not; all titles given."""
    named = title or both("ความลาดชัน", "Slope")
    row, col = np.mgrid[: GRID.rows, : GRID.cols]
    score = np.rint(1022 * (row + col) / (GRID.rows + GRID.cols)).astype(np.uint16).reshape(-1)
    study = np.ones(GRID.shape, dtype=bool)
    state = np.repeat([0, 2, 3, 4, 1], [10, 20, 10, 10, GRID.rows - 50]).repeat(GRID.cols)
    flat = CellNumber(plane=0, step=1 / 1022, last=1022)
    measure = CellNumber(plane=0, step=40 / 1022, last=1022)
    criteria = [
        CellCriterion("slope", named, 0.75, both("%", "%"), measure, flat, None, None),
        CellCriterion(
            "tenure", named, 0.25, None, CellNumber(3.0), CellNumber(), None, None, {3: named}
        ),
    ]
    law = CellLimit(named, named)
    states = [
        (0, [], [], []),
        (1, [], [], [0]),
        (2, [], [1], [0]),
        (3, [0], [], []),
        (4, [], [], [0]),
    ]
    middle = [60 * GRID.cols + k for k in range(40)]
    one = CellUse(criteria, None, CellNumber(plane=1, last=4), states, [law, law], [law], [law],
                  [middle, [cell + GRID.cols * 40 for cell in middle]])  # fmt: skip
    planes = [pack_plane(score, study), pack_plane(state, study)]
    uses = {"yard": one, "estate": dataclasses.replace(one, sites=[middle])}
    return CellFacts("example", "only", 1, *GRID.shape, pack_mask(study), planes, 0.0005, uses)


def path(**changes) -> dict:
    """Give a path of two units and two zones as `timeline.json` holds it; 2573 is unit 8's last."""
    years = list(range(2560, 2601))
    steps = [year >= 2574 for year in years]
    zone = {
        "kind": "plant",
        "area_rai": 94.0,
        "returns_to": both("กรมป่าไม้", "Royal Forest Department"),
        "papers": [
            {
                "need": "eia_change",
                "title": both("การขอเปลี่ยนแปลง EIA", "change of the EIA"),
                "office": both("สผ.", "planning office"),
                "from": None,
            },
        ],
        "next_step": both("ขอเปลี่ยนแปลง EIA", "Ask for the change of the EIA"),
        "confidence": "ASSUMPTION",
        "source": both("สมมติ", "assumed"),
    }
    left = {"left_rai": 12.5, "asked_from": 2574, "open_from": 2590}
    drawn = box(99.745, 18.29, 99.755, 18.30).__geo_interface__
    plant = both("พื้นที่เครื่องที่ 8", "Land of unit 8")
    amount = {
        "title": both("น้ำ", "Water freed"),
        "unit": both("ล้าน ลบ.ม.", "million m3"),
        "low": [6.0 if gone else None for gone in steps],
        "high": [9.0] * 41,
        "central": [7.62 if gone else None for gone in steps],
        "confidence": ["L"] * 41,
        "observed": [False] * 41,
    }
    given = {
        "year": 2574, "years": years, "note": both("ไม่ใช่พื้นที่ว่าง", "Not free land."),
        "units": [
            {"id": "MM-8", "title": both("เครื่อง 8", "Unit 8"), "mw": 300.0, "start": 2533,
             "last_year": 2573, "unsure_to": None, "never": False, "counted": True},
            {"id": "MM-12", "title": both("เครื่อง 12", "Unit 12"), "mw": 300.0, "start": 2538,
             "last_year": None, "unsure_to": None, "never": False, "counted": True},
            {"id": "MMRP2", "title": both("เครื่องใหม่", "New unit"), "mw": 660.0, "start": 2569,
             "last_year": None, "unsure_to": None, "never": False, "counted": False},
        ],
        "capacity": {"mw": [300.0 if gone else 600.0 for gone in steps],
                     "mw_not_certain": [0.0] * 41, "confidence": ["M"] * 41},
        "amounts": {"water_freed_mm3": amount},
        "rail": [{"title": both("เด่นชัย", "Den Chai"), "states": ["single_track"] * 41}],
        "zones": [
            {"id": "plant", "title": plant, "outline": drawn, **zone,
             "states": ["conditional" if gone else "in_use" for gone in steps]},
            {"id": "ash", "title": both("ลานเถ้า", "Ash yard"), "outline": None, **zone,
             "kind": "yard", "area_rai": None, "states": ["in_use"] * 41},
        ],
        "land": {"no_longer_in_use_rai": [94.0 if gone else 0.0 for gone in steps],
                 "closed_rai": [0.0] * 41},
        "states": {
            "in_use": {"title": both("ยังใช้งาน", "in use"), "colour": "#9aa0a6"},
            "conditional": {"title": both("มีเงื่อนไข", "conditional"), "colour": "#e0a100"},
            "single_track": {"title": both("ทางเดี่ยว", "single track"), "colour": "#d0d4d8"},
        },
        "turning_points": [
            {"year": 2569, "kind": "unit", "id": "MMRP2", "title": both("เครื่องใหม่", "New unit"),
             "becomes": "runs"},
            {"year": 2574, "kind": "unit", "id": "MM-8", "title": both("เครื่อง 8", "Unit 8"),
             "becomes": "gone"},
            {"year": 2574, "kind": "zone", "id": "plant", "title": plant, "becomes": "conditional"},
        ],
        "uses": {"yard": {"title": both("ย่านกองเก็บตู้สินค้า", "Container yard"),
                          "zones": {"plant": left}, "sites": []}},
    }  # fmt: skip
    return {**given, **changes}


def example(**changes) -> PageContent:
    content = {
        "title": both("แม่เมาะหลังถ่านหิน", "Mae Moh after coal"),
        "question": both("ที่ดินใดรองรับได้", "Which land can carry it?"),
        "year_be": 2574,
        "view": VIEW,
        "grid": GRID,
        "uses": [
            use("yard", "ย่านกองเก็บตู้สินค้า (CY)", "Container yard (CY)", [STATION, PLANT]),
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

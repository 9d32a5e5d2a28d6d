"""
Water as OpenStreetMap has it: outlines of lakes and wide rivers, courses of rivers and streams.

Hardly an outline has a name in the source; the large reservoirs get theirs from the older layer,
whose rough outlines they cover, and from dams that stand on their shore.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import shapely
from pyproj import Geod

from maemoh_gis import files
from maemoh_gis.core.units import rai_from_m2
from pack.generalise import generalised, offset_measures, offsets_m
from pack.lines import as_line
from pack.loose_ends import pieces_m
from pack.noding import (
    STEPS_PER_DEGREE,
    Way,
    crossing_pairs,
    lengths_m,
    lines_in_metres,
    merged,
    noded,
    on_grid,
)
from pack.observed import LEVELS, mae_mo_and_around, names_of, text_of
from pack.traces import METRES

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

SMALLEST_M2 = 2000.0
OUTLINE_TOLERANCE_M = 6.0

TOLERANCE_M = {"mae_mo": 4.0, "province": 8.0}
"""How far a course may leave its source."""

KINDS = {
    "river": "river",
    "stream": "stream",
    "canal": "canal",
    "drain": "drain",
    "ditch": "drain",
}
"""Kind of a course by what the source calls it."""

COVERED_SHARE = 0.3
"""A rough outline of the older layer is that of the water which covers this share of it."""

DAM_M = 500.0
"""How near to the dam of its name the shore of a reservoir lies."""

LARGE_RAI = 600.0
"""Smaller water beside a dam is not its reservoir."""


@dataclass(frozen=True)
class CourseFacts:
    """What is told of a course."""

    kind: str
    name_th: str | None = None
    name_en: str | None = None
    intermittent: bool = False
    level: int = 0

    @property
    def directed(self) -> bool:
        """Whether courses run with the water, as the source draws them."""
        return True


Course = Way[CourseFacts]


def build(sources: Path, out: Path) -> dict[str, dict[str, float | int]]:
    """
    Write water bodies and rivers; the older reservoirs and dams must be there for their names.

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
    folder = sources / "reference" / "observed"
    outlines = files.read_vector(folder / "osm2021_water.geojson").to_crs(METRES)
    bodies = draw_bodies(outlines, _known_names(out))
    files.write_geojson(out / "water_bodies.geojson", bodies, sparse=True)
    read = read_courses(folder / "osm2021_waterways.geojson")
    mae_mo = mae_mo_and_around(sources)
    courses = draw_courses(read, mae_mo)
    files.write_geojson(out / "rivers.geojson", table_of(courses), sparse=True)
    return {
        "water_bodies": measure_bodies(bodies, outlines),
        "rivers": measure_courses(courses, read, mae_mo),
    }


def draw_bodies(outlines: gpd.GeoDataFrame, known: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Draw water bodies, the largest first.

    Parameters
    ----------
    outlines : geopandas.GeoDataFrame
        Outlines as read, EPSG:32647; pieces of one body that touch become one.
    known : geopandas.GeoDataFrame
        Names with the place each belongs to: an area the water covers, or a dam on its shore.

    Returns
    -------
    geopandas.GeoDataFrame
        Polygons in EPSG:32647.
    """
    rows, shapes = [], []
    for kind in sorted(set(outlines["class"])):
        group = outlines[outlines["class"] == kind]
        whole = shapely.union_all(group.geometry.to_numpy())
        for part in shapely.get_parts(whole):
            drawn = shapely.simplify(part, OUTLINE_TOLERANCE_M, preserve_topology=True)
            if part.area < SMALLEST_M2:
                continue
            own = group[group.intersects(part.representative_point())]
            name_th, name_en = _name_of(part, own, known)
            rows.append({
                "kind": kind,
                "name_th": name_th,
                "name_en": name_en,
                "area_rai": round(rai_from_m2(part.area), 1),
            })  # fmt: skip
            shapes.append(drawn)
    frame = gpd.GeoDataFrame(rows, geometry=shapes, crs=METRES)
    order = np.lexsort([frame.bounds["miny"], frame.bounds["minx"], -frame["area_rai"]])
    return frame.iloc[order].reset_index(drop=True)


def read_courses(path: Path) -> list[Course]:
    """Read rivers, streams, canals and drains."""
    rows = files.read_vector(path).to_dict("records")
    ways = [Way(on_grid(as_line(row["geometry"])), _facts(row)) for row in rows]
    return sorted((way for way in ways if len(way.points) > 1), key=_place)


def draw_courses(read: Sequence[Course], mae_mo: BaseGeometry) -> list[Course]:
    """Node and generalise the courses, those of Mae Mo (EPSG:32647) less than the others."""
    whole = merged(noded(read)[0])
    near = shapely.intersects(lines_in_metres(whole), mae_mo)
    tolerance = np.where(near, TOLERANCE_M["mae_mo"], TOLERANCE_M["province"])
    return sorted(generalised(whole, tolerance), key=_place)


def table_of(ways: Sequence[Course]) -> gpd.GeoDataFrame:
    """Make the table of courses, EPSG:4326."""
    geod = Geod(ellps="WGS84")
    shapes = [shapely.LineString(np.array(way.points) / STEPS_PER_DEGREE) for way in ways]
    rows = [
        {
            "kind": way.facts.kind,
            "name_th": way.facts.name_th,
            "name_en": way.facts.name_en,
            "intermittent": "yes" if way.facts.intermittent else None,
            "bridge": "yes" if way.facts.level > 0 else None,
            "underground": "yes" if way.facts.level < 0 else None,
            "length_m": max(1, round(geod.geometry_length(shape))),
        }
        for way, shape in zip(ways, shapes, strict=True)
    ]
    return gpd.GeoDataFrame(rows, geometry=shapes, crs="EPSG:4326")


def measure_bodies(bodies: gpd.GeoDataFrame, outlines: gpd.GeoDataFrame) -> dict[str, float | int]:
    """Compare the drawn outlines with those read, both in EPSG:32647."""
    source, drawn = (
        shapely.get_parts(shapely.boundary(frame.geometry.to_numpy()))
        for frame in (outlines, bodies)
    )
    area, read = float(bodies.area.sum()), float(outlines.area.sum())
    return {
        "bodies": len(bodies),
        "named": int((bodies["name_th"].notna() | bodies["name_en"].notna()).sum()),
        "area_km2": round(area / 1e6, 1),
        "area_of_source_percent": round(100 * area / read, 2),
        **offset_measures(offsets_m(drawn, source)),
    }


def measure_courses(
    drawn: Sequence[Course], read: Sequence[Course], mae_mo: BaseGeometry
) -> dict[str, float | int]:
    """Measure offsets from the source, lengths by kind and connected pieces."""
    lines, source = lines_in_metres(drawn), lines_in_metres(read)
    metres = lengths_m(drawn)
    kinds = np.array([way.facts.kind for way in drawn])
    missed = offsets_m(source, lines)
    return {
        "courses": len(drawn),
        **offset_measures(offsets_m(lines, source)),
        **offset_measures(offsets_m(lines, source, mae_mo), "mae_mo_"),
        "source_offset_max_m": round(float(missed.max()), 1),
        **{
            f"{kind}_km": round(float(metres[kinds == kind].sum()) / 1000)
            for kind in dict.fromkeys(KINDS.values())
        },
        "of_source_percent": round(100 * float(metres.sum() / lengths_m(read).sum()), 2),
        "components": len(pieces_m(drawn)),
        "crossings_without_node": len(crossing_pairs(drawn)),
    }


def _known_names(layers: Path) -> gpd.GeoDataFrame:
    """Read the reservoirs and dams of the older layers, EPSG:32647."""
    reservoirs = files.read_vector(layers / "reservoirs.geojson").to_crs(METRES)
    points = files.read_vector(layers / "hydro_points.geojson").to_crs(METRES)
    dams = points[points["kind"] == "dam"]
    return gpd.GeoDataFrame(
        {
            "name_th": [*map(_plain, reservoirs["name_th"]), *map(_of_dam_th, dams["name_th"])],
            "name_en": [*map(_plain, reservoirs["name_en"]), *map(_of_dam_en, dams["name_en"])],
        },
        geometry=[*reservoirs.geometry, *dams.geometry],
        crs=METRES,
    )


def _name_of(
    body: BaseGeometry, own: gpd.GeoDataFrame, known: gpd.GeoDataFrame
) -> tuple[str | None, str | None]:
    """Name a body: as the source does, else by what it covers, else by the dam on its shore."""
    written = [names for names in map(names_of, own.to_dict("records")) if any(names)]
    if written:
        return written[0]
    covered = known.intersection(body).area.to_numpy() > COVERED_SHARE * known.area.to_numpy()
    covered &= known.area.to_numpy() > 0
    if not covered.any() and rai_from_m2(body.area) > LARGE_RAI:
        covered = (known.area == 0).to_numpy() & (known.distance(body) < DAM_M).to_numpy()
    if not covered.any():
        return None, None
    first = known[covered].iloc[0]
    return str(first["name_th"]), str(first["name_en"])


def _plain(name: str) -> str:
    """Leave out what a name says of the older outline."""
    return name.partition(" (")[0]


def _of_dam_th(name: str) -> str:
    return "อ่างเก็บน้ำ" + name.removeprefix("เขื่อน")


def _of_dam_en(name: str) -> str:
    return name.partition(" dam")[0].partition(" Dam")[0] + " reservoir"


def _facts(row: Mapping[Hashable, object]) -> CourseFacts:
    name_th, name_en = names_of(row)
    return CourseFacts(
        kind=KINDS[str(row["class"])],
        name_th=name_th,
        name_en=name_en,
        intermittent=row.get("intermittent") == 1,
        level=LEVELS.get(text_of(row, "brunnel"), 0),
    )


def _place(way: Course) -> tuple[int, tuple[tuple[int, int], ...]]:
    return list(KINDS).index(way.facts.kind), way.points

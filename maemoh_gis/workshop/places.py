"""Places that teams drew: where they overlap, and the core on which all agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import pandas as pd

from maemoh_gis.core.errors import FormatError, RunError, raise_if_blocked
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.units import rai_from_m2
from maemoh_gis.files import is_there, read_vector, write_geopackage

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_LONGEST = 60


def places_of(files: Sequence[Path], crs: str) -> dict[str, BaseGeometry]:
    """Read a file for each team, named after it; all its areas are one; every fault at once."""
    faults: list[Fault] = []
    teams: dict[str, BaseGeometry] = {}
    for file in files:
        frame = read_vector(file)
        name = file.stem[:_LONGEST]
        areas = frame[frame.geometry.notna() & frame.geom_type.isin(["Polygon", "MultiPolygon"])]
        if frame.crs is None:
            faults.append(Fault("workshop_no_crs", str(file)))
        elif areas.empty:
            faults.append(Fault("workshop_no_areas", str(file), found=str(len(frame))))
        elif name in teams:
            faults.append(Fault("workshop_team_twice", str(file), found=name))
        else:
            teams[name] = areas.to_crs(crs).geometry.make_valid().union_all()
    if not faults and len(teams) < 2:
        faults.append(Fault("workshop_one_team", found=str(len(teams))))
    raise_if_blocked(faults, FormatError)
    return teams


def overlap(teams: Mapping[str, BaseGeometry], crs: str) -> gpd.GeoDataFrame:
    """
    Split the land that was drawn by which teams drew it.

    Returns
    -------
    geopandas.GeoDataFrame
        One row for each set of teams that drew the same land and nobody else did, most teams
        first: `teams`, `n`, `area_rai`, in `crs`. The row with all teams is the agreed core.
    """
    rows = []
    for count in range(len(teams), 0, -1):
        for chosen in combinations(teams, count):
            part = teams[chosen[0]]
            for name in chosen[1:]:
                part = part.intersection(teams[name])
            for name in teams:
                if name not in chosen:
                    part = part.difference(teams[name])
            area = _only_areas(part)
            if not area.is_empty:
                rows.append((", ".join(chosen), count, rai_from_m2(area.area), area))
    frame = pd.DataFrame(rows, columns=["teams", "n", "area_rai", "geometry"])
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=crs)


def _only_areas(shape: BaseGeometry) -> BaseGeometry:
    """Drop the lines and points at which areas merely touch."""
    import shapely

    parts = [one for one in shapely.get_parts(shape) if one.geom_type == "Polygon"]
    return shapely.union_all(parts)


def write_places(frame: gpd.GeoDataFrame, out: Path, *, over: bool) -> None:
    """Write the land by who drew it."""
    if is_there(out) and not over:
        raise RunError(Fault("out_exists", str(out), key="--out"))
    write_geopackage(out, {"overlap": frame})

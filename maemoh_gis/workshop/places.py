"""Places that teams drew: where they overlap, and the core on which all agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from maemoh_gis.core.errors import FileError, FormatError, RunError, raise_if_blocked
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
        try:
            frame = read_vector(file)
        except FileError as error:
            faults += error.faults
            continue
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
    names, drawn = list(teams), list(teams.values())
    # All outlines together cut the land into pieces, each of which a team drew whole or not at all:
    # sets of teams are many more than the pieces there are.
    outlines = shapely.union_all(shapely.boundary(drawn))
    pieces = shapely.get_parts(shapely.polygonize([outlines]))
    inside = shapely.point_on_surface(pieces)
    drew = np.array([shapely.intersects(shape, inside) for shape in drawn]).reshape(len(names), -1)
    by_teams: dict[tuple[int, ...], list[BaseGeometry]] = {}
    for piece, of in zip(pieces, drew.T, strict=True):
        if of.any():
            by_teams.setdefault(tuple(np.flatnonzero(of).tolist()), []).append(piece)
    rows = []
    for chosen in sorted(by_teams, key=lambda teams: (-len(teams), teams)):
        area = shapely.union_all(by_teams[chosen])
        told = ", ".join(names[at] for at in chosen)
        rows.append((told, len(chosen), rai_from_m2(area.area), area))
    frame = pd.DataFrame(rows, columns=["teams", "n", "area_rai", "geometry"])
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=crs)


def write_places(frame: gpd.GeoDataFrame, out: Path, *, over: bool) -> None:
    """Write the land by who drew it."""
    if is_there(out) and not over:
        raise RunError(Fault("out_exists", str(out), key="--out"))
    write_geopackage(out, {"overlap": frame})

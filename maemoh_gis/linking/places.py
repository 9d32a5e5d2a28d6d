"""The places of a run that ways are looked for: its sites, rectangles for a yard, stations."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from maemoh_gis.core.errors import FileError
from maemoh_gis.core.messages import Text, both
from maemoh_gis.files import layers_in, read_vector
from maemoh_gis.near_misses.outputs import PLACES as STATION_PLACES
from maemoh_gis.presentation.run_files import of_row

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

    from maemoh_gis.runs.finished import Run

PlaceKind = Literal["site", "yard", "station"]
_FILES: dict[PlaceKind, tuple[str, str]] = {
    "station": (STATION_PLACES, "stations"),
    "yard": ("yards.gpkg", "yards"),
    "site": ("sites.gpkg", "sites"),
}
"""File and beginning of the names of its layers, by kind; stations first."""


@dataclass(frozen=True)
class LinkPlace:
    """A piece of land that is to be joined."""

    kind: PlaceKind
    use: str
    number: int
    """Which of its kind and use, from 1."""
    name: Text
    shape: BaseGeometry
    """In the CRS of the run."""
    station: Text | None = None
    """Station it lies at or near, where its run tells one."""


def places_of(run: Run) -> list[LinkPlace]:
    """Read the places of a finished run."""
    return [
        LinkPlace(kind, use, number, _name(kind, row), row["geometry"], _station(row))
        for kind, (file, stem) in _FILES.items()
        for use in run.scenario.uses
        for number, row in enumerate(_rows(run, file, f"{stem}_{use}"), start=1)
    ]


def _rows(run: Run, file: str, layer: str) -> Iterator[dict[str, Any]]:
    if file not in run.record["outputs"] or layer not in layers_in(run.folder / file):
        return
    try:
        frame: gpd.GeoDataFrame = read_vector(run.folder / file, layer).to_crs(run.grid.crs)
    except FileError:
        return  # A use without sites has no layer in the file.
    for row in frame.to_dict("records"):
        yield {str(key): value for key, value in row.items()}


def _station(row: dict[str, Any]) -> Text | None:
    return of_row(row, "station") if "station_en" in row else None


def _name(kind: PlaceKind, row: dict[str, Any]) -> Text:
    if kind == "site":
        return of_row(row, "name")
    station = of_row(row, "station")
    if kind == "station":
        return both("links.place.station", station=station)
    return both("links.place.yard", number=row["rank"], station=station)

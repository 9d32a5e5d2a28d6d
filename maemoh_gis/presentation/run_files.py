"""What a report is made of: the record of a run, its tables and features, and what is missing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maemoh_gis.cache.store import NO_CACHE, Store
from maemoh_gis.core.errors import FileError
from maemoh_gis.core.grid import Grid
from maemoh_gis.core.messages import LANGUAGES, Text, both, same
from maemoh_gis.core.units import area, m2_from_rai, number
from maemoh_gis.files import open_raster, read_csv, read_vector, sha256_of
from maemoh_gis.pages.report_content import Column, Look, RowT
from maemoh_gis.pages.wording import is_missing

if TYPE_CHECKING:
    import geopandas as gpd

    from maemoh_gis.files.scratch import Raster
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.layers.load import Layers
    from maemoh_gis.presentation.compared_files import ComparedFiles

    Row = Mapping[str, str]

NOT_KNOWN = same("–")
"""What stands where nothing is known."""


@dataclass(frozen=True)
class RunFiles:
    """A run folder as a report reads it."""

    folder: Path
    record: Mapping[str, Any]
    """Content of `run.json`."""
    layers: Layers
    """The layers it was run with."""
    missing: tuple[str, ...]
    """Outputs on the record that are not there, or are no longer what they were."""
    compared: ComparedFiles | None = None
    """A comparison that holds the run; None where there is none."""
    bands: Mapping[str, Raster] = field(default_factory=dict)
    """First bands of rasters that lie in memory, by file."""
    store: Store = NO_CACHE
    """Results of earlier runs."""
    more: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    """Tables worked out from the finished run, by name; told as if it had them."""
    lines: Mapping[str, gpd.GeoDataFrame] = field(default_factory=dict)
    """Lines worked out from it, drawn on small maps, by what they are."""
    _seen: dict[tuple[Any, ...], Any] = field(default_factory=dict, compare=False, repr=False)
    """What was read before: many sections look at the same tables."""

    @property
    def catalog(self) -> Catalog:
        """Give what describes the layers."""
        return self.layers.catalog

    @property
    def scenario(self) -> Mapping[str, Any]:
        """Give the scenario as it was run."""
        resolved: Mapping[str, Any] = self.record["resolved"]
        return resolved

    @property
    def uses(self) -> Mapping[str, Mapping[str, Any]]:
        """Give the uses by id, in the order of the scenario."""
        return {use: self.scenario["uses"][use] for use in self.record["weights"]}

    @property
    def grid(self) -> Grid:
        """Give the grid its rasters stand on."""
        place = self.record["grid"]
        return Grid.covering(tuple(place["bounds"]), crs=place["crs"], cell_m=place["cell_m"])

    def has(self, name: str) -> bool:
        """Say whether an output was written and is whole."""
        return name in self.record["outputs"] and name not in self.missing

    def table(self, name: str) -> list[Row]:
        """Read a table; empty where the run has none."""
        if name in self.more:
            return list(self.more[name])
        if not self.has(name):
            return []
        return list(self._once(read_csv, self.folder / name))

    def _once(self, read: Callable[..., Any], *asked: Any) -> Any:
        """Read something the first time it is asked for."""
        if (read, *asked) not in self._seen:
            self._seen[read, *asked] = read(*asked)
        return self._seen[read, *asked]

    def layer_table(self, id: str) -> list[Row]:
        """Read a table of the catalog; empty where the catalog has none, or it has changed."""
        if id not in self.catalog.layers:
            return []
        layer = self.catalog[id]
        return list(self._once(_rows, self.catalog.path_of(id), layer.sha256, layer.encoding))

    def band(self, name: str, rows: slice, cols: slice) -> Any:
        """Read part of the first band of a raster the run has, array (rows, cols)."""
        if name in self.bands:
            return self.bands[name][rows][:, cols]
        from rasterio.windows import Window

        with open_raster(self.folder / name) as dataset:
            return dataset.read(1, window=Window.from_slices(rows, cols))

    def features(self, name: str, layer: str) -> gpd.GeoDataFrame | None:
        """Read a layer of a GeoPackage; None where the run has none."""
        if not self.has(name):
            return None
        found: gpd.GeoDataFrame | None = self._once(_vector, self.folder / name, layer)
        return found


def _rows(path: Path, sha256: str, encoding: str | None) -> list[Row]:
    if not path.is_file() or sha256_of(path) != sha256:
        return []
    return list(read_csv(path, encoding))


def _vector(path: Path, layer: str) -> gpd.GeoDataFrame | None:
    try:
        return read_vector(path, layer)
    except FileError:
        # A use without sites has no layer in the file.
        return None


def open_files(
    folder: Path, record: Mapping[str, Any], layers: Layers, *, checked: bool
) -> RunFiles:
    """Look at the files of a run."""
    missing = [
        name
        for name, was in record["outputs"].items()
        if not (folder / name).is_file() or (checked and sha256_of(folder / name) != was)
    ]
    return RunFiles(folder, record, layers, tuple(missing))


def column(id: str, write: Callable[[RowT], Text], look: Look = "plain") -> Column[RowT]:
    """Make a column of a report's table, with its own message as head."""
    return Column(both(f"report.column.{id}"), write, look)


def of_row(row: Mapping[str, Any], stem: str) -> Text:
    """Take the words of both languages out of the columns of a table."""
    found = {x: row.get(f"{stem}_{x}") for x in LANGUAGES}
    return {x: "" if is_missing(v) else str(v) for x, v in found.items()}


def site_name(site: Mapping[str, Any]) -> Text:
    """Name a site as its run does, with subdistrict and district; by its number in older runs."""
    named = of_row(site, "name")
    return named if all(named.values()) else both("report.site_n", n=site["number"])


def site_place(site: Mapping[str, Any]) -> Text:
    """Say where a site lies: subdistrict, district and coordinates."""
    at, named = f"{site['lat']:.5f}, {site['lon']:.5f}", of_row(site, "place")
    return {x: f"{words} ({at})" if words else at for x, words in named.items()}


def site_near(site: Mapping[str, Any]) -> Text:
    """Say how far a site lies from a known place; a dash where its run knows none."""
    near = of_row(site, "near")
    return near if all(near.values()) else NOT_KNOWN


def figure(value: Any, decimals: int = 0, unit: Text | None = None) -> Text:
    """Write a number that may be missing."""
    if is_missing(value) or value == "":
        return NOT_KNOWN
    written = number(float(value), decimals)
    return {x: f"{written} {unit[x]}" if unit else written for x in LANGUAGES}


def land(area_rai: Any) -> Text:
    """Write an area in rai with hectares beside it; a dash where it is not known."""
    if is_missing(area_rai) or area_rai == "":
        return NOT_KNOWN
    return {x: area(m2_from_rai(float(area_rai)), x) for x in LANGUAGES}


def span(row: Mapping[str, Any], stem: str, decimals: int = 0) -> Text:
    """Write the central value of three with the low and the high one behind it."""
    low, central, high = (row.get(f"{stem}_{end}") for end in ("low", "central", "high"))
    return range_of(low, central, high, decimals)


def range_of(low: Any, central: Any, high: Any, decimals: int = 0) -> Text:
    """Write a value with its range, or the range alone; a dash where an end is not known."""
    if is_missing(central) or central == "":
        ends = [end for end in (low, high) if not is_missing(end) and end != ""]
        if len(ends) < 2:
            return NOT_KNOWN
        return same("–".join(number(float(end), decimals) for end in ends))
    if low == central == high:
        return figure(central, decimals)
    least, middle, most = (number(float(value), decimals) for value in (low, central, high))
    if float(low) < 0:
        # A dash before a minus cannot be read.
        return both("report.from_to", value=middle, low=least, high=most)
    return same(f"{middle} ({least}–{most})")


def trust(confidence: Any) -> Text:
    """Write a confidence in words; a dash where none is given."""
    if is_missing(confidence) or confidence == "":
        return NOT_KNOWN
    return both(f"confidence.{confidence}")


def percent(share: float) -> Text:
    """Write a share as a percentage."""
    return both("report.percent", value=number(100 * share, 0 if share in {0.0, 1.0} else 1))


def rows_of(frame: gpd.GeoDataFrame | None) -> Iterator[Mapping[str, Any]]:
    """Give the properties of every feature."""
    if frame is None:
        return
    names = [name for name in frame.columns if name != frame.geometry.name]
    for values in frame[names].itertuples(index=False, name=None):
        yield dict(zip(names, values, strict=True))

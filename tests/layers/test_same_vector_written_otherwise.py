"""
Every bundled layer of features and every table, written otherwise: the same answer, or a refusal.

What is compared is what a run sees: the features in the CRS of the grid by what identifies them,
and the typed rows of a table. The gate is asked first, as a run would.
"""

import csv
import io
import json
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from maemoh_gis.files import checksum_of, read_csv_lines, read_vector
from maemoh_gis.layers.audit.gate import require_sound
from maemoh_gis.layers.catalog import Catalog, read_catalog
from maemoh_gis.layers.entries import Coordinates, Layer
from maemoh_gis.layers.load import Layers
from maemoh_gis.layers.tables import schemas_of
from tests.layers.otherwise import Way, Ways, as_table, outcome
from tests.paths import LAYERS

# Writers say that they cut names of columns and that points have no rings.
pytestmark = [
    pytest.mark.filterwarnings(f"ignore::{one}")
    for one in ("RuntimeWarning", "UserWarning", "pytest.PytestUnraisableExceptionWarning")
]

UTM = "EPSG:32647"
CATALOG = read_catalog(LAYERS)
FEATURES = [id for id in CATALOG if CATALOG[id].kind in {"points", "lines", "polygons"}]
TABLES = [id for id in CATALOG if CATALOG[id].kind == "table"]
ONE_OF_EACH_KIND = {CATALOG[id].kind: id for id in reversed(FEATURES)}.values()
"""Written in every way by whoever tests; every layer in every way is slow."""
MOST_FEATURES = 600
"""Of a larger layer so many stand for all: a way to write it is not another for more of them."""


@dataclass(frozen=True)
class Written:
    """A layer as it is written: its file and what the catalog says of it."""

    id: str
    path: Path
    layer: Layer

    def at(self, path: Path, **more: Any) -> "Written":
        """Give the same layer in another file."""
        about = {"path": path.name, "sha256": checksum_of(path), **more}
        return replace(self, path=path, layer=self.layer.model_copy(update=about))

    @property
    def catalog(self) -> Catalog:
        """A catalog of nothing but the layer."""
        layer = self.layer.model_copy(
            update={"complete_within": "none", "complete_where": [], "known": []}
        )
        return Catalog(self.path.parent, CATALOG.document, {self.id: layer})

    @property
    def frame(self) -> gpd.GeoDataFrame:
        return as_bundled(self.path).copy()


@cache
def as_bundled(path: Path) -> gpd.GeoDataFrame:
    return read_vector(path)


Originals = Callable[[str], Written]


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Originals:
    """Give layers as they are bundled, and of those with very many features some from all over."""
    folder = tmp_path_factory.mktemp("shortened")

    @cache
    def original(id: str) -> Written:
        whole = Written(id, CATALOG.path_of(id), CATALOG[id])
        return shortened(whole, folder) if whole.layer.kind != "table" else whole

    return original


def shortened(written: Written, folder: Path) -> Written:
    """Take every so many of the features, which stand one a line."""
    head, *lines, foot = written.path.read_text(encoding="utf-8").splitlines()
    if len(lines) <= MOST_FEATURES:
        return written
    some = [line.rstrip(",") for line in lines[:: -(-len(lines) // MOST_FEATURES)]]
    path = folder / written.path.name
    path.write_text("\n".join([head, ",\n".join(some), foot, ""]), encoding="utf-8")
    return written.at(path)


def write(frame: gpd.GeoDataFrame, path: Path, driver: str, **options: Any) -> Path:
    pyogrio.write_dataframe(frame, path, driver=driver, **options)
    return path


def package(written: Written, folder: Path, change: Callable[[gpd.GeoDataFrame], Any]) -> Written:
    """Write changed features as a GeoPackage, which holds any kind and CRS."""
    frame = change(written.frame)
    return written.at(write(frame, folder / f"{written.id}.gpkg", "GPKG"))


def reshaped(frame: gpd.GeoDataFrame, change: Callable[[Any], Any]) -> gpd.GeoDataFrame:
    return frame.set_geometry([change(shape) for shape in frame.geometry], crs=frame.crs)


features = Ways()


@features.way()
def _geopackage(written: Written, folder: Path) -> Written:
    return package(written, folder, lambda frame: frame)


@features.way()
def _flatgeobuf(written: Written, folder: Path) -> Written:
    path = folder / f"{written.id}.fgb"
    return written.at(write(written.frame, path, "FlatGeobuf", SPATIAL_INDEX="NO"))


@features.way("column_not_in_file")
def _shapefile(written: Written, folder: Path) -> Written | None:
    """Columns of more than ten letters are cut, which the catalog then says."""
    frame = written.frame
    if all(len(name.encode()) <= 10 for name in frame.columns if name != "geometry"):
        return None
    path = folder / f"{written.id}.shp"
    return written.at(write(frame, path, "ESRI Shapefile", encoding="utf-8"))


@features.way()
def _shapefile_of_short_columns(written: Written, folder: Path) -> Written:
    frame = written.frame
    names = [name for name in frame.columns if name != "geometry"]
    short = {name: f"c{at}" for at, name in enumerate(names)}
    path = write(frame.rename(columns=short), folder / f"{written.id}.shp", "ESRI Shapefile",
                 encoding="utf-8")  # fmt: skip
    columns = {short[name]: about for name, about in written.layer.columns.items()}
    return written.at(path, columns=columns)


@features.way()
def _on_the_grid_of_the_zone(written: Written, folder: Path) -> Written:
    moved = package(written, folder, lambda frame: frame.to_crs(UTM))
    return moved.at(moved.path, crs=UTM)


@features.way()
def _on_web_mercator(written: Written, folder: Path) -> Written:
    moved = package(written, folder, lambda frame: frame.to_crs("EPSG:3857"))
    return moved.at(moved.path, crs="EPSG:3857")


@features.way("crs_differs")
def _in_another_crs_than_is_said(written: Written, folder: Path) -> Written:
    return package(written, folder, lambda frame: frame.to_crs(UTM))


@features.way("axes_swapped", "outside_region", "geometry_invalid")
def _with_axes_swapped(written: Written, folder: Path) -> Written:
    def turned(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        return reshaped(frame, lambda s: shapely.transform(s, lambda xy: xy[:, ::-1]))

    return package(written, folder, turned)


@features.way()
def _with_columns_reordered(written: Written, folder: Path) -> Written:
    return package(written, folder, lambda frame: frame[list(frame.columns)[::-1]])


@features.way()
def _with_another_column(written: Written, folder: Path) -> Written:
    return package(written, folder, lambda frame: frame.assign(remark="หมายเหตุ"))


@features.way()
def _shuffled(written: Written, folder: Path) -> Written:
    return package(written, folder, lambda frame: frame.sample(frac=1, random_state=1))


@features.way()
def _with_heights(written: Written, folder: Path) -> Written:
    def high(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        return reshaped(frame, lambda shape: shapely.force_3d(shape, 350.0))

    return package(written, folder, high)


@features.way()
def _of_several_parts_each(written: Written, folder: Path) -> Written:
    make = {"points": shapely.multipoints, "lines": shapely.multilinestrings,
            "polygons": shapely.multipolygons}[written.layer.kind]  # fmt: skip

    def many(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        return reshaped(frame, lambda shape: make(shapely.get_parts(shape)))

    return package(written, folder, many)


@features.way()
def _in_collections(written: Written, folder: Path) -> Written:
    def held(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        return reshaped(frame, lambda shape: shapely.GeometryCollection([shape]))

    return package(written, folder, held)


@features.way()
def _in_collections_with_others(written: Written, folder: Path) -> Written:
    others = [shapely.Point(99.7, 18.3), shapely.LineString([(99.7, 18.3), (99.8, 18.3)])]
    other = others[1] if written.layer.kind == "points" else others[0]

    def held(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        inner = [shapely.GeometryCollection([shape]) for shape in frame.geometry]
        whole = [shapely.GeometryCollection([other, one]) for one in inner]
        return frame.set_geometry(whole, crs=frame.crs)

    return package(written, folder, held)


@features.way()
def _with_rings_turned(written: Written, folder: Path) -> Written | None:
    if written.layer.kind != "polygons":
        return None
    return package(written, folder, lambda frame: reshaped(frame, shapely.reverse))


@features.way()
def _with_each_corner_twice(written: Written, folder: Path) -> Written | None:
    if written.layer.kind == "points":
        return None

    def doubled(shape: Any) -> Any:
        text = shapely.to_geojson(shape)

        def twice(part: Any) -> Any:
            if isinstance(part[0], int | float):
                return part
            if isinstance(part[0][0], int | float):
                return [corner for corner in part for _ in (0, 1)]
            return [twice(one) for one in part]

        content = json.loads(text)
        content["coordinates"] = twice(content["coordinates"])
        return shapely.from_geojson(json.dumps(content))

    return package(written, folder, lambda frame: reshaped(frame, doubled))


@features.way()
def _with_every_feature_twice(written: Written, folder: Path) -> Written:
    return package(written, folder, lambda f: pd.concat([f, f], ignore_index=True))


@features.way("geometry_missing", "gap_between_areas")
def _with_a_feature_of_no_shape(written: Written, folder: Path) -> Written:
    def emptied(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        shapes = [None, *frame.geometry[1:]]
        return frame.set_geometry(gpd.GeoSeries(shapes, index=frame.index, crs=frame.crs))

    return package(written, folder, emptied)


@features.way("several_tables")
def _beside_another_layer(written: Written, folder: Path) -> Written:
    path = write(written.frame, folder / "a.gpkg", "GPKG", layer="old")
    return written.at(write(written.frame, path, "GPKG", layer="new", append=True))


@features.way()
def _beside_another_layer_that_is_not_meant(written: Written, folder: Path) -> Written:
    path = write(written.frame.iloc[:1], folder / "a.gpkg", "GPKG", layer="old")
    path = write(written.frame, path, "GPKG", layer="new", append=True)
    return written.at(path, table="new")


@features.way()
def _with_a_byte_order_mark(written: Written, folder: Path) -> Written:
    path = folder / f"{written.id}.geojson"
    path.write_bytes(b"\xef\xbb\xbf" + written.path.read_bytes())
    return written.at(path)


@features.way()
def _with_lines_as_on_windows(written: Written, folder: Path) -> Written:
    path = folder / f"{written.id}.geojson"
    path.write_bytes(written.path.read_bytes().replace(b"\n", b"\r\n"))
    return written.at(path)


@features.way()
def _as_a_table_of_points(written: Written, folder: Path) -> Written | None:
    frame = written.frame
    if written.layer.kind != "points" or set(frame.geom_type) != {"Point"}:
        return None
    table = frame.drop(columns="geometry").assign(lon=frame.geometry.x, lat=frame.geometry.y)
    path = folder / f"{written.id}.csv"
    table.to_csv(path, index=False)
    return written.at(path, coordinates=Coordinates(x="lon", y="lat"))


def features_read(written: Written) -> gpd.GeoDataFrame:
    require_sound(written.catalog, [written.id])
    return Layers(written.catalog).features(written.id, UTM)


def marks(frame: gpd.GeoDataFrame) -> list[tuple[Any, ...]]:
    """Say of each feature where it is and how large, to 2 cm."""
    shapes = np.asarray(frame.geometry.array, dtype=object)
    bounds = shapely.bounds(shapes)
    rows = np.column_stack([bounds, shapely.length(shapes), np.sqrt(shapely.area(shapes))])
    return sorted(map(tuple, np.round(rows, 1)))


def texts(frame: gpd.GeoDataFrame, columns: list[str]) -> list[list[str]]:
    """Give what stands in columns of texts, each sorted, as order is no part of the content."""
    return [sorted(str(v) for v in frame[c].dropna() if v != "") for c in columns if c in frame]


def differences_of_features(written: Written) -> Callable[[gpd.GeoDataFrame], str | None]:
    original = features_read(written)
    named = [c for c in ("name_th", "name_en", "confidence") if c in original]

    def differences(found: gpd.GeoDataFrame) -> str | None:
        if len(found) != len(original):
            return f"{len(found)} features, not {len(original)}"
        here = np.array(marks(found))
        there = np.array(marks(original))
        if not np.allclose(here, there, atol=0.25):
            return f"places differ by {np.abs(here - there).max():g} m"
        if set(named) <= set(found.columns) and texts(found, named) != texts(original, named):
            return "texts differ"
        return None

    return differences


tables = Ways()


def rows_of(written: Written) -> list[list[str]]:
    header, rows = read_csv_lines(written.path)
    return [header, *(cells for _, cells in rows)]


def rewritten(written: Written, folder: Path, rows: list[list[str]], **how: Any) -> Written:
    stream = io.StringIO()
    csv.writer(stream, **{"lineterminator": "\n", **how}).writerows(rows)
    path = folder / f"{written.id}.csv"
    path.write_bytes(stream.getvalue().encode("utf-8"))
    return written.at(path)


@tables.way()
def _copied(written: Written, folder: Path) -> Written:
    return written.at(Path(shutil.copy(written.path, folder / written.path.name)))


@tables.way()
def _with_a_mark_of_its_bytes(written: Written, folder: Path) -> Written:
    path = folder / f"{written.id}.csv"
    path.write_bytes(b"\xef\xbb\xbf" + written.path.read_bytes())
    return written.at(path)


@tables.way()
def _with_line_ends_of_windows(written: Written, folder: Path) -> Written:
    return rewritten(written, folder, rows_of(written), lineterminator="\r\n")


@tables.way()
def _with_every_cell_quoted(written: Written, folder: Path) -> Written:
    return rewritten(written, folder, rows_of(written), quoting=csv.QUOTE_ALL)


@tables.way()
def _with_columns_turned_round(written: Written, folder: Path) -> Written:
    return rewritten(written, folder, [row[::-1] for row in rows_of(written)])


@tables.way()
def _with_one_more_column(written: Written, folder: Path) -> Written:
    header, *rows = rows_of(written)
    return rewritten(written, folder, [[*header, "of_this_test"], *([*row, "ก"] for row in rows)])


@tables.way()
def _with_rows_turned_round(written: Written, folder: Path) -> Written:
    header, *rows = rows_of(written)
    return rewritten(written, folder, [header, *rows[::-1]])


@tables.way()
def _with_blank_and_empty_rows(written: Written, folder: Path) -> Written:
    header, *rows = rows_of(written)
    return rewritten(written, folder, [header, *rows, [], [""] * len(header)])


@tables.way()
def _with_blanks_round_the_header(written: Written, folder: Path) -> Written:
    header, *rows = rows_of(written)
    return rewritten(written, folder, [[f" {name} " for name in header], *rows])


@tables.way()
def _in_thai_code_page(written: Written, folder: Path) -> Written | None:
    path = folder / f"{written.id}.csv"
    try:
        path.write_bytes(written.path.read_bytes().decode("utf-8").encode("cp874"))
    except UnicodeEncodeError:
        return None
    return written.at(path, encoding="cp874")


@tables.way("wrong_separator")
def _with_semicolons(written: Written, folder: Path) -> Written:
    return rewritten(written, folder, rows_of(written), delimiter=";")


@tables.way("wrong_separator")
def _with_tabs(written: Written, folder: Path) -> Written:
    return rewritten(written, folder, rows_of(written), delimiter="\t")


@tables.way("column_not_in_file")
def _with_capitals_in_the_header(written: Written, folder: Path) -> Written:
    header, *rows = rows_of(written)
    return rewritten(written, folder, [[name.upper() for name in header], *rows])


@tables.way("row_of_other_length")
def _with_a_cell_too_many(written: Written, folder: Path) -> Written:
    header, *rows = rows_of(written)
    return rewritten(written, folder, [header, [*rows[0], ""], *rows[1:]])


def spoilt_numbers(written: Written, folder: Path, change: Callable[[str], str]) -> Written | None:
    """Change the first filled cell of the first column of numbers that a kind of table has."""
    header, *rows = rows_of(written)
    numbers = [name for schema in schemas_of(written.id, header)
               for name, cells in schema.columns.items()
               if name in header and cells.type in {"number", "whole"}
               and not name.endswith("_be")]  # fmt: skip
    for name in numbers:
        at = header.index(name)
        for row in rows:
            if row[at]:
                row[at] = change(row[at])
                return rewritten(written, folder, [header, *rows])
    return None


@tables.way("cell_not_number", "cell_not_whole")
def _with_a_unit_in_a_cell(written: Written, folder: Path) -> Written | None:
    return spoilt_numbers(written, folder, lambda cell: f"{cell} km")


@tables.way("cell_not_number", "cell_not_whole")
def _with_thai_digits(written: Written, folder: Path) -> Written | None:
    thai = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
    return spoilt_numbers(written, folder, lambda cell: cell.translate(thai))


@tables.way("cell_not_number", "cell_not_whole")
def _with_a_cell_that_is_infinite(written: Written, folder: Path) -> Written | None:
    return spoilt_numbers(written, folder, lambda _: "1e400")


def rows_read(written: Written) -> list[dict[str, Any]]:
    require_sound(written.catalog, [written.id])
    header, _ = read_csv_lines(written.path, written.layer.encoding)
    layers = Layers(written.catalog)
    kinds = schemas_of(written.id, header)
    found = layers.table(written.id, kinds[0]) if kinds else layers.rows(written.id)
    return [dict(row) for row in found]


def differences_of_rows(written: Written) -> Callable[[list[dict[str, Any]]], str | None]:
    names = list(written.layer.columns)

    def content(rows: list[dict[str, Any]]) -> list[str]:
        told = [str({name: row[name] for name in names}) for row in rows]
        return sorted(line for line in told if any(c.isalnum() for c in line.split(":", 1)[1]))

    original = content(rows_read(written))

    def differences(found: list[dict[str, Any]]) -> str | None:
        here = content([row for row in found if any(row[name] not in ("", None) for name in names)])
        return None if here == original else "rows differ"

    return differences


Differences = Callable[[str], Callable[[Any], str | None]]


@pytest.fixture(scope="module")
def differences(bundled: Originals) -> Differences:
    """Give what tells how an answer differs from that of a layer as it is bundled."""

    @cache
    def of(id: str) -> Callable[[Any], str | None]:
        written = bundled(id)
        is_table = written.layer.kind == "table"
        return differences_of_rows(written) if is_table else differences_of_features(written)

    return of


outcomes: dict[tuple[str, str], str] = {}


@pytest.fixture(scope="module", autouse=True)
def _as_tables() -> Iterator[None]:
    """Say what came of each pair that was tried."""
    yield
    for ids in (FEATURES, TABLES):
        found = {pair: said for pair, said in outcomes.items() if pair[0] in ids}
        sys.stdout.write(f"\n{as_table(found)}\n" if found else "")


@pytest.mark.parametrize("way", list(features), ids=lambda way: way.name)
@pytest.mark.parametrize(
    "id",
    [pytest.param(id, marks=() if id in ONE_OF_EACH_KIND else pytest.mark.slow) for id in FEATURES],
)
def test_features_written_otherwise_are_the_same_or_refused(
    id: str, way: Way, tmp_path: Path, bundled: Originals, differences: Differences
):
    outcomes[id, way.name] = outcome(way, bundled(id), tmp_path, features_read, differences(id))


@pytest.mark.parametrize("way", list(tables), ids=lambda way: way.name)
@pytest.mark.parametrize("id", TABLES)
def test_tables_written_otherwise_are_the_same_or_refused(
    id: str, way: Way, tmp_path: Path, bundled: Originals, differences: Differences
):
    outcomes[id, way.name] = outcome(way, bundled(id), tmp_path, rows_read, differences(id))

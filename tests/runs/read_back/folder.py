"""A folder of results as any reader of files finds it."""

import json
import re
import zipfile
from functools import cached_property
from pathlib import Path
from xml.etree import ElementTree as ET

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import rasterio
import yaml

M2_PER_RAI = 1600.0
HA_PER_RAI = 0.16
BANDS = {
    "score": ("score", "score_low", "score_high", "scored_share"),
    "learnt": ("learnt", "difference", "push"),
    "limits": ("state", "removed_by", "conditional_by"),
}
OUTSIDE, ALLOWED, CONDITIONAL, REMOVED, UNKNOWN = range(5)
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class Folder:
    """What a run or a comparison wrote, and the layers it read."""

    def __init__(
        self, path: Path, layers: Path, record: str = "run.json", networks: Path | None = None
    ) -> None:
        self.path, self.layers_path, self.networks_path = path, layers, networks
        self.record = json.loads((path / record).read_text(encoding="utf-8"))
        self._kept = {}

    @cached_property
    def networks(self):
        """The networks that were exported of a run, as a folder of the same record."""
        exported = Folder(self.path, self.layers_path)
        exported.path = self.networks_path
        return exported

    def once(self, what, make):
        """Read a thing once."""
        if what not in self._kept:
            self._kept[what] = make()
        return self._kept[what]

    def files(self):
        """Name all files, also those below."""
        return sorted(
            f.relative_to(self.path).as_posix() for f in self.path.rglob("*") if f.is_file()
        )

    def has(self, name):
        return (self.path / name).is_file()

    def table(self, name):
        """Read a CSV as text, empty cells as empty text."""

        def read():
            return pd.read_csv(self.path / name, dtype=str, keep_default_na=False,
                               encoding="utf-8-sig")  # fmt: skip

        return self.once(name, read).copy()

    def layer(self, name, layer):
        return self.once((name, layer), lambda: gpd.read_file(self.path / name, layer=layer)).copy()

    def layer_names(self, name):
        return [str(one) for one, _ in pyogrio.list_layers(self.path / name)]

    def bands(self, name):
        """Read a raster by the names of its bands."""

        def read():
            with rasterio.open(self.path / name) as raster:
                return dict(zip(raster.descriptions, raster.read(), strict=True))

        return self.once(name, read)

    @cached_property
    def uses(self):
        return list(self.record["resolved"]["uses"])

    @cached_property
    def resolved(self):
        return self.record["resolved"]

    @cached_property
    def cell_rai(self):
        return self.resolved["grid"]["cell_m"] ** 2 / M2_PER_RAI

    @cached_property
    def crs(self):
        return self.resolved["grid"]["crs"]

    @cached_property
    def transform(self):
        with rasterio.open(self.path / f"limits_{self.uses[0]}.tif") as raster:
            return raster.transform

    def cells(self, shape, of):
        """Tell which cells have their centre on some land."""
        from rasterio.features import geometry_mask

        return geometry_mask([shape], of.shape, self.transform, invert=True)

    @cached_property
    def catalog(self):
        return yaml.safe_load((self.layers_path / "catalog.yaml").read_text(encoding="utf-8"))

    def read_from(self, layer):
        """Name the layers with a file of their own that a layer is read from, the best first."""
        entry = self.catalog["layers"][layer]
        if "best_of" not in entry:
            return [layer]
        there = [one for one in entry["best_of"] if one in self.catalog["layers"]]
        files = [file for one in there for file in self.read_from(one)]
        return files if entry["kind"] == "raster" else files[:1]

    def source(self, layer, where=None):
        """Read features of a layer that the run was given, in the CRS of the run."""
        path = self.layers_path / f"{self.read_from(layer)[0]}.geojson"
        found = self.once(("source", layer), lambda: gpd.read_file(path))
        for key, value in (where or {}).items():
            values = value if isinstance(value, list) else [value]
            found = found[found[key].astype(str).isin([str(one) for one in values])]
        return found.to_crs(self.crs)

    def source_table(self, layer):
        path = self.layers_path / f"{self.read_from(layer)[0]}.csv"
        return pd.read_csv(path, dtype=str, keep_default_na=False,
                           encoding="utf-8-sig")  # fmt: skip

    def sheets(self, name):
        """Read a workbook, sheet by sheet, as rows of what its cells hold."""
        with zipfile.ZipFile(self.path / name) as book:
            shared = [
                "".join(t.text or "" for t in one.iter(f"{_SHEET}t"))
                for one in ET.fromstring(book.read("xl/sharedStrings.xml"))
            ]
            named = ET.fromstring(book.read("xl/workbook.xml")).iter(f"{_SHEET}sheet")
            return {
                one.get("name"): _sheet(book.read(f"xl/worksheets/sheet{n}.xml"), shared)
                for n, one in enumerate(named, start=1)
            }


def _sheet(xml, shared):
    rows = []
    for row in ET.fromstring(xml).iter(f"{_SHEET}row"):
        cells = {}
        for cell in row.iter(f"{_SHEET}c"):
            held = cell.find(f"{_SHEET}v")
            if held is None:
                continue
            kind, col = cell.get("t"), _column(cell.get("r"))
            cells[col] = (
                shared[int(held.text)] if kind == "s"
                else bool(int(held.text)) if kind == "b"
                else held.text if kind == "str"
                else float(held.text)
            )  # fmt: skip
        rows.append([cells.get(col, "") for col in range(max(cells, default=-1) + 1)])
    return rows


def _column(place):
    number = 0
    for letter in re.match("[A-Z]+", place)[0]:
        number = number * 26 + ord(letter) - 64
    return number - 1


def centres(transform, rows, cols):
    """Give x and y of the centres of cells of a raster that stands upright."""
    return transform.c + (cols + 0.5) * transform.a, transform.f + (rows + 0.5) * transform.e


def numbers(column):
    """Turn a column of text into numbers, NaN where a cell is empty."""
    return pd.to_numeric(column.replace("", np.nan), errors="raise").astype(float)


def near(found, wanted, *, abs=0.0, rel=0.0, what=""):
    """Demand that numbers agree, unknown where unknown."""
    np.testing.assert_allclose(
        np.asarray(found, dtype=float), np.asarray(wanted, dtype=float),
        atol=abs, rtol=rel, equal_nan=True, err_msg=str(what),
    )  # fmt: skip


def rounds_to(found, wanted, decimals, what=""):
    """Demand that a number of a table is the wanted one, rounded to its decimals."""
    near(found, wanted, abs=0.5 * 10.0**-decimals * 1.001 + 1e-12, rel=1e-9, what=what)

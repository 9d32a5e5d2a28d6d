"""What holds for every file of a kind, whatever it tells."""

import math
import re
from xml.etree import ElementTree as ET

import numpy as np
import pytest
import rasterio
import shapely

from tests.runs.read_back.folder import BANDS, HA_PER_RAI, M2_PER_RAI, numbers

_LEVELS = ("low", "central", "high")
_NOT_NUMBERS = re.compile(r"(?i)^[+-]?(nan|inf|infinity|none|null|<na>)$")
# An amount that is taken away, or a case of prices that turns a distance round, has its ends so.
_TURNED = re.compile(r"^freight_|^teu_to_justify")


def csv_file(folder, name):
    """A table has one header, whole rows, no `nan`, both languages or none, and ranges in order."""
    text = (folder.path / name).read_bytes().decode("utf-8")
    assert text.startswith("\ufeff"), "a table for Excel says that it is UTF-8"
    assert len(text.removeprefix("\ufeff").splitlines()[0].split(",")) == len(
        folder.table(name).columns
    )
    table = folder.table(name)
    assert len(set(table.columns)) == len(table.columns)
    assert not any("Unnamed" in one for one in table.columns)
    for column in table:
        wrong = [cell for cell in table[column] if _NOT_NUMBERS.match(cell)]
        assert not wrong, (column, wrong[:3])
        if column.endswith("_th"):
            other = table[f"{column[:-3]}_en"]
            assert ((table[column] == "") == (other == "")).all(), column
        if column.endswith("_ha") and f"{column[:-3]}_rai" in table:
            ha, rai = numbers(table[column]), numbers(table[f"{column[:-3]}_rai"])
            np.testing.assert_allclose(ha, rai * HA_PER_RAI, atol=0.0101, err_msg=column)
        if column.endswith("_confidence") or column == "confidence":
            assert set(table[column]) <= {"H", "M", "L", "ASSUMPTION", ""}, column
        if column.endswith("_share"):
            assert numbers(table[column]).dropna().between(0, 1).all(), column
    in_order(table)


def in_order(table):
    """Low is not above central, nor central above high."""
    for column in table:
        if not column.endswith("_low") or _TURNED.match(column):
            continue
        stem = column.removesuffix("_low")
        ends = [f"{stem}_low", f"{stem}_central" if f"{stem}_central" in table else stem,
                f"{stem}_high"]  # fmt: skip
        if not all(end in table for end in ends):
            continue
        low, central, high = (numbers(table[end].astype(str)) for end in ends)
        if stem == "people":
            continue
        assert not (low > central + 1e-6).any(), ends
        assert not (central > high + 1e-6).any(), ends


def unique(table, *columns):
    """No two rows tell of the same thing."""
    twice = table[table.duplicated(list(columns), keep=False)]
    assert twice.empty, twice[list(columns)].head()


def raster_file(folder, name):
    """A raster lies on the grid of the record and says what its bands are."""
    kind = name.split("_", maxsplit=1)[0]
    grid = folder.record["grid"]
    with rasterio.open(folder.path / name) as raster:
        assert raster.crs.to_string() == folder.resolved["grid"]["crs"]
        cell = folder.resolved["grid"]["cell_m"]
        assert (raster.transform.a, raster.transform.e) == (cell, -cell)
        assert (raster.transform.b, raster.transform.d) == (0, 0)
        assert raster.transform.c % cell == raster.transform.f % cell == 0
        assert (raster.height, raster.width) == (grid["rows"], grid["cols"])
        assert raster.descriptions == BANDS[kind]
        assert raster.tags()["scenario"] == folder.record["scenario"]
        assert raster.tags()["year_be"] == str(folder.record["year"])
        assert raster.tags()["viewpoint"] == folder.record["viewpoint"]
        assert name == f"{kind}_{raster.tags()['use']}.tif"
        assert raster.nodata == 0 if kind == "limits" else math.isnan(raster.nodata)
        assert set(raster.dtypes) == {"uint32" if kind == "limits" else "float32"}


def overviews(path):
    """Every overview pixel is one of the cells beneath it or between the least and greatest."""
    with rasterio.open(path) as raster:
        whole = raster.read()
        factors = raster.overviews(1)
    for level, factor in enumerate(factors):
        with rasterio.open(path, overview_level=level) as small:
            seen = small.read()
        rows, cols = (seen.shape[1] - 1) * factor, (seen.shape[2] - 1) * factor
        blocks = whole[:, :rows, :cols].reshape(
            len(whole), rows // factor, factor, cols // factor, factor
        )
        inner = seen[:, : rows // factor, : cols // factor]
        least = np.fmin.reduce(blocks, axis=(2, 4))
        most = np.fmax.reduce(blocks, axis=(2, 4))
        unknown = np.isnan(inner.astype(float))
        assert np.isnan(blocks[..., :, :].astype(float)).any(axis=(2, 4))[unknown].all()
        told = ~unknown
        assert (inner[told] >= least[told] - 1e-6).all(), (path.name, factor)
        assert (inner[told] <= most[told] + 1e-6).all(), (path.name, factor)
    return factors


def package_file(folder, name, tables=()):
    """Layers of a GeoPackage lie in the CRS of the run and hold valid shapes, but `tables`."""
    for layer in sorted(set(folder.layer_names(name)) - set(tables)):
        frame = folder.layer(name, layer)
        assert frame.crs.to_string() == folder.crs, layer
        assert len(frame) > 0 or layer.startswith(("sites_", "yards_")), layer
        assert frame.geometry.notna().all(), layer
        assert not frame.geometry.is_empty.any(), layer
        assert frame.geometry.is_valid.all(), layer
        assert np.isfinite(shapely.get_coordinates(frame.geometry.array)).all(), layer
        if "area_m2" in frame:
            np.testing.assert_allclose(frame.geometry.area, frame["area_m2"], rtol=1e-9)
            np.testing.assert_allclose(frame["area_m2"] / M2_PER_RAI, frame["area_rai"], atol=0.051)


def picture_file(folder, name):
    """A picture is XML whose drawn numbers are numbers, and reaches for nothing outside."""
    root = ET.fromstring((folder.path / name).read_bytes())
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert len(list(root.iter())) > 10
    for element in root.iter():
        for key, value in element.attrib.items():
            assert not re.search(r"(?i)\bnan\b|\binf", value) or key == "class", (key, value)
            if key.endswith("href"):
                assert value.startswith(("#", "data:")), value


def same_rows(folder, sheet, frame, decimals=None):
    """A sheet of the workbook has the cells of a table."""
    header, *rows = sheet
    assert header == [str(c) for c in frame.columns]
    assert len(rows) == len(frame)
    for cells, wanted in zip(rows, frame.itertuples(index=False), strict=True):
        row = cells + [""] * (len(header) - len(cells))
        for column, cell, held in zip(header, row, wanted, strict=True):
            if held is None or held == "" or (isinstance(held, float) and math.isnan(held)):
                assert cell == "", (column, cell)
            elif isinstance(cell, float):
                assert cell == pytest.approx(float(held), rel=1e-12), (column, cell, held)
            else:
                assert str(cell).lower() == str(held).lower(), (column, cell, held)

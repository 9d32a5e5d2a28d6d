"""Layers that are read once: the same for all threads, and another file is found out."""

import gc
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.grid import Grid
from maemoh_gis.layers.cached import CachedLayers
from maemoh_gis.layers.catalog import read_catalog
from maemoh_gis.layers.load import Layers
from tests.paths import ROOT

GRID = Grid.covering((575_000, 2_010_000, 585_000, 2_020_000), crs="EPSG:32647", cell_m=200)
CRS = "EPSG:32647"


def test_threads_read_the_same_and_close_what_they_opened(monkeypatch):
    complaints = []
    monkeypatch.setattr(sys, "unraisablehook", complaints.append)
    catalog = read_catalog(ROOT / "layers")
    layers = CachedLayers(Layers(catalog))
    expected = Layers(catalog).codes("land_use", GRID)

    def read(_: int, layers: CachedLayers = layers) -> np.ndarray:
        return layers.codes("land_use", GRID)

    with ThreadPoolExecutor(2) as pool:
        for found in pool.map(read, range(4)):
            assert np.array_equal(found, expected)
    del layers
    gc.collect()
    assert complaints == []


@pytest.mark.skipif(sys.platform != "linux", reason="looks at the files a process has open")
def test_rasters_that_are_closed_are_opened_again():
    catalog = read_catalog(ROOT / "layers")
    layers, path = CachedLayers(Layers(catalog)), catalog.path_of("land_use").resolve()

    def times_open():
        there = [file for file in Path("/proc/self/fd").iterdir() if file.exists()]
        return [file.readlink() for file in there].count(path)

    others = times_open()
    found = layers.codes("land_use", GRID)
    assert times_open() == others + 1
    layers.close()
    assert times_open() == others
    assert np.array_equal(layers.codes("land_use", GRID), found)


def listed(layers: Layers, *more: object) -> list[object]:
    return [list(layers.catalog), *more]


def rows_of(layers: Layers, id: str) -> int:
    return len(layers.features(id, CRS))


def test_what_is_made_of_layers_is_made_once_for_what_it_is_handed():
    layers = CachedLayers(Layers(read_catalog(ROOT / "layers")))
    one = layers.derived(["districts"], listed, 1)
    assert layers.derived(["districts"], listed, 1) is one
    assert layers.derived(["districts"], listed, 2) is not one
    assert layers.derived(["subdistricts"], listed, 1) is not one
    # Layers that remember nothing make it anew.
    plain = Layers(layers.catalog)
    assert plain.derived(["districts"], listed) is not plain.derived(["districts"], listed)


@pytest.mark.parametrize("kind", [Layers, lambda catalog: CachedLayers(Layers(catalog))])
def test_what_is_made_of_some_layers_can_read_no_other(kind):
    layers = kind(read_catalog(ROOT / "layers"))
    layers.features("subdistricts", CRS)
    assert layers.derived(["districts"], rows_of, "districts") > 0
    with pytest.raises(LayerError, match="subdistricts"):
        layers.derived(["districts"], rows_of, "subdistricts")


def test_some_layers_have_with_them_those_they_are_complete_in():
    layers = Layers(read_catalog(ROOT / "layers"))
    within = {id: one.complete_within for id, one in layers.catalog.layers.items()
              if hasattr(one.complete_within, "layer")}  # fmt: skip
    assert within
    for id, about in within.items():
        assert {id, about.layer} <= set(layers.only([id]).catalog)
        assert layers.only([id]).complete_within(id, CRS) is not None


def test_a_file_that_is_another_by_now_is_found_out(tmp_path):
    folder = tmp_path / "layers"
    shutil.copytree(ROOT / "layers", folder)
    layers = CachedLayers(Layers(read_catalog(folder)))
    districts, land = layers.catalog.path_of("districts"), layers.catalog.path_of("land_use")
    layers.shapes("districts", CRS)
    layers.features("districts", CRS)
    layers.codes("land_use", GRID)
    layers.derived(["districts"], listed)
    districts.touch()
    assert len(layers.features("districts", CRS))
    for path in (districts, land):
        path.write_bytes(path.read_bytes() + b"\n")
    for read in (layers.shapes, layers.features):
        with pytest.raises(LayerError, match="not the one the catalog describes"):
            read("districts", CRS)
    with pytest.raises(LayerError, match="not the one the catalog describes"):
        layers.codes("land_use", GRID)
    with pytest.raises(LayerError, match="not the one the catalog describes"):
        layers.derived(["districts"], listed)

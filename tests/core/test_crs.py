"""Ways between coordinate reference systems."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from maemoh_gis.core.crs import lattice_between, parsed, transformer_between

WEB, UTM = "EPSG:3857", "EPSG:32647"
PROVINCE_WEB = (10_990_000.0, 1_920_000.0, 11_190_000.0, 2_220_000.0)
WORLD_WEB = (-20_000_000.0, -20_000_000.0, 20_000_000.0, 20_000_000.0)


def lattice(bounds: tuple[float, float, float, float], rows: int, cols: int):
    west, south, east, north = bounds
    return np.linspace(west, east, cols), np.linspace(north, south, rows)


@pytest.mark.parametrize(
    ("bounds", "shape"),
    [
        (PROVINCE_WEB, (311, 207)),
        # Thailand, and more of it than the zone is made for.
        ((10_800_000.0, 600_000.0, 11_800_000.0, 2_400_000.0), (90, 50)),
        # Nothing smooth goes once around the world.
        (WORLD_WEB, (60, 40)),
        # Fewer points than the interpolation would ask for.
        (PROVINCE_WEB, (3, 200)),
        (PROVINCE_WEB, (200, 1)),
    ],
)
def test_a_lattice_lies_where_its_points_lie_one_by_one(bounds, shape) -> None:
    x, y = lattice(bounds, *shape)
    exact = Transformer.from_crs(WEB, UTM, always_xy=True).transform(*np.meshgrid(x, y))
    found = lattice_between(WEB, UTM, x, y)
    for rows in (slice(0, len(y)), slice(2, 3), slice(len(y) - 1, len(y) + 5)):
        for one, other in zip(found(rows), exact, strict=True):
            np.testing.assert_allclose(one, other[rows], rtol=0, atol=1e-5)


def test_a_lattice_may_run_either_way() -> None:
    x, y = lattice(PROVINCE_WEB, 40, 30)
    east, north = lattice_between(WEB, UTM, x, y)(slice(0, 40))
    east_back, north_back = lattice_between(WEB, UTM, x[::-1], y[::-1])(slice(0, 40))
    np.testing.assert_allclose(east_back[::-1, ::-1], east, rtol=0, atol=1e-5)
    np.testing.assert_allclose(north_back[::-1, ::-1], north, rtol=0, atol=1e-5)


def test_a_way_is_made_once_and_takes_x_first() -> None:
    there = transformer_between("EPSG:4326", UTM)
    assert there is transformer_between("EPSG:4326", UTM)
    x, y = there.transform(99.0, 18.3)
    assert x == pytest.approx(500_000.0)
    assert y == pytest.approx(2_023_000.0, abs=2_000.0)


def test_a_crs_is_read_once_and_a_wrong_name_is_told_every_time() -> None:
    assert parsed(UTM) is parsed(UTM)
    assert parsed(UTM) == CRS(UTM)
    for _ in range(2):
        with pytest.raises(CRSError):
            parsed("EPSG:nothing")

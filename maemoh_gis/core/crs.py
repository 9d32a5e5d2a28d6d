"""Coordinate reference systems and the ways between them, each made once: making one is slow."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.polynomial.chebyshev import chebvander
from pyproj import CRS, Transformer
from pyproj.transformer import TransformerGroup

from maemoh_gis.core.errors import GridError
from maemoh_gis.core.faults import Fault

if TYPE_CHECKING:
    from maemoh_gis.core.types import FloatArray

    Pair = tuple[FloatArray, FloatArray]

# Projections are smooth: over a province this many nodes leave less than a hundredth of a
# millimetre, and over all of Thailand too.
_NODES = 16
_GREATEST_ERROR = 1e-5


@lru_cache(maxsize=64)
def parsed(crs: str) -> CRS:
    """Read the name of a CRS, as `EPSG:32647` or anything else PROJ reads."""
    return CRS(crs)


def is_crs(name: str) -> bool:
    """Say whether a text names a CRS."""
    from pyproj.exceptions import CRSError

    try:
        parsed(name)
    except CRSError:
        return False
    return True


def in_metres(crs: str) -> bool:
    """Say whether the axes of a CRS are metres over land."""
    known = parsed(crs)
    return known.is_projected and all(axis.unit_name == "metre" for axis in known.axis_info)


@lru_cache(maxsize=64)
def transformer_between(source: str | CRS, target: str | CRS) -> Transformer:
    """Give what leads from one CRS to another, x before y on both sides."""
    return Transformer.from_crs(source, target, always_xy=True)


def lattice_between(
    source: str, target: str, x: FloatArray, y: FloatArray
) -> Callable[[slice], Pair]:
    """
    Bring every point of a lattice from one projected CRS to another, some rows at a time.

    Parameters
    ----------
    source, target : str
        Projected CRS, metres.
    x : float64 array (cols,)
        The lattice in `source`, from west to east or back.
    y : float64 array (rows,)
        The same across.

    Returns
    -------
    callable
        Takes a slice of rows and gives x and y in `target`, each float64 (rows, cols).

    Notes
    -----
    PROJ takes about a microsecond a point. What it gives at a few points is interpolated with
    polynomials instead, which takes a hundredth of that, if points between them show that this is
    right to 0.01 mm; if not, every point is transformed.

    References
    ----------
    Trefethen 2013, Approximation Theory and Approximation Practice, chapters 2 to 8.
    """
    to_target = transformer_between(source, target)

    def one_by_one(rows: slice) -> Pair:
        east, north = to_target.transform(*np.meshgrid(x, y[rows]))
        return east, north

    if len(x) <= _NODES or len(y) <= _NODES:
        return one_by_one
    nodes = np.cos(np.pi * (np.arange(_NODES) + 0.5) / _NODES)
    between = np.cos(np.pi * np.arange(_NODES + 1) / _NODES)

    def exact(points: FloatArray) -> FloatArray:
        found = to_target.transform(*np.meshgrid(_spread(points, x), _spread(points, y)))
        return np.stack(found)

    inverse = np.linalg.inv(chebvander(nodes, _NODES - 1))
    factors = inverse @ exact(nodes) @ inverse.T
    guessed = chebvander(between, _NODES - 1)
    off = np.abs(guessed @ factors @ guessed.T - exact(between))
    if not (off <= _GREATEST_ERROR).all():
        return one_by_one
    across = factors @ chebvander(_gathered(x), _NODES - 1).T
    down = chebvander(_gathered(y), _NODES - 1)

    def interpolated(rows: slice) -> Pair:
        east, north = down[rows] @ across
        return east, north

    return interpolated


def _spread(points: FloatArray, values: FloatArray) -> FloatArray:
    """Bring points from -1 to 1 to where the values lie."""
    middle, half = (values[0] + values[-1]) / 2, (values[-1] - values[0]) / 2
    return np.asarray(middle + half * points)


def _gathered(values: FloatArray) -> FloatArray:
    """Bring values to -1 to 1; the inverse of `_spread`."""
    middle, half = (values[0] + values[-1]) / 2, (values[-1] - values[0]) / 2
    return np.asarray((values - middle) / half)


# Where ways from one datum to another are compared, near Mae Moh, and how far they may disagree.
_PLACE = (99.7, 18.3)
_AGREE_DEG = 1e-5
_DERIVED = re.compile(r"^DERIVED_FROM\(")


def needs_operation(crs: str | CRS) -> bool:
    """
    Say whether the way from a CRS to WGS 84 must be named.

    So it is where PROJ knows several ways that differ by more than a metre at Mae Moh, as for
    Indian 1975, or no way at all but to take one datum for the other, or where the CRS brings
    parameters of its own that nobody published.
    """
    return _needs_operation(crs if isinstance(crs, str) else crs.to_wkt())


@lru_cache(maxsize=64)
def _needs_operation(crs: str) -> bool:
    found = parsed(crs)
    if found.is_bound or found.geodetic_crs is None:
        return True
    if found.geodetic_crs.to_2d() == parsed("EPSG:4326"):
        return False
    ways = _ways_to_wgs84(found.geodetic_crs)
    if not ways or any(way.accuracy < 0 for way in ways):
        return True
    places = np.array([way.transform(*_PLACE) for way in ways])
    return not bool((np.ptp(places, axis=0) < _AGREE_DEG).all())


def datum_of(crs: str | CRS) -> str:
    """Name the datum of a CRS and the ways from it: `Indian 1975 (EPSG:1812, EPSG:1304)`."""
    geographic = _unbound(parsed(crs) if isinstance(crs, str) else crs).geodetic_crs
    if geographic is None:
        return "–"
    name = str(geographic.datum.name) if geographic.datum is not None else str(geographic.name)
    known = [code for way in _ways_to_wgs84(geographic) for code in _codes_of(way)]
    return f"{name} ({', '.join(known)})" if known else name


def to_wgs84(crs: str | CRS, operation: str) -> Transformer:
    """Give the way from the datum of a CRS to WGS 84 that has this EPSG code or name."""
    return _to_wgs84(crs if isinstance(crs, str) else crs.to_wkt(), operation)


@lru_cache(maxsize=64)
def _to_wgs84(crs: str, operation: str) -> Transformer:
    geographic = _unbound(parsed(crs)).geodetic_crs
    ways = [] if geographic is None else _ways_to_wgs84(geographic)
    for way in ways:
        if operation in {way.description, *_codes_of(way)}:
            return way
    known = ", ".join(code for way in ways for code in _codes_of(way)) or "–"
    raise GridError(Fault("unknown_datum_operation", found=operation, expected=known))


def shifted_between(
    source: str | CRS, target: str, operation: str | None, *, back: bool = False
) -> Callable[[FloatArray, FloatArray], Pair]:
    """
    Give the way from a CRS to another, over a named datum operation where there is one.

    Parameters
    ----------
    source : str or pyproj.CRS
        CRS of the file.
    target : str
        CRS on WGS 84.
    operation : str or None
        The operation from the datum of `source`; None where none is needed.
    back : bool
        The other way round, from `target` to `source`.

    Returns
    -------
    callable
        Takes x and y, float64 (n,), and gives x and y.
    """
    if operation is None:
        whole = (target, source) if back else (source, target)
        return transformer_between(*whole).transform
    shift = to_wgs84(source, operation)
    base = _unbound(parsed(source) if isinstance(source, str) else source)
    geographic = base.geodetic_crs
    assert geographic is not None
    unprojected = transformer_between(base, geographic.to_2d())
    projected = transformer_between("EPSG:4326", target)

    def forth_way(x: FloatArray, y: FloatArray) -> Pair:
        return projected.transform(*shift.transform(*unprojected.transform(x, y)))

    def back_way(x: FloatArray, y: FloatArray) -> Pair:
        lon, lat = projected.transform(x, y, direction="INVERSE")
        return unprojected.transform(
            *shift.transform(lon, lat, direction="INVERSE"), direction="INVERSE"
        )

    return back_way if back else forth_way


def _unbound(crs: CRS) -> CRS:
    """Give a CRS without the parameters that came with it."""
    return crs.source_crs if crs.is_bound and crs.source_crs is not None else crs


def _ways_to_wgs84(geographic: CRS) -> list[Transformer]:
    with warnings.catch_warnings():
        # Grids of other countries that are not installed are no way here.
        warnings.simplefilter("ignore", UserWarning)
        return list(TransformerGroup(geographic.to_2d(), "EPSG:4326", always_xy=True).transformers)


def _codes_of(transformer: Transformer) -> list[str]:
    """List the authority codes of the shifts in a transformation, as `EPSG:1304`."""
    described = json.loads(transformer.to_json())
    steps = [described, *described.get("steps", [])]
    found = [s["id"] for s in steps if "id" in s and "axis order" not in s["name"].lower()]
    # A datum that is known by its alias only has operations derived from those of the datum.
    return [f"{_DERIVED.sub('', i['authority']).rstrip(')')}:{i['code']}" for i in found]

"""
Numbers of every cell of the study area, packed so that a page can hold them and read them back.

A plane is one code for each cell of the study area. Neighbours are much alike, so what is kept is
how far each code is from what its neighbours to the west, north and north-west lead one to expect,
its low bytes before its high bytes, deflated. A plane of distances costs about one bit a cell.
"""

from __future__ import annotations

import base64
import zlib
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from maemoh_gis.core.types import BoolArray, IntArray

GREATEST_CODE = 4095
"""Codes have twelve bits, so that a difference with its sign still fits two bytes."""

_LEVEL = 6


def pack_mask(study: BoolArray) -> str:
    """Pack which cells, bool (rows, cols), belong to the study area."""
    return _text(np.packbits(study, axis=1).tobytes())


def pack_plane(codes: IntArray, study: BoolArray) -> str:
    """
    Pack one code for each cell of the study area.

    Parameters
    ----------
    codes : int array (cells,)
        Codes from 0 to `GREATEST_CODE`, row after row.
    study : bool array (rows, cols)
        True for the cells they belong to.

    References
    ----------
    The median predictor of LOCO-I: Weinberger, Seroussi and Sapiro 2000, IEEE Transactions on
    Image Processing 9(8), 1309-1324.
    """
    assert codes.max(initial=0) <= GREATEST_CODE, "code too large"
    framed = np.zeros((study.shape[0] + 1, study.shape[1] + 1), dtype=np.int16)
    framed[1:, 1:][study] = codes
    west, north, corner = framed[1:, :-1], framed[:-1, 1:], framed[:-1, :-1]
    least, greatest = np.minimum(west, north), np.maximum(west, north)
    expected = np.clip(west + north - corner, least, greatest)
    off = (framed[1:, 1:] - expected)[study]
    folded = np.where(off >= 0, 2 * off, -2 * off - 1).astype("<u2")
    return _text(folded.view(np.uint8).reshape(-1, 2).T.tobytes())


def _text(content: bytes) -> str:
    return base64.b64encode(zlib.compress(content, _LEVEL)).decode("ascii")

"""Planes of codes read back as the page reads them."""

import base64
import zlib

import numpy as np

from maemoh_gis.core.types import BoolArray, IntArray


def unpack_plane(text: str, study: BoolArray) -> IntArray:
    """Read a plane back, cell by cell."""
    parts = np.frombuffer(zlib.decompress(base64.b64decode(text)), dtype=np.uint8)
    folded = parts.reshape(2, -1)[0].astype(int) + 256 * parts.reshape(2, -1)[1].astype(int)
    offs = iter(np.where(folded % 2 == 0, folded // 2, -(folded + 1) // 2).tolist())
    framed = np.zeros((study.shape[0] + 1, study.shape[1] + 1), dtype=int)
    for row, col in np.argwhere(study):
        west, north, corner = framed[row + 1, col], framed[row, col + 1], framed[row, col]
        expected = min(max(west + north - corner, min(west, north)), max(west, north))
        framed[row + 1, col + 1] = expected + next(offs)
    return np.asarray(framed[1:, 1:][study])

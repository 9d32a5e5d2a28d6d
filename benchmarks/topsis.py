"""TOPSIS against pymcdm without its validation, which would take 96 % of its time."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.comparing import Comparison, Work, close, run

WEIGHTS = np.array([0.2, 0.18, 0.16, 0.14, 0.12, 0.1, 0.06, 0.04])
FALLING = np.array([False, True, False, False, True, False, True, False])


def make(folder: Path, shape: tuple[int, int]) -> None:
    """Make eight criteria of as many alternatives as there are cells, a quarter at size S."""
    count = shape[0] * shape[1] // 4
    values = np.random.default_rng(6).random((8, count), dtype=np.float32) + np.float32(0.1)
    np.save(folder / "values.npy", values)


def ours(folder: Path) -> Work:
    """Time the streaming kernel."""
    from maemoh_gis.suitability.topsis_cells import closeness

    values = np.load(folder / "values.npy")
    closeness(values[:, :2_000], WEIGHTS, FALLING)
    return lambda: {"closeness": closeness(values, WEIGHTS, FALLING)}


def pymcdm(folder: Path) -> Work:
    """Time pymcdm on the same numbers, laid out as it wants them."""
    from pymcdm.methods import TOPSIS
    from pymcdm.normalizations import vector_normalization

    # pymcdm turns falling criteria round while normalising; as the definition has it, they are
    # normalised alike and their ideal is the least. Signs do that.
    def normalised(x: np.ndarray, *, cost: bool = False) -> np.ndarray:
        plain = vector_normalization(x, cost=False)
        return -plain if cost else plain

    matrix = np.ascontiguousarray(np.load(folder / "values.npy").T, dtype=np.float64)
    method = TOPSIS(normalised)
    types = np.where(FALLING, -1, 1)
    method(matrix[:50], WEIGHTS, types, validation=False)
    return lambda: {"closeness": np.float32(method(matrix, WEIGHTS, types, validation=False))}


if __name__ == "__main__":
    run(
        "topsis",
        [Comparison("TOPSIS, 8 criteria", "ours", "pymcdm", "pymcdm",
                    close("closeness", absolute=1e-5), 10.0)],
    )  # fmt: skip

"""Work on bands of rows in threads; results never depend on how rows are divided."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

# Rows one thread works on at a time.
_BAND = 256
_MOST_WORKERS = 8


def in_bands(work: Callable[[int, int], object], length: int, *, band: int = _BAND) -> None:
    """Do work band by band, in as many threads as there are cores."""
    firsts = list(range(0, length, band))
    ends = [min(first + band, length) for first in firsts]
    workers = min(os.cpu_count() or 1, _MOST_WORKERS, len(firsts))
    if workers <= 1:
        for first, end in zip(firsts, ends, strict=True):
            work(first, end)
        return
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(work, firsts, ends))

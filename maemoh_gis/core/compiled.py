"""Loops compiled by numba, kept compiled between runs wherever that can be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba


def kernel(**options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """
    Compile a function of numbers and arrays, which then runs beside other threads.

    Where neither the folder of the package nor one of the user's own can be written, as for a
    service or in a container, it is compiled anew by every process: slower to begin, the same
    result. `NUMBA_CACHE_DIR` names a folder to keep it in.
    """

    def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
        try:
            found: Callable[..., Any] = numba.njit(cache=True, nogil=True, **options)(function)
        except RuntimeError:  # numba's word for having no place to keep it
            found = numba.njit(nogil=True, **options)(function)
        return found

    return compiled

"""How often Python looks for objects that only hold each other."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

# A network of roads is a million objects that live as long as the run or the question; to look
# through all of them at every turn took a quarter of the time. Arrays are freed at once anyway.
_NEW_OBJECTS = 400_000


_lock = threading.Lock()
_usual: list[tuple[int, int, int]] = []
"""Thresholds before the first of those who ask, once for each that lasts."""


@contextmanager
def rarely_collected() -> Iterator[None]:
    """Look for garbage rarely while any of those who ask for it last, and as before afterwards."""
    with _lock:
        _usual.append(_usual[0] if _usual else gc.get_threshold())
        # Whoever never looks for garbage goes on so.
        if 0 < _usual[0][0] < _NEW_OBJECTS:
            gc.set_threshold(_NEW_OBJECTS, *_usual[0][1:])
    try:
        yield
    finally:
        with _lock:
            before = _usual.pop()
            if not _usual:
                gc.set_threshold(*before)

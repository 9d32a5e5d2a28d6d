"""How often Python looks for objects that only hold each other."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

# A network of roads is a million objects that live as long as the run; to look through all of them
# at every turn took a quarter of its time. Arrays are freed at once in any case.
_NEW_OBJECTS = 100_000


@contextmanager
def rarely_collected() -> Iterator[None]:
    """Look for garbage rarely while a run lasts, and as before afterwards."""
    before = gc.get_threshold()
    gc.set_threshold(_NEW_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)

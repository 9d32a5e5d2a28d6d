"""Entries of a store that one process reads again and again, held in its memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Any

from maemoh_gis.cache.entry import Pieces

# Criteria and limits of two uses over the province at 100 m are some 490 MB.
USUAL_BYTES = 512 << 20


class Memory:
    """Entries up to a size; what was used longest ago goes first."""

    def __init__(self, most_bytes: int = USUAL_BYTES) -> None:
        self.most_bytes = most_bytes
        self._held: OrderedDict[str, Pieces] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def __reduce__(self) -> tuple[Any, ...]:
        """Go to another process with nothing held."""
        return Memory, (self.most_bytes,)

    def get(self, name: str) -> Pieces | None:
        """Give the entry of a name; None where it is not held."""
        with self._lock:
            if name in self._held:
                self._held.move_to_end(name)
            return self._held.get(name)

    def hold(self, name: str, entry: Pieces) -> None:
        """Hold an entry, if it alone is not too large."""
        size = _bytes_of(entry)
        with self._lock:
            if name in self._held or size > self.most_bytes:
                return
            self._held[name] = entry
            self._bytes += size
            while self._bytes > self.most_bytes:
                _, gone = self._held.popitem(last=False)
                self._bytes -= _bytes_of(gone)


def _bytes_of(entry: Pieces) -> int:
    return sum(piece.nbytes for piece in entry)

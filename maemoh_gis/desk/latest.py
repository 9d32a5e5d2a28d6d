"""Work that is asked for faster than it is done: only the newest asking counts."""

from __future__ import annotations

import threading
from collections.abc import Callable

Show = Callable[[], None]


class Latest:
    """
    Does one thing at a time beside whoever asks.

    `do` gives what shows its outcome, which is called unless somebody has asked again meanwhile.
    """

    def __init__(self, do: Callable[[], Show]) -> None:
        self._do = do
        self._lock = threading.Lock()
        self._asked = 0
        self._at_work = False

    def ask(self) -> None:
        """Ask for the thing to be done as things stand now."""
        with self._lock:
            self._asked += 1
            if self._at_work:
                return
            self._at_work = True
        threading.Thread(target=self._work, daemon=True).start()

    def _work(self) -> None:
        while True:
            with self._lock:
                number = self._asked
            try:
                show = self._do()
            except BaseException:
                with self._lock:
                    self._at_work = False
                raise
            with self._lock:
                newest = number == self._asked
                if newest:
                    self._at_work = False
            if newest:
                show()
                return

"""Where notes of solvers go."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_OUT, _ERRORS = 1, 2
_ONE_AT_A_TIME = threading.Lock()
"""Two blocks at once would each put back what the other had set."""


@contextmanager
def notes_beside_answers() -> Iterator[None]:
    """
    Send what a compiled solver writes to standard output to standard error instead.

    HiGHS writes a line now and then whatever it is told; between the lines of `--json` it would
    spoil the answer. Python does not see such writes, so the descriptor itself is turned.
    """
    with _ONE_AT_A_TIME:
        try:
            sys.stdout.flush()
            out = os.dup(_OUT)
        except (AttributeError, OSError, ValueError):
            # No standard output, so nothing to keep clean.
            yield
            return
        try:
            os.dup2(_ERRORS, _OUT)
            yield
        finally:
            os.dup2(out, _OUT)
            os.close(out)

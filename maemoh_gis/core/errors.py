"""
What can go wrong, said so that the reader can mend it.

A *fault* is one defect: where it is, what was found, what was expected and the remedy. Checks
gather every fault they can find before they stop; an error carries all of them. The words live in
the message catalogues, so a fault holds only a code and values and is put into words at the edge.

    MaeMohError
    ├── FormatError   (ValueError)  a file that breaks its own format: YAML, catalog, scenario
    ├── LayerError    (ValueError)  a layer that is missing, damaged or not what the catalog says
    ├── GridError     (ValueError)  mixed grids, a CRS that is not in metres
    ├── RunError      (RuntimeError) a run that cannot start or a run folder that cannot be read
    └── FileError     (OSError)     a file that cannot be opened or written
"""

from __future__ import annotations

from collections.abc import Iterable

from maemoh_gis.core.faults import Fault


class MaeMohError(Exception):
    """Base of every error this package raises on purpose."""

    def __init__(self, faults: Fault | Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = (faults,) if isinstance(faults, Fault) else tuple(faults)
        super().__init__(self.faults)

    def __str__(self) -> str:
        from maemoh_gis.core.messages import describe

        return "\n".join(describe(fault, "en") for fault in self.faults)


class FormatError(MaeMohError, ValueError):
    """A file breaks its own format."""


class LayerError(MaeMohError, ValueError):
    """A layer is missing, damaged or not what the catalog says."""


class GridError(MaeMohError, ValueError):
    """Two grids were mixed, or a CRS is not in metres."""


class RunError(MaeMohError, RuntimeError):
    """A run cannot start, or its folder cannot be read."""


class FileError(MaeMohError, OSError):
    """A file cannot be opened or written."""


def raise_if_blocked(faults: Iterable[Fault], error: type[MaeMohError]) -> None:
    """Raise `error` with all faults if any of them blocks."""
    found = tuple(faults)
    if any(fault.blocks for fault in found):
        raise error(found)

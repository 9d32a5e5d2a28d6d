"""
What a rail container yard asks of the land beside the line, and the rectangles that follow.

    line ──────●──────  middle of the siding
        offset │
         ┌─────┴─────┐  tracks: as long as the siding, at least three tracks wide
         ├───────────┤
         │   yard    │  length x width, the tracks inside its first metres
         ├───────────┤
         │ expansion │  kept free for growth
         └───────────┘
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from maemoh_gis.core.types import FloatArray


@dataclass(frozen=True)
class Chords:
    """Straight pieces laid along the line, one for each position, float64 arrays."""

    middle: FloatArray
    """Middle of the chord, (n, 2), metres."""
    along: FloatArray
    """Unit vector the way chainage grows, (n, 2)."""
    stray_m: FloatArray
    """Most the line strays from the chord, (n,), metres; infinite where the line is too short."""

    def take(self, which: FloatArray | slice | np.ndarray) -> Chords:
        """Give some of the positions."""
        return Chords(self.middle[which], self.along[which], self.stray_m[which])


def beside(
    chords: Chords, sides: np.ndarray, length_m: float, near_m: float, far_m: float
) -> FloatArray:
    """
    Lay rectangles beside the line.

    Parameters
    ----------
    chords : Chords
        Positions.
    sides : int array (n,)
        +1 left, -1 right of the line.
    length_m : float
        Length along the chord.
    near_m, far_m : float
        Distances from the chord to the near and the far edge.

    Returns
    -------
    rectangles : float64 array (n, 6)
        Centre x, y, unit vector of the long side x, y, half length, half width, in metres.
    """
    across = np.column_stack([-chords.along[:, 1], chords.along[:, 0]]) * sides[:, np.newaxis]
    centre = chords.middle + across * (near_m + far_m) / 2
    half = np.tile([length_m / 2, (far_m - near_m) / 2], (len(sides), 1))
    return np.ascontiguousarray(np.hstack([centre, chords.along, half]))


def polygons_of(rectangles: FloatArray) -> np.ndarray:
    """Draw rectangles (n, 6), as `beside` lays them; corners exact to the last bit."""
    centre, along, half = rectangles[:, :2], rectangles[:, 2:4], rectangles[:, 4:]
    u = along * half[:, :1]
    v = np.column_stack([-along[:, 1], along[:, 0]]) * half[:, 1:]
    corners = np.stack(
        [centre - u - v, centre + u - v, centre + u + v, centre - u + v, centre - u - v], axis=1
    )
    return np.asarray(shapely.polygons(corners), dtype=object)

"""
Sites: contiguous pieces of land that are large, wide and compact enough, grown best first.

A site grows from the best neighbourhood outward, taking the best land next and staying round rather
than stringy. It grows by whole circles of the least width, so it is that wide everywhere, and cells
touch by edges. Land is taken at full resolution; what is too small, too narrow or too stringy is
never called a site.
"""

from __future__ import annotations

from dataclasses import dataclass

from maemoh_gis.core.types import BoolArray, IntArray
from maemoh_gis.sites.available_land import AvailableLand, Ground, LandLeft, Piece, SiteNeeds
from maemoh_gis.sites.cells import SiteCells, numbered_cells

__all__ = ["LandLeft", "SiteNeeds", "Sites", "sites_on"]


@dataclass(frozen=True)
class Sites:
    """The sites of one use."""

    cells: SiteCells
    """Their cells by number."""
    left: LandLeft
    """Where land was lost before anything was grown."""
    refused: int
    """Pieces grown and given up because they were not compact enough or fell apart."""

    @property
    def label(self) -> IntArray:
        """Number of the site, int32 (rows, cols); 0 where there is none."""
        return self.cells.label

    @property
    def filled(self) -> BoolArray:
        """Which cells of sites are filled holes, bool (rows, cols)."""
        return self.cells.filled


def sites_on(ground: Ground) -> Sites:
    """Grow sites best first on land that is read when it is needed."""
    land, needs = AvailableLand(ground), ground.needs
    pieces: list[Piece] = []
    while len(pieces) < needs.count and (piece := land.best_piece()) is not None:
        land.take(piece, needs.spacing_cells)
        pieces.append(piece)
    cells = numbered_cells(pieces, land.shape, land.hole_places())
    return Sites(cells, land.left, land.refused)

"""What a comparison of finished runs found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from maemoh_gis.comparison.alerts import Indicator
from maemoh_gis.comparison.land import Overlap
from maemoh_gis.comparison.land_pass import UseLand
from maemoh_gis.comparison.land_use import LandTake
from maemoh_gis.comparison.pieces import Piece
from maemoh_gis.comparison.runs import ComparedRun, Difference
from maemoh_gis.comparison.zones import Zones
from maemoh_gis.core.grid import Grid
from maemoh_gis.core.messages import LANGUAGES, Text, same
from maemoh_gis.core.types import FloatArray
from maemoh_gis.layers.catalog import Catalog

GOOD_SCORE = 0.6
"""Land at this score or above is good, unless the reader fixes another. ASSUMPTION."""


@dataclass(frozen=True)
class Effect:
    """What one cause moves alone, in words."""

    cause: Text
    use: str | None
    """Use whose land it moves; None for what is of no use, as figures."""
    moved: Text
    places: Text
    """Where; a dash for what has no place."""


@dataclass(frozen=True)
class Why:
    """Why a run differs from the first, as whoever was asked worked it out."""

    first: Text
    """One sentence."""
    most: Text | None
    """The cause that moves most land; None where none moves any."""
    effects: Sequence[Effect]
    """In the order of the land they move."""
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]
    """The full table."""


@dataclass(frozen=True)
class UseComparison:
    """What the runs say about one use."""

    land: UseLand
    pieces: Sequence[Piece]
    """Sites and yards of all runs."""
    payoffs: FloatArray
    """What each piece brings in each run, float array (pieces, runs), NaN unknown."""
    elsewhere: Mapping[str, FloatArray]
    """What its sites would bring to every other use, float array (sites, runs) by use."""
    site_overlaps: Mapping[tuple[int, int], Overlap]
    """Sites of each pair of runs, in cells."""


@dataclass(frozen=True)
class Comparison:
    """Everything a comparison found."""

    runs: tuple[ComparedRun, ...]
    """The runs, the one to compare with first."""
    groups: Mapping[str, Sequence[int]]
    """Numbers of the runs that weigh alike, by viewpoint."""
    differences: Sequence[Difference]
    """In what the runs differ from the first."""
    at_least: float
    """Land at this score or above is good."""
    indicators: Sequence[Indicator]
    catalog: Catalog
    zones: Zones
    uses: Mapping[str, UseComparison]
    takings: Mapping[int, Mapping[str, Mapping[str, tuple[LandTake, ...]]]]
    """What sites stand on: by run, use and level; see `takings_of`."""
    folder: Path
    """Where the comparison will stand when it is whole."""
    whys: Sequence[Why | None] = ()
    """Why each run but the first differs from it; None where nobody was asked."""

    @property
    def grid(self) -> Grid:
        """The grid all runs stand on."""
        return self.runs[0].grid

    @cached_property
    def names(self) -> tuple[Text, ...]:
        """Name every run by its title; runs of one title stand apart by their folder."""
        titles = [{code: str(run.record["title"][code]) for code in LANGUAGES} for run in self.runs]
        return tuple(
            {code: f"{title[code]} ({run.label})" for code in LANGUAGES}
            if titles.count(title) > 1
            else title
            for run, title in zip(self.runs, titles, strict=True)
        )

    def group_title(self, name: str) -> Text:
        """Name a group by its viewpoint; groups of one viewpoint keep their number."""
        number = self.groups[name][0]
        run = self.runs[number]
        titles = run.record["resolved"]["viewpoints"][run.viewpoint].get("title")
        titled = titles or same(run.viewpoint)
        apart = name.removeprefix(run.viewpoint)
        return {code: titled[code] + apart for code in LANGUAGES}

    def use_title(self, use: str) -> Text:
        """Name a use."""
        titles = self.runs[self.uses[use].land.runs[0]].record["resolved"]["uses"][use]["title"]
        return {code: str(titles[code]) for code in LANGUAGES}

    def group_of(self, number: int) -> str:
        """Name the group of a run."""
        return next(name for name, members in self.groups.items() if number in members)

    def together(self, use: str) -> dict[str, list[int]]:
        """List the runs that weigh alike and hold a use, where there are at least two."""
        held = self.uses[use].land.runs
        inside = {name: [n for n in held if n in members] for name, members in self.groups.items()}
        return {name: members for name, members in inside.items() if len(members) > 1}

"""What a yard needs of the ground beside the line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from maemoh_gis.core.errors import FormatError, raise_if_blocked
from maemoh_gis.core.faults import Fault


@dataclass(frozen=True)
class YardNeeds:
    """What a container yard asks for; every number is declared, none is hidden in the search."""

    # 1,000 x 250 m is 156 rai. ASSUMPTION: a train pair a day works about 35 rai; with roads,
    # freight station, customs, queue and growth at least 100 rai, better 150. Chiang Khong: 150.
    length_m: float = 1000.0
    """Length of the yard along the line."""
    width_m: float = 250.0
    """Width of the yard across the line, tracks included."""
    # 27 two-TEU wagons of about 14 m and locomotives make 400-420 m (ASSUMPTION), and unit trains
    # must not be split (ESCAP): at least 500 m clear, better 650, 1,000 in reserve.
    sidings_m: tuple[float, ...] = (500.0, 650.0, 1000.0)
    """Clear lengths of siding, shortest first: the first is required, the others are looked for."""
    # ESCAP: load, unload, and one to release the locomotive.
    least_tracks: int = 3
    """Tracks side by side over the whole siding."""
    track_spacing_m: float = 5.0
    """Width of one track. ASSUMPTION: the State Railway's own standard was not found."""
    offset_m: float = 10.0
    """From the centre line of the railway to the near edge. ASSUMPTION: leaves a second track."""
    # Agreement on Dry Ports (B.E. 2556), Annex II: room to expand. The width is an ASSUMPTION.
    expansion_m: float = 100.0
    """Width of the strip beyond the yard that should be free."""
    straight_tolerance_m: float = 5.0
    """Most the line may stray from the chord of the required siding; less than the offset."""
    # Crossing a road on the level is what a yard lead must not do: each declared class counts.
    road_classes: tuple[str, ...] = ("motorway", "trunk", "primary", "secondary", "tertiary")
    """Classes of road that must not cross the yard, its tracks or the land between them and the
    line."""
    # Yards: 1 in 400 (2.5 per mille) at most, about 1 in 1,000 recommended (AREMA-type practice;
    # US Army TI 850-02: 2 to 3 for standing tracks).
    greatest_grade_permille: float = 2.5
    """Steepest mean grade of the line over the siding."""
    full_score_grade_permille: float = 1.0
    """Grade up to which the grade scores 1; it falls to 0 at the steepest."""
    step_m: float = 10.0
    """Step along the line from one position tried to the next."""
    cell_m: float = 10.0
    """Cell on which the land beneath is tested; coarser land is read by its nearest cell."""

    def __post_init__(self) -> None:
        """Refuse needs that contradict themselves, all at once."""
        raise_if_blocked(self._faults(), FormatError)

    @property
    def tracks_width_m(self) -> float:
        """Width of the tracks side by side."""
        return self.least_tracks * self.track_spacing_m

    @property
    def taken_m(self) -> float:
        """Length of line a place takes: the yard, or its required siding if that is longer."""
        return max(self.length_m, self.sidings_m[0])

    def _faults(self) -> Iterator[Fault]:
        sizes = ("length_m", "width_m", "track_spacing_m", "offset_m", "step_m", "cell_m")
        for name in (*sizes, "greatest_grade_permille"):
            if not getattr(self, name) > 0:
                yield Fault("not_above_zero", key=name, found=str(getattr(self, name)))
        if not self.sidings_m or list(self.sidings_m) != sorted(set(self.sidings_m)):
            yield Fault(
                "sidings_not_rising",
                key="sidings_m",
                found=", ".join(f"{siding:g}" for siding in self.sidings_m),
            )
        if self.least_tracks * self.track_spacing_m > self.width_m:
            yield Fault("yard_too_narrow", key="width_m", found=f"{self.width_m:g}",
                        expected=f"{self.tracks_width_m:g}",
                        values={"tracks": self.least_tracks})  # fmt: skip
        if self.straight_tolerance_m >= self.offset_m:
            yield Fault("tolerance_reaches_yard", key="straight_tolerance_m",
                        found=f"{self.straight_tolerance_m:g}",
                        expected=f"{self.offset_m:g}")  # fmt: skip
        if self.full_score_grade_permille >= self.greatest_grade_permille:
            yield Fault("grades_not_rising", key="full_score_grade_permille",
                        found=f"{self.full_score_grade_permille:g}",
                        expected=f"{self.greatest_grade_permille:g}")  # fmt: skip

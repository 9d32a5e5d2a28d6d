"""What a scenario may say about a rail yard: where to look for it and what it must fit."""

from __future__ import annotations

from typing import Annotated, Any

import pydantic

from maemoh_gis.core.errors import FormatError
from maemoh_gis.documents.schema import Name, Strict, custom_error, error_of
from maemoh_gis.scenario.settings.parts import Positive
from maemoh_gis.scenario.settings.yard_needs import YardNeeds

_NOT_NEEDS = frozenset(
    {
        "railway",
        "heights",
        "heights_error_m",
        "line_accuracy_m",
        "roads",
        "stations",
        "tracks",
        "own_bed",
        "basis",
    }
)


class OwnBed(Strict):
    """How a yard may stand on a bed of its own, made by moving earth."""

    heights: Name
    """Raster of heights in metres, best a stack; its accuracy `rmse_m` says how sure they are."""
    surveyed_within_m: Positive = 0.5
    """Standard error of heights up to which cubic metres are told; coarser ones give a class."""
    most_permille: Positive = 2.5
    """Steepest the bed may be along the yard."""
    most_earth_m: Annotated[float, pydantic.Field(ge=0)] = 0
    """Most earth moved, as mean depth over the yard, for which the grade of the line no longer
    turns a place down; 0 leaves the grade of the line to decide."""
    light_m: Positive = 0.5
    """Mean depth of earth up to which earthworks are light."""
    heavy_m: Positive = 2.0
    """Mean depth beyond which they are heavy."""
    thb_per_m3: Positive | None = None
    """Price of moving a cubic metre, given by the user; without it no baht is told."""
    basis: str
    """Source of these numbers, or ASSUMPTION with the reason."""

    @pydantic.model_validator(mode="after")
    def _classes_rise(self) -> OwnBed:
        if self.light_m >= self.heavy_m:
            raise custom_error("wrong_value", expected=f"light_m < {self.heavy_m:g}")
        return self


class Yard(Strict):
    """A rectangle beside the railway, tried at every step along it and on both sides."""

    railway: Name
    """Lines that join into one railway."""
    heights: Name | None = None
    """Table of heights along it: columns lon, lat, height_m."""
    heights_error_m: Positive | None = None
    """Standard error of one height."""
    line_accuracy_m: Positive | None = None
    """How far the drawn line may be from the real one."""
    roads: Name | None = None
    """Roads with a column `class`."""
    stations: Name | None = None
    """Stations, to name what a yard is near."""
    tracks: Name | None = None
    """Tracks by `kind` and station, told of each station and read by no test; may be absent."""
    length_m: Positive
    """Length of the yard along the line."""
    width_m: Positive
    """Width across the line, tracks included."""
    sidings_m: Annotated[list[float], pydantic.Field(min_length=1)]
    """Clear lengths of siding, shortest first: the first is required, the others looked for."""
    least_tracks: Annotated[int, pydantic.Field(ge=1)]
    """Tracks side by side over the whole siding."""
    track_spacing_m: Positive
    """Width of one track."""
    offset_m: Positive
    """From the centre line of the railway to the near edge."""
    expansion_m: Annotated[float, pydantic.Field(ge=0)]
    """Width of the strip beyond the yard that should be free."""
    straight_tolerance_m: Positive
    """Most the line may stray from straight over the siding."""
    road_classes: list[str]
    """Classes of road that must not cross."""
    greatest_grade_permille: Positive
    """Steepest mean grade of the line over the siding."""
    full_score_grade_permille: Positive
    """Grade up to which the grade scores 1."""
    own_bed: OwnBed | None = None
    """Whether and how a yard may stand on earth that is moved; nothing is told of it without."""
    basis: str
    """Source of these numbers, or ASSUMPTION with the reason."""

    @pydantic.model_validator(mode="after")
    def _numbers_agree(self) -> Yard:
        try:
            self.needs()
        except FormatError as error:
            raise error_of(error.faults[0]) from error
        return self

    def needs(self) -> YardNeeds:
        """Give the numbers the search works with."""
        numbers: dict[str, Any] = self.model_dump(exclude=set(_NOT_NEEDS))
        numbers |= {name: tuple(numbers[name]) for name in ("sidings_m", "road_classes")}
        return YardNeeds(**numbers)

    def layers(self) -> tuple[str, ...]:
        """List the layers the search reads."""
        bed = self.deciding_bed
        ground = None if bed is None else bed.heights
        named = (self.railway, self.heights, self.roads, self.stations, ground)
        return tuple(name for name in named if name is not None)

    @property
    def deciding_bed(self) -> OwnBed | None:
        """Give the bed where it has a say in which places fit."""
        return self.own_bed if self.own_bed and self.own_bed.most_earth_m > 0 else None

    @property
    def decides(self) -> dict[str, Any]:
        """Give what decides which places fit, as plain data."""
        left_out = {"basis", "tracks"} | (set() if self.deciding_bed else {"own_bed"})
        return self.model_dump(exclude=left_out)

    def layers_if_there(self) -> tuple[str, ...]:
        """List the layers that are told where the catalog has them."""
        return () if self.tracks is None else (self.tracks,)

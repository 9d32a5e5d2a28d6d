"""What a scenario may say about exposure: whom and what land a use touches, and what it needs."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated

import pydantic

from maemoh_gis.documents.schema import Name, Strict, Words, custom_error
from maemoh_gis.scenario.settings.parts import Positive, Selection, Share, only_one
from maemoh_gis.scenario.settings.phase_out import Coefficient


class Estimate(Strict):
    """How far one estimate of where people live is believed."""

    central: Share
    """Share of the people it places in the central figure; those of all estimates sum to one."""
    most: Annotated[float, pydantic.Field(gt=0, le=1)] = 1.0
    """Greatest share of the people that it may be right for; low and high rest on it."""

    @pydantic.model_validator(mode="after")
    def _within(self) -> Estimate:
        if self.central > self.most:
            raise custom_error("central_above_most", found=self.central, expected=self.most)
        return self


class HomesShown(Estimate, Selection):
    """A layer that shows homes: points, lines, polygons, or classes of a raster."""

    classes: list[Name] = []
    """Classes of a raster that are homes."""
    may_be_absent: bool = False
    """Whether the catalog may lack it; where people live is then known less well."""


class NotHomes(Strict):
    """Land that holds no homes as a rule: classes of a raster, or its values above a number."""

    layer: Name
    """Raster."""
    classes: list[Name] | None = None
    """Classes without homes."""
    above: float | None = None
    """In the unit of the layer."""
    may_be_absent: bool = False
    """Whether the catalog may lack it; nothing is left out then."""

    @pydantic.model_validator(mode="after")
    def _one(self) -> NotHomes:
        only_one(self, ("classes", "above"))
        return self


class Evenly(Estimate):
    """People put evenly over the land of their subdistrict."""

    not_on: list[NotHomes] = []
    """Land that is left out, in each subdistrict where other land remains."""


EVENLY = "evenly"
"""Name of the estimate that shows no homes."""


class UseFigures(Strict):
    """What a rai of a use needs and gives; what is left out is not known."""

    jobs_per_rai: Coefficient | None = None
    """Lasting jobs gained."""
    water_m3_per_rai_day: Coefficient | None = None
    """Water a rai of its productive land needs in a day."""
    productive_share: Coefficient | None = None
    """Share of its land that is productive; all of it by default."""


class Exposure(Strict):
    """The layers exposure is told from."""

    radii_m: Annotated[list[Positive], pydantic.Field(min_length=1)]
    """Distances from a site within which people are counted."""
    subdistricts: Name
    """Polygons with a column `code`."""
    population: Name
    """Table of people by `code` of subdistrict; a subdistrict without a row is not counted."""
    homes: dict[Name, HomesShown] = {}
    """Layers that show homes, each an estimate of where the people of a subdistrict live."""
    evenly: Evenly
    """The estimate that shows no homes at all."""
    land_use: Name
    """Categorical raster that says where farm land is."""
    farms: Annotated[list[Name], pydantic.Field(min_length=1)]
    """Its classes that are farm land."""
    plant: Selection
    """The plant whose jobs are at stake; they are told of the subdistrict it stands in."""
    air_stations: Selection
    """Stations that measure PM2.5."""
    uses: dict[Name, UseFigures] = {}
    """Jobs and water by use."""
    titles: Words
    """The layer that would be needed to count households without title."""
    schools: Words = Words(
        th="ตำแหน่งโรงเรียนและถนนที่รถบรรทุกใช้", en="Places of schools and the roads lorries take"
    )
    """The layers that would be needed to count lorries on roads past schools."""
    basis: str
    """Source of these numbers, or ASSUMPTION with the reason."""

    @pydantic.model_validator(mode="after")
    def _whole(self) -> Exposure:
        total = sum(one.central for one in self.estimates().values())
        if not math.isclose(total, 1.0, abs_tol=1e-6):
            raise custom_error("shares_of_estimates", found=f"{total:g}", expected="1")
        return self

    def estimates(self) -> dict[str, Estimate]:
        """Give the estimates of where people live by name, the even one last."""
        return {**self.homes, EVENLY: self.evenly}

    def of_homes(self) -> Iterator[HomesShown | NotHomes]:
        """List what is read to say where people live."""
        yield from self.homes.values()
        yield from self.evenly.not_on

    def layers(self) -> tuple[str, ...]:
        """List the layers it is told from, each once, but those that may be absent."""
        homes = (one.layer for one in self.of_homes() if not one.may_be_absent)
        named = (self.subdistricts, self.population, *homes, self.land_use, self.plant.layer,
                 self.air_stations.layer)  # fmt: skip
        return tuple(dict.fromkeys(named))

    def of_people(self) -> tuple[str, ...]:
        """List the layers that count people and place them, each once, but may-be-absent ones."""
        homes = (one.layer for one in self.of_homes() if not one.may_be_absent)
        return tuple(dict.fromkeys((self.subdistricts, self.population, *homes)))

    def layers_if_there(self) -> tuple[str, ...]:
        """List the layers it reads where the catalog has them, each once."""
        return tuple(dict.fromkeys(one.layer for one in self.of_homes() if one.may_be_absent))

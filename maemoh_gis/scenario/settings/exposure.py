"""What a scenario may say about exposure: whom and what land a use touches, and what it needs."""

from __future__ import annotations

from typing import Annotated

import pydantic

from maemoh_gis.documents.schema import Name, Strict, Words
from maemoh_gis.scenario.settings.parts import Positive, Selection
from maemoh_gis.scenario.settings.phase_out import Coefficient


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
    land_use: Name
    """Categorical raster that says where in a subdistrict homes and farm land are."""
    homes: Annotated[list[Name], pydantic.Field(min_length=1)]
    """Its classes that are homes."""
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

    def layers(self) -> tuple[str, ...]:
        """List the layers it is told from, each once."""
        named = (self.subdistricts, self.population, self.land_use, self.plant.layer,
                 self.air_stations.layer)  # fmt: skip
        return tuple(dict.fromkeys(named))

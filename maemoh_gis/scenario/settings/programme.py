"""What a scenario may say about a programme over the years: prices, years of works, discount."""

from __future__ import annotations

from typing import Annotated

import pydantic

from maemoh_gis.documents.schema import Name, Strict, YearBE, custom_error
from maemoh_gis.scenario.settings.parts import Positive, Share
from maemoh_gis.scenario.settings.phase_out import Coefficient


class Programme(Strict):
    """Which parcel gets which use in which year, as far as papers and money allow."""

    first_year: YearBE
    """First year of the programme."""
    last_year: YearBE
    """Last year that counts."""
    estate_use: Name
    """Use whose land tenants occupy."""
    yard_use: Name
    """Use that must be begun before or with it."""
    m_thb_per_rai: dict[Name, Coefficient]
    """Works a rai, million THB of constant value, by use."""
    yard_rai: Positive
    """Land of a yard that is laid out."""
    works_years: Annotated[int, pydantic.Field(ge=1, le=20)]
    """Years over which a yard is paid."""
    discount: Share
    """What a year later counts less."""
    basis: str
    """Source of these numbers, or ASSUMPTION with the reason."""

    @pydantic.model_validator(mode="after")
    def _in_order(self) -> Programme:
        if self.first_year > self.last_year:
            written = f"{self.first_year}, {self.last_year}"
            raise custom_error("range_out_of_order", written=written)
        return self

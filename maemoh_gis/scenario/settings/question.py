"""What a scenario may ask of the law and of people without deciding it: open questions."""

from __future__ import annotations

from typing import Annotated

import pydantic

from maemoh_gis.documents.schema import Name, Strict, Words, custom_error
from maemoh_gis.scenario.settings.parts import Positive, Selection


class Question(Strict):
    """
    A legal question that no layer and no text at hand settles.

    It removes no land and is never checked: what is told is how far land lies from what it turns
    on, in bands, whom to ask and who is concerned. A scenario that takes an answer as given states
    a limit.
    """

    title: Words
    """Name for people."""
    asks: Words
    """The question itself."""
    basis: Words
    """The ruling, law or decision it comes from, and what is not known of it."""
    ask: Words
    """Whom to ask."""
    concerns: Words
    """Whom it concerns."""
    distance_to: Annotated[list[Selection], pydantic.Field(min_length=1)]
    """Features the distance is told from, the nearest of all."""
    bands_m: Annotated[list[Positive], pydantic.Field(min_length=1)]
    """Upper ends of the bands of distance, rising; land beyond the last is a band of its own."""
    bands_basis: str
    """Where the bands come from, or ASSUMPTION with the reason."""
    villages: Name | None = None
    """Table of the villages concerned: name_th, name_en, households_of_all, moved, lon, lat."""
    uses: list[Name] | None = None
    """Uses it is asked of; all by default."""

    @pydantic.model_validator(mode="after")
    def _rising(self) -> Question:
        if any(b <= a for a, b in zip(self.bands_m, self.bands_m[1:], strict=False)):
            raise custom_error(
                "bands_not_rising", written=", ".join(f"{m:g}" for m in self.bands_m)
            )
        return self

    def band_of(self, metres: float) -> tuple[float, float | None]:
        """Give the band a distance lies in: above the one end, up to the other, None for no end."""
        ends = [0.0, *self.bands_m]
        for low, high in zip(ends, self.bands_m, strict=False):
            if metres <= high:
                return low, high
        return ends[-1], None

    def bands(self) -> list[tuple[float, float | None]]:
        """List all bands, the nearest first."""
        ends = [0.0, *self.bands_m]
        return list(zip(ends, [*self.bands_m, None], strict=True))

    def layers(self) -> tuple[str, ...]:
        """List the layers it is told from, each once."""
        named = [one.layer for one in self.distance_to]
        return tuple(dict.fromkeys([*named, *([self.villages] if self.villages else [])]))

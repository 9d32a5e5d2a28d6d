"""The estate of a run: how it fills, and what that needs and sends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from maemoh_gis.estate.outputs import estate_on_record, write_estate
from maemoh_gis.presentation.feature import Feature

if TYPE_CHECKING:
    from maemoh_gis.engine.results import Results


def _on_record(results: Results) -> dict[str, Any]:
    return {"estate": estate_on_record(results)}


FEATURE = Feature(write=write_estate, record={42: _on_record})

"""Indicators of a comparison and the declared values at which they call for attention."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.documents.schema import nearest

Side = Literal["above", "below", "beyond"]


@dataclass(frozen=True)
class Indicator:
    """One figure of a run that is watched."""

    id: str
    unit: str
    """percent, share (0 to 1), tau, or count."""
    side: Side
    """The side of the threshold that calls: above it, below it, or beyond it up or down."""
    threshold: float
    """ASSUMPTION of this project for every indicator; `--alert` declares another."""


# Every threshold is an ASSUMPTION: no published rule says how much two scenarios may differ.
INDICATORS = (
    Indicator("open_change", "percent", "beyond", 10.0),
    Indicator("good_change", "percent", "beyond", 10.0),
    Indicator("good_overlap", "share", "below", 0.8),
    Indicator("site_overlap", "share", "below", 0.5),
    Indicator("tau", "tau", "below", 0.8),
    Indicator("good_not_sure", "share", "above", 0.5),
    Indicator("unknown_land", "share", "above", 0.05),
    Indicator("farm_share", "share", "above", 0.3),
    Indicator("unscored_weight", "share", "above", 0.2),
    Indicator("laws_not_checked", "count", "above", 0.0),
    Indicator("layers_changed", "count", "above", 0.0),
)


@dataclass(frozen=True)
class Reading:
    """An indicator as a comparison found it."""

    indicator: Indicator
    value: float
    """NaN where it cannot be told."""

    @property
    def alert(self) -> bool | None:
        """True where the value calls for attention; None where it is unknown."""
        if math.isnan(self.value):
            return None
        bound = self.indicator.threshold
        if self.indicator.side == "above":
            return self.value > bound
        if self.indicator.side == "below":
            return self.value < bound
        return abs(self.value) > bound


def declared(thresholds: Mapping[str, float]) -> tuple[Indicator, ...]:
    """Give the indicators with thresholds of the reader's own."""
    known = [indicator.id for indicator in INDICATORS]
    all_of_them = ", ".join(known)
    faults = [
        Fault("unknown_indicator", key=id, found=id, expected=nearest(id, known) or all_of_them)
        for id in thresholds
        if id not in known
    ]
    faults += [
        Fault("bad_alert", key=id, found=str(value), expected="good_overlap=0.8")
        for id, value in thresholds.items()
        if not math.isfinite(value)
    ]
    if faults:
        raise RunError(faults)
    return tuple(
        Indicator(one.id, one.unit, one.side, thresholds.get(one.id, one.threshold))
        for one in INDICATORS
    )


def change_percent(before: float, after: float) -> float:
    """Give a change in percent of what was there before; NaN where there was nothing and now is."""
    if before == 0:
        return 0.0 if after == 0 else float("nan")
    return 100.0 * (after - before) / before


def share(part: float, whole: float) -> float:
    """Give a part of a whole from 0 to 1; NaN where the whole is nothing."""
    return part / whole if whole else float("nan")

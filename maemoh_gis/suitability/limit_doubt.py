"""Land a limit takes by a reading that is within its error of the limit, counted as strips pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from maemoh_gis.engine.results import STUDY
from maemoh_gis.engine.stages import Stage, StageContext
from maemoh_gis.suitability.measure_stages import numbers_stage

if TYPE_CHECKING:
    from maemoh_gis.core.types import IntArray
    from maemoh_gis.scenario.settings.limit import Limit
    from maemoh_gis.scenario.settings.scenario import Scenario

PREFIX = "tallied:within_error:"


class _Doubtful(NamedTuple):
    """A limit whose readings have a stated error."""

    id: str
    outcome: str
    bit: int
    """Its bit in the cells that limits of its outcome take."""
    limit: Limit

    @property
    def readings(self) -> Stage:
        """Give the stage that reads what it tests."""
        assert self.limit.layer is not None
        return numbers_stage(self.limit.layer)

    @property
    def params(self) -> dict[str, Any]:
        """Say what decides which cells it counts."""
        told = self.limit.model_dump(include={"test", "plus_minus", "plus_minus_share"})
        return {"outcome": self.outcome, "bit": self.bit, **told}


def doubt_tallies(scenario: Scenario) -> list[Stage]:
    """Give the stages that count, by use, the cells taken by readings within their error."""
    return [_tally(use, found) for use in scenario.uses if (found := [*_doubtful(scenario, use)])]


def within_error(scenario: Scenario, use: str, counts: Mapping[str, IntArray]) -> dict[str, int]:
    """Give the cells a limit takes by a reading that its error may put on the other side."""
    ids = [one.id for one in _doubtful(scenario, use)]
    return dict(zip(ids, counts[f"{PREFIX}{use}"].tolist(), strict=True)) if ids else {}


def _doubtful(scenario: Scenario, use: str) -> Iterator[_Doubtful]:
    for outcome in ("removed", "conditional"):
        tested = {
            id: limit
            for id, limit in scenario.limits_of(use).items()
            if limit.outcome == outcome and limit.test
        }
        for bit, (id, limit) in enumerate(tested.items()):
            if limit.has_error:
                yield _Doubtful(id, outcome, bit, limit)


def _tally(use: str, doubtful: list[_Doubtful]) -> Stage:
    def run(_: StageContext, inputs: Mapping[str, Any]) -> IntArray:
        study, state = inputs[STUDY], inputs[f"state:{use}"]
        found = []
        for one in doubtful:
            bits = getattr(state, f"{one.outcome}_by")
            taken = study & ((bits >> np.uint32(one.bit)) & np.uint32(1)).astype(bool)
            found.append(int(one.limit.unsure(inputs[one.readings.id][taken]).sum()))
        return np.array(found, dtype=np.int64)

    inputs = (STUDY, f"state:{use}", *dict.fromkeys(one.readings.id for one in doubtful))
    params = {one.id: one.params for one in doubtful}
    return Stage(f"{PREFIX}{use}", run, "local", inputs, params=params)

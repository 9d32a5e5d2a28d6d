"""Whether a limit is checked, partly or not: on how much land it is known whether it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from maemoh_gis.scenario.settings.limit import Limit
    from maemoh_gis.scenario.settings.scenario import Scenario
    from maemoh_gis.suitability.known_land import Coverage

Status = Literal["checked", "partly", "not_checked"]
STATUSES: tuple[Status, ...] = get_args(Status)


@dataclass(frozen=True)
class LimitStatus:
    """On how much land a limit in force was checked."""

    id: str
    limit: Limit
    coverage: Coverage

    @property
    def status(self) -> Status:
        """Whether it is known on the whole study area."""
        return status_of(self.limit, self.coverage.known, self.coverage.cells)


def status_of(limit: Limit, known: int, cells: int) -> Status:
    """Say whether a limit is known on all cells of some land, not on all, or not tested at all."""
    if limit.test is None:
        return "not_checked"
    return "checked" if 0 < cells == known else "partly"


def limit_statuses(
    scenario: Scenario, coverage: Mapping[str, Coverage], use: str | None = None
) -> list[LimitStatus]:
    """Say of every limit in force on how much land it was checked."""
    uses = [use] if use else list(scenario.uses)
    in_force = {id for one in uses for id in scenario.limits_of(one)}
    return [
        LimitStatus(id, limit, coverage[id])
        for id, limit in scenario.limits.items()
        if id in in_force
    ]


def legal(statuses: Sequence[LimitStatus]) -> list[LimitStatus]:
    """Keep the limits that stand on law."""
    return [status for status in statuses if status.limit.ground == "law"]

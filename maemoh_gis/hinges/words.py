"""What is said of the switches: what the verdict hinges on, first of all."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from maemoh_gis.core.messages import Text, both, joined
from maemoh_gis.hinges.worlds import World, moved_in, of_size

if TYPE_CHECKING:
    from maemoh_gis.estate.growth import Level
    from maemoh_gis.hinges.study import Study, Told

_MOST_NAMED = 6
"""Sets of switches named in a sentence; all stand in the table."""
MILLION = 1e6


def findings(study: Study) -> list[Text]:
    """Say what the verdict hinges on: where it stands, what alone and what together turns it."""
    return [
        _stands(study),
        *_hinge(study),
        _money(study),
        *([_untold(study)] if study.switches.untold else []),
    ]


State = Literal["yes", "not_low", "high_only", "no"]


def state_id(by_level: Mapping[Level, bool]) -> State:
    """Say whether something holds at central prices and boxes, and at which end it turns."""
    if by_level["central"]:
        return "yes" if by_level["low"] else "not_low"
    return "high_only" if by_level["high"] else "no"


def state_of(by_level: Mapping[Level, bool]) -> Text:
    """Say in words what `state_id` says."""
    return both(f"switches.state.{state_id(by_level)}")


def named(study: Study, world: World) -> Text:
    """Name a world by the switches that stand otherwise than in the scenario."""
    moved = moved_in(world, study.settings)
    if not moved:
        return both("switches.as_it_stands")
    return joined([setting_words(study, id, one) for id, one in moved.items()], " + ")


def setting_words(study: Study, id: str, setting: str) -> Text:
    """Name a switch and how it stands."""
    switch = study.switches.by[id]
    return joined([switch.title.both(), switch.settings[setting].title.both()], ": ")


def step_title(study: Study, told: Told) -> Text:
    """Name the step that a world asks for."""
    estate = study.resolved.scenario.estate
    assert estate is not None
    return estate.steps[told.step].title.both()


def _stands(study: Study) -> Text:
    base = study.base
    id = "switches.fill" if base.carried["central"] else "switches.fill_not"
    return both(
        id, step=step_title(study, base), year=study.switches.year, range=state_of(base.carried)
    )


def _hinge(study: Study) -> list[Text]:
    """Name what alone turns whether trains fill, and the pairs, or the fewest that do."""
    settings = study.settings
    alone, pairs = (of_size(study.least, settings, size) for size in (1, 2))
    said = [_listed(study, alone, "alone")]
    said.append(_listed(study, pairs, "pairs"))
    if study.least and not alone and not pairs:
        fewest = len(moved_in(study.least[0], settings))
        said.append(_listed(study, of_size(study.least, settings, fewest), "more"))
    return said


def _listed(study: Study, worlds: Sequence[World], kind: str) -> Text:
    if not worlds:
        return both(f"switches.sets.{kind}_none")
    told = joined([named(study, world) for world in worlds[:_MOST_NAMED]], "; ")
    left = len(worlds) - _MOST_NAMED
    if left > 0:
        return both(f"switches.sets.{kind}_left", sets=told, left=left)
    return both(f"switches.sets.{kind}", sets=told)


def _money(study: Study) -> Text:
    """Say whether what senders save pays for a yard in any world, or where it comes nearest."""
    priced = {w: told for w, told in study.worlds.items() if told.pays is not None}
    if not any(told.brought for told in priced.values()):
        return both("switches.no_cost")
    if study.base.pays is not None and study.base.pays["central"]:
        return _listed(study, study.least_paying, "pays_until")
    if study.least_paying:
        return _listed(study, study.least_paying, "pays_with")
    nearest = max(priced, key=lambda world: share_paid(priced[world]))
    percent = f"{100 * share_paid(priced[nearest]):.0f}"
    return both("switches.pays_never", nearest=named(study, nearest), percent=percent)


def share_paid(told: Told) -> float:
    """Give what senders save as a share of what the yard costs, central; 0 without a yard."""
    if not told.brought or not told.carried["central"]:
        return 0.0
    one = told.brought["central"]
    return one.thb_saved / one.fixed_thb if one.fixed_thb else math.inf


def _untold(study: Study) -> Text:
    titles = joined([one.title.both() for one in study.switches.untold.values()], ", ")
    return both("switches.untold_first", titles=titles)

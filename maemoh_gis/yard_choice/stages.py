"""The stages that gather the places that compete for the yard, and compare them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.core.messages import LANGUAGES, Language
from maemoh_gis.engine.stages import Stage, StageContext
from maemoh_gis.exposure.population import PEOPLE
from maemoh_gis.freight.result import STAGE as FREIGHT
from maemoh_gis.freight.stages import saved_by_case
from maemoh_gis.scenario.settings.choice import INDICATORS
from maemoh_gis.suitability.limits import State
from maemoh_gis.yard_choice.choose import Choice, Indicator, Known, choose
from maemoh_gis.yards.candidates import CandidatePlace, Ground, contestants

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from maemoh_gis.core.types import FloatArray
    from maemoh_gis.scenario.settings.choice import YardChoice
    from maemoh_gis.scenario.settings.scenario import Scenario
    from maemoh_gis.suitability.measure_stages import Inputs

Range = tuple[float, float, float]
"""Least, likely and greatest; NaN where not known."""
CHOICE = "choice"
"""Id of the stage that compares the places."""
_NOTHING: Range = (0.0, 0.0, 0.0)
_UNKNOWN: Range = (float("nan"), float("nan"), float("nan"))


@dataclass(frozen=True)
class YardComparison:
    """The places that compete for the yard and how they compare."""

    contestants: tuple[CandidatePlace, ...]
    known: Known
    """Their indicators, in the order of `INDICATORS`."""
    choice: Choice | None
    """None where no place competes."""


def choice_stages(scenario: Scenario) -> list[Stage]:
    """Gather the places that compete for a yard, and compare them."""
    asked = scenario.choice
    if asked is None:
        return []

    def compare(_: StageContext, inputs: Inputs) -> YardComparison:
        report = inputs.get(FREIGHT)
        saved = {} if report is None else saved_by_case(report.indicators)
        return contest(asked, inputs["contestants"], saved)

    params = {"indicators": {name: i.model_dump() for name, i in asked.indicators.items()}}
    sources = ("contestants",) if scenario.freight is None else ("contestants", FREIGHT)
    choice = Stage(CHOICE, compare, "global", sources, params=params, whole=True)
    return [_contestants_stage(asked, scenario), _PLACES, choice]


def _standing(_: StageContext, inputs: Inputs) -> list[CandidatePlace]:
    """Leave of each place what freight asks of it; how good its land is changes no flow."""
    nothing: dict[Language, str] = dict.fromkeys(LANGUAGES, "")
    return [
        replace(
            one, title=nothing, rectangle=None, land_score=_NOTHING, homes_rai=0.0, fits_near=0,
            stretches_near=0, at_station=False,
            to_settle=tuple(question for question in one.to_settle if question == "off_rail"),
        )
        for one in inputs["contestants"]
    ]  # fmt: skip


_PLACES = Stage("places", _standing, "global", ("contestants",))


def _contestants_stage(asked: YardChoice, scenario: Scenario) -> Stage:
    use = asked.use
    land, yard = scenario.uses[use].land, scenario.uses[use].yard
    stations = None if yard is None else yard.stations
    states = [State.ALLOWED, State.CONDITIONAL] if land.conditional else [State.ALLOWED]

    def gather(context: StageContext, inputs: Inputs) -> list[CandidatePlace]:
        ground = Ground(
            context.grid,
            inputs[f"score:{use}"],
            np.isin(np.asarray(inputs[f"state:{use}"].state), states),
            inputs[f"yards:{use}"].fits,
            inputs[f"yards:{use}"].stretches,
            context.layers,
            inputs.get(PEOPLE),
            None if stations is None else context.layers.features(stations, context.grid.crs),
        )
        return contestants(asked, ground, scenario.year)

    params: dict[str, Any] = {
        "choice": asked.model_dump(exclude={"basis", "indicators", "capacity", "yards"}),
        "conditional": land.conditional,
        "year": scenario.year,
        "stations": stations,
    }
    people = () if scenario.exposure is None else (PEOPLE,)
    inputs = (f"score:{use}", f"state:{use}", f"yards:{use}", *people)
    layers = tuple(dict.fromkeys([*asked.layers(), *([] if stations is None else [stations])]))
    return Stage("contestants", gather, "global", inputs, layers=layers, params=params)


def contest(
    asked: YardChoice, found: Sequence[CandidatePlace], saved_thb: Mapping[str, Sequence[float]]
) -> YardComparison:
    """
    Compare places by the indicators of a scenario.

    `saved_thb` is what a yard at a place saves a year in each case of prices and demand, the
    central case first and the same cases for all; unknown where absent. A place without a railway
    saves nothing by rail. Where people near a place are not all counted, they have no upper end.
    """
    rows = [
        (
            place.land_score,
            _NOTHING if "off_rail" in place.to_settle else _range_of(saved_thb.get(place.id)),
            _people_of(place),
            (float(len(place.to_settle)),) * 3,
        )
        for place in found
    ]
    table = np.array(rows, dtype=np.float64).reshape(-1, len(INDICATORS), 3)
    known = Known(table[..., 0], table[..., 1], table[..., 2], _by_case(found, saved_thb))
    total = sum(indicator.weight for indicator in asked.indicators.values())
    indicators = [
        Indicator(name, asked.indicators[name].value.shape(),
                  asked.indicators[name].weight / total,
                  less_is_better=asked.indicators[name].less_is_better)
        for name in INDICATORS
    ]  # fmt: skip
    eligible = np.array([place.eligible for place in found])
    names = [place.id for place in found]
    choice = choose(known, indicators, eligible, names) if found else None
    return YardComparison(tuple(found), known, choice)


def _range_of(saved: Sequence[float] | None) -> Range:
    """Give least, central and greatest of some cases, the central one first."""
    return _UNKNOWN if saved is None else (min(saved), saved[0], max(saved))


def _by_case(
    found: Sequence[CandidatePlace], saved_thb: Mapping[str, Sequence[float]]
) -> dict[str, FloatArray]:
    """Lay out what each place saves in each case; prices and demand are the same for all."""
    cases = max((len(saved) for saved in saved_thb.values()), default=0)
    if cases == 0:
        return {}
    table = np.full((len(found), cases), np.nan)
    for row, place in enumerate(found):
        if "off_rail" in place.to_settle:
            table[row] = 0.0
        elif place.id in saved_thb:
            table[row] = saved_thb[place.id]
    return {"saved_thb": table}


def _people_of(place: CandidatePlace) -> Range:
    """Give the people around a place that the counts allow; likely only where they settle it."""
    least, most = place.people_between
    return least, least if least == most else float("nan"), most

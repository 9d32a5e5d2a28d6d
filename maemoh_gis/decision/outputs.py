"""Files of what is decided next: the steps to a yard, prices of boxes, the sweep, the gates."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maemoh_gis.core.messages import Text, both, joined, same
from maemoh_gis.decision.answers import answers
from maemoh_gis.decision.assumed import behind_gate, behind_steps, counted, of_gates
from maemoh_gis.decision.gates import Passed, state_words
from maemoh_gis.decision.ladder import WORLDS, Ladder, Trigger, sweep_rows
from maemoh_gis.decision.land_right import right_words
from maemoh_gis.decision.leads import leads_to
from maemoh_gis.decision.result import gates_of, ladder_of
from maemoh_gis.decision.words import findings, first_words, in_short, unpriced
from maemoh_gis.files import write_csv
from maemoh_gis.freight.estate import EstatePrice
from maemoh_gis.presentation.words import rounded

if TYPE_CHECKING:
    from maemoh_gis.engine.results import Results
    from maemoh_gis.freight.result import FreightReport
    from maemoh_gis.scenario.settings.estate import Estate
    from maemoh_gis.scenario.settings.scenario import Scenario

LADDER, PRICES = "ladder.csv", "estate_prices.csv"
SWEEP, GATES_TABLE = "estate_sweep.csv", "gates.csv"
LADDER_COLUMNS = (
    "step", "title_th", "title_en", "needs_th", "needs_en", "pairs_a_week", "years_in_a_row",
    "teu_low", "teu_central", "teu_high", "teu_per_rai", "rai", "take_up_rai_a_year",
    "first_year_be", "reached_now_in", "reached_full_in", "confidence",
)  # fmt: skip
PRICE_COLUMNS = (
    "case", "box_class", "direction", "gateway", "gateway_th", "gateway_en", "teu_full_central",
    "road_thb_teu", "yard", "yard_th", "yard_en", "yard_thb_teu", "rival", "rival_th", "rival_en",
    "rival_thb_teu", "cheapest", "even_lorry_factor", "even_loaded_back_share", "confidence",
)  # fmt: skip
SWEEP_COLUMNS = (
    "planned_rai", "take_up_rai_a_year", "teu_per_rai", "occupied_rai", "teu", "full_in_be",
    "pairs_a_week", "step_if_all_by_rail", "step_favours_road", "step_central",
    "step_favours_rail", "confidence",
)  # fmt: skip
GATE_COLUMNS = (
    "use", "use_th", "use_en", "gate", "gate_th", "gate_en", "state", "state_th", "state_en",
    "paper_th", "paper_en", "office_th", "office_en", "earliest_be", "committed", "asked",
    "why_th", "why_en", "elsewhere", "numbers_assumed", "numbers",
)  # fmt: skip


def steps_told(results: Results) -> list[Text]:
    """Say in two sentences which step a run finds, and what turns it; none without an estate."""
    found = ladder_of(results)
    return [] if found is None else first_words(results.resolved.scenario, *found)


def write_decision(results: Results, folder: Path) -> dict[str, str]:
    """Write the steps, prices, sweep and gates of a run, as far as its scenario has them."""
    scenario = results.resolved.scenario
    tables: dict[str, tuple[tuple[str, ...], list[tuple[object, ...]]]] = {}
    if (found := ladder_of(results)) is not None:
        estate = scenario.estate
        assert estate is not None
        steps, report = found
        tables[LADDER] = LADDER_COLUMNS, list(_step_rows(estate, steps))
        tables[PRICES] = PRICE_COLUMNS, list(_price_rows(report))
        rows = sweep_rows(estate, steps.rail_share)
        if rows:
            tables[SWEEP] = SWEEP_COLUMNS, [(*row, "ASSUMPTION") for row in rows]
    if scenario.gates:
        tables[GATES_TABLE] = GATE_COLUMNS, [_gate_row(scenario, one) for one in gates_of(results)]
    return {
        name: write_csv(folder / name, columns, rows, for_excel=True)
        for name, (columns, rows) in tables.items()
    }


def decision_on_record(results: Results) -> dict[str, Any]:
    """Say what the record of a run holds of steps and gates; None where there are none."""
    return {
        "leads_to": leads_to(results),
        "answers": [one._asdict() for one in answers(results)],
        "ladder": _ladder_on_record(results),
        "gates": _gates_on_record(results) or None,
        "assumed": _assumed_on_record(results),
    }


def _assumed_on_record(results: Results) -> dict[str, Any]:
    """Count of each verdict the assumptions it rests on, and of how many numbers."""
    scenario = results.resolved.scenario
    steps = behind_steps(results) if ladder_of(results) is not None else []
    gates = of_gates(scenario, gates_of(results))
    told = {"steps": steps, "gates": gates, "answer": [*steps, *gates]}
    return {name: list(counted(trust)) for name, trust in told.items() if trust}


def _ladder_on_record(results: Results) -> dict[str, Any] | None:
    found = ladder_of(results)
    if found is None:
        return None
    scenario, (steps, report) = results.resolved.scenario, found
    behind = counted(behind_steps(results))
    return {
        "findings": findings(scenario, steps, report, behind),
        "unpriced": unpriced(scenario, steps, report),
        "in_short": in_short(scenario, steps, report),
        "now": dict(steps.now),
        "full": dict(steps.full),
        "if_every_box_went_by_rail": dict(steps.by_boxes),
        "share_by_rail": {level: rounded(one) for level, one in steps.rail_share.items()},
        "numbers_assumed": list(behind),
    }


def _gates_on_record(results: Results) -> dict[str, Any]:
    """Give the state of each gate by use, and those that only suppositions pass."""
    told: dict[str, Any] = {}
    for one in gates_of(results):
        title = results.resolved.scenario.gates[one.use].title.both()
        of_use = told.setdefault(one.use, {"title": title, "supposed": []})
        of_use[one.gate] = one.state
        if one.right is not None and one.right.supposed:
            of_use["supposed"].append(one.gate)
    return told


def _step_rows(estate: Estate, found: Ladder) -> Iterator[tuple[object, ...]]:
    """Give a row for each step and each rate and pace tried; steps without trains have one."""
    triggers = {one.step: one for one in found.triggers}
    for id, step in estate.steps.items():
        about = (id, *step.title.both().values(), *step.needs.both().values(),
                 step.pairs_a_week, step.years)  # fmt: skip
        state = (_worlds(found.now, id), _worlds(found.full, id))
        one = triggers.get(id)
        if one is None:
            yield (*about, *[""] * 7, *state, estate.trains.teu_a_train.confidence)
            continue
        teu = tuple(rounded(n) for n in (one.teu.low, one.teu.central, one.teu.high))
        for rate, pace, year in _tried(one):
            yield (*about, *teu, rate, rounded(one.rai[rate]), pace, year, *state, "ASSUMPTION")


def _tried(trigger: Trigger) -> Iterator[tuple[float, float, object]]:
    for (rate, pace), year in trigger.years.items():
        yield rate, pace, "" if year is None else year


def _worlds(steps: Mapping[Any, str], id: str) -> str:
    """List the worlds in which a step is the one reached."""
    return " ".join(WORLDS[level] for level, step in steps.items() if step == id)


def _price_rows(report: FreightReport) -> Iterator[tuple[object, ...]]:
    assert report.estate is not None
    for one in report.estate.prices:
        yield (
            one.case, one.box, one.direction, *_named(one.gateway, report), rounded(one.teu),
            _thb(one.road_thb), *_named(one.yard, report), _thb(one.yard_thb),
            *_named(one.rival, report), _thb(one.rival_thb), cheapest(one),
            *(_cell(n) for n in (one.even_lorry_factor, one.even_loaded_back)), "ASSUMPTION",
        )  # fmt: skip


def cheapest(price: EstatePrice) -> str:
    """Name the cheapest way: `road`, `yard` or `rival`."""
    ways = {"road": price.road_thb, "yard": price.yard_thb, "rival": price.rival_thb}
    known = {way: thb for way, thb in ways.items() if not math.isnan(thb)}
    return min(known, key=lambda way: known[way], default="")


def _named(key: str, report: FreightReport) -> tuple[str, str, str]:
    name = report.names.get(key, {})
    return key, name.get("th", ""), name.get("en", "")


def _thb(value: float) -> object:
    return "" if math.isnan(value) else round(value)


def _cell(value: float) -> object:
    return "" if math.isnan(value) else round(value, 3)


def _gate_row(scenario: Scenario, one: Passed) -> tuple[object, ...]:
    committed = ("", "") if one.committed is None else tuple(rounded(n) for n in one.committed)
    paper, office, earliest, why = _asked(scenario, one)
    behind = behind_gate(scenario, one)
    return (
        one.use, *scenario.gates[one.use].title.both().values(), one.gate,
        *both(f"gate.{one.gate}").values(), one.state, *state_words(one).values(),
        *paper.values(), *office.values(), earliest or "", *committed, *why.values(),
        one.elsewhere or "", *(counted(behind) if behind else ("", "")),
    )  # fmt: skip


def _asked(scenario: Scenario, one: Passed) -> tuple[Text, Text, int | None, Text]:
    """Give paper, office, earliest year and reason of a gate: the register's where it tells."""
    about, right = one.about, one.right
    stated = (about.paper.both(), about.office.both())
    if right is None:
        return *stated, about.earliest, same("") if about.why is None else about.why.both()
    elsewhere = both("gate.right_elsewhere", paper=stated[0], office=stated[1])
    why = joined([right_words(right, scenario.year), elsewhere], " ")
    if not right.papers:
        return *stated, right.earliest, why
    papers = joined([both(f"zone.need.{need}") for need in right.papers])
    # Of several offices the one the next paper comes from is asked first.
    return papers, both(f"zone.office.{right.papers[0]}"), right.earliest, why

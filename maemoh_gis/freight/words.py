"""What freight means for a yard, in sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from maemoh_gis.core.messages import Text, both, joined

if TYPE_CHECKING:
    from maemoh_gis.freight.result import FreightReport
    from maemoh_gis.freight.yard_worth import YardCase

_NEARLY = 0.95
"""Share of the greatest saving from which on prices so uncertain tell no two yards apart."""


def findings(report: FreightReport) -> list[Text]:
    """Say in a few sentences what freight means for a yard."""
    now = report.flows["", "central"]
    heavy = next(one for one in report.break_even if (one.box, one.case) == ("heavy_20", "central"))
    said = [_verdict_words(report)] if report.indicators else []
    if report.best is not None:
        case = report.indicators[report.best].at("central", "favours_rail")
        said.append(both("freight.best", **_best_values(report, case)))
        if like := _like_the_best(report):
            said.append(both("freight.best_like", names=_listed(report, like)))
    # Of a verdict that hangs on the rivals its first sentence tells this already.
    if report.alone is not None and _hinges(report) is None:
        case = report.alone.at("central", "favours_rail")
        verdict = both(f"freight.alone_{_yes_or_no(case)}")
        said.append(both("freight.alone", **_best_values(report, case), verdict=verdict))
    one_way, balanced = _km(heavy.one_way_km), _km(heavy.balanced_km)
    said.append(both("freight.break_even", one_way=one_way, balanced=balanced))
    said.append(both("freight.unknown", n=now.unknown_flows, m=len(now.world.flows),
                     left=len(report.left_out)))  # fmt: skip
    said += _gap_words(report)
    if report.unreached:
        said.append(both("freight.unreached", names=_listed(report, report.unreached)))
    return said


def _verdict_words(report: FreightReport) -> Text:
    """Say whether a yard is justified; of a "no" also on which assumptions it hangs."""
    verdict, hinges = _verdict(report), _hinges(report)
    if verdict == "no" and hinges is not None:
        return both("freight.verdict_no_if", **hinges)
    return both(f"freight.verdict_{verdict}")


def _hinges(report: FreightReport) -> dict[str, object] | None:
    """Tell both sides of the two assumptions a "no" hangs on; None where they are not made."""
    alone, loaded, best = report.alone, report.loaded_alone, report.best
    if alone is None or loaded is None or best is None or _verdict(report) != "no":
        return None
    beside = report.indicators[best].at("central", "favours_rail")
    cases = {
        "empty": alone.at("central", "central"),
        "full": loaded.at("central", "central"),
        "beside": beside,
        "alone": alone.at("central", "favours_rail"),
    }
    values: dict[str, object] = {n: f"{one.thb_saved / 1e6:,.1f}" for n, one in cases.items()}
    for n in ("full", "alone"):
        values[f"{n}_fixed"] = f"{cases[n].fixed_thb / 1e6:,.1f}"
        values[f"{n}_verdict"] = both(f"freight.hinge_{_yes_or_no(cases[n])}")
    return {**values, "name": report.name_of(best)}


def _like_the_best(report: FreightReport) -> list[str]:
    """List the other places that save nearly as much as the best where prices favour rail."""
    found = report.indicators
    saved = {id: one.at("central", "favours_rail").thb_saved for id, one in found.items()}
    least = _NEARLY * max(saved.values())
    return [id for id, thb in saved.items() if id != report.best and thb >= least]


def _gap_words(report: FreightReport) -> Iterator[Text]:
    """Name the yards whose figures rest on drives for which the layer must lack a road."""
    of_yard = {id: len(report.gap_senders(id)) for id in report.indicators}
    gaps = {id: count for id, count in of_yard.items() if count}
    if gaps:
        total = len(report.senders)
        yards = [both("freight.gap_yard", name=_called(report, id), n=count, m=total)
                 for id, count in gaps.items()]  # fmt: skip
        yield both("freight.gaps", yards=joined(yards))


def _listed(report: FreightReport, ids: Sequence[str]) -> Text:
    return joined([_called(report, id) for id in ids])


def _called(report: FreightReport, id: str) -> Text:
    """Name a place, by its id where it has no name."""
    return {language: name or id for language, name in report.name_of(id).items()}


def headline(report: FreightReport) -> list[Text]:
    """Say in few words whether freight justifies a yard."""
    return [both(f"freight.headline_{_verdict(report)}")] if report.indicators else []


def _best_values(report: FreightReport, case: YardCase) -> dict[str, object]:
    assert report.best is not None
    return {
        "name": report.name_of(report.best),
        "teu": f"{case.teu:,.0f}",
        "saved": f"{case.thb_saved / 1e6:,.1f}",
        "fixed": f"{case.fixed_thb / 1e6:,.1f}",
        "needed": f"{case.teu_to_justify:,.0f}"
        if math.isfinite(case.teu_to_justify)
        else both("freight.never"),
    }


def _yes_or_no(case: YardCase) -> str:
    return "yes" if case.justified else "no"


def _verdict(report: FreightReport) -> str:
    verdicts = {one.justified for one in report.indicators.values()}
    if verdicts == {"no"}:
        return "no"
    return "yes" if "yes" in verdicts else "unknown"


def _km(value: float) -> object:
    return f"{value:,.0f}" if math.isfinite(value) else both("freight.never")

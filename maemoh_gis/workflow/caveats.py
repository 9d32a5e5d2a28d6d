"""What every result must say first: which laws were checked, what is modelled, what it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from maemoh_gis.formats import Words
from maemoh_gis.language import LANGUAGES, text
from maemoh_gis.layers.catalog import Catalog
from maemoh_gis.scenarios.limit_model import Limit
from maemoh_gis.scenarios.model import Scenario
from maemoh_gis.scenarios.network_model import Network
from maemoh_gis.scenarios.question_model import Question

Status = Literal["checked", "partly", "not_checked"]


@dataclass(frozen=True)
class LimitStatus:
    """Whether a limit in force was checked."""

    id: str
    limit: Limit
    status: Status
    """`partly` where the layer may miss features, so land it spares is not proven free."""


def limit_statuses(
    scenario: Scenario, catalog: Catalog, use: str | None = None
) -> list[LimitStatus]:
    """
    Say of every limit in force whether it was checked.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    catalog : Catalog
        The layers it was run with.
    use : str, optional
        Only the limits of one use.

    Returns
    -------
    list of LimitStatus
        In the order of the scenario.
    """
    uses = [use] if use else list(scenario.uses)
    in_force = {id: limit for u in uses for id, limit in scenario.limits_of(u).items()}
    return [
        LimitStatus(id, limit, _status(limit, catalog))
        for id, limit in scenario.limits.items()
        if id in in_force
    ]


def _status(limit: Limit, catalog: Catalog) -> Status:
    if limit.layer is None:
        return "not_checked"
    return "partly" if catalog[limit.layer].complete_within == "none" else "checked"


def legal(statuses: Sequence[LimitStatus]) -> list[LimitStatus]:
    """Keep the limits that stand on law."""
    return [status for status in statuses if status.limit.ground == "law"]


def checked_line(statuses: Sequence[LimitStatus]) -> Words:
    """Write "n of m legal limits checked" and name the rest, in both languages."""
    law = legal(statuses)
    by_status = {s: [x for x in law if x.status == s] for s in ("checked", "partly", "not_checked")}
    sentences = {}
    for language in LANGUAGES:
        parts = [
            text("caveat.checked", language, n=len(by_status["checked"]), m=len(law)),
            *(
                text(f"caveat.{status}", language, names=_names(by_status[status], language))
                for status in ("partly", "not_checked")
                if by_status[status]
            ),
        ]
        sentences[language] = " ".join(parts)
    return Words(**sentences)


def caveats(scenario: Scenario, catalog: Catalog) -> list[Words]:
    """
    List what every map, table and report opens with.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    catalog : Catalog
        The layers it was run with.

    Returns
    -------
    list of Words
        Screening only; the limits checked; open legal questions; unscored criteria by use; what
        travel minutes rest on; the caution of every layer the results rest on that is modelled,
        assumed or of low confidence.
    """
    lines = [
        _both("caveat.screening"),
        checked_line(limit_statuses(scenario, catalog)),
        *(_question_line(question) for question in scenario.questions.values()),
    ]
    for id, use in scenario.uses.items():
        weights = scenario.weights(id)
        unscored = [c for c, criterion in use.criteria.items() if criterion.measure is None]
        if unscored:
            share = sum(weights[c] for c in unscored)
            lines.append(
                Words(
                    **{
                        language: text(
                            "caveat.unscored",
                            language,
                            use=use.title[language],
                            names=_list([use.criteria[c].title[language] for c in unscored]),
                            percent=f"{100 * share:.0f}",
                        )
                        for language in LANGUAGES
                    }
                )
            )
    lines += [_minutes_line(network) for network in scenario.networks.values() if network.walk_kph]
    freight = scenario.freight.layers().values() if scenario.freight else ()
    for id in dict.fromkeys([*layers_used(scenario), *freight]):
        layer = catalog[id]
        if layer.modelled or layer.confidence in {"L", "ASSUMPTION"}:
            nature = f"nature.{layer.nature}"
            lines.append(
                Words(
                    **{
                        language: text(
                            "caveat.layer",
                            language,
                            title=layer.title[language],
                            nature=text(nature, language),
                            caution=layer.caution[language],
                        )
                        for language in LANGUAGES
                    }
                )
            )
    return lines


def layers_used(scenario: Scenario) -> list[str]:
    """List the layers that limits and criteria rest on, each once, in the order of the scenario."""
    used = [limit.layer for limit in scenario.limits.values() if limit.layer]
    used += [scenario.timeline.layer] if scenario.timeline else []
    for use in scenario.uses.values():
        for measure in (c.measure for c in use.criteria.values() if c.measure):
            network = scenario.networks.get(measure.minutes or "")
            if measure.access is not None:
                network = scenario.networks[measure.access.network]
                used += measure.access.layers()
            used += network.layers() if network else [measure.layer]
    return list(dict.fromkeys(used))


def confidence_shares(scenario: Scenario, use: str) -> dict[str, float]:
    """
    Say what share of a use's weight rests on which confidence.

    Parameters
    ----------
    scenario : Scenario
        The scenario.
    use : str
        Id of the use.

    Returns
    -------
    dict of str to float
        Shares of H, M, L, ASSUMPTION and `unscored`; they sum to one.
    """
    shares = dict.fromkeys(("H", "M", "L", "ASSUMPTION", "unscored"), 0.0)
    weights = scenario.weights(use)
    for id, criterion in scenario.uses[use].criteria.items():
        shares[criterion.confidence if criterion.measure else "unscored"] += weights[id]
    return shares


def _question_line(question: Question) -> Words:
    """Say of an open question that it is one: nothing is removed for it, and whom to ask."""
    sentences = {
        language: text(
            "caveat.question",
            language,
            title=question.title[language],
            ask=question.ask[language],
        )
        for language in LANGUAGES
    }
    return Words(**sentences)


def _minutes_line(network: Network) -> Words:
    """Say what travel minutes rest on."""
    sentences = {
        language: text(
            "caveat.minutes",
            language,
            title=network.title[language],
            walk=f"{network.walk_kph:g}",
            most=f"{(network.most_walk_m or 0) / 1000:g}",
            confidence=text(f"confidence.{network.confidence}", language),
        )
        for language in LANGUAGES
    }
    return Words(**sentences)


def _both(id: str) -> Words:
    return Words(th=text(id, "th"), en=text(id, "en"))


def _names(statuses: Sequence[LimitStatus], language: str) -> str:
    return _list([status.limit.title[language] for status in statuses])


def _list(names: Sequence[str]) -> str:
    return "; ".join(names)

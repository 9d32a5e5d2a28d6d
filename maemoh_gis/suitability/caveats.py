"""What every result must say first: which laws were checked, what is modelled, what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from maemoh_gis.core.messages import LANGUAGES, Language, Text, both, text
from maemoh_gis.scenario.layers_named import layers_named
from maemoh_gis.suitability.limit_status import STATUSES, LimitStatus, legal, limit_statuses

if TYPE_CHECKING:
    from maemoh_gis.documents.schema import Words
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.layers.entries import Layer
    from maemoh_gis.scenario.settings.criterion import Criterion
    from maemoh_gis.scenario.settings.measure import Measure
    from maemoh_gis.scenario.settings.network import Network
    from maemoh_gis.scenario.settings.question import Question
    from maemoh_gis.scenario.settings.scenario import Scenario
    from maemoh_gis.suitability.known_land import KnownLand, ScoredLand

CONFIDENCES = ("H", "M", "L", "ASSUMPTION")
"""Confidences of criteria, the best first."""
NATURES = ("observed", "published", "indicative", "modelled", "assumed")
"""Natures of layers, the surest first."""
_NAMED = 3
UNSCORED, UNKNOWN = "unscored", "unknown"
"""The share of the weight that is not scored, by confidence and by nature."""


def checked_line(
    scenario: Scenario, catalog: Catalog, known: KnownLand, use: str | None = None
) -> Text:
    """Write on how few of all there are the answer rests, and on how much land laws are checked."""
    law = legal(limit_statuses(scenario, known.coverage(), use))
    by_status = {s: [x for x in law if x.status == s] for s in STATUSES}
    few = [one for id in layers_used(scenario, use) for one in catalog[id].known]
    sentences: dict[Language, str] = {}
    for language in LANGUAGES:
        parts = [_rests_on(catalog, layers_used(scenario, use), language)] if few else []
        count = "caveat.checked" if by_status["checked"] else "caveat.none_checked"
        parts.append(text(count, language, n=len(by_status["checked"]), m=len(law)))
        if by_status["partly"]:
            named = _list([_with_share(status, language) for status in by_status["partly"]])
            parts.append(text("caveat.partly", language, names=named))
        if by_status["not_checked"]:
            named = _list([status.limit.title[language] for status in by_status["not_checked"]])
            parts.append(text("caveat.not_checked", language, names=named))
        sentences[language] = " ".join(parts)
    return sentences


def _rests_on(catalog: Catalog, layers: Sequence[str], language: Language) -> str:
    """Name the layers that hold few of all there are."""
    names = [
        text("caveat.known", language, n=one.n, of=f"{one.of:,}", what=one.what[language])
        for id in layers
        for one in catalog[id].known
    ]
    return text("caveat.rests_on", language, names=_list(names))


def _with_share(status: LimitStatus, language: Language) -> str:
    values = {
        "title": status.limit.title[language],
        "percent": percent_of(status.coverage.share),
    }
    whole = [name[language] for name in status.coverage.whole_zones()]
    if not whole:
        return text("caveat.share", language, **values)
    named = _list([*whole[:_NAMED], *(["…"] if len(whole) > _NAMED else [])], ", ")
    return text("caveat.share_whole", language, names=named, **values)


def percent_of(share: float) -> str:
    """Write a share in whole percents: "<1" and ">99" where it is not quite nothing or all."""
    if 0 < share < 0.005:
        return "<1"
    return ">99" if 0.995 <= share < 1 else f"{100 * share:.0f}"


def caveats(
    scenario: Scenario, catalog: Catalog, known: KnownLand, also: Iterable[str] = ()
) -> list[Text]:
    """
    List what every map, table and report opens with.

    Returns
    -------
    list of texts
        Screening only; what few places the answer rests on, and the limits checked; open legal
        questions; unscored criteria by use; what travel minutes rest on; members of stacks that are
        not there; the caution of every layer the results rest on that is modelled, assumed or of
        low confidence.
    """
    lines = [both("caveat.screening"), checked_line(scenario, catalog, known)]
    lines += [_question_line(question) for question in scenario.questions.values()]
    for use in scenario.uses:
        lines += _unscored_lines(scenario, use, known.scored(use))
    lines += [_minutes_line(network) for network in scenario.networks.values() if network.walk_kph]
    told = list(dict.fromkeys([*layers_used(scenario), *also]))
    lines += _absent_lines(catalog, dict.fromkeys([*layers_named(scenario), *told]))
    for id in told:
        layer = catalog[id]
        if layer.modelled or layer.confidence in {"L", "ASSUMPTION"}:
            lines.append(_layer_line(layer))
    return lines


def _absent_lines(catalog: Catalog, ids: Iterable[str]) -> Iterator[Text]:
    """Say which members of stacks are not there, and what is read in their place."""
    for id in ids:
        if id not in catalog.stacks:
            continue
        members, title = catalog.stacks[id], catalog[id].title.both()
        if not members.read:
            yield both("caveat.stack_absent", title=title, members=", ".join(members.absent))
            continue
        taken = both_of(catalog[one].title for one in members.read)
        for one in members.absent:
            yield both("caveat.member_absent", title=title, member=one, taken=taken)


def _layer_line(layer: Layer) -> Text:
    return both(
        "caveat.layer",
        title=layer.title.both(),
        nature=both(f"nature.{layer.nature}"),
        caution=layer.caution.both(),
    )


def _unscored_lines(scenario: Scenario, use: str, scored: ScoredLand) -> list[Text]:
    """Say what share of the weight is not scored on open land, which criteria and why."""
    percent = percent_of(confidence_shares(scenario, use, scored)[UNSCORED])
    if not scored.open_cells or percent == "0":
        return []
    criteria = scenario.uses[use].criteria
    kinds: dict[str, list[Criterion]] = {}
    for id, criterion in criteria.items():
        if (kind := why_unscored(id, criterion, scored)) is not None:
            kinds.setdefault(kind, []).append(criterion)
    sentences: dict[Language, str] = {}
    for language in LANGUAGES:
        title = scenario.uses[use].title[language]
        parts = [text("caveat.unscored", language, use=title, percent=percent)]
        parts += [
            text(
                f"caveat.unscored.{kind}", language, names=_list([c.title[language] for c in found])
            )
            for kind, found in kinds.items()
        ]
        sentences[language] = " ".join(parts)
    return [sentences]


def why_unscored(id: str, criterion: Criterion, scored: ScoredLand) -> str | None:
    """Say why a criterion is not scored on all open land."""
    if criterion.measure is None:
        return "no_layer"
    if not scored.on_open[id]:
        return "removed" if scored.on_study[id] else "nowhere"
    return "in_part" if scored.on_open[id] < scored.open_cells else None


def layers_used(scenario: Scenario, use: str | None = None) -> list[str]:
    """List the layers that limits and criteria rest on."""
    limits = scenario.limits if use is None else scenario.limits_of(use)
    used = [limit.layer for limit in limits.values() if limit.layer]
    used += [scenario.timeline.layer] if scenario.timeline else []
    for definition in [scenario.uses[use]] if use else scenario.uses.values():
        for criterion in definition.criteria.values():
            used += _layers_of(criterion.measure, scenario) if criterion.measure else []
    return list(dict.fromkeys(used))


def _layers_of(measure: Measure, scenario: Scenario) -> list[str]:
    """List the layers a measure rests on."""
    network = scenario.networks.get(measure.of.by_network() or "")
    people = scenario.exposure if measure.of.of_people else None
    return [
        *measure.layers(),
        *(people.of_people() if people else ()),
        *(_zones_read(scenario) if measure.of.of_zones else ()),
        *(_travelled(measure, network) if network else ()),
    ]


def _zones_read(scenario: Scenario) -> Iterator[str]:
    """List the layers zones are drawn by, and the table of what may come after."""
    yield from (zone.layer for zone in scenario.zones.values() if zone.layer is not None)
    if scenario.after_use is not None:
        yield scenario.after_use.layer


def _travelled(measure: Measure, network: Network) -> tuple[str, ...]:
    """List the layers of a network that a measure travels on: all of them, or its roads alone."""
    return network.layers() if measure.of.from_origins else network.roads.layers()


def confidence_shares(scenario: Scenario, use: str, scored: ScoredLand) -> dict[str, float]:
    """Say what share of a use's weight rests on which confidence, on the land that stays open."""
    criteria = scenario.uses[use].criteria
    grades = {id: {str(one.confidence): scored.share(id)} for id, one in criteria.items()}
    return _shares(grades, (*CONFIDENCES, UNSCORED), scenario, use)


def nature_shares(
    scenario: Scenario, catalog: Catalog, use: str, scored: ScoredLand
) -> dict[str, float]:
    """Say what share of a use's weight is observed, modelled, assumed or unknown, on open land."""
    natures = {
        id: criterion_natures(scenario, catalog, use, id, scored)
        for id in scenario.uses[use].criteria
    }
    return _shares(natures, (*NATURES, UNKNOWN), scenario, use)


def criterion_natures(
    scenario: Scenario, catalog: Catalog, use: str, id: str, scored: ScoredLand
) -> dict[str, float]:
    """
    Say on what share of the open land the score of a criterion is observed, modelled and so on.

    What it reads at the cell off a stack is of the nature of the member read there; else it is what
    the least sure of its layers is. The rest of the land is not scored and stands under none.
    """
    measure = scenario.uses[use].criteria[id].measure
    layers = _layers_of(measure, scenario) if measure else []
    if counts := scored.by_member.get(id):
        shares = dict.fromkeys(NATURES, 0.0)
        for one, cells in zip(catalog.read_from(layers[0]), counts, strict=False):
            shares[catalog[one].nature] += cells / scored.open_cells
        return {nature: share for nature, share in shares.items() if share}
    if measure is not None and measure.of.of_people and scenario.exposure is not None:
        layers += scenario.exposure.layers_if_there()
    found = [NATURES.index(catalog[one].nature) for one in layers if one in catalog.layers]
    return {NATURES[max(found)]: scored.share(id)} if found else {}


def _shares(
    kinds: Mapping[str, Mapping[str, float]], names: Sequence[str], scenario: Scenario, use: str
) -> dict[str, float]:
    """Sum the weight by kind of what scores it on open land; the last name takes the rest."""
    shares = dict.fromkeys(names, 0.0)
    for id, weight in scenario.weights(use).items():
        for name, share in kinds[id].items():
            shares[name] += weight * share
        shares[names[-1]] += weight * (1 - sum(kinds[id].values()))
    return shares


def _question_line(question: Question) -> Text:
    """Say of an open question that it is one: nothing is removed for it, and whom to ask."""
    return both("caveat.question", title=question.title.both(), ask=question.ask.both())


def _minutes_line(network: Network) -> Text:
    """Say what travel minutes rest on."""
    return both(
        "caveat.minutes",
        title=network.title.both(),
        walk=f"{network.walk_kph:g}",
        most=f"{(network.most_walk_m or 0) / 1000:g}",
        confidence=both(f"confidence.{network.confidence}"),
    )


def both_of(titles: Iterable[Words]) -> Text:
    """Write several titles one after another, in both languages."""
    listed = list(titles)
    return {language: _list([one[language] for one in listed]) for language in LANGUAGES}


def _list(names: Sequence[str], mark: str = "; ") -> str:
    return mark.join(names)

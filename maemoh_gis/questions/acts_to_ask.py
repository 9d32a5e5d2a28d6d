"""Which act to ask for first, and of whom, where the line of a limit is not known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from maemoh_gis.core.messages import Text, both, in_columns, same
from maemoh_gis.sites.declared import parts_by_use, registers_of
from maemoh_gis.sites.result import sites_by_use
from maemoh_gis.suitability.declared_words import act_words, is_revocation

if TYPE_CHECKING:
    from maemoh_gis.engine.results import Results
    from maemoh_gis.scenario.settings.limit import Limit
    from maemoh_gis.suitability.declared import Act, Register

KIND = "act"
"""Kind of the rows in `questions.csv` that name an act to ask for."""


@dataclass
class _Named:
    """How much of the sites an act may be about."""

    act: Act
    sites: int = 0
    land_m2: float = 0.0
    """Land of sites in subdistricts it names; land that two uses compete for counts for each."""


def acts_to_ask(results: Results) -> Iterator[dict[str, object]]:
    """Give a row a limit: the act whose map would settle most land of sites, and the office."""
    limits = results.resolved.scenario.limits
    named = _named(results)
    for id, register in registers_of(results).items():
        sites = sum(
            len(table)
            for use, table in sites_by_use(results).items()
            if id in results.resolved.scenario.limits_of(use)
        )
        title = limits[id].title.both()
        about: dict[str, object] = {"question": id, "kind": KIND}
        about |= in_columns("title", title)
        yield about | _row(limits[id], register, _first(named.get(id, {})), sites)


def first_request(results: Results) -> tuple[Text, Text] | None:
    """Give the office to write to first and the map to ask for; None where no act is named."""
    limits, named = results.resolved.scenario.limits, _named(results)
    for id in registers_of(results):
        first = _first(named.get(id, {}))
        if first is not None:
            needs = limits[id].needs
            wanted = needs.both() if needs else limits[id].title.both()
            return first.act.office, both("question.map_of", map=wanted, land=first.act.forest)
    return None


def _named(results: Results) -> dict[str, dict[str, _Named]]:
    """Add up by limit and act the land of sites in the subdistricts it names."""
    found: dict[str, dict[str, _Named]] = {}
    tables = sites_by_use(results)
    for use, parts in parts_by_use(results).items():
        for id, told in parts.items():
            for part, land in zip(told, tables[use].geometry, strict=True):
                for here in part.acts:
                    mine = found.setdefault(id, {})
                    one = mine.setdefault(here.act.id, _Named(here.act))
                    one.sites += 1
                    one.land_m2 += here.share * float(land.area)
    return found


def _first(named: dict[str, _Named]) -> _Named | None:
    """Choose the act of most land, the latest of equals; a revocation only where nothing else is,
    since its map shows what was taken out, not what is left.
    """
    return max(
        named.values(),
        key=lambda one: (not is_revocation(one.act), one.land_m2, one.act.published_be),
        default=None,
    )


def _row(limit: Limit, register: Register, first: _Named | None, sites: int) -> dict[str, object]:
    if first is None:
        office = limit.office.both() if limit.office else same("–")
        note = both("question.no_act", office=office, year=register.to_be, n=sites)
        return {**in_columns("ask", office), **in_columns("note", note)}
    act = first.act
    note = both("question.act", office=act.office, n=first.sites, of=sites)
    return {
        "act": act.id,
        "gazette_title": act.title_th,
        **in_columns("name", act_words(act)),
        **in_columns("ask", act.office),
        **in_columns("note", note),
    }

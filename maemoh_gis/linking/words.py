"""A way in words: how far, to what, over what, or why there is none."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from maemoh_gis.core import units
from maemoh_gis.core.messages import LANGUAGES, Text, both, has_text, joined, same
from maemoh_gis.linking.ground import OUTSIDE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.linking.route import Grade
    from maemoh_gis.linking.study import Link, LinkStudy, Route

ADJOINS_KM = 0.1
"""Nearer than this a place stands beside what it is to be joined with."""
_SHORT_M = 100.0
_MOST_CLASSES = 4
_ZONE = "zone_"


def link_words(link: Link, study: LinkStudy) -> Text:
    """Say a way in one sentence."""
    title = study.links.ways[link.way].title.both()
    if link.route is None:
        return both("links.none", way=title, why=barrier_words(link, study))
    told = [joined([title, where_words(link.route)], ": "),
            crossing_words(link.route), land_words(link, study),
            passes_words(link.route, study), grade_words(link.route.grade)]  # fmt: skip
    return joined([one for one in told if one is not None], " · ")


def where_words(route: Route) -> Text:
    """Say how long a way is, to what, and how much of it is there already."""
    id = "links.beside" if is_beside(route) else "links.leads"
    head = both(id, km=km_words(route), joins=joins_words(route.joins))
    along = along_words(route)
    return head if along is None else joined([head, along], ", ")


def is_beside(route: Route) -> bool:
    """Say whether a place adjoins what it is to be joined with."""
    return route.line.length / 1000.0 < ADJOINS_KM


def km_words(route: Route) -> Text:
    """Write the length, in metres where it is short."""
    if is_beside(route):
        return both("links.metres", metres=units.number(route.line.length))
    return both("links.km", km=units.number(route.line.length / 1000.0, 1))


def joins_words(joins: Mapping[str, object]) -> Text:
    """Name what a way leads to by what its layer tells of it."""
    if kv := joins.get("max_voltage_kv"):
        return both("links.joins.substation", kv=str(joins.get("voltages_kv") or f"{kv:g}"))
    if road := joins.get("class"):
        return _road(str(road), joins)
    kind = str(joins.get("kind") or "main")
    station = {x: joins.get(f"station_{x}") for x in LANGUAGES}
    id = f"links.joins.track.{kind}"
    track = both(id) if has_text(id, LANGUAGES[0]) else same(kind)
    if all(_is(one) for one in station.values()):
        words = {x: str(one) for x, one in station.items()}
        return both("links.joins.at_station", track=track, station=words)
    return track


def _road(kind: str, joins: Mapping[str, object]) -> Text:
    """Name a road by its class and its number or name."""
    found = {x: joins.get("ref") or joins.get(f"name_{x}") for x in LANGUAGES}
    id = f"near_miss.road.{kind}"
    title = both(id) if has_text(id, LANGUAGES[0]) else same(kind)
    if not all(_is(one) for one in found.values()):
        return title
    return both("links.joins.road", kind=title, name={x: str(one) for x, one in found.items()})


def _is(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def along_words(route: Route) -> Text | None:
    """Say how much of a way is there already; None where nothing is."""
    km = route.along_m / 1000.0
    return both("links.along", km=units.number(km, 1)) if km >= ADJOINS_KM else None


def crossing_words(route: Route) -> Text | None:
    """Count what a way crosses; None where it crosses nothing that is drawn."""
    found = [
        both(f"links.crosses.{kind}", n=count) for kind, count in route.crossings.items() if count
    ]
    return both("links.crosses", what=joined(found, ", ")) if found else None


def land_words(link: Link, study: LinkStudy) -> Text | None:
    """Tell the land it takes by class, in rai with hectares; None where it takes next to none."""
    assert link.route is not None
    width = study.links.ways[link.way].width_m
    if is_beside(link.route):
        return None
    classes, met = classes_of(study), list(link.route.land_m.items())
    shown = [(classes[key], metres) for key, metres in met[:_MOST_CLASSES]]
    if len(met) > _MOST_CLASSES:
        rest = sum(metres for _, metres in met[_MOST_CLASSES:])
        shown.append((both("links.land_others"), rest))
    parts = [joined([land, _area(metres * width)], " ") for land, metres in shown]
    share = units.number(100.0 * link.route.modelled_m / link.route.line.length)
    return both("links.land", parts=joined(parts, ", "), share=share)


def _area(area_m2: float) -> Text:
    return {x: units.area(area_m2, x) for x in LANGUAGES}


def classes_of(study: LinkStudy) -> dict[str, Text]:
    """Name the classes of land; '' is unknown land."""
    catalog: Catalog = study.run.catalog
    named = catalog[study.links.land].classes.values()
    return {
        "": both("links.land_unknown"),
        **{one.key: {"th": one.th, "en": one.en} for one in named},
    }


def passes_words(route: Route, study: LinkStudy) -> Text | None:
    """Tell the land of limits it passes, and whom to ask where somebody may allow it."""
    scenario, plain, asking = study.run.scenario, list[Text](), list[Text]()
    for id, metres in route.passes_m.items():
        limit, zone = scenario.limits[id], scenario.zones.get(id.removeprefix(_ZONE))
        office = zone.holder if zone else limit.office
        told = {
            "title": limit.title.both(),
            "km": units.number(metres / 1000.0, 1 if metres >= _SHORT_M else 2),
        }
        if office:
            asking.append(both("links.passes.ask", **told, office=office.both()))
        elif limit.outcome == "conditional":
            asking.append(both("links.passes.permit", **told))
        else:
            plain.append(both("links.passes.plain", **told))
    if plain:
        asking.append(both("links.passes_but", what=joined(plain, ", ")))
    return joined(asking) if asking else None


def grade_words(grade: Grade) -> Text | None:
    """Say what heights tell of the steepest; None where its grade is of no account."""
    if grade.outcome == "not_asked":
        return None
    told = {"permille": grade.permille, "error": grade.error_permille, "most": grade.most_permille}
    written = {k: units.number(v, 1) if math.isfinite(v) else "–" for k, v in told.items()}
    return both(f"links.grade.{grade.outcome}", **written)


def barrier_words(link: Link, study: LinkStudy) -> Text:
    """Name what shuts a place in."""
    if not link.barriers:
        return both("links.nothing_to_join")
    limits = study.run.scenario.limits
    titles = [
        both("links.outside") if id == OUTSIDE else limits[id].title.both() for id in link.barriers
    ]
    return joined(titles)


def not_checked_words(study: LinkStudy) -> Text:
    """Name the limits whose land a way may pass unseen."""
    limits: Sequence[Text] = [
        study.run.scenario.limits[id].title.both() for id in study.not_checked
    ]
    return both("links.not_checked", limits=joined(list(limits)))

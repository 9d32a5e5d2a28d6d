"""What a layer moves: on how much land its limit is known, and which sites are lost and won."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import shapely

from maemoh_gis.cache.store import NO_CACHE, Store
from maemoh_gis.core import units
from maemoh_gis.core.messages import Text
from maemoh_gis.layers.cached import CachedLayers
from maemoh_gis.layers.load import Layers
from maemoh_gis.runs.coverage_ahead import statuses_ahead
from maemoh_gis.runs.run import compute
from maemoh_gis.sites.result import site_rows
from maemoh_gis.sites.table import with_sites
from maemoh_gis.suitability.limit_status import legal
from maemoh_gis.suitability.limits import State
from maemoh_gis.suitability.result import score_of, states_of

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from maemoh_gis.intake.ground import Ground
    from maemoh_gis.suitability.limit_status import LimitStatus

_SAME_LAND = 0.5
"""Share of a site that must be a site again for it to be the same one."""


@dataclass(frozen=True)
class Share:
    """On which share of some land a limit is known, before and after."""

    name: Text
    before: float
    after: float


@dataclass(frozen=True)
class Known:
    """On how much land limits are known, before and after."""

    laws: int
    """Limits of law in force after."""
    whole_before: int
    """Those known on all of the study area."""
    whole_after: int
    limit: Text
    """Title of the limit that the layer answers."""
    study: Share
    districts: tuple[Share, ...]


@dataclass(frozen=True)
class Sites:
    """Sites of one use that are lost and won, by name and area in rai."""

    use: Text
    before: int
    after: int
    lost: tuple[tuple[Text, float], ...]
    won: tuple[tuple[Text, float], ...]
    allowed_before_rai: float
    """Land that passes screening without a permit."""
    allowed_after_rai: float
    conditional_before_rai: float
    """Land that needs one."""
    conditional_after_rai: float
    scored_before: float
    """Share of the weight that is scored, on average over that land."""
    scored_after: float


def known_by(before: Ground, after: Ground, layer: str) -> Known | None:
    """Say on about how much land the limits are known; None where the layer answers none."""
    statuses = [_statuses(one) for one in (before, after)]
    own = next((one for one in statuses[1].values() if one.limit.layer == layer), None)
    if own is None:
        return None
    was = statuses[0].get(own.id)
    laws = [legal(list(found.values())) for found in statuses]
    whole = [sum(one.status == "checked" for one in found) for found in laws]
    title = own.limit.title.both()
    study = Share(title, was.coverage.share if was else 0.0, own.coverage.share)
    return Known(len(laws[1]), whole[0], whole[1], title, study, tuple(_by_district(was, own)))


def _statuses(ground: Ground) -> dict[str, LimitStatus]:
    assert ground.resolved is not None
    scenario, catalog = ground.resolved.scenario, ground.catalog
    return {one.id: one for one in statuses_ahead(scenario, catalog, Layers(catalog))}


def _by_district(was: LimitStatus | None, now: LimitStatus) -> Iterator[Share]:
    zones = now.coverage.by_zone
    earlier = was.coverage.by_zone if was else tuple((0, cells) for _, cells in zones)
    for name, (before, _), (after, cells) in zip(now.coverage.zones, earlier, zones, strict=True):
        if cells and any(name.values()):
            yield Share(name, before / cells, after / cells)


def sites_moved(before: Ground, after: Ground, store: Store = NO_CACHE) -> list[Sites]:
    """Compute the sites of every use with the layer and without it, and set them side by side."""
    was, now = (_land(one, store) for one in (before, after))
    return [_moved(was[use], now[use]) for use in now]


@dataclass(frozen=True)
class _Land:
    title: Text
    sites: list[tuple[Text, float, BaseGeometry]]
    allowed_rai: float
    conditional_rai: float
    scored: float


def _land(ground: Ground, store: Store) -> dict[str, _Land]:
    """Compute a scenario without what reads land but moves none."""
    assert ground.resolved is not None
    scenario = ground.resolved.scenario
    uses = {id: use.model_copy(update={"yard": None}) for id, use in scenario.uses.items()}
    bare = {"uses": uses, "freight": None, "choice": None, "learnt": {}}
    looked = replace(ground.resolved, scenario=scenario.model_copy(update=bare))
    layers = CachedLayers(Layers(ground.catalog))
    results = with_sites(compute(looked, ground.catalog, layers=layers, store=store))
    cell_rai = units.rai_from_m2(results.grid.cell_area_m2)
    found = {}
    for use in uses:
        state = states_of(results, use).state
        left = [int((state == one).sum()) * cell_rai for one in (State.ALLOWED, State.CONDITIONAL)]
        usable = np.isin(state, (State.ALLOWED, State.CONDITIONAL))
        share = score_of(results, use).scored_share[usable]
        scored = float(np.nanmean(share)) if np.isfinite(share).any() else 0.0
        sites: list[tuple[Text, float, BaseGeometry]] = [
            ({"th": row["name_th"], "en": row["name_en"]}, float(row["area_rai"]), row["geometry"])
            for row in site_rows(results, use)
        ]
        found[use] = _Land(scenario.uses[use].title.both(), sites, left[0], left[1], scored)
    return found


def _moved(was: _Land, now: _Land) -> Sites:
    return Sites(
        now.title,
        len(was.sites),
        len(now.sites),
        tuple(_without_match(was, now)),
        tuple(_without_match(now, was)),
        was.allowed_rai,
        now.allowed_rai,
        was.conditional_rai,
        now.conditional_rai,
        was.scored,
        now.scored,
    )


def _without_match(of: _Land, among: _Land) -> Iterator[tuple[Text, float]]:
    """Go through the sites of which less than half is a site there too."""
    others = shapely.union_all([shape for _, _, shape in among.sites])
    for name, rai, shape in of.sites:
        if shapely.intersection(shape, others).area < _SAME_LAND * shape.area:
            yield name, rai

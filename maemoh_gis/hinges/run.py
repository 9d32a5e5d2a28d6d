"""The worlds of a scenario from its land, which is run once or taken from an earlier run."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from maemoh_gis.cache.store import NO_CACHE
from maemoh_gis.engine.stages import Event, no_events
from maemoh_gis.hinges.study import Study, require_switches, study
from maemoh_gis.runs.run import compute

if TYPE_CHECKING:
    from maemoh_gis.cache.store import Store
    from maemoh_gis.layers.catalog import Catalog
    from maemoh_gis.scenario.resolve import Resolved


def studied(
    resolved: Resolved,
    catalog: Catalog,
    *,
    store: Store = NO_CACHE,
    watch: Callable[[Event], None] = no_events,
) -> Study:
    """Run the land of a scenario once and work out all its worlds on it."""
    require_switches(resolved)
    results = compute(resolved, catalog, store=store, watch=watch)

    def told(number: int, of: int) -> None:
        watch(Event("switches", number, of, None))

    return study(results, told)

"""
Where a green industrial estate and a rail container yard could go at Mae Moh after coal.

    import maemoh_gis as mm

    result = mm.run("baseline")
    result.sites                      # a GeoDataFrame
    result.explain(18.26, 99.70)      # why the place scores as it does
    result.map()                      # the map page, in a notebook, without a network

Nothing heavy is imported before it is used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from maemoh_gis.core.version import __version__

if TYPE_CHECKING:
    from maemoh_gis.api.asked import assess, check, explain
    from maemoh_gis.api.catalog import Catalog
    from maemoh_gis.api.comparison import Comparison
    from maemoh_gis.api.explanation import Explanation
    from maemoh_gis.api.figures import draw_places, draw_ranges
    from maemoh_gis.api.likeness import Likeness, learn
    from maemoh_gis.api.links import links
    from maemoh_gis.api.new_layer import add_layer
    from maemoh_gis.api.programme import programme
    from maemoh_gis.api.result import Result
    from maemoh_gis.api.scenario import Scenario
    from maemoh_gis.api.switches import switches
    from maemoh_gis.api.timeline import Timeline
    from maemoh_gis.api.verbs import (
        compare,
        ledger,
        load_scenario,
        open_catalog,
        open_run,
        run,
        timeline,
    )
    from maemoh_gis.api.why import why
    from maemoh_gis.api.workshop import Workshop

__all__ = [
    "Catalog",
    "Comparison",
    "Explanation",
    "Likeness",
    "Result",
    "Scenario",
    "Timeline",
    "Workshop",
    "__version__",
    "add_layer",
    "assess",
    "check",
    "compare",
    "draw_places",
    "draw_ranges",
    "explain",
    "learn",
    "ledger",
    "links",
    "load_scenario",
    "open_catalog",
    "open_run",
    "programme",
    "run",
    "switches",
    "timeline",
    "why",
]

_VERBS = ("compare", "ledger", "load_scenario", "open_catalog", "open_run", "run", "timeline")
_CLASSES = (
    "Catalog",
    "Comparison",
    "Explanation",
    "Likeness",
    "Result",
    "Scenario",
    "Timeline",
    "Workshop",
)
_HOME = {
    **dict.fromkeys(_VERBS, "verbs"),
    **{name: name.lower() for name in _CLASSES},
    **dict.fromkeys(("assess", "check", "explain"), "asked"),
    "add_layer": "new_layer",
    "draw_places": "figures",
    "draw_ranges": "figures",
    "learn": "likeness",
    "links": "links",
    "programme": "programme",
    "switches": "switches",
    "why": "why",
}


def __getattr__(name: str) -> Any:
    """Give a name of the API; its module is imported when it is first asked for."""
    if name not in _HOME:
        known = ", ".join(one for one in __all__ if not one.startswith("_"))
        message = f"module {__name__!r} has no attribute {name!r}; it has {known}"
        raise AttributeError(message)
    return getattr(import_module(f"maemoh_gis.api.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    """List the names of the API, and nothing that is here only to give them."""
    return sorted(__all__)

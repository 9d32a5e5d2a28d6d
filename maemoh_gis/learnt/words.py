"""What files, map and report say of what was learnt, in the same words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maemoh_gis.core.messages import LANGUAGES, Text, both

if TYPE_CHECKING:
    from maemoh_gis.engine.results import Results
    from maemoh_gis.learnt.found import Learnt
    from maemoh_gis.learnt.patches import Patch
    from maemoh_gis.scenario.settings.learnt import Learnt as Settings


def verdict_words(found: Learnt, asked: Settings) -> Text:
    """Say what was found, or with which numbers it was declined."""
    numbers: dict[str, object] = {
        "places": found.places,
        "blocks": found.blocks,
        "km": f"{asked.block_km:g}",
        "least_places": asked.least_places,
        "least_blocks": asked.least_blocks,
    }
    if found.tested is not None:
        ranks = [one.rank for one in found.tested.held.blocks]
        numbers |= {
            "rank": _percent(found.tested.held.mean),
            "by_block": _percent(sum(ranks) / len(ranks)),
            "least": _percent(min(ranks)),
            "most": _percent(max(ranks)),
            "times": len(found.tested.elsewhere),
            "elsewhere": _percent(max(found.tested.elsewhere)),
            "as_good": found.tested.as_good,
        }
    return both(f"learnt.verdict.{found.verdict}", **numbers)


def bias_words(results: Results, use: str) -> Text:
    """Say what it is not, and which way it leans."""
    return both("learnt.bias", use=results.resolved.scenario.uses[use].title.both())


def measure_words(results: Results, use: str, id: str) -> Text:
    """Name the measure of a criterion."""
    return results.resolved.scenario.uses[use].criteria[id].title.both()


def push_words(results: Results, use: str, names: list[str], patch: Patch) -> Text:
    """Name the measures that push on a piece of land."""
    if not patch.pushes:
        return both("learnt.no_push")
    named = [measure_words(results, use, names[k]) for k in patch.pushes]
    return {x: ", ".join(one[x] for one in named) for x in LANGUAGES}


def _percent(share: float) -> str:
    return f"{100 * share:.0f}"

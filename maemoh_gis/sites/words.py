"""The sites of a use in one sentence: what their scores may be, and whether they are told apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from maemoh_gis.core.messages import Text, both
from maemoh_gis.mcda.classes import class_name

_TOP = class_name(1)


def sites_told(title: Text, sites: Sequence[Mapping[str, Any]]) -> Text:
    """Say what is known of the sites of a use, and whether the facts tell them apart."""
    first = sum(site["class"] == _TOP for site in sites)
    shares = dict.fromkeys(f"{100 * end(s['scored_share'] for s in sites):.0f}" for end in _ENDS)
    values: dict[str, Any] = {
        "n": len(sites), "first": first, "share": "–".join(shares),
        "low": f"{min(float(site['score_low']) for site in sites):.2f}",
        "high": f"{max(float(site['score_high']) for site in sites):.2f}",
    }  # fmt: skip
    id = "site.told_apart" if first < len(sites) else "site.one_class"
    id = "site.single" if len(sites) == 1 else id
    return both(id, use=title, **values)


_ENDS = (min, max)

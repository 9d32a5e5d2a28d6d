"""What a run read stacks of layers from: which members, and on how much of the land."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from maemoh_gis.files.scratch import blocks_of
from maemoh_gis.suitability.grounds import members_over

if TYPE_CHECKING:
    from maemoh_gis.engine.results import Results


def stacks_on_record(results: Results, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """Say of every stack what it was read from, as `stacks`; nothing where there is none."""
    stacks = results.catalog.stacks
    found = {
        id: {
            "kind": stacks[id].kind,
            "present": list(stacks[id].present),
            "absent": list(stacks[id].absent),
            "read": list(stacks[id].read),
            "as_slope": sorted(stacks[id].slopes),
            **(_shares(results, id) if stacks[id].kind == "raster" else {}),
        }
        for id in ids
        if id in stacks
    }
    return {"stacks": found} if found else {}


def _shares(results: Results, id: str) -> dict[str, Any]:
    """Give the share of the cells of the study area read from each member, and from none."""
    members = results.catalog.stacks[id].read
    taken = members_over(results.layers, id, results.grid)
    counts = np.zeros(len(members) + 1, dtype=np.int64)
    for rows in blocks_of(taken.shape):
        here = taken[rows][results.study[rows]].astype(np.int64)
        counts += np.bincount(here + 1, minlength=len(counts))
    shares = np.round(counts / max(int(counts.sum()), 1), 6)
    return {
        "cells": dict(zip(members, shares[1:].tolist(), strict=True)),
        "cells_unknown": float(shares[0]),
    }

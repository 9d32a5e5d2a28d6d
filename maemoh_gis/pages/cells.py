"""What a page can say of every cell, as plain values for its script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pyproj import CRS

from maemoh_gis.core.messages import Text
from maemoh_gis.pages.features import compact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from maemoh_gis.core.grid import Grid
    from maemoh_gis.pages.content import CellFacts, CellLimit, CellNumber, CellUse
    from maemoh_gis.pages.wording import Wording


def utm_zone(crs: str) -> tuple[int, bool] | None:
    """
    Find the UTM zone of a CRS, the only kind the page's script can turn a click into.

    Zone, and whether it is south of the equator; None for anything but WGS 84 / UTM.
    """
    found = re.fullmatch(r"32([67])(\d\d)", str(CRS(crs).to_epsg()))
    return None if found is None else (int(found[2]), found[1] == "7")


def cells_data(cells: CellFacts | None, grid: Grid, wording: Wording) -> dict[str, Any] | None:
    """
    Give what can be said of every cell as the page's script takes it.

    Plain values, ready for JSON; None where the page only shows pictures.
    """
    zone = utm_zone(grid.crs)
    if cells is None or zone is None:
        return None
    return {
        "scenario": cells.scenario,
        "viewpoint": cells.viewpoint,
        "zone": zone[0],
        "south": zone[1],
        "grid": {
            "cell": grid.cell_m,
            "row0": grid.row0,
            "col0": grid.col0,
            "rows": grid.rows,
            "cols": grid.cols,
            "step": cells.step,
        },
        "rows": cells.rows,
        "cols": cells.cols,
        "mask": cells.mask,
        "planes": list(cells.planes),
        "viewpoints": [
            {"id": one.id, "title": compact(one.title),
             "weights": {use: list(shares) for use, shares in one.weights.items()}}
            for one in cells.viewpoints
        ],
        "grounds": [
            {"layers": [compact(one) for one in ground.layers], "member": _number(ground.member)}
            for ground in cells.grounds
        ],
        "uses": {id: _use(use, _no_preview(use, cells.step, wording))
                 for id, use in cells.uses.items()},
    }  # fmt: skip


def _no_preview(use: CellUse, step: int, wording: Wording) -> Text | None:
    """Say why the page cannot try other weights; None: it can."""
    if step > 1:
        return wording("weights_coarse")
    if use.score is not None:
        return wording("weights_other_way")
    return None if use.sites else wording("no_sites")


def _use(use: CellUse, no_preview: Text | None) -> dict[str, Any]:
    return {
        "criteria": [
            {
                "id": one.id,
                "title": compact(one.title),
                "weight": one.weight,
                "unit": compact(one.unit),
                "classes": {str(code): compact(name) for code, name in one.classes.items()},
                "measure": _number(one.measure),
                "value": _number(one.value),
                "low": _number(one.low),
                "high": _number(one.high),
            }
            for one in use.criteria
        ],
        "score": None if use.score is None else [_number(number) for number in use.score],
        "state": _number(use.state),
        "states": [[state, *(list(places) for places in named)] for state, *named in use.states],
        "limits": _limits(use.limits),
        "notChecked": _limits(use.not_checked),
        "knownInPart": _limits(use.known_in_part),
        "sites": [list(cells) for cells in use.sites],
        "noPreview": compact(no_preview),
    }


def _limits(limits: Sequence[CellLimit]) -> list[dict[str, Any]]:
    return [{"title": compact(one.title), "basis": compact(one.basis)} for one in limits]


def _number(number: CellNumber | None) -> dict[str, Any] | None:
    if number is None:
        return None
    if number.plane is None:
        return {"plane": None, "constant": number.constant}
    if number.table is not None:
        return {"plane": number.plane, "table": list(number.table)}
    return {
        "plane": number.plane,
        "first": number.first,
        "step": number.step,
        "last": number.last,
    }

"""
The whole chain, files to files, against a geopandas + rasterio + scipy + numpy script.

Exclusions as in `exclusions`, distances to roads and settlements, six criteria rasters, a weighted
score, sites of at least 20 ha, a table of them, how often each is among the best tenth over 1,000
draws of weights; written as COG, PNG and CSV. `--billion` runs this package's side alone on 10^9
synthetic cells, without a whole array in memory.
"""

from __future__ import annotations

import sys

from benchmarks.comparing import Comparison, Outputs, run
from benchmarks.pipeline_job import LEAST_CELLS, make  # noqa: F401
from benchmarks.pipeline_ours import billion, ours  # noqa: F401
from benchmarks.pipeline_script import script  # noqa: F401

# Of the sites; single cells at the edge of a setback can join two patches or part them.
SITE_SHARE = 5e-3


def agree(one: Outputs, other: Outputs) -> str | None:
    """Compare masks, scores off the cells that differ, and the tables of sites."""
    import numpy as np

    a, b = one["score"], other["score"]
    differ = np.isnan(a) != np.isnan(b)
    if differ[6:-6, 6:-6].mean() > 2e-4:
        return f"{differ.mean():.4%} of cells are excluded on one side only"
    off = np.abs(a - b)[~differ]
    # Distance is to the road here and to the centre of a burnt cell there; GDAL does not burn the
    # last metres of a road that ends on the edge of the grid.
    if (off > 0.015).mean() > 1e-4 or np.nanmean(off) > 2e-3:
        return f"scores differ by {np.nanmean(off):.2g}, {(off > 0.015).mean():.4%} by over 0.015"
    count = len(one["cells"]), len(other["cells"])
    if abs(count[0] / max(count[1], 1) - 1) > SITE_SHARE + 2 / max(count[1], 1):
        return f"{count[0]} and {count[1]} sites of {LEAST_CELLS} cells or more"
    return None


if __name__ == "__main__":
    if "--billion" in sys.argv:
        billion()
    else:
        run(
            "pipeline",
            [Comparison("pipeline", "ours", "script", "geopandas", agree,
                        2.0 if "L" not in sys.argv else 4.0)],
            pairs=3,
        )  # fmt: skip

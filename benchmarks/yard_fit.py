"""
How long it takes to try a yard everywhere, beside a script of numpy and scipy that turns the map.

Every way runs in a process of its own, kernels compiled beforehand; the peak is that process's.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parent.parent
EXTENTS_M = {"S": (10_000.0, 10_000.0), "M": (20_000.0, 20_000.0), "L": (30_000.0, 30_000.0)}
"""1, 4 and 9 million cells of 10 m."""
WORLDS = {
    "S": (28_800.0, 14_400.0, 40.0),
    "M": (28_800.0, 14_400.0, 10.0),
    "L": (36_000.0, 31_200.0, 10.0),
}
"""Whole worlds with everything planted: 0.26, 4.1 and 11.2 million cells."""
SEED, CELL_M, LENGTH_CELLS, WIDTH_CELLS, DIRECTIONS = 2569, 10.0, 100, 25, 12
PEER = "numpy + scipy.ndimage rotate, uniform_filter"


def everywhere_inputs(size: str) -> tuple[np.ndarray, np.ndarray]:
    """Land that is hard to search: mostly usable, with a small hole every 200 m or so."""
    from maemoh_gis.layers.synthetic import world

    made = world(SEED, CELL_M, extent_m=EXTENTS_M[size])
    rng = np.random.default_rng(SEED)
    usable = np.ones(made.score.shape, dtype=bool)
    for row, col in rng.integers(0, usable.shape[0], (usable.size // 10_000, 2)).tolist():
        usable[row : row + 3, col : col + 3] = False
    return usable, made.score


def ours_everywhere(usable: np.ndarray, score: np.ndarray) -> dict[str, np.ndarray]:
    from maemoh_gis.suitability.rectangle_fit import fit_rectangles

    found = fit_rectangles(
        usable, score, length_cells=LENGTH_CELLS, width_cells=WIDTH_CELLS, directions=DIRECTIONS
    )
    return {"fits": found.fits}


def peer_everywhere(usable: np.ndarray, score: np.ndarray) -> dict[str, np.ndarray]:
    """Turn the map for every direction, average a level rectangle, turn back."""
    from scipy import ndimage

    fits = np.zeros(usable.shape, dtype=np.uint32)
    best = np.full(usable.shape, np.nan, dtype=np.float32)
    box = (WIDTH_CELLS, LENGTH_CELLS)
    for k in range(DIRECTIONS):
        angle = -180.0 * k / DIRECTIONS
        turned = ndimage.rotate(usable.astype(np.float64), angle, order=0)
        free = ndimage.uniform_filter(turned, box, mode="constant") > 1 - 0.5 / (box[0] * box[1])
        scores = ndimage.rotate(np.where(usable, score, 0).astype(np.float64), angle, order=0)
        mean = ndimage.uniform_filter(scores, box, mode="constant")
        mean = np.where(free, mean, np.nan)
        back = ndimage.rotate(mean, -angle, order=0, cval=np.nan, reshape=False)
        down = (back.shape[0] - usable.shape[0]) // 2
        right = (back.shape[1] - usable.shape[1]) // 2
        back = back[down : down + usable.shape[0], right : right + usable.shape[1]]
        fits |= (~np.isnan(back)).astype(np.uint32) << np.uint32(k)
        best = np.fmax(best, back)
    return {"fits": fits}


def whole_world(size: str) -> Any:
    from maemoh_gis.layers.synthetic import world

    wide, high, cell_m = WORLDS[size]
    return world(SEED, cell_m, extent_m=(wide, high))


def ours_along_line(made: Any) -> dict[str, np.ndarray]:
    from maemoh_gis.suitability.track_grade import LineHeights
    from maemoh_gis.suitability.yard_beneath import YardLand
    from maemoh_gis.suitability.yard_fit import YardSurroundings, find_yards
    from maemoh_gis.suitability.yard_shapes import YardNeeds

    search = find_yards(
        made.railway,
        YardLand(made.grid, made.usable, made.score),
        YardNeeds(expansion_m=200.0),
        heights=LineHeights(made.plan.chainage_m, made.plan.height_m),
        around=YardSurroundings(roads=made.roads, roads_complete=np.array([made.roads_complete])),
    )
    planted = sorted((p.chainage_m, p.side) for p in made.fits)
    found = sorted(zip(search.fits["chainage_km"] * 1000, search.fits["side"], strict=True))
    right = len(planted) == len(found) and all(
        # A step of the search and a cell of the land.
        abs(a[0] - b[0]) <= 10.0 + made.grid.cell_m and a[1] == b[1]
        for a, b in zip(planted, found, strict=True)
    )
    return {"right": np.array(right)}


def ours_best_site(made: Any) -> dict[str, np.ndarray]:
    import shapely

    from maemoh_gis.layers.synthetic import plan as layout
    from maemoh_gis.suitability.rectangle_fit import best_centre, fit_rectangles

    cell = made.grid.cell_m
    # A cell less on every side: a turned rectangle's own cells are not the grid's.
    sides = (layout.BEST_LENGTH_M / cell - 2, layout.BEST_WIDTH_M / cell - 2)
    found = fit_rectangles(made.usable, made.score, length_cells=sides[0], width_cells=sides[1])
    best = best_centre(found)
    if best is None:
        return {"right": np.zeros((), dtype=bool)}
    row, col, direction, _ = best
    away = shapely.Point(made.grid.x[col], made.grid.y[row]).distance(made.best_site.centroid)
    return {"right": np.array(direction == layout.BEST_DIRECTION_DEG and away < 3 * cell)}


def ours_grown_site(made: Any) -> dict[str, np.ndarray]:
    from maemoh_gis.suitability.distance import cells_inside
    from maemoh_gis.suitability.sites import SiteNeeds, grow_sites

    cells = round(made.best_site.area / made.grid.cell_area_m2)
    label = grow_sites(made.score, made.usable, SiteNeeds(cells, cells // 2, 0.5, 1))
    inside = cells_inside(np.array([made.best_site], dtype=object), made.grid)
    return {"right": np.array((label[inside] == 1).mean() > 0.95)}


COMPARISONS: dict[str, tuple[Callable[[str], Any], dict[str, Callable[..., Any]]]] = {
    "rectangle_everywhere": (
        everywhere_inputs,
        {"ours": ours_everywhere, "peer": peer_everywhere},
    ),
    "yard_along_line": (whole_world, {"ours": ours_along_line}),
    "planted_best_rectangle": (whole_world, {"ours": ours_best_site}),
    "planted_best_site_grown": (whole_world, {"ours": ours_grown_site}),
}


def child(name: str, who: str, size: str, runs: int, out: Path) -> None:
    """Do one comparison's work in this process: once small to compile, then timed."""
    make, ways = COMPARISONS[name]
    inputs, small = make(size), make("S")
    work = ways[who]
    work(*small) if isinstance(small, tuple) else work(small)
    seconds, found = [], {}
    for _ in range(runs):
        start = time.perf_counter()
        found = work(*inputs) if isinstance(inputs, tuple) else work(inputs)
        seconds.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    np.savez(out, seconds=np.array(seconds), peak=np.array(peak), **found)


def measure(name: str, who: str, size: str, runs: int, folder: Path) -> dict[str, np.ndarray]:
    out = folder / f"{name}-{who}.npz"
    arguments = ["--child", name, who, "--size", size, "--runs", str(runs), "--out", str(out)]
    subprocess.run([sys.executable, "-m", "benchmarks.yard_fit", *arguments], cwd=ROOT, check=True)
    with np.load(out) as found:
        return dict(found)


def compare(name: str, size: str, runs: int, folder: Path) -> dict[str, Any]:
    """Time both ways of one comparison and see whether they agree."""
    ways = COMPARISONS[name][1]
    ours = measure(name, "ours", size, runs, folder)
    peer = measure(name, "peer", size, 1, folder) if "peer" in ways else None
    ours_s = statistics.median(ours["seconds"].tolist())
    result: dict[str, Any] = {
        "name": name,
        "size": size,
        "ours_s": round(ours_s, 3),
        "peer": PEER if peer else None,
        "peer_s": round(float(peer["seconds"].min()), 3) if peer else None,
        "ratio": round(float(peer["seconds"].min()) / ours_s, 2) if peer else None,
        "spread": round(float(np.ptp(ours["seconds"])) / ours_s, 3),
        "ours_peak_gib": round(float(ours["peak"]), 2),
        "peer_peak_gib": round(float(peer["peak"]), 2) if peer else None,
    }
    if peer is None:
        # Without a peer the truth is what was planted.
        return {**result, "equal": bool(ours["right"])}
    differ = ours["fits"] ^ peer["fits"]
    bits = sum(int((differ >> np.uint32(k) & 1).sum()) for k in range(DIRECTIONS))
    # The turned maps of the peer are resampled, so only the level direction can agree to the cell.
    return {
        **result,
        "equal": not (differ & 1).any(),
        "agreement_all_directions": round(1 - bits / differ.size / DIRECTIONS, 5),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.yard_fit")
    parser.add_argument("--size", choices=sorted(EXTENTS_M), default="S")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--json", action="store_true", help="print one JSON object a comparison")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        child(*options.child, options.size, options.runs, options.out)
        return
    with tempfile.TemporaryDirectory() as folder:
        for name in COMPARISONS:
            found = compare(name, options.size, options.runs, Path(folder))
            if options.json:
                print(json.dumps(found), flush=True)
                continue
            peer = f", peer {found['peer_s']} s ({found['ratio']}x)" if found["peer"] else ""
            print(
                f"{name} {found['size']}: {found['ours_s']} s, {found['ours_peak_gib']} GiB{peer}, "
                f"equal: {found['equal']}",
                flush=True,
            )


if __name__ == "__main__":
    main()

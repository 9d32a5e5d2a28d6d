"""
The plan of the synthetic world: one railway, and beside it the yards that fit and those that
must not.

Everything is laid out in metres, so it is the same at any cell size. Straights of the line carry
one plant each, in an order the seed decides; a wide bend carries the one on a curve.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import shapely

from maemoh_gis.core.types import FloatArray

CRS = "EPSG:32647"
# In the Andaman Sea, so that nobody takes any of it for a real place.
CENTRE_XY = (300_000.0, 900_000.0)

YARD_LENGTH_M, YARD_WIDTH_M, OFFSET_M, EXPANSION_M, SIDING_M = 1000.0, 250.0, 10.0, 200.0, 650.0
"""The yard that fits where one is planted: length, width, offset from the line, expansion strip,
clear siding."""
BEST_LENGTH_M, BEST_WIDTH_M, BEST_DIRECTION_DEG = 1600.0, 1000.0, 30.0
"""The planted best site: 1,000 rai."""

_STRAIGHT_M, _TURN_DEG, _RADIUS_M, _BEND_RADIUS_M, _BEND_DEG = 2200.0, 12.0, 500.0, 900.0, 40.0
_STEEP, _GENTLE, _FLAT = 0.008, 0.0012, 0.0005

Kind = Literal[
    "fits", "sloped", "crossed_by_road", "cut_by_stream", "steep_grade", "too_short", "set_back",
    "too_narrow", "on_a_curve",
]  # fmt: skip
WHY: dict[Kind, dict[str, str]] = {
    "fits": {"th": "วางลานได้", "en": "a yard fits"},
    "sloped": {"th": "พื้นลาดขวางทางรถไฟ", "en": "the ground slopes away from the line"},
    "crossed_by_road": {"th": "มีถนนตัดผ่าน", "en": "a road crosses it"},
    "cut_by_stream": {"th": "มีลำน้ำตัดผ่าน", "en": "a stream cuts it"},
    "steep_grade": {"th": "ทางรถไฟลาดชันเกินไป", "en": "the line is too steep"},
    "too_short": {"th": "สั้นเกินไป", "en": "too short"},
    "set_back": {"th": "ไม่ติดทางรถไฟ", "en": "not beside the line"},
    "too_narrow": {"th": "แคบเกินไป", "en": "too narrow"},
    "on_a_curve": {"th": "อยู่บนทางโค้ง", "en": "on a curve"},
}
"""What each plant shows."""
_ON_STRAIGHTS: tuple[Kind, ...] = (
    "fits", "fits", "fits", "sloped", "crossed_by_road", "cut_by_stream", "steep_grade",
    "too_short", "set_back", "too_narrow",
)  # fmt: skip
_QUALITY_OF_FITS = (0.90, 0.80, 0.70)
_QUALITY_OF_TRAPS = 0.95


@dataclass(frozen=True)
class Plant:
    """A place beside the line where a yard fits, or looks as if it did."""

    kind: Kind
    """`fits`, or why none fits."""
    polygon: shapely.Polygon
    """The yard itself; on a curve, open land too bent for one."""
    side: Literal["left", "right"]
    """Side of the line, looking the way its chainage grows."""
    chainage_m: float
    """Middle of the yard along the line."""
    quality: float
    """How good the land is, at its middle."""
    expansion_free: bool
    """Whether the strip beyond the yard is open too."""
    middle: tuple[float, float]
    """Point of the line beside its middle."""
    heading: float
    """Direction of the line there, radians from east."""

    @property
    def fits(self) -> bool:
        """True if a yard fits."""
        return self.kind == "fits"

    @property
    def why(self) -> dict[str, str]:
        """What it shows, in Thai and English."""
        return WHY[self.kind]


@dataclass(frozen=True)
class Plan:
    """The layout of a world, metres of `CRS`."""

    line: shapely.LineString
    """The railway."""
    chainage_m: FloatArray
    """Where heights of the line are known, every 50 m."""
    height_m: FloatArray
    """Heights of the line there."""
    plants: tuple[Plant, ...]
    """By chainage."""
    bend: tuple[float, float, float, float]
    """Centre, radius and half angle of the wide bend that carries the plant on a curve."""
    joints: tuple[tuple[float, float], ...]
    """Points where straights meet: roads cross the line there."""
    best_site: shapely.Polygon
    """The best site of all, away from the line."""


@dataclass
class _Pen:
    """Draws the line piece by piece."""

    x: float = 0.0
    y: float = 0.0
    heading: float = 0.0
    points: list[tuple[float, float]] = field(default_factory=lambda: [(0.0, 0.0)])
    slopes: list[tuple[float, float]] = field(default_factory=list)

    def straight(self, length: float, slope: float) -> tuple[float, float, float]:
        """Draw a straight; give its middle and heading."""
        cos, sin = math.cos(self.heading), math.sin(self.heading)
        middle = (self.x + cos * length / 2, self.y + sin * length / 2, self.heading)
        self.x, self.y = self.x + cos * length, self.y + sin * length
        self.points.append((self.x, self.y))
        self.slopes.append((length, slope))
        return middle

    def arc(self, radius: float, to_heading: float) -> tuple[float, float]:
        """Draw an arc as chords of about 10 m; give its centre."""
        turn = to_heading - self.heading
        side = math.copysign(1.0, turn)
        centre = (
            self.x - side * radius * math.sin(self.heading),
            self.y + side * radius * math.cos(self.heading),
        )
        steps = max(math.ceil(abs(turn) * radius / 10.0), 1)
        for k in range(1, steps + 1):
            angle = self.heading + turn * k / steps
            x = centre[0] + side * radius * math.sin(angle)
            y = centre[1] - side * radius * math.cos(angle)
            self.slopes.append((math.hypot(x - self.x, y - self.y), _GENTLE))
            self.points.append((x, y))
            self.x, self.y = x, y
        self.heading = to_heading
        return centre


def plan(seed: int) -> Plan:
    """
    Lay out a world.

    Parameters
    ----------
    seed : int
        Decides which straight carries which plant, and on which side of the line.

    Returns
    -------
    Plan
        The same for the same seed.
    """
    rng = np.random.default_rng(seed)
    kinds = [_ON_STRAIGHTS[k] for k in rng.permutation(len(_ON_STRAIGHTS))]
    sides = rng.integers(0, 2, len(kinds)) * 2 - 1
    bend_after = int(rng.integers(2, len(kinds) - 2))
    turn, bend = math.radians(_TURN_DEG), math.radians(_BEND_DEG)
    pen = _Pen(heading=turn)
    middles, joints = [], []
    centre = (0.0, 0.0)
    for k, kind in enumerate(kinds):
        slope = {"steep_grade": _STEEP, "fits": _FLAT}.get(kind, _GENTLE)
        # Up and down by turns, so that the line stays near one height.
        middles.append(pen.straight(_STRAIGHT_M, slope * (-1) ** k))
        if k == bend_after:
            pen.arc(_RADIUS_M, bend)
            centre = pen.arc(_BEND_RADIUS_M, -bend)
        elif k + 1 < len(kinds):
            joints.append((pen.x, pen.y))
        if k + 1 < len(kinds):
            pen.arc(_RADIUS_M, turn * (-1) ** (k + 1))
    drawn = np.array(pen.points)
    shift = np.array(CENTRE_XY) - (drawn.min(axis=0) + drawn.max(axis=0)) / 2
    line = shapely.LineString(drawn + shift)
    dx, dy = shift.tolist()
    plants = [
        *_on_straights(line, kinds, sides, [(x + dx, y + dy, h) for x, y, h in middles]),
        _on_curve(line, (centre[0] + dx, centre[1] + dy)),
    ]
    chainage, height = _heights(line, pen.slopes)
    return Plan(
        line=line,
        chainage_m=chainage,
        height_m=height,
        plants=tuple(sorted(plants, key=lambda p: p.chainage_m)),
        bend=(centre[0] + dx, centre[1] + dy, _BEND_RADIUS_M, bend),
        joints=tuple((x + dx, y + dy) for x, y in joints),
        best_site=_best_site(rng),
    )


def _on_straights(
    line: shapely.LineString,
    kinds: Sequence[Kind],
    sides: np.ndarray,
    middles: Sequence[tuple[float, float, float]],
) -> list[Plant]:
    plants = []
    fits = 0
    for kind, side, (x, y, heading) in zip(kinds, sides.tolist(), middles, strict=True):
        quality, free = _QUALITY_OF_TRAPS, True
        if kind == "fits":
            quality, free = _QUALITY_OF_FITS[fits], fits != 1
            fits += 1
        plants.append(
            Plant(
                kind=kind,
                polygon=turned_box(
                    (x, y), heading, YARD_LENGTH_M, side * OFFSET_M,
                    side * (OFFSET_M + YARD_WIDTH_M),
                ),
                side="left" if side > 0 else "right",
                chainage_m=float(line.project(shapely.Point(x, y))),
                quality=quality,
                expansion_free=free,
                middle=(x, y),
                heading=heading,
            )
        )  # fmt: skip
    return plants


def _on_curve(line: shapely.LineString, centre: tuple[float, float]) -> Plant:
    """Open land on the outside of the wide bend, bent like the line."""
    half = math.radians(_BEND_DEG)
    angles = math.pi / 2 + np.linspace(half, -half, 41)
    near, far = _BEND_RADIUS_M + OFFSET_M, _BEND_RADIUS_M + OFFSET_M + YARD_WIDTH_M
    arc = np.column_stack([np.cos(angles), np.sin(angles)])
    ring = np.vstack([arc * near, (arc * far)[::-1]]) + np.array(centre)
    top = (centre[0], centre[1] + _BEND_RADIUS_M)
    return Plant(
        kind="on_a_curve",
        polygon=shapely.Polygon(ring),
        side="left",
        chainage_m=float(line.project(shapely.Point(top))),
        quality=_QUALITY_OF_TRAPS,
        expansion_free=True,
        middle=top,
        heading=0.0,
    )


def turned_box(
    middle: tuple[float, float], heading: float, length: float, near: float, far: float
) -> shapely.Polygon:
    """
    Draw a rectangle beside a direction.

    Parameters
    ----------
    middle : tuple of float
        A point of the line, x, y.
    heading : float
        Direction of the line, radians from east.
    length : float
        Length along it, half on either side of the point.
    near, far : float
        Distances of the long edges from the line, positive to the left.

    Returns
    -------
    Polygon
        In the units given.
    """
    u = np.array([math.cos(heading), math.sin(heading)])
    v = np.array([-u[1], u[0]])
    at = np.array(middle)
    corners = [(-1, near), (1, near), (1, far), (-1, far)]
    return shapely.Polygon([at + u * s * length / 2 + v * across for s, across in corners])


def _heights(
    line: shapely.LineString, slopes: Sequence[tuple[float, float]]
) -> tuple[FloatArray, FloatArray]:
    lengths, grades = np.array(slopes).T
    ends = np.concatenate([[0.0], np.cumsum(lengths)])
    rise = np.concatenate([[0.0], np.cumsum(lengths * grades)])
    chainage = np.append(np.arange(0.0, line.length, 50.0), line.length)
    return chainage, 300.0 + np.interp(chainage, ends, rise)


def _best_site(rng: np.random.Generator) -> shapely.Polygon:
    """Place the best site north or south of the line, clear of it."""
    along = float(rng.uniform(-6000.0, 6000.0))
    away = float(rng.uniform(3600.0, 4400.0)) * float(rng.integers(0, 2) * 2 - 1)
    at = (CENTRE_XY[0] + along, CENTRE_XY[1] + away)
    half = BEST_WIDTH_M / 2
    return turned_box(at, math.radians(BEST_DIRECTION_DEG), BEST_LENGTH_M, -half, half)

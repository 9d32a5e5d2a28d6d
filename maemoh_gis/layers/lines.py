"""
What the columns of a layer of roads or rails say: ways, ends, numbers, courses.

Files from elsewhere write the same thing in many ways: one-way as a word, a code or a truth, ids as
numbers or text, a length beside a line of several parts. Each is read as what it means, or is
refused with its column and rows; nothing is taken for true because it is not empty. The audit, the
check of a scenario and a run all read lines here, so they agree.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely import LineString

from maemoh_gis.core.errors import LayerError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.units import EARLIEST_BE, LATEST_BE
from maemoh_gis.layers.tables import plain_number

if TYPE_CHECKING:
    import geopandas as gpd

    from maemoh_gis.core.types import BoolArray, FloatArray, IntArray

ONEWAY = "oneway"
ENDS = ("from_node", "to_node")
EDGE = "edge"

AHEAD, BOTH, AGAINST = 1, 0, -1
_WAYS = {
    # OpenStreetMap; a road whose direction changes by the hour is open both ways at times.
    "yes": AHEAD, "true": AHEAD, "1": AHEAD, "no": BOTH, "false": BOTH, "0": BOTH,
    "-1": AGAINST, "reverse": AGAINST, "reversible": BOTH, "alternating": BOTH,
    # Geofabrik: from first to last point, both, to the first point.
    "f": AHEAD, "b": BOTH, "t": AGAINST,
}  # fmt: skip
WAY_WORDS = "yes, no, true, false, 1, 0, -1, reverse, reversible, alternating, F, B, T"
_TRUTHS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
TRUTH_WORDS = "yes, no, true, false, 1, 0"

# Beyond this, floats skip whole numbers: two ids may have become one.
_EXACT = 2**53
JOIN_M = 2.0
"""The bundled layers keep five decimals of a degree: ends within a metre or so are one junction."""
_SHORTEST_M = 1e-3
# A length this small a part of the straight line between its ends is in another unit, as km.
_LEAST_OF_STRAIGHT = 0.1
_NEAR_M = 100.0
_MOST_NAMED = 5


@dataclass(frozen=True)
class Courses:
    """The single lines a layer consists of."""

    feature: IntArray
    """Position of the feature in the frame, (n,)."""
    lines: np.ndarray
    """Object array (n,) of shapely.LineString without heights, in the CRS asked for."""
    share: FloatArray
    """Part of its feature's drawn length that each line has, (n,)."""


@dataclass
class LineReader:
    """Reads a layer of lines and gathers what is wrong with it."""

    frame: gpd.GeoDataFrame
    """The layer; faults name its features by their number in the file, counted from 1."""
    faults: list[Fault] = field(default_factory=list)
    """What was found wrong so far, each without a file."""

    def __post_init__(self) -> None:
        """Take the numbers that features have in the file."""
        index = self.frame.index
        whole = index.dtype.kind in "iu"
        self._numbers = (index.to_numpy() if whole else np.arange(len(index))) + 1

    def ways(self) -> IntArray:
        """Read in which direction each line is open, (n,): 1 as drawn, 0 both, -1 against it."""
        return self._words(ONEWAY, _WAYS, BOTH, "line_way_unknown", WAY_WORDS)

    def truths(self, column: str) -> BoolArray:
        """Read a column of truths, (n,); nothing written is false."""
        known = {word: int(truth) for word, truth in _TRUTHS.items()}
        return self._words(column, known, 0, "line_truth_unknown", TRUTH_WORDS).astype(bool)

    def numbers(
        self, column: str, *, above: float | None = None, whole: bool = False
    ) -> FloatArray:
        """
        Read a column of numbers, float64 (n,); NaN where nothing is written.

        Text counts where it is a plain number, without a unit or a comma.
        """
        read, written = self._read(column)
        wrong = written & ~np.isfinite(read)
        if above is not None:
            wrong |= written & ~(read > above)
        if whole:
            wrong |= written & (read != np.floor(read))
        read[wrong] = np.nan
        code = "line_number_wrong" if above is None else "line_number_too_small"
        self._refuse(code, column, wrong, "" if above is None else f"{above:g}")
        return read

    def _read(self, column: str) -> tuple[FloatArray, BoolArray]:
        """Read what a column holds as numbers, NaN for none, and say where anything is written."""
        kind = self.frame[column].dtype if column in self.frame else None
        if isinstance(kind, np.dtype) and kind.kind in "iuf":
            read = self.frame[column].to_numpy(dtype=np.float64, copy=True)
            return read, ~np.isnan(read)
        values = self._values(column)
        written = np.array([not _absent(value) for value in values], dtype=bool)
        read = np.full(len(values), np.nan)
        read[written] = [number_in(values[at]) for at in np.flatnonzero(written).tolist()]
        return read, written

    def speeds(self, column: str, kph: Mapping[str, float]) -> FloatArray:
        """Look up the km/h of each class of road, float64 (n,); NaN, a fault, where it has none."""
        values = self._values(column)
        read = np.array([kph.get(str(value), np.nan) for value in values], dtype=np.float64)
        self._refuse("class_without_speed", column, np.isnan(read), ", ".join(kph))
        return read

    def require_readable(self) -> None:
        """Raise a LayerError with all faults found so far, if there are any."""
        if self.faults:
            raise LayerError(self.faults)

    def years(self, column: str) -> FloatArray:
        """Read a column of Buddhist Era years, float64 (n,); NaN where nothing is written."""
        read = self.numbers(column, whole=True)
        wrong = ~np.isnan(read) & ~((read >= EARLIEST_BE) & (read <= LATEST_BE))
        self._refuse("line_year_wrong", column, wrong, f"{EARLIEST_BE}-{LATEST_BE}")
        return np.where(wrong, np.nan, read)

    def ends(self) -> np.ndarray | None:
        """
        Read the ids of the nodes at both ends as texts (n, 2); None where no feature names its
        ends.

        A whole number has no point.
        """
        if not set(ENDS) <= set(self.frame.columns):
            return None
        columns = [self._values(column) for column in ENDS]
        absent = np.array(
            [[_absent(value) for value in pair] for pair in zip(*columns, strict=True)]
        )
        absent = absent.reshape(-1, 2)
        if absent.all():
            return None
        ids = np.full(absent.shape, "", dtype=object)
        for col, (column, values) in enumerate(zip(ENDS, columns, strict=True)):
            wrong = np.zeros(len(values), dtype=bool)
            for at, value in enumerate(values):
                if not absent[at, col]:
                    known = id_in(value)
                    wrong[at] = known is None
                    ids[at, col] = known or ""
            self._refuse("line_id_missing", column, absent[:, col])
            self._refuse("line_id_wrong", column, wrong)
        return ids

    def edge_ids(self) -> list[str | None]:
        """Read the ids of the lines themselves; None where nothing is written."""
        values = self._values(EDGE)
        known = [None if _absent(value) else id_in(value) for value in values]
        wrong = [
            one is None and not _absent(value) for one, value in zip(known, values, strict=True)
        ]
        self._refuse("line_id_wrong", EDGE, np.array(wrong, dtype=bool))
        return known

    def courses(self, crs: str, *, whole: bool = False, oneway: BoolArray | None = None) -> Courses:
        """
        Bring the lines to a CRS, as single lines without heights.

        `whole`: a feature must be one line, since it names its two ends; parts that follow one
        another are joined, others refused. The parts of features that `oneway` marks must follow as
        drawn.
        """
        own = np.asarray(self.frame.geometry.array, dtype=object)
        kinds = np.array([_kind(shape) for shape in own], dtype=object)
        self._refuse("line_without_course", None, kinds == "")
        lines = np.isin(kinds, ("LineString", "MultiLineString"))
        other = ~lines & (kinds != "")
        self._refuse("line_of_other_kind", None, other, shown=kinds.tolist())
        placed = self.frame.geometry.to_crs(crs)
        shapes = shapely.force_2d(np.asarray(placed.array, dtype=object))
        corners = shapely.bounds(shapes)
        # Bounds leave out what is no number.
        xy, of = shapely.get_coordinates(shapes, return_index=True)
        finite = np.ones(len(shapes), dtype=bool)
        finite[of[~np.isfinite(xy).all(axis=1)]] = False
        nowhere = lines & ~(finite & np.isfinite(corners).all(axis=1))
        self._refuse("line_nowhere", None, nowhere, crs)
        point = lines & ~nowhere & ~(shapely.length(shapes) > _SHORTEST_M)
        self._refuse("line_of_no_length", None, point)
        good = lines & ~nowhere & ~point
        if not whole:
            return self._parts(shapes, good, {})
        strict = np.zeros(len(shapes), dtype=bool) if oneway is None else oneway
        several = good & (shapely.get_num_geometries(shapes) > 1)
        one = {
            int(at): _as_one(shapes[at], as_drawn=bool(strict[at]))
            for at in np.flatnonzero(several)
        }
        apart = np.array([at in one and one[at] is None for at in range(len(shapes))], dtype=bool)
        self._refuse("line_in_parts", ENDS[0], apart)
        return self._parts(shapes, good & ~apart, one)

    def lengths(self, courses: Courses) -> FloatArray:
        """Give the metres of each line, float64 (n,): its part of `length_m`, or as drawn."""
        stated = self.numbers("length_m", above=0)
        drawn = shapely.length(courses.lines)
        total = np.bincount(courses.feature, weights=drawn, minlength=len(self.frame))
        straight = np.zeros(len(self.frame))
        first = shapely.get_point(courses.lines, 0)
        np.maximum.at(
            straight, courses.feature, shapely.distance(first, shapely.get_point(courses.lines, -1))
        )
        short = (straight > _NEAR_M) & (stated < _LEAST_OF_STRAIGHT * straight)
        longer = [f"{metres:,.0f}" for metres in straight[short]]
        self._refuse("line_shorter_than_straight", "length_m", short, _listed(longer))
        known = np.where(np.isnan(stated), total, stated)
        return np.asarray(known[courses.feature] * courses.share)

    def _parts(
        self, shapes: np.ndarray, good: BoolArray, joined: Mapping[int, LineString | None]
    ) -> Courses:
        """List the lines of features, joined ones instead of their parts."""
        wholes = shapes.copy()
        for at, line in joined.items():
            wholes[at] = line
        features = np.flatnonzero(good)
        parts, of = shapely.get_parts(wholes[features], return_index=True)
        long_enough = shapely.length(parts) > _SHORTEST_M
        found, owners = parts[long_enough], features[of[long_enough]]
        drawn = shapely.length(found)
        total = np.bincount(owners, weights=drawn, minlength=len(shapes))
        return Courses(owners, found, np.asarray(drawn / total[owners]))

    def _words(
        self, column: str, known: dict[str, int], default: int, code: str, words: str
    ) -> IntArray:
        read = np.full(len(self.frame), default, dtype=np.int64)
        wrong = np.zeros(len(self.frame), dtype=bool)
        for at, value in enumerate(self._values(column)):
            if not _absent(value):
                word = _word(value)
                wrong[at] = word not in known
                read[at] = known.get(word, default)
        self._refuse(code, column, wrong, words)
        return read

    def _values(self, column: str) -> list[Any]:
        if column not in self.frame:
            return [None] * len(self.frame)
        return list(self.frame[column])

    def _refuse(
        self,
        code: str,
        column: str | None,
        wrong: BoolArray,
        expected: str = "",
        *,
        shown: Sequence[object] | None = None,
    ) -> None:
        at = np.flatnonzero(wrong)
        if not at.size:
            return
        rows = ", ".join(str(number) for number in self._numbers[at][:_MOST_NAMED])
        if at.size > _MOST_NAMED:
            rows += f" … (+{at.size - _MOST_NAMED})"
        values = self._values(column) if shown is None and column else shown
        found = (
            "" if values is None else _listed(dict.fromkeys(_shown(values[k]) for k in at.tolist()))
        )
        self.faults.append(
            Fault(code, key=column, found=found, expected=expected,
                  values={"column": column or "", "rows": rows, "n": int(at.size)})
        )  # fmt: skip


def number_in(value: object) -> float:
    """Read a number, or text that is a plain number; NaN for anything else, truths among it."""
    if isinstance(value, bool | np.bool_):
        return math.nan
    if isinstance(value, str):
        return plain_number(value)
    try:
        return float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return math.nan


def id_in(value: object) -> str | None:
    """Read an id: any text or whole number; None for truths, fractions and floats beyond 2^53."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool | np.bool_):
        return None
    if isinstance(value, int | np.integer):
        return str(int(value))
    number = number_in(value)
    whole = math.isfinite(number) and number == math.floor(number) and abs(number) < _EXACT
    return str(int(number)) if whole else None


def _word(value: object) -> str:
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, str):
        return value.strip().lower()
    number = number_in(value)
    return f"{number:g}" if math.isfinite(number) else str(value)


def _absent(value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip()
    if value is None:
        return True
    try:
        return bool(value != value)  # noqa: PLR0124  # NaN, and what pandas writes for no date
    except (TypeError, ValueError):
        return str(value) == "<NA>"


def _kind(shape: Any) -> str:
    return "" if shape is None or shape.is_empty else str(shape.geom_type)


def _as_one(parts: Any, *, as_drawn: bool) -> LineString | None:
    """Join parts that follow one another, in the direction of the first; None where they do not."""
    ahead = shapely.line_merge(parts, directed=True)
    if isinstance(ahead, LineString):
        return ahead
    joined = shapely.line_merge(parts)
    if as_drawn or not isinstance(joined, LineString):
        return None
    first = shapely.get_geometry(parts, 0)
    begins, ends = (joined.project(shapely.get_point(first, k)) for k in (0, -1))
    return joined if begins <= ends else joined.reverse()


def _shown(value: object) -> str:
    written = " ".join(str(value).split())
    if _absent(value):
        return "–"
    return written if len(written) <= 30 else written[:27] + "..."


def _listed(found: Iterable[str]) -> str:
    values = list(found)
    more = f" … (+{len(values) - _MOST_NAMED})" if len(values) > _MOST_NAMED else ""
    return ", ".join(values[:_MOST_NAMED]) + more


def node_faults(courses: Courses, named: np.ndarray, join_m: float) -> list[Fault]:
    """
    Find nodes, named for both ends of each feature, that lines put in more than one place.

    Lines that name one node must end within `join_m`; the courses stand in a metric CRS.
    """
    ends = [shapely.get_point(courses.lines, k) for k in (0, -1)]
    xy = shapely.get_coordinates(np.column_stack(ends).ravel())
    nodes, first, owner = np.unique(
        named[courses.feature].ravel(), return_index=True, return_inverse=True
    )
    off = np.hypot(*(xy - xy[first][owner]).T)
    wrong = nodes[np.unique(owner[off > join_m])].tolist()
    if not wrong:
        return []
    values = {"n": len(wrong)}
    found, expected = _listed(map(_shown, wrong)), f"{join_m:g}"
    return [Fault("node_in_two_places", key=ENDS[0], found=found, expected=expected, values=values)]


def road_faults(frame: gpd.GeoDataFrame, crs: str) -> Iterator[Fault]:
    """Find what a layer of roads says that cannot be read; `crs` is projected, in metres."""
    reader = LineReader(frame)
    oneway = reader.ways() != BOTH
    ends = reader.ends()
    reader.edge_ids()
    reader.numbers("speed_kph", above=0)
    yield from _course_faults(reader, crs, ends, oneway)


def rail_faults(frame: gpd.GeoDataFrame, crs: str) -> Iterator[Fault]:
    """Find what a layer of rails says that cannot be read; see `road_faults`."""
    reader = LineReader(frame)
    read_rail_columns(reader)
    yield from _course_faults(reader, crs, reader.ends())


def _course_faults(
    reader: LineReader, crs: str, ends: np.ndarray | None, oneway: BoolArray | None = None
) -> Iterator[Fault]:
    courses = reader.courses(crs, whole=ends is not None, oneway=oneway)
    reader.lengths(courses)
    yield from reader.faults
    # Ends that cannot be read are in no place.
    if ends is not None and not reader.faults:
        yield from node_faults(courses, ends, JOIN_M)


def read_rail_columns(reader: LineReader) -> dict[str, FloatArray]:
    """Read the numbers of sections of railway by column, each float64 (n,); NaN is unknown."""
    read = {
        "gauge_mm": reader.numbers("gauge_mm", above=0, whole=True),
        "tracks": reader.numbers("tracks", above=0, whole=True),
    }
    read |= {name: reader.years(name) for name in ("open_year_be", "double_from_be")}
    grades = ("ruling_grade_northbound_per_mille", "ruling_grade_southbound_per_mille")
    return read | {name: reader.numbers(name) for name in grades}

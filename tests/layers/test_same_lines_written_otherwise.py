"""Roads and railway written in many ways give the same ways between places, or are refused."""

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import LineString, MultiLineString, Point

from maemoh_gis.files import read_vector
from maemoh_gis.layers.catalog import read_catalog
from maemoh_gis.layers.load import Layers
from maemoh_gis.network.arrays import least_costs, network_arrays
from maemoh_gis.network.graph import rail_graph, road_graph
from maemoh_gis.network.places import with_places
from maemoh_gis.network.travel import TravelField
from tests.layers.otherwise import Ways, as_table, outcome
from tests.network.lines import CRS, over_terrain
from tests.paths import FROZEN_LAYERS

CLOSE = 1e-6
SHARES = ((3, 1), (8, 0.85), (15, 0.7), (25, 0.55))
ENDS = ["from_node", "to_node"]
GRADES = ["ruling_grade_northbound_per_mille", "ruling_grade_southbound_per_mille"]
ONE_WAY = [4, 20, 21, 60, 77, 100]
"""Edges of roads that are one-way here, so that a direction read wrongly shows."""
OUTCOMES = {}


def frozen(name):
    return read_vector(FROZEN_LAYERS / f"{name}.geojson")


def original(layer):
    frame = frozen(layer).to_crs(CRS)
    if layer == "roads":
        frame["oneway"] = frame.index.isin(ONE_WAY)
    return frame


# ---- what is asked of them


def between(graph, nodes, what):
    return np.asarray(least_costs(network_arrays(graph, what), nodes, nodes).values)


def roads_say(frame):
    """Give minutes and km between district seats, and minutes on land around Mae Mo."""
    slope = Layers(read_catalog(FROZEN_LAYERS))

    def slope_at(x, y):
        return slope.numbers_at("slope", np.column_stack([x, y]), CRS)

    graph = over_terrain(road_graph(frame, CRS), slope_at, SHARES)
    graph, landings = with_places(graph, frozen("district_seats"), most_m=3_000)
    nodes = [one.node for one in landings]
    x, y = np.meshgrid(np.linspace(560_000, 610_000, 9), np.linspace(1_990_000, 2_060_000, 9))
    home = next(one.node for one in landings if one.name == "Mae Mo")
    land = TravelField(graph, [home], walk_kph=15, most_walk_m=15_000).at(x.ravel(), y.ravel())[0]
    return [
        *(between(graph, nodes, what) for what in ("minutes", "length")),
        land,
    ]  # fmt: skip


def railway_says(frame):
    """Give minutes and km between stations, and the grades that trains meet either way."""
    stations = frozen("stations")
    graph = rail_graph(frame, stations, CRS, 2569, speed_kph=35)
    names = sorted(stations["name_en"][stations["on_line"].astype(bool)])
    nodes = [
        next(n for n, held in graph.nodes(data=True) if name in str(held.get("name")).split("; "))
        for name in names
    ]
    climbs = [
        sum(
            held["length"] * held.get("ruling_grade_per_mille", 0.0)
            for *_, held in graph.edges(data=True)
        )
    ]
    return [
        *(between(graph, nodes, what) for what in ("minutes", "length")),
        np.array(climbs),
    ]  # fmt: skip


ASKED = {"roads": roads_say, "railway": railway_says}


@pytest.fixture(scope="module")
def wanted():
    return {layer: ask(original(layer)) for layer, ask in ASKED.items()}


def unlike(one, other, layer):
    """Say where two answers differ, or None."""
    for what, a, b in zip(("minutes", "km", "rest"), one, other, strict=True):
        if not np.array_equal(np.isnan(a), np.isnan(b)):
            return f"{layer}: {what} known elsewhere"
        off = np.abs(a - b) / np.maximum(np.abs(b), 1.0)
        if np.nanmax(off) > CLOSE:
            return f"{layer}: {what} differ by {np.nanmax(off):.2g}"
    return None


# ---- the ways to write them

WAYS = Ways()
way = WAYS.way


def only(*columns):
    """Take a way for layers that have some columns; the others cannot be written so."""

    def narrowed(rewrite):
        def wrapped(frame, folder):
            return rewrite(frame, folder) if set(columns) <= set(frame) else None

        wrapped.__name__ = rewrite.__name__
        return wrapped

    return narrowed


def split_at_vertices(frame):
    """Write each straight piece as a feature, its length in proportion; ids for new vertices."""
    rows = []
    for row in frame.to_dict("records"):
        line = row["geometry"]
        points = list(line.coords)
        for number, (a, b) in enumerate(pairwise(points)):
            piece = LineString([a, b])
            own = {**row, "geometry": piece}
            own["length_m"] = row["length_m"] * piece.length / line.length
            if set(ENDS) <= set(row):
                inner = [f"{row['edge']}/{k}" for k in range(1, len(points) - 1)]
                names = [str(row["from_node"]), *inner, str(row["to_node"])]
                own |= dict(zip(ENDS, names[number : number + 2], strict=True))
                own["edge"] = f"{row['edge']}:{number}"
            rows.append(own)
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=frame.crs)


def halves(line):
    middle = len(line.coords) // 2
    if middle == 0 or len(line.coords) < 3:
        half = line.interpolate(0.5, normalized=True).coords[0]
        return MultiLineString([[line.coords[0], half], [half, line.coords[-1]]])
    return MultiLineString([line.coords[: middle + 1], line.coords[middle:]])


def turned(frame):
    out = frame.set_geometry(frame.geometry.reverse())
    for one, other in (ENDS, GRADES):
        if {one, other} <= set(frame):
            out[one], out[other] = frame[other], frame[one]
    return out


def saved(frame, folder, name):
    frame.to_file(folder / name)
    return read_vector(folder / name)


@way()
def as_it_is(frame, _):
    return frame


@way()
def shuffled(frame, _):
    return frame.sample(frac=1.0, random_state=7)


@way()
def counted_anew_after_shuffling(frame, _):
    return frame.sample(frac=1.0, random_state=8).reset_index(drop=True)


@way()
def with_columns_of_its_own(frame, _):
    return frame.assign(note="=1+1", lanes=2, geom_type="road")[
        [*reversed(frame.columns.drop("geometry")), "note", "lanes", "geom_type", "geometry"]
    ]


@way()
def with_heights(frame, _):
    return frame.set_geometry(shapely.force_3d(frame.geometry.array, z=312.5))


@way()
def drawn_with_a_point_every_20_m(frame, _):
    return frame.set_geometry(shapely.segmentize(frame.geometry.array, 20.0))


@way()
def in_wgs_84(frame, _):
    return frame.to_crs("EPSG:4326")


@way()
def in_the_next_zone(frame, _):
    return frame.to_crs("EPSG:32648")


@way()
def in_web_mercator(frame, _):
    return frame.to_crs("EPSG:3857")


@way()
def as_geojson(frame, folder):
    return saved(frame.to_crs("EPSG:4326"), folder, "lines.geojson")


@way()
def as_geopackage(frame, folder):
    return saved(frame, folder, "lines.gpkg")


@way()
def as_shapefile(frame, folder):
    # Names of columns have ten letters there; the railway's are longer.
    return saved(frame, folder, "lines.shp") if frame.columns.str.len().max() <= 10 else None


@way()
def as_flatgeobuf(frame, folder):
    return saved(frame, folder, "lines.fgb")


@way()
def every_line_a_multi_line(frame, _):
    return frame.set_geometry([MultiLineString([line]) for line in frame.geometry])


@way()
def in_two_parts(frame, _):
    return frame.set_geometry([halves(line) for line in frame.geometry])


@way()
@only(*ENDS)
def in_two_parts_without_ids(frame, _):
    return frame.set_geometry([halves(line) for line in frame.geometry]).drop(columns=ENDS)


@way()
@only(*ENDS)
def without_ids(frame, _):
    return frame.drop(columns=[*ENDS, "edge"])


@way()
@only(*ENDS)
def with_empty_ids(frame, _):
    return frame.assign(from_node=None, to_node=np.nan)


@way()
@only(*ENDS)
def ids_as_digits(frame, _):
    return frame.astype(dict.fromkeys([*ENDS, "edge"], str))


@way()
@only(*ENDS)
def ids_as_words(frame, _):
    return frame.assign(**{name: "N" + frame[name].astype(str) for name in [*ENDS, "edge"]})


@way()
@only(*ENDS)
def ids_as_long_as_those_of_openstreetmap(frame, _):
    wide = frame.astype(dict.fromkeys(ENDS, np.int64))
    return wide.assign(**{name: wide[name] + 12_345_678_901_234_567 for name in ENDS})


@way()
@only(*ENDS)
def ids_beyond_64_bits_as_text(frame, _):
    return frame.assign(**{name: frame[name].map(lambda n: str(10**25 + n)) for name in ENDS})


@way()
@only(*ENDS)
def ids_as_floats(frame, _):
    return frame.astype(dict.fromkeys(ENDS, float))


@way()
@only(*ENDS)
def ids_from_text_on_one_side(frame, _):
    return frame.astype({"to_node": str})


@way()
@only(*ENDS)
def at_every_vertex_a_node(frame, _):
    return split_at_vertices(frame)


@way()
def at_every_vertex_a_feature_without_ids(frame, _):
    return split_at_vertices(frame).drop(columns=[*ENDS, "edge"], errors="ignore")


@way()
def in_pieces_of_a_metre_and_a_half(frame, _):
    # One long edge only: the network as a whole would take minutes.
    at = frame.geometry.length.sort_values().index[len(frame) // 2]
    line = shapely.segmentize(frame.geometry[at], 1.5)
    chain = split_at_vertices(frame.loc[[at]].set_geometry([line]).drop(
        columns=ENDS, errors="ignore"))  # fmt: skip
    return pd.concat([frame.drop(index=at).drop(columns=ENDS, errors="ignore"), chain])


@way()
def turned_round(frame, _):
    against = (
        {"oneway": frame["oneway"].map({True: "-1", False: "no"})} if "oneway" in frame else {}
    )
    return turned(frame).assign(**against)


def one_way(frame, yes, no):
    return frame.assign(oneway=frame["oneway"].map({True: yes, False: no}).astype(object))


@way()
@only("oneway")
def one_way_as_yes_and_no(frame, _):
    return one_way(frame, "yes", "no")


@way()
@only("oneway")
def one_way_as_true_and_false_in_words(frame, _):
    return one_way(frame, "TRUE", "False")


@way()
@only("oneway")
def one_way_as_one_and_nought(frame, _):
    return one_way(frame, 1, 0)


@way()
@only("oneway")
def one_way_as_text_or_nothing(frame, _):
    return one_way(frame, "1", None)


@way()
@only("oneway")
def one_way_as_geofabrik_writes_it(frame, _):
    return one_way(frame, "F", "B")


@way()
@only("oneway")
def one_way_against_the_line_as_geofabrik_writes_it(frame, _):
    return one_way(turned(frame), "T", "B")


@way()
@only("oneway")
def one_way_reverse_and_reversible(frame, _):
    return one_way(turned(frame), "reverse", "reversible")


@way()
def numbers_as_text(frame, _):
    numbers = [name for name in frame if frame[name].dtype.kind in "if" and name not in ENDS]
    return frame.assign(**{
        name: frame[name].map(lambda value: None if pd.isna(value) else f" {value} ")
        for name in numbers
    })  # fmt: skip


@way()
def whole_numbers_as_floats(frame, _):
    return frame.astype({name: float for name in frame if frame[name].dtype.kind == "i"})


@way()
def names_lost(frame, _):
    return frame.drop(columns=[name for name in frame if name.startswith("name_")])


# ---- what must be refused


@way("line_way_unknown")
@only("oneway")
def one_way_perhaps(frame, _):
    return one_way(frame, "perhaps", "no")


@way("line_number_wrong")
@only("speed_kph")
def speeds_with_their_unit(frame, _):
    return frame.assign(speed_kph=frame["speed_kph"].astype(str) + " km/h")


@way("speed_missing")
@only("speed_kph")
def speeds_of_nought(frame, _):
    return frame.assign(speed_kph=0)


@way("line_number_too_small")
def lengths_with_a_comma(frame, _):
    return frame.assign(length_m=frame["length_m"].map("{:,}".format))


@way("line_shorter_than_straight")
def lengths_in_km(frame, _):
    return frame.assign(length_m=frame["length_m"] / 1000)


@way("line_id_missing")
@only(*ENDS)
def half_of_the_ids(frame, _):
    return frame.assign(from_node=frame["from_node"].where(frame.index % 2 == 0))


@way("line_id_wrong")
@only(*ENDS)
def ids_that_a_float_has_rounded(frame, _):
    wide = frame.astype(dict.fromkeys(ENDS, np.int64))
    return wide.assign(**{name: (wide[name] + 2**53).astype(float) for name in ENDS})


@way("line_in_parts")
@only(*ENDS)
def parts_apart_between_two_ids(frame, _):
    broken = [
        MultiLineString([shapely.ops.substring(line, 0, 0.4, normalized=True),
                         shapely.ops.substring(line, 0.6, 1, normalized=True)])
        for line in frame.geometry
    ]  # fmt: skip
    return frame.set_geometry(broken)


def first_as(frame, shape):
    shapes = list(frame.geometry)
    shapes[0] = shape
    return frame.set_geometry(shapes)


@way("line_without_course")
def a_line_missing(frame, _):
    return first_as(frame, None)


@way("line_without_course")
def a_line_empty(frame, _):
    return first_as(frame, LineString())


@way("line_of_no_length")
def a_line_without_length(frame, _):
    start = frame.geometry.iloc[0].coords[0]
    return first_as(frame, LineString([start, start]))


@way("line_of_other_kind")
def a_point_among_the_lines(frame, _):
    return first_as(frame, Point(frame.geometry.iloc[0].coords[0]))


@way("line_nowhere")
def a_line_at_infinity(frame, _):
    with np.errstate(invalid="ignore"):
        return first_as(frame, LineString([(0, 0), (np.inf, 0)]))


@way("line_year_wrong")
@only("open_year_be")
def years_of_the_common_era(frame, _):
    return frame.assign(open_year_be=2026)


@way("line_number_too_small")
@only("tracks")
def tracks_in_words(frame, _):
    return frame.assign(tracks="single")


@pytest.mark.parametrize("layer", ["roads", "railway"])
@pytest.mark.parametrize("how", list(WAYS), ids=lambda how: how.name)
def test_lines_written_otherwise_are_the_same_or_refused(layer, how, tmp_path, wanted):
    OUTCOMES[layer, how.name] = outcome(
        how, original(layer), tmp_path, ASKED[layer],
        lambda found: unlike(found, wanted[layer], layer),
    )  # fmt: skip


def test_the_table_of_ways_is_whole():
    print(f"\n{as_table(OUTCOMES)}")  # noqa: T201
    if len(OUTCOMES) == 2 * len(WAYS.all):
        read = [out for out in OUTCOMES.values() if out == "same"]
        assert len(read) >= 50

"""A synthetic world: the same in every window, true to its plan, and always labelled."""

import numpy as np
import pytest
import rasterio
import shapely

from maemoh_gis.core.grid import Grid
from maemoh_gis.files import read_text, read_vector
from maemoh_gis.layers.catalog import read_catalog
from maemoh_gis.layers.load import Layers
from maemoh_gis.runs.project import Project, prepare
from maemoh_gis.sites.result import sites_of
from maemoh_gis.suitability.result import score_of, states_of
from tests.computed import compute
from tests.world import TITLE, planted, world
from tests.world.files import SCENARIO, write_world
from tests.world.plan import WHY, plan


@pytest.fixture(scope="module")
def made():
    return world(2569, 40.0)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("world")
    coarse = world(2569, 80.0)
    return folder, coarse, write_world(coarse, folder)


def test_a_cell_has_the_same_values_in_every_window(made):
    inner = Grid(made.grid.crs, 40.0, made.grid.col0 + 200, made.grid.row0 + 90, 70, 150)
    part = world(2569, window=inner)
    window = made.grid.window_of(inner)
    for name in ("elevation", "slope", "land_class", "score"):
        assert np.array_equal(getattr(made, name)[window], getattr(part, name)), name


def test_the_same_seed_gives_the_same_world_and_another_seed_another(made):
    again, other = world(2569, 80.0), world(2570, 80.0)
    assert np.array_equal(again.score, world(2569, 80.0).score)
    assert not np.array_equal(again.elevation, other.elevation)
    assert plan(1).plants == plan(1).plants
    assert [p.kind for p in plan(1).plants] != [p.kind for p in plan(2).plants]


def test_every_kind_of_plant_is_there_once_and_three_fit():
    for seed in range(20):
        laid = plan(seed)
        kinds = [p.kind for p in laid.plants]
        assert set(kinds) == set(WHY)
        assert kinds.count("fits") == 3
        assert len(kinds) == len(WHY) + 2
        shapes = [p.polygon for p in laid.plants]
        assert not any(shape.intersects(laid.line) for shape in shapes)
        assert shapely.union_all(shapes).area == pytest.approx(sum(s.area for s in shapes))
        assert laid.best_site.distance(laid.line) > 2000
        assert laid.best_site.area == pytest.approx(1000 * 1600)


def beneath(made, polygon):
    x, y = np.meshgrid(made.grid.x, made.grid.y)
    return shapely.contains_xy(polygon, x, y)


def test_planted_yards_stand_on_usable_level_land_and_traps_do_not(made):
    for plant in made.fits:
        assert made.usable[beneath(made, plant.polygon)].all()
        assert made.slope[beneath(made, plant.polygon)].max() < 2
    by_kind = {p.kind: p for p in made.non_fits}
    for kind in ("sloped", "cut_by_stream", "too_short", "set_back", "too_narrow"):
        assert not made.usable[beneath(made, by_kind[kind].polygon)].all(), kind
    for kind in ("crossed_by_road", "steep_grade"):
        # Nothing but the road or the line's grade keeps a yard away.
        assert made.usable[beneath(made, by_kind[kind].polygon)].all(), kind
    assert np.median(made.slope[beneath(made, by_kind["sloped"].polygon)]) == pytest.approx(
        10, abs=2
    )


def test_a_road_crosses_only_the_plant_that_says_so(made):
    for plant in made.plan.plants:
        crossed = made.roads.intersects(plant.polygon).any()
        assert crossed == (plant.kind == "crossed_by_road"), plant.kind


def test_the_line_is_steep_only_at_the_plant_that_says_so(made):
    heights = made.plan.chainage_m, made.plan.height_m
    for plant in made.plan.plants:
        ends = np.interp([plant.chainage_m - 500, plant.chainage_m + 500], *heights)
        permille = abs(ends[1] - ends[0])
        assert (permille > 2.5) == (plant.kind == "steep_grade"), plant.kind


def test_the_planted_best_site_outscores_all_other_land_but_the_plants(made):
    best = beneath(made, made.best_site)
    others = [p.polygon.buffer(450) for p in made.plan.plants]
    elsewhere = ~best & ~beneath(made, shapely.union_all(others))
    assert made.score[best].min() > made.score[elsewhere].max()
    assert made.usable[best].all()


def test_the_stream_is_seen_on_cells_wider_than_itself():
    coarse = world(2569, 80.0)
    stream = coarse.streams.geometry.iloc[0]
    along = shapely.get_coordinates(shapely.segmentize(stream, 5.0))
    rows = np.floor(-along[:, 1] / 80.0).astype(int) - coarse.grid.row0
    cols = np.floor(along[:, 0] / 80.0).astype(int) - coarse.grid.col0
    assert (coarse.land_class[rows, cols] == 1).all()


def test_everything_says_that_it_is_synthetic(made):
    assert made.synthetic
    frames = [made.roads, made.stations, made.settlements, made.streams, planted(made)]
    for frame in frames:
        assert frame["synthetic"].all()
        assert frame.attrs["title"] == TITLE
    names = [n for f in frames[:-1] for n in (*f["name_th"], *f["name_en"])]
    assert all("จำลอง" in name or "Synthetic" in name for name in names)


def test_cells_too_coarse_for_the_plan_are_refused():
    with pytest.raises(ValueError, match="100 m"):
        world(1, 100.0)


def test_a_written_world_is_a_whole_project(written):
    folder, coarse, files = written
    catalog = read_catalog(folder / "layers")
    layers = Layers(catalog)
    for id in catalog:
        layers.checksum(id)
        assert "สังเคราะห์" in catalog[id].title.th
        assert "synthetic" in catalog[id].title.en
        assert catalog[id].modelled
    assert {p.name for p in files} == {p.name for p in folder.rglob("*") if p.is_file()}
    with rasterio.open(folder / "layers" / "elevation.tif") as raster:
        assert raster.tags()["synthetic"] == "yes"
    assert np.array_equal(layers.codes("land_use", coarse.grid), coarse.land_class)
    assert np.array_equal(layers.numbers("slope", coarse.grid), coarse.slope)
    railway = layers.shapes("railway", coarse.grid.crs)[0]
    assert shapely.hausdorff_distance(railway, coarse.railway) < 0.02
    truth = read_vector(folder / "layers" / "planted.geojson")
    assert len(truth) == 1 + len(coarse.plan.plants)


def test_a_written_world_runs_and_scores_as_it_was_made(written):
    folder, coarse, _ = written
    project = Project(folder / "layers", folder / "scenarios")
    results = compute(*prepare(project, SCENARIO))
    assert results.grid == coarse.grid
    assert np.allclose(score_of(results, "container_yard").value, coarse.score, atol=1e-5)
    assert np.array_equal(states_of(results, "container_yard").state == 1, coarse.usable)
    site = sites_of(results, "green_estate").geometry.iloc[0]
    assert site.intersection(coarse.best_site).area / coarse.best_site.area > 0.8


def test_writing_twice_gives_the_same_bytes(written, tmp_path):
    folder, coarse, files = written
    write_world(coarse, tmp_path)
    for path in files:
        assert (tmp_path / path.relative_to(folder)).read_bytes() == path.read_bytes(), path.name
    assert "Synthetic Mae Moh" in read_text(folder / "scenarios" / "synthetic.yaml")

"""People of Lampang placed by the bundled layers: how well, and what a layer less takes away."""

from dataclasses import replace

import numpy as np
import pytest
import shapely
from scipy.stats import spearmanr

from maemoh_gis import files
from maemoh_gis.cells.amounts import amount_in_cells
from maemoh_gis.core.crs import transformer_between
from maemoh_gis.exposure.exposure import _LEVELS
from maemoh_gis.exposure.homes import absent, central_shares, estimates_of, extreme
from maemoh_gis.exposure.outputs import _note
from maemoh_gis.exposure.place import people_around, people_parts
from maemoh_gis.exposure.population import PEOPLE, near, people_of, people_stages
from maemoh_gis.exposure.words import near_words
from maemoh_gis.layers.load import Layers
from maemoh_gis.runs.project import Project, prepare
from maemoh_gis.scenario.checks.check import faults_of
from maemoh_gis.scenario.settings.exposure import HomesShown
from tests.paths import LAYERS, ROOT, SCENARIOS, SOURCES

CRS = "EPSG:32647"
METHODS = " ".join((ROOT / "docs/methods.md").read_text(encoding="utf-8").split())
OPTIONAL = ("land_cover", "land_use_outlines", "road_lines", "slope")


@pytest.fixture(scope="module")
def baseline():
    return prepare(Project(LAYERS, SCENARIOS), "baseline")


def without(catalog, *ids):
    return replace(catalog, layers={id: x for id, x in catalog.layers.items() if id not in ids})


def placed(baseline, *lacking):
    resolved, catalog = baseline
    return people_of(resolved.scenario.exposure, Layers(without(catalog, *lacking)), CRS)


@pytest.fixture(scope="module")
def people(baseline):
    return placed(baseline)


@pytest.fixture(scope="module")
def places(baseline):
    """Stations and villages of known place inside the province."""
    layers = Layers(baseline[1])
    shapes = [layers.shapes(id, CRS) for id in ("stations", "village_points")]
    inside = shapely.union_all(layers.shapes("districts", CRS)).buffer(-5000)
    return [one for one in np.concatenate(shapes) if inside.covers(one)]


def ends(found):
    return np.array([[getattr(one, end) for end in _LEVELS] for one in found])


def test_every_estimate_sums_to_the_register_of_each_subdistrict(people):
    assert len(people.counts) == 100
    assert people.counts.sum() == 697_679
    for one in people.placed:
        of = people.zone.ravel()[one.at] - 1
        sums = np.bincount(of, weights=one.people, minlength=100)
        assert sums == pytest.approx(np.where(one.told, people.counts, 0.0), rel=1e-12)


def test_the_town_is_never_empty(baseline, people):
    station = Layers(baseline[1]).shapes("stations", CRS, {"name_en": "Nakhon Lampang"})[0]
    (found,) = near(station, people, [1000])
    assert 3000 < found.low < found.central < found.high < 12_000


@pytest.mark.parametrize(
    "lacking", [("land_cover",), ("land_use_outlines",), ("road_lines",), ("slope",), OPTIONAL]
)
def test_a_layer_taken_out_widens_every_range(baseline, people, places, lacking):
    fewer = placed(baseline, *lacking)
    known, left = (ends([near(one, of, [1000])[0] for one in places]) for of in (people, fewer))
    assert (left[:, 0] <= known[:, 0] + 1e-6).all()
    assert (left[:, 2] >= known[:, 2] - 1e-6).all()
    wider = (left[:, 2] - left[:, 0]) - (known[:, 2] - known[:, 0])
    assert np.median(wider) > 100
    assert ((left[:, 0] <= left[:, 1]) & (left[:, 1] <= left[:, 2])).all()


def test_a_scenario_without_them_has_no_fault_and_says_what_it_lacks(baseline):
    resolved, catalog = baseline
    lacking = ("land_cover", "land_use_outlines")
    fewer = without(catalog, *lacking)
    asked = resolved.scenario.exposure
    assert not [f for f in faults_of(resolved, fewer) if (f.key or "").startswith("exposure")]
    assert absent(asked, fewer) == list(lacking)
    (stage,) = people_stages(resolved.scenario, fewer)
    assert stage.id == PEOPLE
    assert not set(stage.layers) & set(lacking)
    note = _note(asked, fewer)
    assert note["en"].startswith("Where homes stand is known less well")
    assert all("land_cover, land_use_outlines" in note[x] for x in ("th", "en"))
    assert "known less well" not in _note(asked, catalog)["en"]


def test_what_a_place_is_told_is_what_the_run_tells(baseline, people, places):
    resolved, catalog = baseline
    asked = resolved.scenario.exposure
    for place in places[::25]:
        alone = people_around(asked, Layers(catalog), CRS, place)
        assert len(alone.counts) < 40
        told_alone = [vars(part) for part in people_parts(asked, alone, place)]
        assert told_alone == [vars(part) for part in people_parts(asked, people, place)]


def test_where_nobody_counted_no_number_is_told(baseline):
    resolved, catalog = baseline
    asked = resolved.scenario.exposure
    far = Layers(catalog).shapes("stations", CRS, {"name_en": "Chiang Mai"})[0]
    assert people_around(asked, Layers(catalog), CRS, far) is None
    part = next(iter(people_parts(asked, None, far)))
    assert (part.low, part.central, part.high, part.uncounted_share) == (None, None, None, 1.0)
    assert "not known (100 % of the land not counted)" in near_words(part)["en"]


def test_homes_of_ones_own_take_the_place_of_all(baseline):
    """Villages of a subdistrict as the only homes: each has an even share of nine tenths."""
    resolved, catalog = baseline
    asked = resolved.scenario.exposure
    where = {"subdistrict_code": 520204}
    own = HomesShown(layer="village_points", where=where, central=0.9)
    evenly = asked.evenly.model_copy(update={"central": 0.1})
    asked = asked.model_copy(update={"homes": {"own": own}, "evenly": evenly})
    layers = Layers(catalog)
    villages = layers.shapes("village_points", CRS, where)
    people = people_of(asked, layers, CRS)
    code = layers.features("subdistricts", CRS)["code"].tolist().index(520204)
    (found,) = near(villages[0], people, [100])
    share = people.counts[code] / len(villages)
    assert found.high == pytest.approx(share)
    assert 0.9 * share < found.central < 0.92 * share
    assert found.low < 0.02 * share


@pytest.fixture(scope="module")
def from_districts(baseline, people):
    """What each estimate says of the subdistricts, told no more than the people of districts."""
    resolved, catalog = baseline
    layers = Layers(catalog)
    codes = layers.features("subdistricts", CRS)["code"].to_numpy()
    _, district = np.unique(codes // 100, return_inverse=True)
    zone = np.concatenate([[0], district + 1])[people.zone]
    counts = np.bincount(district, weights=people.counts)
    found = estimates_of(resolved.scenario.exposure, layers, people.grid, zone, counts)
    of = people.zone.ravel()
    said = [np.bincount(of[one.at], weights=one.people, minlength=101)[1:] for one in found]
    return np.array(said)


def test_people_of_a_district_are_put_on_its_subdistricts_as_well_as_the_docs_say(
    people, from_districts
):
    central, most = np.array(people.believed).T
    likely = central @ from_districts
    off = np.abs(likely / people.counts - 1)
    alone, together = (
        np.abs(one - people.counts).sum(axis=-1) / 2 / people.counts.sum()
        for one in (from_districts, likely)
    )
    least, greatest = (extreme(from_districts, most, greatest=g) for g in (False, True))
    held = (least <= people.counts) & (people.counts <= greatest)
    told = (
        f"half of the subdistricts are off by less than {100 * np.median(off):.0f} %, "
        f"a tenth by more than {100 * np.quantile(off, 0.9):.0f} %, "
        f"{100 * together:.0f} % of the people are misplaced "
        f"({', '.join(f'{100 * one:.0f}' for one in alone)} by each estimate alone), "
        f"the range holds {held.sum()} of 100, "
        f"rank correlation {spearmanr(likely, people.counts)[0]:.2f}"
    )
    assert together < alone.min(), "together they tell more than any one alone"
    assert told in METHODS


def test_villages_and_stations_have_people_near(people, places):
    found = ends([near(one, people, [500])[0] for one in places])
    few = [round(100 * (found[:, k] < 25).mean()) for k in (0, 1, 2)]
    assert (len(found), *few) == (113, 12, 2, 0)
    assert (
        "Of 113 villages and stations of known place, fewer than 25 people are near (500 m) at "
        "12 % in the low, at 2 % in the central and at none in the high figure" in METHODS
    )


@pytest.mark.skipif(SOURCES is None, reason="the fuller sources are not here")
def test_buildings_that_were_not_used_stand_where_people_are_placed(baseline, people):
    rows = files.read_csv(SOURCES / "reference/observed/osm2021_buildings_centroids.csv")
    homes = [r for r in rows if r["subdistrict_pcode"] and 20 <= float(r["area_m2"]) <= 400]
    lonlat = np.array([[float(r["lon"]), float(r["lat"])] for r in homes])
    x, y = transformer_between("EPSG:4326", CRS).transform(*lonlat.T)
    grid, shape = people.grid, tuple(n // 10 * 10 for n in people.grid.shape)
    buildings = amount_in_cells(shapely.points(x, y), grid)
    shares = central_shares(np.array([one.told for one in people.placed]),
                            np.array(people.believed)[:, 0])  # fmt: skip
    by_cell = []
    for one, share in zip(people.placed, shares, strict=True):
        cells = np.zeros(grid.rows * grid.cols)
        cells[one.at] = one.people * share[people.zone.ravel()[one.at] - 1]
        by_cell.append(cells.reshape(grid.shape))

    def of_km2(cells):
        return cells[: shape[0], : shape[1]].reshape(shape[0] // 10, 10, -1, 10).sum(axis=(1, 3))

    inside = of_km2((people.zone > 0).astype(float)) >= 99
    seen, likely = of_km2(buildings)[inside], of_km2(np.sum(by_cell, axis=0))[inside]
    top = likely >= np.quantile(likely, 0.9)
    built = seen > 0
    told = (
        f"{round(seen.sum())} small buildings in {built.sum()} squares of 1 km: "
        f"{100 * seen[top].sum() / seen.sum():.0f} % in the tenth with most people, rank "
        f"correlation {spearmanr(seen, likely)[0]:.2f} over all squares, "
        f"{spearmanr(seen[built], likely[built])[0]:.2f} over those with any"
    )
    assert told in METHODS

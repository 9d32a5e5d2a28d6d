"""Runs of shipped scenarios on coarse cells, shared by all who only read their tables."""

import csv

import pytest
import shapely

from maemoh_gis.decision.leads import leads_to
from maemoh_gis.decision.outputs import write_decision
from maemoh_gis.estate.outputs import write_estate
from maemoh_gis.phase_out.outputs import write_timeline
from maemoh_gis.phase_out.register import land_of_zone, write_register
from maemoh_gis.runs.project import Project
from maemoh_gis.sites.result import sites_by_use
from maemoh_gis.suitability.removed_table import write_removed
from tests.computed import compute
from tests.paths import LAYERS, SCENARIOS
from tests.scenario.test_shipped_scenarios import coarse

PROJECT = Project(LAYERS, SCENARIOS)
CATALOG = PROJECT.catalog()


class Told:
    """A run on coarse cells with its tables read back, and the sentence it led to."""

    def __init__(self, id, folder, store):
        self.results = compute(coarse(PROJECT.scenario(id)), CATALOG, store=store)
        self.scenario = self.results.resolved.scenario
        for write in (write_timeline, write_register, write_estate, write_decision, write_removed):
            write(self.results, folder)
        self.folder = folder
        self.said = leads_to(self.results)

    def rows(self, name, **where):
        path = self.folder / name
        with path.open(encoding="utf-8-sig", newline="") as file:
            found = list(csv.DictReader(file))
        return [row for row in found if all(row[k] == str(v) for k, v in where.items())]

    def amount(self, file, key, name, year, decimals=0):
        (row,) = self.rows(file, year_be=year, **{key: name})
        low, central, high = (float(row[end]) for end in ("low", "central", "high"))
        if low == central == high:
            return f"{central:,.{decimals}f}"
        return f"{central:,.{decimals}f} ({low:,.{decimals}f}–{high:,.{decimals}f})"

    def drawn_rai(self, wanted, stronger=()):
        """Measure the land of the zones whose row of the register is wanted, less that of others
        in some states.
        """
        rows = self.rows("land_register.csv")
        mine = self.shape([row for row in rows if wanted(row)])
        return (mine - self.shape([row for row in rows if row["state"] in stronger])).area / 1600

    def shape(self, rows):
        crs, layers = self.results.grid.crs, self.results.layers
        shapes = [land_of_zone(self.scenario.zones[row["zone"]], crs, layers) for row in rows]
        return shapely.union_all([one for one in shapes if one is not None])

    def places(self, use):
        return list(dict.fromkeys(sites_by_use(self.results)[use]["place_en"]))


@pytest.fixture(scope="session")
def told(tmp_path_factory, shared_store):
    done = {}

    def of(id):
        if id not in done:
            done[id] = Told(id, tmp_path_factory.mktemp(id), shared_store)
        return done[id]

    return of

"""What a run computes, its sites described, without a file written."""

from maemoh_gis.runs import run
from maemoh_gis.sites.table import with_sites


def compute(resolved, catalog, **how):
    return with_sites(run.compute(resolved, catalog, **how))

"""What a run computes, its sites described, without a file written."""

from maemoh_gis.workflow import run
from maemoh_gis.workflow.site_table import with_sites


def compute(resolved, catalog, **how):
    return with_sites(run.compute(resolved, catalog, **how))

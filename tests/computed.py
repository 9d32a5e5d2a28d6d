"""What a run computes, its sites described, without a file written."""

from maemoh_gis.runs import run
from maemoh_gis.runs.outputs import with_places


def compute(resolved, catalog, **how):
    return with_places(run.compute(resolved, catalog, **how))

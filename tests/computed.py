"""What a run computes, its sites described, without a file written."""

from maemoh_gis.runs import run
from maemoh_gis.runs.features import described


def compute(resolved, catalog, **how):
    return described(run.compute(resolved, catalog, **how))

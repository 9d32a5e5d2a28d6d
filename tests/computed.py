"""What a run computes: sites described without a file written, or the stages it went through."""

from maemoh_gis.runs import run
from maemoh_gis.runs.features import described


def compute(resolved, catalog, **how):
    return described(run.compute(resolved, catalog, **how))


def run_watched(resolved, catalog, folder, store):
    """Run a scenario; name the stages that were computed."""
    computed = []

    def watch(event):
        if event.seconds is not None and not event.kept:
            computed.append(event.stage)

    run.run_resolved(resolved, catalog, folder, watch=watch, store=store)
    return computed

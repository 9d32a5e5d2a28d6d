"""Land that fits: sites of each use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maemoh_gis.presentation.feature import Feature
from maemoh_gis.sites import report
from maemoh_gis.sites.declared import with_declared
from maemoh_gis.sites.outputs import sites_on_record, write_sites
from maemoh_gis.sites.result import site_places
from maemoh_gis.sites.stages import site_stages
from maemoh_gis.sites.table import with_sites

if TYPE_CHECKING:
    from collections.abc import Iterable

    from maemoh_gis.scenario.settings.scenario import Scenario


def _layers(scenario: Scenario) -> Iterable[str]:
    told = [limit.declared_in for limit in scenario.limits.values() if limit.declared_in]
    return [id for one in told for id in (one.layer, one.areas)]


FEATURE = Feature(
    stages=lambda scenario, _: site_stages(scenario),
    describe=with_sites,
    places=site_places,
    tell_near=with_declared,
    layers=_layers,
    write=write_sites,
    record={20: sites_on_record},
    sections={40: report.sites},
)

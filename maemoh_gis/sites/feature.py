"""Land that fits: sites of each use."""

from __future__ import annotations

from maemoh_gis.presentation.feature import Feature
from maemoh_gis.sites import report
from maemoh_gis.sites.outputs import sites_on_record, write_sites
from maemoh_gis.sites.result import site_places
from maemoh_gis.sites.stages import site_stages
from maemoh_gis.sites.table import with_sites

FEATURE = Feature(
    stages=lambda scenario, _: site_stages(scenario),
    describe=with_sites,
    places=site_places,
    write=write_sites,
    record={20: sites_on_record},
    sections={40: report.sites},
)

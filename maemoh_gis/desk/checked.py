"""What is wrong with a wish: the same that `maemoh-gis check` says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from maemoh_gis.core.errors import MaeMohError
from maemoh_gis.core.faults import Fault
from maemoh_gis.layers.catalog import Catalog
from maemoh_gis.layers.load import Layers
from maemoh_gis.network.stages import build_all
from maemoh_gis.reach.stages import build_access
from maemoh_gis.runs.layers_read import faults_before_run
from maemoh_gis.runs.project import Project
from maemoh_gis.scenario.resolve import Resolved
from maemoh_gis.scenario.vary import varied


@dataclass
class Checker:
    """Checks wishes for one scenario; what does not change with them is read once."""

    project: Project
    catalog: Catalog
    base: Resolved
    _networks: str = ""

    @classmethod
    def of(cls, project: Project, name: str) -> Checker:
        """Read a scenario and the catalog."""
        return cls(project, project.catalog(), project.scenario(name))

    def faults(self, values: Mapping[str, Any]) -> tuple[Fault, ...]:
        """Find all that is wrong with the scenario so changed; warnings are among it."""
        try:
            resolved = varied(self.base, values)
            found = tuple(faults_before_run(resolved, self.catalog))
            if not any(fault.blocks for fault in found):
                self._require_networks(resolved)
        except MaeMohError as error:
            return error.faults
        return found

    def _require_networks(self, resolved: Resolved) -> None:
        """Build networks as the command does, again only where a wish changes one."""
        asked = resolved.scenario
        written = repr((asked.networks, asked.rail, asked.year))
        if written == self._networks:
            return
        read = Layers(self.catalog)
        build_access(asked, build_all(asked, read), read)
        self._networks = written

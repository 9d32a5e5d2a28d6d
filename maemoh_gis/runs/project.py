"""Where the layers and scenarios of a project stand: the folder the planner works in, or the
bundle.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from maemoh_gis.core.errors import FormatError, RunError, raise_if_blocked
from maemoh_gis.core.faults import Fault
from maemoh_gis.documents.schema import nearest_first
from maemoh_gis.files import is_there
from maemoh_gis.layers.bundled import bundled_folder
from maemoh_gis.layers.catalog import FILE_NAME, Catalog, read_catalog
from maemoh_gis.runs.layers_read import faults_before_run
from maemoh_gis.scenario.resolve import SUFFIX, Resolved, read_scenario


@dataclass(frozen=True)
class Project:
    """The folders a run reads."""

    layers: Path
    """Folder with `catalog.yaml`."""
    scenarios: Path
    """Folder with the scenario files."""

    def catalog(self) -> Catalog:
        """Read the catalog; an entry at fault stops only those who ask for its layer."""
        return read_catalog(self.layers, whole=False)

    def scenario_names(self) -> list[str]:
        """List the scenarios by id, in alphabetical order."""
        return sorted(path.stem for path in self.scenarios.glob(f"*{SUFFIX}"))

    def scenario(self, name: str, catalog: Catalog | None = None) -> Resolved:
        """Read a scenario by id or by file, for a catalog where it is read already."""
        path = Path(name) if name.endswith(SUFFIX) else self.scenarios / f"{name}{SUFFIX}"
        if not is_there(path):
            names = self.scenario_names()
            expected = nearest_first(name, names)
            raise RunError(Fault("unknown_scenario", key=name, found=name, expected=expected))
        return read_scenario(path, catalog or self.catalog())


def find_project(layers: Path | None = None, scenarios: Path | None = None) -> Project:
    """Find the layers and scenarios to work with."""
    here, bundle = Path.cwd(), bundled_folder()
    if layers is None:
        layers = Path("layers") if (here / "layers" / FILE_NAME).is_file() else bundle / "layers"
    if scenarios is None:
        own = _has_scenarios(here / "scenarios")
        scenarios = Path("scenarios") if own else bundle / "scenarios"
    return Project(layers, scenarios)


def _has_scenarios(folder: Path) -> bool:
    """Say whether a folder holds scenarios; one that may not be read is no empty one."""
    if not folder.is_dir():
        return False
    try:
        return any(path.endswith(SUFFIX) for path in os.listdir(folder))  # noqa: PTH208
    except OSError as error:
        raise RunError(
            Fault("cannot_read", str(folder), found=error.strerror or str(error))
        ) from error


def prepare(project: Project, name: str) -> tuple[Resolved, Catalog]:
    """Read and check everything a run needs, without running it."""
    catalog = project.catalog()
    resolved = project.scenario(name, catalog)
    raise_if_blocked(faults_before_run(resolved, catalog), FormatError)
    return resolved, catalog

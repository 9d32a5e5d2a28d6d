"""Where a layer of one's own goes: a catalog of the planner's, and the scenario it is meant for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.messages import Text
from maemoh_gis.documents.yaml import parse_yaml
from maemoh_gis.files import read_text
from maemoh_gis.intake.said import PROVINCE, UNKNOWN
from maemoh_gis.layers.bundled import package_folder
from maemoh_gis.layers.catalog import FILE_NAME, Catalog, catalog_of
from maemoh_gis.layers.load import Layers
from maemoh_gis.runs.project import Project, find_project
from maemoh_gis.scenario.answered import waiting_criteria, waiting_limits
from maemoh_gis.scenario.resolve import Resolved

OWN = "own"
"""Folder beside the catalog that holds the layers brought in."""
ALONE = "version: 1\nlayers:\n"
ABOVE_BUNDLED = "version: 1\nextends: bundled\nlayers:\n"
_NAMES = ("name_th", "name_en")


@dataclass(frozen=True)
class District:
    """One polygon of the study area, as people name it."""

    value: object
    """What stands in the column that tells it from others."""
    names: tuple[str, ...]
    """How it may be called; the first is the one that is offered."""


@dataclass(frozen=True)
class Ground:
    """A catalog to write into, as it is now or as it is to be, and a scenario."""

    folder: Path
    content: str
    """Text of the catalog."""
    is_new: bool
    """Whether there is no such file yet."""
    scenarios: Path
    scenario: str | None
    """Scenario that is asked; None where a catalog is all there is."""

    @cached_property
    def catalog(self) -> Catalog:
        """Check the catalog; an entry at fault stops only who asks for it."""
        none_yet = self.content in (ALONE, ABOVE_BUNDLED)
        content = f"{self.content}  {{}}\n" if none_yet else self.content
        document = parse_yaml(content, f"{self.folder.name}/{FILE_NAME}")
        return catalog_of(document, self.folder, whole=False)

    @property
    def path(self) -> Path:
        """Give the file of the catalog."""
        return self.folder / FILE_NAME

    @cached_property
    def resolved(self) -> Resolved | None:
        """Read the scenario over this catalog."""
        if self.scenario is None:
            return None
        return _Over(self.folder, self.scenarios, self.catalog).scenario(self.scenario)

    def saying(self, content: str) -> Ground:
        """Give the same with another text of the catalog."""
        return replace(self, content=content)

    @cached_property
    def limits(self) -> list[str]:
        """List the limits of the scenario, those that wait for a map first."""
        if self.resolved is None:
            return []
        return [*self.waiting, *(x for x in self.resolved.written.limits if x not in self.waiting)]

    @cached_property
    def waiting(self) -> list[str]:
        """List the limits that wait for a map."""
        return [] if self.resolved is None else waiting_limits(self.resolved.document.data)

    @cached_property
    def waiting_criteria(self) -> list[str]:
        """List the criteria that wait for a map."""
        return [] if self.resolved is None else waiting_criteria(self.resolved.document.data)

    def title_of(self, answered: str) -> Text:
        """Name a limit, or a criterion, for people."""
        assert self.resolved is not None
        limits, uses = self.resolved.written.limits, self.resolved.written.uses
        if answered in limits:
            return limits[answered].title.both()
        return next(
            u.criteria[answered] for u in uses.values() if answered in u.criteria
        ).title.both()

    @cached_property
    def districts(self) -> tuple[District, ...]:
        """List the polygons of the study area that have a name and something to tell them by."""
        if self.resolved is None:
            return ()
        layer, crs = self.area_layer, self.resolved.scenario.grid.crs
        frame = Layers(self.catalog).features(layer, crs)
        key = "code" if "code" in frame else next((x for x in _NAMES if x in frame), None)
        if key is None:
            return ()
        columns = [name for name in (*_NAMES, "code") if name in frame]
        rows = frame[columns].astype(str).to_numpy().tolist()
        values = frame[key].tolist()
        return tuple(District(v, tuple(r)) for v, r in zip(values, rows, strict=True))

    @property
    def area_layer(self) -> str:
        """Name the layer of the study area."""
        assert self.resolved is not None
        return self.resolved.written.area.layer

    @property
    def district_names(self) -> tuple[str, ...]:
        """List how the districts are offered to be named."""
        return tuple(one.names[0] for one in self.districts)

    def unknown_districts(self, written: str) -> list[str]:
        """List the names in an answer that no district has."""
        return [name for name in _named(written) if self._meant(name) is None]

    def complete_within(self, written: str) -> object:
        """Say where a layer is complete as a catalog says it."""
        if written == UNKNOWN or self.resolved is None:
            return "none"
        if written == PROVINCE:
            return {"layer": self.area_layer}
        key = "code" if "code" in self._columns else self._columns[0]
        values = [one.value for name in _named(written) if (one := self._meant(name)) is not None]
        where = {key: values[0] if len(values) == 1 else values}
        return {"layer": self.area_layer, "where": where}

    @cached_property
    def _columns(self) -> Sequence[str]:
        assert self.resolved is not None
        frame = Layers(self.catalog).features(self.area_layer, self.resolved.scenario.grid.crs)
        return [name for name in ("code", *_NAMES) if name in frame]

    def _meant(self, name: str) -> District | None:
        folded = name.casefold()
        return next(
            (d for d in self.districts if folded in {one.casefold() for one in d.names}), None
        )


@dataclass(frozen=True)
class _Over(Project):
    """A project whose catalog is not written yet."""

    layers: Path
    scenarios: Path
    own: Catalog

    def catalog(self) -> Catalog:
        return self.own


def _named(written: str) -> list[str]:
    if written in (PROVINCE, UNKNOWN):
        return []
    return [name for part in written.split(",") if (name := part.strip())]


def find_ground(
    layers: Path | None, scenarios: Path | None, scenario: str | None, *, bundled: bool = True
) -> Ground:
    """Find the catalog to write into; that of the installed package is never it."""
    folder = Path("layers") if layers is None else layers
    if folder.resolve().is_relative_to(package_folder()):
        raise RunError(Fault("intake_in_package", str(folder)))
    path = folder / FILE_NAME
    is_new = not path.is_file()
    content = (ABOVE_BUNDLED if bundled else ALONE) if is_new else read_text(path)
    return Ground(folder, content, is_new, find_project(folder, scenarios).scenarios, scenario)

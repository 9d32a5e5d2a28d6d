"""A wish saved as a scenario that every other way to the tools takes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.documents.schema import validate
from maemoh_gis.documents.yaml import parse_yaml, written_yaml
from maemoh_gis.files import copy_file, is_there, whole_folder, write_text
from maemoh_gis.runs.project import Project
from maemoh_gis.scenario.resolve import SUFFIX
from maemoh_gis.scenario.settings.scenario import ScenarioFile

OWN = Path("scenarios")


def save(document: Mapping[str, Any], project: Project) -> Path:
    """
    Write a scenario beside the one it extends; an earlier file is never written over.

    Where the project works with the scenarios that come with the program, they are copied into a
    folder `scenarios` of its own: a file extends another of its folder.
    """
    name = f"{document['id']}{SUFFIX}"
    content = written_yaml(dict(document))
    validate(ScenarioFile, parse_yaml(content, name))
    borrowed = project.scenarios.resolve() != OWN.resolve()
    folder = OWN if borrowed else project.scenarios
    if is_there(folder / name) or is_there(project.scenarios / name):
        raise RunError(Fault("desk_name_taken", str(folder / name), found=str(document["id"])))
    if borrowed and not is_there(OWN):
        with whole_folder(OWN) as draft:
            _bring(project.scenarios, draft)
            write_text(draft / name, content)
        return OWN / name
    if borrowed:
        _bring(project.scenarios, OWN)
    write_text(folder / name, content)
    return folder / name


def _bring(source: Path, target: Path) -> None:
    for one in sorted(source.glob(f"*{SUFFIX}")):
        if not is_there(target / one.name):
            copy_file(one, target / one.name)

"""Bring a layer in, or take it back, in processes of which each is killed at a later moment."""

import os
import shutil
import signal
import sys
from pathlib import Path

from maemoh_gis.intake.add import add
from maemoh_gis.intake.asking import settled
from maemoh_gis.intake.ground import find_ground
from maemoh_gis.intake.said import Told
from maemoh_gis.intake.shelf import alone, take_back

ID = "own_forest"
MOST = 200
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_CHANGES = {"os.rename", "os.mkdir", "os.remove", "os.rmdir", "os.link", "os.chmod", "os.truncate"}


def bring(project: Path, file: Path) -> None:
    ground = find_ground(project / "layers", project / "scenarios", "tiny")
    told = Told(limit="forest", complete="province", as_of="2568", source="An office",
                licence="own", confidence="M")  # fmt: skip
    add(*settled(file, told, ground), ground)


def back(project: Path, _: Path) -> None:
    with alone(project / "layers"):
        take_back(project / "layers", ID)


def dies_at(moment: int, project: Path) -> None:
    """Kill this process by the system's own hand before the so many-th change below a folder."""
    seen = 0

    def watch(event: str, args: tuple[object, ...]) -> None:
        nonlocal seen
        changes = event in _CHANGES or (
            event == "open" and isinstance(args[2], int) and bool(args[2] & _WRITES)
        )
        if changes and any(str(project) in str(one) for one in args[:2]):
            seen += 1
            if seen == moment:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)


def main(way: str, project: Path, file: Path, folder: Path) -> None:
    ways = {"bring": bring, "back": back}
    shutil.copytree(project, folder / "warm")
    ways[way](folder / "warm", file)  # so that each process finds all it imports
    shutil.rmtree(folder / "warm")
    for moment in range(1, MOST):
        copy = folder / f"{moment:03}"
        shutil.copytree(project, copy)
        if (child := os.fork()) == 0:
            dies_at(moment, copy)
            ways[way](copy, file)
            os._exit(0)
        status = os.waitpid(child, 0)[1]
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        if not os.WIFSIGNALED(status):
            return


if __name__ == "__main__":
    main(sys.argv[1], *map(Path, sys.argv[2:]))

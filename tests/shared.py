"""Folders that the processes of one test run share: the first that asks for one makes it."""

import shutil
from pathlib import Path

from maemoh_gis.core.locks import held


def once(folder: Path, make) -> Path:
    """Make what stands in a folder unless another process has; wait for one that is at it."""
    made = folder.with_name(f"{folder.name}.made")
    while True:
        with held(folder.with_name(f"{folder.name}.lock"), wait=True) as mine:
            if mine and not made.exists():
                # What a maker left that failed or was killed.
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir(mode=0o700)
                make(folder)
                made.touch()
            if mine:
                return folder

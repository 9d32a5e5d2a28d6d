"""Rasters in files read back as they were written, and go when they are no longer needed."""

from __future__ import annotations

import gc
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maemoh_gis.core.errors import FileError
from maemoh_gis.files.scratch import Scratch, blocks_of


def filled(scratch: Scratch, values: np.ndarray, step: int = 2) -> object:
    raster = scratch.raster(values.shape, values.dtype)
    # From the south, so that no row lies where the file ends.
    for start in reversed(range(0, len(values), step)):
        raster[start : start + step] = values[start : start + step]
    return raster


@pytest.mark.parametrize("dtype", [bool, np.uint8, np.uint32, np.float32])
def test_what_was_written_is_read_back_bit_for_bit(tmp_path: Path, dtype: type) -> None:
    values = np.random.default_rng(1).integers(0, 2, (7, 5)).astype(dtype)
    with Scratch(tmp_path) as scratch:
        raster = filled(scratch, values)
        assert (raster.shape, raster.dtype) == (values.shape, values.dtype)
        assert np.asarray(raster).tobytes() == values.tobytes()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 7), st.integers(0, 7), st.integers(0, 5), st.integers(0, 5))
def test_a_part_is_what_an_array_would_give(top: int, low: int, left: int, right: int) -> None:
    import tempfile

    values = np.arange(35, dtype=np.float32).reshape(7, 5)
    with tempfile.TemporaryDirectory() as folder, Scratch(Path(folder)) as scratch:
        raster = filled(scratch, values)
        window = (slice(top, low), slice(left, right))
        assert np.array_equal(raster[top:low], values[top:low])
        assert np.array_equal(raster[window], values[window])
        assert np.array_equal(raster[values > 12], values[values > 12])
        assert raster[3, 2] == values[3, 2]


def test_the_folder_is_made_with_the_first_raster_and_goes_at_the_end(tmp_path: Path) -> None:
    beside = tmp_path / "runs"
    with Scratch(beside) as scratch:
        assert not beside.exists()
        filled(scratch, np.zeros((3, 3)))
        assert len(list(beside.iterdir())) == 1
    assert list(beside.iterdir()) == []


def test_the_first_rasters_lie_in_memory_where_there_is_room(tmp_path: Path) -> None:
    with Scratch(tmp_path, in_memory=100) as scratch:
        rasters = [scratch.raster((3, 4), np.float32) for _ in range(3)]
        assert [isinstance(raster, np.ndarray) for raster in rasters] == [True, True, False]


def test_the_folder_goes_even_if_nobody_ends_it(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path)
    filled(scratch, np.zeros((3, 3)))
    del scratch
    gc.collect()
    assert list(tmp_path.iterdir()) == []


def test_the_next_run_removes_what_a_killed_process_left(tmp_path: Path) -> None:
    killed = (
        "import os, pathlib, numpy; from maemoh_gis.files.scratch import Scratch\n"
        f"scratch = Scratch(pathlib.Path({str(tmp_path)!r}))\n"
        "scratch.raster((2, 2), numpy.uint8)[0:1] = numpy.ones((1, 2), numpy.uint8)\n"
        "os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", killed], check=False).returncode == 9
    (left,) = tmp_path.iterdir()
    with Scratch(tmp_path) as scratch, Scratch(tmp_path) as other:
        filled(scratch, np.zeros((3, 3)))
        filled(other, np.zeros((3, 3)))
        assert len(list(tmp_path.iterdir())) == 2
        assert not left.exists()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_cut_short_is_never_read_as_whole(tmp_path: Path) -> None:
    with Scratch(tmp_path) as scratch:
        raster = filled(scratch, np.ones((4, 4)))
        content = raster.path.read_bytes()
        raster.path.write_bytes(content[:-1])
        assert (raster[:3] == 1).all()
        with pytest.raises(FileError) as caught:
            raster[3:4]
        assert caught.value.faults[0].code == "cannot_read"


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(FileError) as caught:
        Scratch(tmp_path / "taken").raster((2, 2), np.uint8)
    assert caught.value.faults[0].code == "cannot_write"


@given(st.integers(1, 3_000), st.integers(1, 3_000_000))
def test_blocks_cover_every_row_once(rows: int, cols: int) -> None:
    covered = [row for block in blocks_of((rows, cols)) for row in range(block.start, block.stop)]
    assert covered == list(range(rows))

"""Locks and workshops: whoever works there keeps his own, and what the dead left goes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from maemoh_gis.core.locks import held, sweep, workshop


def test_workshops_made_at_the_same_time_leave_one_another_alone(tmp_path: Path) -> None:
    def work(number: int) -> None:
        for _ in range(200):
            with workshop(tmp_path) as folder:
                (folder / "draft").write_text(str(number), encoding="utf-8")
                assert (folder / "draft").read_text(encoding="utf-8") == str(number)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert list(tmp_path.iterdir()) == []


def test_a_workshop_nobody_holds_goes_and_one_that_is_held_stays(tmp_path: Path) -> None:
    (tmp_path / "work-left").mkdir()
    (tmp_path / "work-left" / ".lock").touch()
    (tmp_path / "work-new").mkdir()
    with workshop(tmp_path) as mine:
        sweep(tmp_path)
        assert sorted(tmp_path.iterdir()) == sorted([mine, tmp_path / "work-new"])


def test_a_lock_is_held_once(tmp_path: Path) -> None:
    with held(tmp_path / "lock") as mine, held(tmp_path / "lock") as also:
        assert (mine, also) == (True, False)
    with held(tmp_path / "lock") as again:
        assert again

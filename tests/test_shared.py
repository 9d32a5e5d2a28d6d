"""What processes of a test run share is made by one of them, whole, and by nobody twice."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.shared import once


def test_who_asks_while_it_is_made_waits_and_gets_it_whole(tmp_path):
    made = []

    def make(folder):
        made.append(folder)
        (folder / "half").touch()
        time.sleep(0.05)
        (folder / "whole").touch()

    def names(_):
        return sorted(path.name for path in once(tmp_path / "it", make).iterdir())

    with ThreadPoolExecutor(4) as four:
        assert list(four.map(names, range(4))) == [["half", "whole"]] * 4
    assert made == [tmp_path / "it"]


def test_what_a_maker_left_that_failed_is_made_anew(tmp_path):
    def fail(folder):
        (folder / "half").touch()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        once(tmp_path / "it", fail)
    again = once(tmp_path / "it", lambda folder: (folder / "whole").touch())
    assert [path.name for path in again.iterdir()] == ["whole"]

"""Garbage is looked for rarely while runs last, and as before when the last has ended."""

import gc
from contextlib import ExitStack

import pytest

from maemoh_gis.core.garbage import rarely_collected


@pytest.fixture(autouse=True)
def _as_it_was():
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


def test_the_usual_comes_back_when_the_last_run_ends():
    before = gc.get_threshold()
    first, second = ExitStack(), ExitStack()
    first.enter_context(rarely_collected())
    second.enter_context(rarely_collected())
    first.close()
    assert gc.get_threshold()[0] > before[0]
    second.close()
    assert gc.get_threshold() == before


def test_who_never_looks_for_garbage_goes_on_so():
    gc.set_threshold(0)
    with rarely_collected():
        assert gc.get_threshold()[0] == 0
    assert gc.get_threshold()[0] == 0

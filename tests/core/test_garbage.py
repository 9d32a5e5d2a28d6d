"""Garbage is looked for rarely while runs last, and as before when the last has ended."""

import gc
from contextlib import ExitStack
from types import SimpleNamespace

import pytest

from maemoh_gis import cli
from maemoh_gis.core.garbage import rarely_collected
from maemoh_gis.network import stages
from maemoh_gis.runs import run


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


class _SeenError(Exception):
    """The threshold is known, and nothing more need be computed."""


@pytest.mark.parametrize(
    ("called", "first", "handed"),
    [
        (run.compute, (run, "require_sound"), (SimpleNamespace(scenario=None), None)),
        (stages.build, (stages, "_roads"), ("id", SimpleNamespace(roads=None), 2569, None, "")),
    ],
)
def test_what_holds_a_network_of_roads_looks_rarely(monkeypatch, called, first, handed):
    seen = []

    def look(*_):
        seen.append(gc.get_threshold())
        raise _SeenError

    before = gc.get_threshold()
    monkeypatch.setattr(*first, look)
    monkeypatch.setattr(run, "layers_read", lambda *_: ())
    with pytest.raises(_SeenError):
        called(*handed)
    assert seen[0][0] > before[0]
    assert gc.get_threshold() == before


def test_every_command_looks_rarely(monkeypatch, maemoh):
    seen = []

    def look(*_, **__):
        seen.append(gc.get_threshold())

    monkeypatch.setattr(cli, "build_app", lambda _: look)
    before = gc.get_threshold()
    assert maemoh("layers", "list")[0] == 0
    assert seen[0][0] > before[0]
    assert gc.get_threshold() == before

"""Kept results: found again whole or not at all, by all that decides them, and by nobody else."""

import dataclasses
import os
import pickle
import sys
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maemoh_gis.cache import store as kept
from maemoh_gis.cache.derived import cached
from maemoh_gis.cache.entry import result_of
from maemoh_gis.cache.memory import Memory
from maemoh_gis.cache.store import NoCache, NotKeptError, Store, name_of, open_store
from maemoh_gis.core.errors import RunError
from maemoh_gis.mcda.combine import CriterionScore

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="modes are of other systems")


MADE = []


def np_ones(count):
    return np.ones(count)


def noted(result):
    MADE.append(result)
    return result


@pytest.fixture
def store(tmp_path):
    return open_store(tmp_path / "cache")


def test_what_was_kept_comes_back_bit_by_bit(store):
    values = np.array([[1.5, np.nan], [-0.0, np.inf]], dtype=np.float32)
    store.keep("ab1", CriterionScore(values, values, None))
    found = store.load("ab1")
    assert found.value.tobytes() == values.tobytes()
    assert found.low is found.value
    assert found.high is None
    with pytest.raises(ValueError, match="read-only"):
        found.value[0, 0] = 2.0


def test_an_entry_that_is_held_is_read_once(store):
    holding = dataclasses.replace(store, memory=Memory())
    holding.keep("ab1", {"values": np.arange(3), "names": ["a"]})
    holding.load("ab1")["names"].append("b")
    (path,) = store.folder.glob("ab/*")
    path.write_bytes(b"spoilt")
    found = holding.load("ab1")
    assert found["names"] == ["a"]
    assert found["values"].tolist() == [0, 1, 2]
    with pytest.raises(ValueError, match="read-only"):
        found["values"][0] = 1
    with pytest.raises(NotKeptError):
        pickle.loads(pickle.dumps(holding)).load("ab1")


def test_an_entry_can_be_held_from_the_start_and_is_what_was_kept(store):
    holding = dataclasses.replace(store, memory=Memory())
    values = np.arange(6, dtype=np.float32).reshape(2, 3)
    score = CriterionScore(values, values.T, None)
    for name, hold in (("ab1", True), ("cd1", False)):
        holding.keep(name, score, hold=hold)
        (path,) = store.folder.glob(f"{name[:2]}/*")
        path.write_bytes(b"spoilt")
    found = holding.load("ab1")
    assert np.array_equal(found.low, values.T)
    assert np.shares_memory(found.value, values)
    with pytest.raises(ValueError, match="read-only"):
        found.value[0, 0] = 2.0
    with pytest.raises(ValueError, match="read-only"):
        values[0, 0] = 2.0
    with pytest.raises(NotKeptError):
        holding.load("cd1")


def test_what_was_used_longest_ago_is_held_no_longer():
    memory, entries = Memory(10), {name: (memoryview(bytes(3)), memoryview(b"x")) for name in "abc"}
    memory.hold("a", entries["a"])
    memory.hold("b", entries["b"])
    assert memory.get("a") is entries["a"]
    memory.hold("c", entries["c"])
    memory.hold("d", (memoryview(bytes(11)),))
    assert [memory.get(name) is not None for name in "abcd"] == [True, False, True, False]


def test_what_is_not_there_is_not_there(store):
    with pytest.raises(NotKeptError):
        store.load("ab1")


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_an_entry_changed_in_any_byte_or_cut_anywhere_is_removed_and_never_used(
    tmp_path_factory, data
):
    store = Store(tmp_path_factory.mktemp("cache"))
    store.keep("ab1", {"a": np.arange(20), "b": "ก"})
    (path,) = store.folder.glob("ab/*")
    content = bytearray(path.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    if data.draw(st.booleans()):
        content[at] ^= data.draw(st.integers(1, 255))
    else:
        del content[at:]
    path.write_bytes(content)
    with pytest.raises(NotKeptError):
        store.load("ab1")
    assert not path.exists()


def test_an_entry_that_would_run_something_else_is_not_taken(store):
    class Evil:
        def __reduce__(self):
            return os.mkdir, (str(store.folder / "evil"),)

    store.keep("ab1", Evil())
    with pytest.raises(NotKeptError):
        store.load("ab1")
    assert not (store.folder / "evil").exists()
    assert pickle.dumps(Evil())


def test_every_part_and_every_program_counts_for_a_name(monkeypatch):
    one = name_of("a", [1, 2], np.array([1.0, 2.0]), b"x")
    assert one == name_of("a", [1, 2], np.array([1.0, 2.0]), b"x")
    others = [
        name_of("b", [1, 2], np.array([1.0, 2.0]), b"x"),
        name_of("a", [2, 1], np.array([1.0, 2.0]), b"x"),
        name_of("a", [1, 2], np.array([[1.0, 2.0]]), b"x"),
        name_of("a", [1, 2], np.array([1.0, -2.0]), b"x"),
        name_of("a", [1, 2], np.array([1.0, 2.0]), b"y"),
        name_of("a", [1, 2], np.array([1.0, 2.0], dtype=np.float32), b"x"),
        name_of({"a": 1, "b": 2}), name_of({"b": 2, "a": 1}),
    ]  # fmt: skip
    monkeypatch.setattr(kept, "programs", lambda: "another version")
    others.append(name_of("a", [1, 2], np.array([1.0, 2.0]), b"x"))
    assert len({one, *others}) == 10


def test_what_was_used_longest_ago_goes_first(tmp_path):
    store = Store(tmp_path)
    for number in range(5):
        store.keep(f"a{number}x", np.zeros(300))
        (path,) = store.folder.glob(f"a{number}/*")
        os.utime(path, (0, time.time() - 1_000 + number))
    store.load("a0x")
    store.most_bytes = 10_000
    store.trim()
    # Four entries of 2.5 kB are as many as fit; three of them are at most 80 %.
    assert [n for n in range(5) if store.has(f"a{n}x")] == [0, 3, 4]


def test_a_draft_left_by_a_killed_process_goes_when_it_is_old(store):
    old, new = store.folder / "draft-old", store.folder / "draft-new"
    for path in (old, new):
        path.write_bytes(b"x")
    os.utime(old, (0, time.time() - 7_200))
    store.trim()
    assert (old.exists(), new.exists()) == (False, True)


@POSIX
def test_a_disk_that_takes_no_more_ends_the_keeping_only(tmp_path):
    import resource

    store = Store(tmp_path)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, hard))
        assert cached(store, np_ones, 500).sum() == 500
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert store.full
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    store.keep("ab1", 1)
    assert not store.has("ab1")


def test_a_result_is_made_once(store):
    for _ in range(2):
        assert cached(store, noted, "result") == "result"
    assert MADE == ["result"]
    store.clear()
    assert store.size() == (0, 0)


@POSIX
def test_a_folder_that_others_may_read_or_write_is_refused(tmp_path):
    place = tmp_path / "shared"
    place.mkdir(mode=0o755)
    place.chmod(0o755)
    with pytest.raises(RunError) as caught:
        open_store(place)
    (fault,) = caught.value.faults
    assert (fault.code, fault.found, fault.expected) == ("cache_not_private", "755", "700")
    assert (open_store(tmp_path / "own").folder.stat().st_mode & 0o777) == 0o700


def test_the_variable_names_the_folder_or_turns_it_off(tmp_path, monkeypatch):
    monkeypatch.setenv("MAEMOH_CACHE", "off")
    assert isinstance(open_store(), NoCache)
    monkeypatch.setenv("MAEMOH_CACHE", str(tmp_path / "here"))
    monkeypatch.setenv("MAEMOH_CACHE_GIB", "0.5")
    opened = open_store()
    assert (opened.folder, opened.most_bytes) == ((tmp_path / "here").resolve(), 2**29)
    for wrong in ("much", "-1", "nan"):
        monkeypatch.setenv("MAEMOH_CACHE_GIB", wrong)
        with pytest.raises(RunError) as caught:
            open_store()
        assert caught.value.faults[0].code == "bad_cache_size"


def _naming(module, name, argument):
    """Write a pickle that calls what it names, by protocol 4, which takes dotted names."""

    def short(written):
        return b"\x8c" + bytes([len(written)]) + written.encode()

    return b"\x80\x04" + short(module) + short(name) + b"\x93" + short(argument) + b"\x85R."


@pytest.mark.parametrize(
    ("module", "name"),
    [
        ("maemoh_gis.cache.store", "os.system"), ("pandas.io.common", "os.system"),
        ("maemoh_gis.cache.entry", "io.open"), ("pandas", "read_pickle"), ("numpy", "load"),
        ("maemoh_gis.files", "read_text"), ("maemoh_gis.cache.store", "Path"), ("os", "system"),
        ("maemoh_gis.runs.project", "find_project"), ("builtins", "eval"),
    ],
)  # fmt: skip
def test_only_data_types_are_taken_whatever_module_is_named(module, name):
    import importlib
    from functools import reduce

    # It can be had there, or it would prove nothing.
    assert reduce(getattr, name.split("."), importlib.import_module(module))
    with pytest.raises(pickle.UnpicklingError):
        result_of((memoryview(_naming(module, name, "unheard")),))

"""A newcomer who follows one value through the program opens no more files than now."""

import os
import sys

import pytest

from benchmarks import walks
from benchmarks.walks import Call, Walk

MOST = {"weight": 14, "explain": 11, "tariff": 17, "layer": 14}
"""Files of a walk, without rooms of tools. Fewer are welcome: then lower the number here."""


@pytest.mark.slow
@pytest.mark.parametrize("name", MOST)
def test_no_walk_grows(name):
    if name == "tariff" and "MAEMOH_WALKS" not in os.environ:
        pytest.skip("takes some five minutes; MAEMOH_WALKS=1 asks for it")
    files = [file for file in walks.walk_of(name) if not walks.is_tool(file)]
    assert files
    assert len(files) <= MOST[name], files


@pytest.mark.slow
@pytest.mark.parametrize("write", [walks.small, walks.with_freight])
def test_the_project_of_a_walk_passes_the_check(write, tmp_path, maemoh):
    """Else no walk over it can be measured, and the one that is only asked for fails unseen."""
    _, name, *folders = write(tmp_path)
    code, told, complaint = maemoh("check", name, *folders[: folders.index("--out")])
    assert code == 0, told + complaint


def call(file, parent, start, end, taken=(), given=(), names=()):
    return Call(file, "f", parent, start, frozenset(taken), frozenset(names), end,
                frozenset(given))  # fmt: skip


# main: read() -> 2; scale(2) -> 4; draw(2) -> 8; write(4)
CALLS = [
    call("main.py", None, 0, 100),
    call("read.py", 0, 1, 10, given={2}),
    call("yaml.py", 1, 2, 9, given={2}),
    call("scale.py", 0, 11, 20, taken={2}, given={4}),
    call("draw.py", 0, 21, 30, taken={2}, given={8}),
    call("out.py", 0, 31, 40, taken={4}),
    call("write.py", 5, 32, 39, taken={4}),
]


def followed_from(number):
    walk = Walk(CALLS)
    walk.back_from(number, CALLS[number].taken)
    return walk.files()


def test_the_walk_goes_through_what_makes_and_hands_on_the_value():
    assert followed_from(6) == ["main.py", "read.py", "yaml.py", "scale.py", "out.py", "write.py"]


def test_what_takes_the_value_elsewhere_is_not_on_the_walk():
    assert "draw.py" not in followed_from(6)


def test_a_value_goes_through_a_file_from_who_wrote_to_who_read():
    calls = [
        call("main.py", None, 0, 100),
        call("table.py", 0, 1, 5, taken={4}, names={"a.csv"}),
        call("read.py", 0, 6, 9, given={7}, names={"a.csv"}),
        call("page.py", 0, 10, 20, taken={7}),
    ]
    walk = Walk(calls)
    walk.back_from(3, calls[3].taken)
    assert walk.files() == ["main.py", "table.py", "read.py", "page.py"]


def test_arrays_tables_and_closures_are_looked_into():
    def outer(weight):
        return lambda: weight

    assert walks._values(outer(2.5)) == walks._values(2.5)
    assert walks._values({"a": [2.5]}) >= walks._values(2.5)


class Reader:
    def __init__(self, *found):
        self.found = list(found)


def test_an_object_is_looked_into_anew_once_it_holds_more():
    reader = Reader(2.5)
    reader.__class__.__module__ = "maemoh_gis.made_up"
    assert walks._values(reader) == walks._values(2.5)
    reader.found.append(3.5)
    assert walks._values(reader) == walks._values([2.5, 3.5])


SOURCE = """
class Parser:
    def read(self):
        return self.sign()

    def sign(self):
        return 2.5

def steps(number):
    return number if number == 0 else steps(number - 1)

def main():
    return Parser().read(), steps(3)
"""


def test_an_object_or_function_that_calls_itself_is_one_call(tmp_path):
    path = tmp_path / "made.py"
    path.write_text(SOURCE, encoding="utf-8")
    recorder, here = walks.Recorder(str(tmp_path), None), {}
    exec(compile(SOURCE, str(path), "exec"), here)
    before = sys.gettrace()
    sys.settrace(recorder.start)
    try:
        here["main"]()
    finally:
        sys.settrace(before)
    assert [one.function for one in recorder.calls] == ["main", "read", "steps"]

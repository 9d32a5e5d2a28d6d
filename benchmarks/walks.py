"""
How many files of the program must be opened to follow one value from what goes in to what is told.

The real command runs twice on the same small project, in which one value differs. A value of the
program that is seen in one run and never in the other hangs on it. From the output back to the
input, each such value is followed from the function that uses it to the one that first made it: all
functions on the chain of calls between the two must be read, the rest need not. The files of these
functions are the walk. Rooms of tools (`core`, `cache`, `files`) are counted apart: one may trust
them unread.

    python -m benchmarks.walks [--root CHECKOUT] [WALK ...]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import pickle
import shutil
import subprocess
import sys
import tempfile
import threading
import zlib
from collections import deque
from collections.abc import Callable, ItemsView, Iterator, Mapping, Sized, ValuesView
from dataclasses import dataclass, field, fields, is_dataclass, replace
from functools import partial
from pathlib import Path, PurePath
from types import CellType, CodeType, FrameType, FunctionType, MethodType
from typing import Any

ROOT = Path(__file__).parent.parent
PACKAGE = "maemoh_gis"
TOOLS = ("core", "cache", "files")
"""Rooms that are counted apart."""
_DEEP, _MANY = 9, 30_000
"""How far a value is looked into, and at how many parts of it at most."""
_LONGEST = 2_000_000
_TEXT = 1
"""Checksums of texts are odd, those of numbers even."""


# What a program runs through ------------------------------------------------------------------


@dataclass
class Call:
    """One call of a function of the program."""

    file: str
    function: str
    parent: int | None
    start: int
    taken: frozenset[int]
    """Values that hang on the input, among what it was given."""
    names: frozenset[str]
    """Names of the files it was given."""
    end: int = 1 << 60
    given: frozenset[int] = frozenset()
    """The same among what it was given and what it gives back, at its end."""


@dataclass
class Recorder:
    """Notes the calls of a program with the values they take and give that another run lacks."""

    root: str
    elsewhere: frozenset[int] | None
    """Values of the other run; None where this is that one."""
    seen: set[int] = field(default_factory=set)
    calls: list[Call] = field(default_factory=list)
    clock: int = 0
    open: dict[FrameType, int] = field(default_factory=dict)
    inside: dict[CodeType, str | None] = field(default_factory=dict)
    lock: Any = field(default_factory=threading.RLock)

    def start(self, frame: FrameType, event: str, _: object) -> Callable[..., Any] | None:
        """Note that a function of the program begins."""
        code = frame.f_code
        if code not in self.inside:
            path = code.co_filename
            own = path.startswith(self.root) and not code.co_name.startswith("<")
            self.inside[code] = path[len(self.root) + 1 :] if own else None
        file = self.inside[code]
        if event != "call" or file is None or _within_itself(frame):
            return None
        frame.f_trace_lines = False
        with self.lock:
            here = dict(frame.f_locals)
            self.clock += 1
            call = Call(file, code.co_name, self._parent(frame), self.clock,
                        self._hanging(here), frozenset(_file_names(here)))  # fmt: skip
            self.calls.append(call)
            self.open[frame] = len(self.calls) - 1
        return self.finish

    def finish(self, frame: FrameType, event: str, result: object) -> Callable[..., Any]:
        """Note what a function gives back, and what it changed of what it was given."""
        if event == "return":
            with self.lock:
                number = self.open.pop(frame, None)
                if number is not None:
                    call = self.calls[number]
                    self.clock += 1
                    call.end = self.clock
                    count = frame.f_code.co_argcount + frame.f_code.co_kwonlyargcount
                    own = [frame.f_locals.get(name) for name in frame.f_code.co_varnames[:count]]
                    call.given = self._hanging([result, own])
        return self.finish

    def _parent(self, frame: FrameType) -> int | None:
        back = frame.f_back
        while back is not None and back not in self.open:
            back = back.f_back
        if back is not None:
            return self.open[back]
        # A thread: what it does was asked for by whoever is at work in the others.
        return max(self.open.values(), default=None)

    def _hanging(self, value: object) -> frozenset[int]:
        found = set(_values(value))
        if self.elsewhere is None:
            self.seen |= found
            return frozenset()
        return frozenset(found - self.elsewhere)


def _within_itself(frame: FrameType) -> bool:
    """
    Say whether a function calls itself or an object itself: that is one step however it is cut.

    What a parser has read so far would else be looked through at every sign it reads.
    """
    code, back = frame.f_code, frame.f_back
    while back is not None and back.f_code.co_name.startswith("<"):
        back = back.f_back
    if back is None or back.f_code.co_filename != code.co_filename:
        return False
    own = frame.f_locals.get("self")
    return back.f_code is code or (own is not None and back.f_locals.get("self") is own)


def _file_names(here: Mapping[str, object]) -> Iterator[str]:
    for value in here.values():
        if isinstance(value, PurePath):
            yield value.name


_KEPT: dict[int, tuple[object, frozenset[int]]] = {}
"""What is inside models and tables, which nobody changes; they are held, so that no id returns."""


_OBJECTS: dict[int, tuple[object, list[tuple[int, int]], frozenset[int]]] = {}
"""What is inside objects of the program, with what they held when it was looked for."""


def _values(value: object) -> frozenset[int]:
    """Give the numbers, texts and arrays inside a value, each as a checksum."""
    found: set[int] = set()
    waiting, met, left = deque([(value, 0)]), set(), _MANY
    while waiting and left > 0:
        one, deep = waiting.popleft()
        left -= 1
        if isinstance(one, float):
            found.add(hash(("number", float(one))) << 1)
        elif isinstance(one, str | bytes):
            found.add(hash(one) << 1 | _TEXT)
        elif deep < _DEEP and id(one) not in met:
            met.add(id(one))
            if hasattr(one, "tobytes"):
                found.add(_of_array(one))
            elif hasattr(one, "wkb"):
                found.add(hash(one.wkb) << 1)
            elif _stays(one):
                found |= _kept(one)
            elif _is_object(one):
                found |= _kept_while_alike(one)
            else:
                waiting += [(part, deep + 1) for part in _parts(one)]
    return frozenset(found)


def _stays(one: object) -> bool:
    """Say whether a value is a model, a record or a table, which nobody changes."""
    if hasattr(one, "__pydantic_fields__") or hasattr(one, "_mgr"):
        return True
    parameters = getattr(type(one), "__dataclass_params__", None)
    # Rasters of a record are filled as strips pass.
    return (
        bool(parameters)
        and parameters.frozen
        and not any(hasattr(part, "dtype") for part in _parts(one))
    )


def _kept(one: object) -> frozenset[int]:
    if id(one) not in _KEPT:
        _KEPT[id(one)] = one, _values(_parts(one))
    return _KEPT[id(one)][1]


def _is_object(one: object) -> bool:
    """Say whether a value is an object of the program that is no plain record."""
    return type(one).__module__.startswith(PACKAGE) and not is_dataclass(one)


def _kept_while_alike(one: object) -> frozenset[int]:
    """Look into an object anew where it has other parts by now, or longer ones."""
    parts = list(getattr(one, "__dict__", {}).values())
    state = [(id(part), len(part) if isinstance(part, Sized) else 0) for part in parts]
    if any(hasattr(part, "tobytes") for part in parts) or id(one) not in _OBJECTS:
        _OBJECTS[id(one)] = one, [], frozenset()
    if _OBJECTS[id(one)][1] != state:
        # Put down first: a part may hold the object itself.
        _OBJECTS[id(one)] = one, state, frozenset()
        _OBJECTS[id(one)] = one, state, _values(parts)
    return _OBJECTS[id(one)][2]


def _of_array(array: Any) -> int:
    """Give the checksum of an array of numbers; one like any other of objects."""
    if array.dtype == object or array.size > _LONGEST:
        return 0
    return hash((zlib.crc32(array.tobytes()), array.dtype.str, array.size)) << 1


def _parts(one: Any) -> list[Any]:
    """List what a value is made of."""
    if isinstance(one, Mapping):
        return [*one, *one.values()]
    if isinstance(one, list | tuple | set | frozenset | deque | ValuesView | ItemsView):
        return list(one)
    if isinstance(one, partial):
        return [one.func, *one.args, *one.keywords.values()]
    if isinstance(one, FunctionType):
        return [_held(cell) for cell in one.__closure__ or ()]
    if isinstance(one, MethodType):
        return [one.__self__]
    if hasattr(one, "_mgr") and hasattr(one, "to_numpy"):
        columns = [one[name] for name in one.columns] if hasattr(one, "columns") else [one]
        return [part for column in columns for part in _of_column(column)]
    if is_dataclass(one) and not isinstance(one, type):
        return [getattr(one, name.name, None) for name in fields(one)]
    return []


def _held(cell: CellType) -> object:
    """Give what a function took along from around it; None before it is there."""
    try:
        return cell.cell_contents
    except ValueError:
        return None


def _of_column(column: Any) -> list[Any]:
    array = column.to_numpy()
    return list(array[:_MANY]) if array.dtype == object else [array]


def record(root: Path, arguments: list[str], other: Path | None, out: Path) -> None:
    """Run a command of the program in this process and write what it ran through."""
    elsewhere = None if other is None else pickle.loads(other.read_bytes())
    recorder = Recorder(str(root / PACKAGE), elsewhere)
    sys.argv = [PACKAGE, *arguments]
    from maemoh_gis import cli

    threading.settrace(recorder.start)
    sys.settrace(recorder.start)
    try:
        cli.main()
    except SystemExit as left:
        if left.code:
            raise
    finally:
        sys.settrace(None)
        threading.settrace(None)
    # Calls as plain tuples: here this file is the main program, to who reads them it is a module.
    calls = [tuple(vars(call).values()) for call in recorder.calls]
    out.write_bytes(pickle.dumps(frozenset(recorder.seen) if other is None else calls))


# The way back from an output ------------------------------------------------------------------


class Walk:
    """The calls of a program, followed from one of them back."""

    def __init__(self, calls: list[Call]) -> None:
        self.calls = calls
        self.on: set[int] = set()
        self.makers: dict[int, list[int]] = {}
        self.takers: dict[int, int] = {}
        self.inner: dict[int, list[int]] = {}
        for number, call in enumerate(calls):
            if call.parent is not None:
                self.inner.setdefault(call.parent, []).append(number)
            for value in call.given - call.taken:
                self.makers.setdefault(value, []).append(number)
            for value in call.taken:
                self.takers.setdefault(value, number)

    def back_from(self, number: int, values: frozenset[int]) -> None:
        """Follow values a call uses back to the input."""
        waiting = [(number, value) for value in values]
        done: set[int] = set()
        self.on.add(number)
        while waiting:
            user, value = waiting.pop()
            if value in done:
                continue
            done.add(value)
            maker = self._maker(user, value)
            if maker is not None:
                self._between(maker, user)
                waiting += [(maker, one) for one in self._used_by(maker, user) - done]

    def _maker(self, user: int, value: int) -> int | None:
        """
        Find the call that made a value: of several the nearest in the tree of calls, then the last.

        Where none gave it, it was made in the body of whoever handed it to its first taker.
        """
        start, up = self.calls[user].start, self._up(user)
        nearness = {number: -place for place, number in enumerate(up)}

        def near(number: int) -> tuple[int, int]:
            shared = [nearness[one] for one in self._up(number) if one in nearness]
            return max(shared, default=-len(up)), self.calls[number].end

        before = [one for one in self.makers.get(value, ()) if self.calls[one].end < start]
        if not before:
            taker = self.takers.get(value)
            return None if taker is None else self.calls[taker].parent
        maker = max(before, key=near)
        while inside := [one for one in self.inner.get(maker, ()) if self._made(one, value)]:
            maker = inside[-1]
        return maker

    def _made(self, number: int, value: int) -> bool:
        return value in self.calls[number].given - self.calls[number].taken

    def _used_by(self, number: int, user: int) -> frozenset[int]:
        """Give what a call had in hand that hangs on the input when it made a value."""
        call = self.calls[number]
        if call.taken:
            return call.taken
        until = min(call.end, self.calls[user].start)
        inner = [self.calls[one].given for one in self.inner.get(number, ())
                 if self.calls[one].end < until]  # fmt: skip
        return frozenset().union(*inner) or self._written_before(number)

    def _written_before(self, reading: int) -> frozenset[int]:
        """Give what was written into the file that a call read."""
        reader = self.calls[reading]
        for number in range(len(self.calls) - 1, -1, -1):
            call = self.calls[number]
            if call.start < reader.start and call.taken and call.names & reader.names:
                self._between(number, reading)
                return call.taken
        return frozenset()

    def _up(self, number: int) -> list[int]:
        chain, at = [number], self.calls[number].parent
        while at is not None:
            chain.append(at)
            at = self.calls[at].parent
        return chain

    def _between(self, maker: int, user: int) -> None:
        """Put the calls from a maker up to the one that hands on, and down to the user, on it."""
        up, down = self._up(maker), self._up(user)
        shared = set(up) & set(down)
        ends = [number for number in up if number in shared][:1]
        self.on |= {*up, *down} - shared | set(ends)

    def files(self) -> list[str]:
        """List the files of the calls on the walk, in the order they are met."""
        return list(dict.fromkeys(self.calls[number].file for number in sorted(self.on)))


# The walks ------------------------------------------------------------------------------------

_LAYER = """  {id}:
    title: {{th: ทดสอบ, en: {id}}}
    kind: {kind}
    path: {id}.geojson
    crs: EPSG:4326
    nature: observed
    confidence: H
    complete_within: extent
    source: made for this walk
    licence: CC0-1.0
    as_of: 2569
    retrieved: "2569-11-21"
    caution: {{th: ทดสอบ, en: A test}}
"""
_DRAWN = '    draw: {order: 10, colour: "#555555", width_px: 1.6}\n'
_SCENARIO = """version: 1
id: walk
title: {{th: เล็ก, en: Small}}
question: {{th: ทดสอบ, en: A test}}
year: 2569
seed: 1
grid: {{crs: "EPSG:32647", cell_m: 100}}
area: {{layer: study}}
view: {{layer: study}}
limits:
  near:
    title: {{th: ใกล้, en: Near}}
    ground: law
    basis: {{th: ทดสอบ, en: A test}}
    outcome: removed
    layer: wells
    test: {{within_m: 200}}
uses:
  estate:
    title: {{th: นิคม, en: Estate}}
    land:
      {{area_rai: 100, least_rai: 50, least_score: 0.1, conditional: true, sites: 2, basis: A test}}
    criteria:
      far:
        title: {{th: ไกล, en: Far}}
        basis: A test
        confidence: H
        measure: {{distance_to: wells}}
        value: {{unit: m, points: [[0, 0], [3000, 1]]}}
      close:
        title: {{th: ชิด, en: Close}}
        basis: A test
        confidence: H
        measure: {{distance_to: towers}}
        value: {{unit: m, points: [[0, 1], [2000, 0]]}}
viewpoint: only
viewpoints:
  only:
    title: {{th: เดียว, en: Only}}
    basis: A test
    weights: {{estate: {{far: {weight}, close: 5.5}}}}
"""
_FREIGHT = """version: 1
id: walk
extends: baseline
title: {th: แม่เมาะแบบหยาบ, en: Mae Mo in coarse cells}
question: {th: ทดสอบ, en: A test}
change:
  grid: {crs: "EPSG:32647", cell_m: 800}
  area: {layer: districts, where: {code: 5202}}
  networks.lampang.roads.layer: roads
  uses.container_yard.yard.roads: roads
  freight.roads: roads
  timeline: null
  zones: {}
  questions: {}
  links: null
"""
_SQUARE = [[99.70, 18.25], [99.76, 18.25], [99.76, 18.30], [99.70, 18.30], [99.70, 18.25]]
_TARIFF = "rail_linehaul_loaded_teu_km,"
_PRICES = ("9,12,17", "9.5,12.5,17.5")


def small(folder: Path, *, weight: float = 3.2713, drawn: float = 99.735) -> list[str]:
    """Write a project of four layers; give what to run it with."""
    shapes: dict[str, tuple[str, str, Any]] = {
        "study": ("polygons", "Polygon", [_SQUARE]),
        "wells": ("points", "Point", [99.72, 18.27]),
        "towers": ("points", "Point", [99.745, 18.281]),
        "drawn": ("points", "Point", [drawn, 18.292]),
    }
    catalog = "version: 1\nlayers:\n"
    for id, (kind, type, coordinates) in shapes.items():
        feature = {"type": "Feature", "properties": {"n": 1},
                   "geometry": {"type": type, "coordinates": coordinates}}  # fmt: skip
        text = json.dumps({"type": "FeatureCollection", "features": [feature]})
        _write(folder / "layers" / f"{id}.geojson", text)
        catalog += _LAYER.format(id=id, kind=kind) + (_DRAWN if id == "drawn" else "")
        catalog += f'    sha256: "{hashlib.sha256(text.encode()).hexdigest()}"\n'
    _write(folder / "layers" / "catalog.yaml", catalog)
    _write(folder / "scenarios" / "walk.yaml", _SCENARIO.format(weight=weight))
    return _run_of(folder)


def with_freight(folder: Path, *, price: tuple[str, str] = ("", "")) -> list[str]:
    """Write Mae Mo in coarse cells, with all that is known of freight."""
    for name in ("layers", "scenarios"):
        shutil.copytree(ROOT / name, folder / name, dirs_exist_ok=True)
    table, catalog = folder / "layers" / "tariffs.csv", folder / "layers" / "catalog.yaml"
    before = table.read_bytes()
    if any(price):
        lines = before.decode("utf-8").splitlines(keepends=True)
        at = next(i for i, line in enumerate(lines) if line.startswith(_TARIFF))
        lines[at] = lines[at].replace(*price)
        table.write_bytes("".join(lines).encode("utf-8"))
    was, now = (hashlib.sha256(content).hexdigest() for content in (before, table.read_bytes()))
    _write(catalog, catalog.read_text("utf-8").replace(was, now))
    _write(folder / "scenarios" / "walk.yaml", _FREIGHT)
    return _run_of(folder)


def _run_of(folder: Path) -> list[str]:
    return ["run", "walk", "--layers", str(folder / "layers"), "--scenarios",
            str(folder / "scenarios"), "--out", str(folder / "run")]  # fmt: skip


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _explain(folder: Path, at: str) -> list[str]:
    return ["explain", str(folder / "run"), "--layers", str(folder / "layers"), "--at", at]


def _writes(name: str) -> Callable[[Call], bool]:
    """Say whether a call writes a file of this name."""
    return lambda call: name in call.names and call.file.startswith(("files/", "workflow/files"))


@dataclass(frozen=True)
class Question:
    """One walk: an input that differs, and the output from which it is followed back."""

    title: str
    first: Callable[[Path], list[str]]
    """Makes the project, and gives what to run."""
    other: Callable[[Path], list[str]]
    """The same with another value of the input."""
    output: Callable[[Call], bool]
    """Says which call writes the output; the last one counts."""
    before: Callable[[Path], list[str]] | None = None
    """Run first, of which nothing is noted."""
    numbers: bool = False
    """Whether the output is made of numbers alone, so that texts beside them are not followed."""


WALKS: Mapping[str, Question] = {
    "weight": Question(
        "weight of a criterion -> score raster",
        small,
        lambda folder: small(folder, weight=4.7391),
        _writes("score_estate.tif"),
        numbers=True,
    ),
    "explain": Question(
        "point -> answer of explain",
        lambda folder: _explain(folder, "18.275,99.73"),
        lambda folder: _explain(folder, "18.279,99.739"),
        lambda call: call.file.startswith("commands/"),
        before=small,
    ),
    "tariff": Question(
        "row of the tariffs -> line of a yard in report.html",
        with_freight,
        lambda folder: with_freight(folder, price=_PRICES),
        lambda call: (call.file, call.function) == ("freight/report.py", "_over"),
    ),
    "layer": Question(
        "file of a layer -> map",
        small,
        lambda folder: small(folder, drawn=99.738),
        _writes("map.html"),
    ),
}


def is_tool(file: str) -> bool:
    """Say whether a file stands in a room of tools."""
    return file.startswith(tuple(f"{room}/" for room in TOOLS))


def walk_of(name: str, root: Path = ROOT) -> list[str]:
    """Give the files of one walk, in the order they are met."""
    question = WALKS[name]
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        if question.before is not None:
            _recorded(root, question.before(folder / "project"), None, folder / "before")
        other = _recorded(root, question.other(folder / "project"), None, folder / "other")
        found = _recorded(root, question.first(folder / "project"), other, folder / "calls")
        calls = [Call(*call) for call in pickle.loads(found.read_bytes())]
    return followed(calls, question).files()


def followed(calls: list[Call], question: Question) -> Walk:
    """Follow what a run went through from the output of a question back."""
    if question.numbers:
        calls = [replace(call, taken=_numbers(call.taken), given=_numbers(call.given))
                 for call in calls]  # fmt: skip
    walk = Walk(calls)
    last = max(number for number, call in enumerate(calls) if call.taken and question.output(call))
    walk.back_from(last, calls[last].taken)
    return walk


def _numbers(values: frozenset[int]) -> frozenset[int]:
    return frozenset(value for value in values if not value & _TEXT)


def _recorded(root: Path, arguments: list[str], other: Path | None, out: Path) -> Path:
    """Record a command of the program as a checkout has it, in a process of its own."""
    given = json.dumps([str(root), arguments, other and str(other), str(out)])
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONHASHSEED": "0",
                   "MAEMOH_CACHE": "off"}  # fmt: skip
    done = subprocess.run([sys.executable, __file__, "--record", given], env=environment,
                          cwd=root, capture_output=True, text=True, check=False)  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    return out


def main() -> None:
    """Print the files of the walks."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("walks", nargs="*", default=list(WALKS))
    parser.add_argument("--root", type=Path, default=ROOT)
    parser.add_argument("--record", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.record:
        root, arguments, other, out = json.loads(asked.record)
        record(Path(root), arguments, Path(other) if other else None, Path(out))
        return
    for name in asked.walks:
        files = walk_of(name, asked.root.resolve())
        tools = [file for file in files if is_tool(file)]
        print(f"{WALKS[name].title}: {len(files) - len(tools)} files and {len(tools)} of tools")
        for file in files:
            print(f"  {file}" + ("  (tool)" if file in tools else ""))


if __name__ == "__main__":
    main()

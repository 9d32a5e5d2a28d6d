"""What people read of a fault is what they wrote, never what it is in Python."""

import re

import pytest

from maemoh_gis.core.errors import FormatError
from maemoh_gis.core.messages import LANGUAGES, describe
from maemoh_gis.documents.schema import validate
from maemoh_gis.documents.yaml import Document, read_yaml
from maemoh_gis.layers.entries import CatalogFile
from maemoh_gis.scenario.settings.scenario import Scenario
from tests.paths import LAYERS, SCENARIOS

# Dictionaries, lists and tuples of Python, classes, patterns, and how Python calls nothing.
OF_PYTHON = re.compile(
    r"\{'|\['|': |\(\d+(\.\d+)?, |<class|\^\[|\bNone\b|\bTrue\b|\bFalse\b|\w=\w+\("
)
WRONG = ({"a": {"b": True}}, [["x"], None], "Not A Name!", None, -1e300, True, "")


def places(data, path=()):
    yield path
    if isinstance(data, dict):
        for key, value in data.items():
            yield from places(value, (*path, key))
    elif isinstance(data, list):
        for k, value in enumerate(data[:1]):
            yield from places(value, (*path, k))


def changed(data, path, value):
    """Give a copy with another value at a path."""
    if not path:
        return value
    copy = dict(data) if isinstance(data, dict) else list(data)
    copy[path[0]] = changed(data[path[0]], path[1:], value)
    return copy


def renamed(data, path, name):
    """Give a copy with another key at a path."""
    parent = data
    for key in path[:-1]:
        parent = parent[key]
    if not isinstance(parent, dict):
        return data
    turned = {name if key == path[-1] else key: value for key, value in parent.items()}
    return changed(data, path[:-1], turned)


def of_one_layer(data, path):
    """Leave of a catalog the layer that a path leads into: what others say is not on trial."""
    if path[:1] != ("layers",) or len(path) == 1:
        return data
    return {**data, "layers": {path[1]: data["layers"][path[1]]}}


def told_of(model, document, data):
    """Say in both languages what is wrong with changed data."""
    try:
        validate(model, Document(data, document.places, "s.yaml"))
    except FormatError as error:
        return [describe(fault, language) for fault in error.faults for language in LANGUAGES]
    return []


@pytest.mark.parametrize(
    ("model", "path"),
    [(Scenario, SCENARIOS / "baseline.yaml"), (CatalogFile, LAYERS / "catalog.yaml")],
    ids=["scenario", "catalog"],
)
def test_no_message_shows_what_only_programmers_read(model, path):
    document = read_yaml(path)
    kinds = {}
    for at in places(document.data):
        # One layer, criterion or place of the choice stands for the others.
        kinds.setdefault((len(at), at[:1], at[3:]), at)
    said = []
    for k, at in enumerate(list(kinds.values())[1:]):
        data = of_one_layer(document.data, at)
        for value in (WRONG[0], WRONG[1 + k % (len(WRONG) - 1)]):
            said += told_of(model, document, changed(data, at, value))
        said += told_of(model, document, renamed(data, at, "Not a Key!"))
    assert len(said) > 500
    assert [one for one in said if OF_PYTHON.search(one)] == []


def fault_of(path, value):
    document = read_yaml(SCENARIOS / "baseline.yaml")
    told = Document(changed(document.data, path, value), document.places, "s.yaml")
    with pytest.raises(FormatError) as caught:
        validate(Scenario, told)
    return caught.value.faults[0], document.places[tuple(map(str, path))].line


def test_a_tolerance_that_reaches_the_yard_is_told_with_its_own_number_and_line():
    yard = ("uses", "container_yard", "yard")
    fault, line = fault_of((*yard, "straight_tolerance_m"), 25.0)
    assert (fault.code, fault.found, fault.line) == ("tolerance_reaches_yard", "25", line)
    assert fault.key == "uses.container_yard.yard.straight_tolerance_m"
    assert "may stray 25 m could enter a yard 10 m away" in describe(fault, "en")
    fault, _ = fault_of((*yard, "sidings_m"), [650.0, 500.0])
    assert "650, 500 do not rise" in describe(fault, "en")


def test_how_a_name_is_written_is_told_in_words():
    fault, _ = fault_of(("uses", "container_yard", "yard", "railway"), "Northern Line")
    assert (fault.code, fault.found) == ("not_a_name", "Northern Line")
    assert "small letters" in describe(fault, "en")
    assert "อักษรอังกฤษตัวเล็ก" in describe(fault, "th")

"""Files people write are read without guessing, and every fault is named with its line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from maemoh_gis.core.errors import FormatError
from maemoh_gis.core.faults import Fault
from maemoh_gis.documents import schema, yaml
from maemoh_gis.documents.schema import Strict, validate
from maemoh_gis.documents.yaml import parse_yaml, written_yaml


def read(content: str) -> object:
    return parse_yaml(content, "s.yaml").data


def faults_of(content: str, model: type[Strict] | None = None) -> list[Fault]:
    with pytest.raises(FormatError) as caught:
        take(content, model)
    return list(caught.value.faults)


def take(content: str, model: type[Strict] | None) -> None:
    document = parse_yaml(content, "s.yaml")
    if model is not None:
        validate(model, document)


def fault_of(content: str, model: type[Strict] | None = None) -> Fault:
    (fault,) = faults_of(content, model)
    return fault


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("5", 5),
        ("-5", -5),
        ("+5", 5),
        ("0", 0),
        ("5.0", 5.0),
        ("-0.25", -0.25),
        ("1.0e3", 1000.0),
        ("1.5E-3", 0.0015),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("แม่เมาะ", "แม่เมาะ"),
        ("EPSG:32647", "EPSG:32647"),
        ("MM-8", "MM-8"),
        ("1.2.3", "1.2.3"),
        ("15 %", "15 %"),
        ("'no'", "no"),
        ('"12:30"', "12:30"),
        ("'5'", "5"),
        ('""', ""),
        ("[1, 2.5, a]", [1, 2.5, "a"]),
        ("{a: 1}", {"a": 1}),
    ],
)
def test_a_plain_value_means_what_it_says(written: str, value: object) -> None:
    found = read(f"key: {written}\n")
    assert found == {"key": value}
    assert type(found["key"]) is type(value)  # type: ignore[index]


@pytest.mark.parametrize(
    "written",
    ["no", "No", "NO", "yes", "on", "off", "y", "n", "True", "FALSE", "Null", "010", "0o10", "0x1F",
     "1_000", "12:30", "1:30:00", "1e3", "1E3", ".5", "5.", "-.5", "2026-11-21", "2569-1-2",
     ".inf", "-.Inf", ".nan"],
)  # fmt: skip
def test_what_readers_of_yaml_take_for_different_things_is_refused(written: str) -> None:
    fault = fault_of(f"a: 1\nkey: {written}\n")
    assert (fault.code, fault.line, fault.key, fault.found) == (
        "ambiguous_scalar",
        2,
        "key",
        written,
    )


@pytest.mark.parametrize("value", ["no", "010", "1e3", "12:30"])
def test_an_ambiguous_value_is_refused_wherever_it_stands(value: str) -> None:
    assert fault_of(f"a:\n  b:\n    - 1\n    - {value}\n").key == "a.b.1"


@given(st.integers())
def test_a_whole_number_comes_back(value: int) -> None:
    assert read(f"key: {value}") == {"key": value}


@given(
    st.text(
        st.characters(
            codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"], exclude_characters="\ufeff"
        ),
        max_size=30,
    )
)
def test_a_quoted_text_comes_back_letter_by_letter(value: str) -> None:
    assert read(f"key: {json.dumps(value, ensure_ascii=False)}") == {"key": value}


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["C"]))
    | st.sampled_from(["yes", "012", "1e5", "2569-11-21", "12:30", ".5", "~", "- a", "แม่เมาะ: ๑"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(st.characters(exclude_categories=["C"])), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(PLAIN)
def test_what_is_written_is_read_again_as_it_was(value: object) -> None:
    data = {"of": value}
    assert parse_yaml(written_yaml(data), "a.yaml").data == data


def test_a_key_given_twice_is_refused_and_the_first_is_named() -> None:
    fault = fault_of("a:\n  b: 1\n  c: 2\n  b: 3\n")
    assert (fault.code, fault.line, fault.key) == ("duplicate_key", 4, "a.b")
    assert fault.values["first_line"] == 2


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("a: &x 1\n", "yaml_anchor"),
        ("a: &x {b: 1}\nc: *x\n", "yaml_anchor"),
        ("a: {<<: 1}\n", "yaml_anchor"),
        ("a: !!str 1\n", "yaml_tag"),
        ("a: !!python/object:os.system x\n", "yaml_tag"),
        ("a: !mine 1\n", "yaml_tag"),
        ("{[1]: 2}\n", "yaml_key_not_text"),
    ],
)
def test_what_a_person_would_not_write_is_refused(content: str, code: str) -> None:
    assert code in {fault.code for fault in faults_of(content)}


@pytest.mark.parametrize(
    ("content", "line"),
    [("a: [1\n", 2), ("a: 1\n b: 2\n", 2), ("a: 'x\n", 2), ("a:\n\t- 1\n", 2), ("a: b: c\n", 1)],
)
def test_broken_yaml_is_named_with_its_line(content: str, line: int) -> None:
    fault = fault_of(content)
    assert (fault.code, fault.line) == ("yaml_syntax", line)


@pytest.mark.parametrize("content", ["", "\n\n", "# nothing but a remark\n"])
def test_an_empty_file_is_refused(content: str) -> None:
    assert fault_of(content).code == "yaml_empty"


@pytest.mark.parametrize("content", ["a: 1\n---\nb: 2\n", "a: \x00\n"])
def test_what_is_not_one_plain_document_is_refused(content: str) -> None:
    assert fault_of(content).code == "yaml_syntax"


def test_a_file_nested_too_deep_is_refused_without_falling_over() -> None:
    assert {f.code for f in faults_of("a: " + "[" * 60 + "]" * 60)} == {"yaml_too_deep"}


def test_a_file_of_absurd_size_is_refused_unread() -> None:
    assert fault_of("#" * 5_000_001).code == "yaml_too_large"


def test_every_fault_of_a_file_is_told_at_once() -> None:
    content = "a: no\nb: 010\na: 1\nc: &x 2\n"
    found = [(fault.code, fault.line) for fault in faults_of(content)]
    assert found == [
        ("ambiguous_scalar", 1),
        ("ambiguous_scalar", 2),
        ("duplicate_key", 3),
        ("yaml_anchor", 4),
    ]


def test_a_place_is_the_line_of_the_key_or_of_the_nearest_above_it() -> None:
    document = parse_yaml("a:\n  b:\n    c: 1\n", "s.yaml")
    assert document.place(("a", "b", "c")).line == 3
    assert document.place(("a", "b", "absent")).line == 2
    assert document.place(()).line == 1


def test_a_file_is_read_with_the_name_that_messages_use(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text("key: no\n")
    with pytest.raises(FormatError) as caught:
        yaml.read_yaml(tmp_path / "s.yaml", name="scenarios/s.yaml")
    assert caught.value.faults[0].file == "scenarios/s.yaml"


class Land(Strict):
    area_rai: Annotated[float, pydantic.Field(gt=0, le=1000)]
    use: schema.Name = "yard"


class Plan(Strict):
    id: schema.Name
    year: schema.YearBE = 2569
    land: Land | None = None
    pieces: dict[schema.Name, Land] = {}
    title: schema.Words | None = None
    crs: schema.Crs | None = None
    path: schema.ProjectPath | None = None
    day: schema.DateBE | None = None
    trust: schema.Confidence = "H"
    points: Annotated[list[list[float]], pydantic.Field(min_length=2)] | None = None


def plan(content: str) -> Plan:
    return validate(Plan, parse_yaml("id: a\n" + content, "s.yaml"))


def plan_fault(content: str) -> Fault:
    return fault_of("id: a\n" + content, Plan)


def test_a_whole_file_is_read_into_its_model_and_cannot_be_changed() -> None:
    found = plan("land: {area_rai: 150}\ntitle: {th: แผน, en: plan}\npoints: [[0, 1], [5.5, 0]]\n")
    assert found.land == Land(area_rai=150.0)
    assert found.title is not None
    assert (found.title["th"], found.title["en"]) == ("แผน", "plan")
    with pytest.raises(pydantic.ValidationError):
        found.year = 2570


@pytest.mark.parametrize(
    ("content", "code", "line", "key"),
    [
        ("yeer: 2569\n", "unknown_key", 2, "yeer"),
        ("land:\n  area: 5\n  area_rai: 5\n", "unknown_key", 3, "land.area"),
        ("pieces:\n  a: {area_rai: 5, usee: x}\n", "unknown_key", 3, "pieces.a.usee"),
        ("land: {}\n", "missing_key", 2, "land.area_rai"),
        ("land: {area_rai: 0}\n", "wrong_value", 2, "land.area_rai"),
        ("land: {area_rai: 1001}\n", "wrong_value", 2, "land.area_rai"),
        ("land: {area_rai: '5'}\n", "wrong_type", 2, "land.area_rai"),
        ("land: {area_rai: true}\n", "wrong_type", 2, "land.area_rai"),
        ("land: 5\n", "wrong_type", 2, "land"),
        ("year: 2569.5\n", "wrong_type", 2, "year"),
        ("year: 2026\n", "year_in_ce", 2, "year"),
        ("year: 1\n", "year_out_of_range", 2, "year"),
        ("trust: high\n", "wrong_value", 2, "trust"),
        ("title: {th: แผน}\n", "missing_key", 2, "title.en"),
        ("title: {th: '', en: x}\n", "wrong_type", 2, "title.th"),
        ("pieces:\n  Big-One: {area_rai: 5}\n", "not_a_name", 3, "pieces.Big-One"),
        ("crs: EPSG:999999\n", "unknown_crs", 2, "crs"),
        ("points: [[0, 1]]\n", "wrong_value", 2, "points"),
        ("day: '2569-13-01'\n", "not_a_date", 2, "day"),
        ("day: 21/11/2569\n", "not_a_date", 2, "day"),
        ("day: '2026-11-21'\n", "year_in_ce", 2, "day"),
    ],
)
def test_a_fault_names_what_is_wrong_and_where(
    content: str, code: str, line: int, key: str
) -> None:
    fault = plan_fault(content)
    assert (fault.code, fault.line, fault.key) == (code, line, key)


@pytest.mark.parametrize(
    "path",
    ["../a", "a/../../b", "/etc/passwd", "~/a", "C:\\a", "\\\\host\\a", "a\\..\\b", "http://x/a"],
)
def test_a_path_that_leaves_the_project_is_refused(path: str) -> None:
    assert plan_fault(f"path: '{path}'\n").code == "path_leaves_project"


@pytest.mark.parametrize("path", ["roads.geojson", "old/roads.geojson", "a..b", "ถนน.geojson"])
def test_a_path_inside_the_project_is_taken(path: str) -> None:
    assert plan(f"path: {path}\n").path == path


def test_an_unknown_key_is_told_with_the_nearest_one_and_else_with_all() -> None:
    assert plan_fault("yeer: 2569\n").expected == "year"
    assert plan_fault("land: {area_rai: 5, qqq: 1}\n").expected == "area_rai, use"


def test_the_faults_of_a_model_come_in_the_order_of_the_lines() -> None:
    faults = faults_of("trust: high\nid: a\nyear: 2026\nland: {}\n", Plan)
    assert [(f.code, f.line) for f in faults] == [
        ("wrong_value", 1), ("year_in_ce", 3), ("missing_key", 4),
    ]  # fmt: skip


def test_a_common_era_year_is_told_with_the_year_that_was_meant() -> None:
    assert plan_fault("year: 2026\n").values["as_be"] == 2569


def test_a_long_value_is_shown_shortened() -> None:
    found = plan_fault(f"trust: {'x' * 100}\n").found
    assert found == "x" * 57 + "..."


@pytest.mark.parametrize(
    ("name", "expected"), [("railwya", "railway"), ("road", "roads"), ("zzz", None)]
)
def test_the_nearest_name_is_found(name: str, expected: str | None) -> None:
    assert schema.nearest(name, ["railway", "roads"]) == expected

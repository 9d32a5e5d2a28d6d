"""Files nobody meant well, or that were spoilt on the way: an answer in words, at once."""

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maemoh_gis.core.errors import FileError, FormatError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.messages import describe, printable
from maemoh_gis.documents.yaml import parse_yaml
from maemoh_gis.files import read_csv, read_json, read_text, sha256_of, write_csv
from maemoh_gis.scenario.resolve import read_scenario
from tests.tiny import SCENARIO


def fault_of(error):
    (fault,) = error.value.faults
    return fault


def test_a_number_of_thousands_of_digits_is_a_fault_with_its_line():
    with pytest.raises(FormatError) as error:
        parse_yaml(f"a: 1\nyear: {'9' * 5000}\n", "s.yaml")
    assert (fault_of(error).code, fault_of(error).line) == ("number_too_long", 2)


@pytest.mark.parametrize("sign", ["[", "{a: ", "- "])
def test_nesting_without_end_is_refused_where_it_grows_too_deep(sign):
    content = "a: 1\nb: " + sign * 200_000 if sign != "- " else "- " * 200_000
    with pytest.raises(FormatError) as error:
        parse_yaml(content, "s.yaml")
    assert fault_of(error).code == "yaml_too_deep"
    assert fault_of(error).line is not None


def test_what_is_not_utf8_is_named_with_its_line(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"a,b\n1,2\n3,\xff\n")
    with pytest.raises(FileError) as error:
        read_text(tmp_path / "a.csv")
    assert (fault_of(error).code, fault_of(error).line) == ("not_utf8", 3)


@pytest.mark.parametrize("sign", ["\x00", "\x07", "\x7f"])
def test_a_control_character_of_a_yaml_is_named_with_its_line(sign):
    with pytest.raises(FormatError) as error:
        parse_yaml(f"a: 1\nb: x{sign}y\n", "s.yaml")
    assert (fault_of(error).code, fault_of(error).line) == ("yaml_syntax", 2)


@pytest.mark.parametrize("content", ["9" * 5000, "[" * 100_000, "{", "\x00"])
def test_json_beyond_reading_is_no_json(tmp_path, content):
    (tmp_path / "a.json").write_text(content)
    with pytest.raises(FileError) as error:
        read_json(tmp_path / "a.json")
    assert fault_of(error).code == "not_json"


def test_a_cell_longer_than_any_is_a_fault_with_its_line(tmp_path):
    (tmp_path / "a.csv").write_text("a,b\n1,2\n" + "x" * 200_000 + ",2\n")
    with pytest.raises(FileError) as error:
        read_csv(tmp_path / "a.csv")
    assert fault_of(error).code == "cell_too_long"
    assert fault_of(error).line is not None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are of other systems")
@pytest.mark.parametrize("read", [read_text, sha256_of])
def test_a_pipe_a_device_and_a_folder_are_no_files(tmp_path, read):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "endless").symlink_to("/dev/zero")
    for place in (tmp_path / "pipe", tmp_path / "endless", tmp_path):
        with pytest.raises(FileError) as error:
            read(place)
        assert fault_of(error).code == "not_a_file"


FORMULAS = ("=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", '=HYPERLINK("x")')


@pytest.mark.parametrize("written", FORMULAS)
def test_a_text_of_a_table_is_no_formula(tmp_path, written):
    write_csv(tmp_path / "a.csv", ["title"], [[written]], for_excel=True)
    (line,) = read_text(tmp_path / "a.csv").split("\n", 1)[1:]
    assert line.lstrip('"').startswith("'")
    assert read_csv(tmp_path / "a.csv") == [{"title": written.replace("\r", "\n")}]


@pytest.mark.parametrize("number", [-1, -1.5, 3, "-1.5", "+3", "-2e-07"])
def test_numbers_of_a_table_stay_numbers(tmp_path, number):
    write_csv(tmp_path / "a.csv", ["n"], [[number]])
    assert read_text(tmp_path / "a.csv") == f"n\n{number}\n"


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\x00")))
def test_every_text_of_a_table_comes_back(tmp_path_factory, written):
    path = tmp_path_factory.mktemp("csv") / "a.csv"
    write_csv(path, ["a", "b"], [[written, 1]])
    assert read_csv(path) == [{"a": written, "b": "1"}]


@given(st.text())
def test_nothing_that_moves_a_terminal_is_printed(written):
    shown = printable(written)
    assert not any(c < " " and c not in "\t\n" for c in shown)
    assert not any("\x7f" <= c <= "\x9f" or c in "\u202e\u2066" for c in shown)
    line = describe(Fault("unknown_key", "f", 1, "k", written, "x"), "en")
    assert "\n" not in line
    assert line == printable(line)


def test_names_of_a_scenario_reach_the_terminal_without_their_controls(maemoh, tmp_path):
    (tmp_path / "red.yaml").write_text(
        'version: 1\nid: "\x1b[31mred\\u0007"\n'.replace("\x1b", "\\e")
    )
    code, out, err = maemoh("check", tmp_path / "red.yaml")
    assert code == 2
    assert "\x1b" not in out + err
    assert "\\x1b[31mred\\x07" in err


def test_thousands_of_additions_are_read_in_the_order_they_stand(tmp_path):
    (tmp_path / "tiny.yaml").write_text(SCENARIO.format(test="{within_m: 500}", ground="law"))
    head = "{title: {th: ก, en: Name}, ground: law, basis: {th: ก, en: b}, outcome: removed, "
    limit = head + "needs: {th: ก, en: b}}"
    many = "\n".join(f"  limits.l{n}: {limit}" for n in range(4000))
    (tmp_path / "more.yaml").write_text(
        "version: 1\nid: more\nextends: tiny\ntitle: {th: ก, en: More}\n"
        f"question: {{th: ก, en: More}}\nadd:\n{many}\n",
        encoding="utf-8",
    )
    found = read_scenario(tmp_path / "more.yaml")
    assert list(found.scenario.limits) == ["near", *(f"l{n}" for n in range(4000))]
    assert found.document.place(("limits", "l3999", "ground")).line == 6 + 4000


def test_a_change_within_a_changed_block_points_to_its_own_line(tmp_path):
    (tmp_path / "tiny.yaml").write_text(SCENARIO.format(test="{within_m: 500}", ground="law"))
    (tmp_path / "more.yaml").write_text(
        "version: 1\nid: more\nextends: tiny\ntitle: {th: ก, en: More}\n"
        "question: {th: ก, en: More}\nchange:\n"
        "  limits.near.test: {within_m: 600}\n"
        "  limits.near.test.within_m: 700\n",
        encoding="utf-8",
    )
    found = read_scenario(tmp_path / "more.yaml")
    assert found.scenario.limits["near"].test.within_m == 700
    assert found.document.place(("limits", "near", "test", "within_m")).line == 8


@pytest.mark.parametrize("name", ["x" * 300, "a\x00b", "con/../x"])
def test_a_name_no_disk_can_hold_is_no_scenario(maemoh, name):
    code, _, err = maemoh("check", name)
    assert code == 2
    assert "Traceback" not in err


def test_an_error_of_the_program_is_told_in_words_with_a_trace_in_a_file(
    maemoh, monkeypatch, tmp_path
):
    def broken(*_):
        raise KeyError("rank")

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr("maemoh_gis.commands.runs.add_to", broken)
    monkeypatch.setattr("maemoh_gis.cli.usual_folder", lambda: tmp_path)
    code, out, err = maemoh("layers", "list")
    assert (code, out) == (70, "")
    assert "Traceback" not in err
    (log,) = (tmp_path / "errors").glob("*.log")
    assert str(log) in err
    assert "KeyError: 'rank'" in log.read_text()
    assert "Traceback" in maemoh("layers", "list", "--debug")[2]


def test_answers_in_json_hold_no_raw_control(maemoh, small_project):
    _, out, _ = maemoh("layers", "list", "--json", "--layers", small_project.layers)
    assert json.loads(out)

"""Help of the command line: in one language, and Thai never broken inside a word."""

import re
import unicodedata

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from maemoh_gis.cli import build_app
from maemoh_gis.core.lines import columns, wrapped
from maemoh_gis.core.version import __version__

WIDTHS = (60, 80, 100)


def verbs():
    def below(command, path):
        yield path
        for name, child in getattr(command, "commands", {}).items():
            yield from below(child, (*path, name))

    return list(below(get_command(build_app("en")), ()))


def helped(language, path, width=80):
    done = CliRunner().invoke(build_app(language), [*path, "-h"], env={"COLUMNS": str(width)})
    assert done.exit_code == 0
    return done.output


@pytest.mark.parametrize("path", verbs(), ids=" ".join)
def test_no_line_of_thai_help_begins_with_a_mark_or_is_wider_than_the_terminal(path):
    for width in WIDTHS:
        for line in helped("th", path, width).splitlines():
            bare = line.lstrip()
            assert not bare or unicodedata.category(bare[0]) != "Mn", line
            assert bare[:1] not in {"ะ", "า", "ำ", "ๆ", "ฯ", "ๅ"}, line
            assert columns(line) <= width, line
            assert "\u200b" not in line


@pytest.mark.parametrize("path", verbs(), ids=" ".join)
def test_lines_of_thai_help_end_between_words(path):
    """What stands on one line stands on the lines of a narrow terminal, broken at marked places
    only: a break anywhere else would need a phrase that the catalogue does not mark.
    """
    command = get_command(build_app("th"))
    for name in path:
        command = command.commands[name]
    marked = [command.help or "", *(getattr(one, "help", None) or "" for one in command.params)]
    for told in marked:
        for run in re.findall(r"[\u0e00-\u0e7f]+", told):
            assert columns(run) <= 24, f"mark the words of: {run}"


@pytest.mark.parametrize("path", verbs(), ids=" ".join)
def test_no_english_of_the_parser_stands_in_thai_help(path):
    told = helped("th", path)
    for word in ("Usage", "Options", "Commands", "Arguments", "Show this", "default", "required",
                 "<str>", "<path>", "OPTIONS", "ARGS"):  # fmt: skip
        assert word not in told


@pytest.mark.parametrize("language", ["th", "en"])
@pytest.mark.parametrize(
    ("asked", "named"),
    [
        (["runn"], "run"),
        (["run", "--fool"], "--fool"),
        (["explain", "runs/x"], "--at"),
        (["explain", "runs/x", "--at"], "--at"),
        (["compare"], "runs"),
        (["run", "--jobs", "many"], "--jobs"),
        (["cache", "alpha", "beta"], "alpha beta"),
        (["network", "everything"], "everything"),
    ],
)
def test_a_wrong_command_line_is_answered_in_the_language(language, asked, named, capsys):
    from maemoh_gis import cli

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", ["maemoh-gis", "--lang", language, *asked])
        with pytest.raises(SystemExit) as ended:
            cli.main()
    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert named in told.splitlines()[-1]
    for word in ("Usage", "Error", "No such", "Missing", "Try", "Invalid", "requires", "Did"):
        assert language == "en" or word not in told


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_version_is_told(language):
    done = CliRunner().invoke(build_app(language), ["--version"])
    assert (done.exit_code, done.output.strip()) == (0, f"maemoh-gis {__version__}")


def test_columns_are_counted_without_what_stands_above_or_below():
    assert columns("ที่นี่") == len("ทน")
    assert columns("น้ำ") == 2
    assert columns("ab ก\u200bข") == 5


def test_a_text_is_broken_at_spaces_and_marks_only():
    told = "พื้นที่\u200bทางเลือก แม่เมาะ"
    assert wrapped(told, 9, "", "") == ["พื้นที่", "ทางเลือก", "แม่เมาะ"]
    assert wrapped(told, 14, "", "  ") == ["พื้นที่ทางเลือก", "  แม่เมาะ"]
    assert wrapped(told, 40, "", "") == ["พื้นที่ทางเลือก แม่เมาะ"]


def test_a_phrase_without_marks_is_broken_where_a_syllable_begins():
    for line in wrapped("กาแฟ" * 10, 12, "", ""):
        assert line.startswith(("กา", "แฟ"))
        assert columns(line) <= 12

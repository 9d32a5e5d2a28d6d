"""Words for people, in the language of the reader."""

from __future__ import annotations

import ctypes
from types import SimpleNamespace

import pytest

from maemoh_gis.core import messages
from maemoh_gis.core.errors import FormatError, MaeMohError, raise_if_blocked
from maemoh_gis.core.faults import Fault

VARIABLES = ("MAEMOH_LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


@pytest.fixture(autouse=True)
def no_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in VARIABLES:
        monkeypatch.delenv(variable, raising=False)


def test_a_sentence_is_given_in_either_language() -> None:
    assert messages.text("state.removed", "en") == "removed"
    assert any("\u0e00" <= letter <= "\u0e7f" for letter in messages.text("state.removed", "th"))


def test_names_in_a_sentence_are_filled_and_none_is_nothing() -> None:
    assert messages.text("units.rai_and_ha", "en", rai="5", ha=None) == "5 rai ( ha)"


def test_an_id_that_is_not_there_comes_back_as_it_is() -> None:
    assert messages.text("no.such.id", "th") == "no.such.id"
    assert not messages.has_text("no.such.id", "th")
    assert messages.has_text("state.removed", "th")


def test_messages_are_listed_by_the_start_of_their_id() -> None:
    states = messages.catalogue("en", "state.")
    assert states["state.removed"] == "removed"
    assert list(states) == sorted(states)
    assert all(id.startswith("state.") for id in states)
    assert "" not in messages.catalogue("en")


def test_a_fault_says_where_what_and_what_to_do() -> None:
    fault = Fault("duplicate_key", "s.yaml", 7, "grid.cell_m", values={"first_line": 3})
    assert messages.describe(fault, "en") == (
        "s.yaml:7: grid.cell_m: The key is given twice; first on line 3. Keep one of them."
    )


def test_a_fault_without_a_place_is_a_sentence_alone() -> None:
    line = messages.describe(Fault("empty_grid", found="0 x 5"), "en")
    assert line.startswith("A grid of 0 x 5 cells")


def test_an_error_reads_as_all_its_faults() -> None:
    error = FormatError([Fault("yaml_empty", "a.yaml", 1), Fault("yaml_empty", "b.yaml", 1)])
    assert [line.split(":")[0] for line in str(error).splitlines()] == ["a.yaml", "b.yaml"]
    assert isinstance(error, MaeMohError)
    assert isinstance(error, ValueError)


def test_faults_that_only_warn_stop_nothing() -> None:
    warning = Fault("yaml_empty", severity="warns")
    raise_if_blocked([warning], FormatError)
    with pytest.raises(FormatError) as caught:
        raise_if_blocked([warning, Fault("yaml_empty")], FormatError)
    assert len(caught.value.faults) == 2


def test_english_is_spoken_where_nothing_says_otherwise() -> None:
    assert messages.language_of_reader() == "en"


@pytest.mark.parametrize("variable", VARIABLES)
def test_the_language_is_taken_from_the_surroundings(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "th_TH.UTF-8")
    assert messages.language_of_reader() == "th"


def test_what_was_asked_for_wins_over_the_surroundings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAEMOH_LANG", "th")
    assert messages.language_of_reader("en") == "en"


def test_the_variable_of_the_project_wins_over_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.setenv("MAEMOH_LANG", "th")
    assert messages.language_of_reader() == "th"


@pytest.mark.parametrize("value", ["C.UTF-8", "POSIX", "de_DE.UTF-8", "thx", "english", ""])
def test_a_locale_of_neither_language_is_passed_over(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", value)
    monkeypatch.setenv("LANG", "th_TH.UTF-8")
    assert messages.language_of_reader() == "th"


@pytest.mark.parametrize(
    ("asked", "expected"), [("th", "th"), ("TH", "th"), ("th-TH", "th"), ("en", "en")]
)
def test_a_language_is_asked_for_in_any_usual_form(asked: str, expected: str) -> None:
    assert messages.language_of_reader(asked) == expected


@pytest.mark.parametrize(("shown", "expected"), [(0x041E, "th"), (0x0409, "en"), (0x0407, "en")])
def test_windows_is_answered_in_the_language_it_shows_itself_in(
    shown: int, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kernel = SimpleNamespace(GetUserDefaultUILanguage=lambda: shown)
    monkeypatch.setattr("sys.platform", "win32")
    monkeypatch.setattr(ctypes, "windll", SimpleNamespace(kernel32=kernel), raising=False)
    assert messages.language_of_reader() == expected
    monkeypatch.setenv("MAEMOH_LANG", "en")
    assert messages.language_of_reader() == "en"


@pytest.mark.parametrize(
    ("locale", "expected"), [("th_TH", "th"), ("Thai_Thailand", "th"), (None, "en")]
)
def test_other_systems_are_asked_for_their_locale(
    locale: str | None, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    monkeypatch.setattr("locale.getlocale", lambda: (locale, "UTF-8"))
    assert messages.language_of_reader() == expected


def test_the_first_language_we_speak_is_taken_from_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "de:th:en")
    assert messages.language_of_reader() == "th"

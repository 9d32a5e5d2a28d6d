"""What stands in a folder is written over only by the command that wrote it."""

import pytest

from maemoh_gis.core.errors import FileError, RunError
from maemoh_gis.engine.same_question import require_own_folder, require_same_run
from maemoh_gis.files import write_json

MARK = "answer.json"


def test_a_folder_of_anything_else_is_refused_and_stays(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(RunError) as refused:
        require_own_folder(tmp_path, MARK)
    assert [one.code for one in refused.value.faults] == ["not_own_folder"]
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_a_file_in_the_way_is_refused(tmp_path):
    (tmp_path / "file").write_text("mine")
    with pytest.raises(FileError):
        require_own_folder(tmp_path / "file", MARK)


def test_nothing_an_empty_folder_and_an_own_one_may_be_written(tmp_path):
    require_own_folder(tmp_path / "none", MARK)
    require_own_folder(tmp_path, MARK)
    (tmp_path / MARK).write_text("{}")
    (tmp_path / "table.csv").write_text("a")
    require_own_folder(tmp_path, MARK)


def test_the_answer_to_another_question_is_written_over_only_if_asked(tmp_path):
    def asked_of(record):
        return record["asked"]

    write_json(tmp_path / MARK, {"asked": "one"})
    require_same_run(tmp_path, MARK, "one", replace=False, asked_of=asked_of)
    require_same_run(tmp_path, MARK, "two", replace=True, asked_of=asked_of)
    with pytest.raises(RunError) as refused:
        require_same_run(tmp_path, MARK, "two", replace=False, asked_of=asked_of)
    assert (refused.value.faults[0].found, refused.value.faults[0].expected) == ("one", "two")

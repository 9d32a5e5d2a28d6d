"""The verbs that take pictures and documents out of a run."""

import json
import shutil

import pytest

from maemoh_gis.office import extra


def test_pictures_go_where_asked_and_are_all_named(small_run, tmp_path, maemoh):
    asked = ["pictures", str(small_run), "--format", "svg", "--language", "th", "--json"]
    code, out, err = maemoh(*asked, "--out", str(tmp_path / "here"))
    assert code == 0, err
    told = json.loads(out)
    assert told["folder"] == str(tmp_path / "here")
    assert sorted(told["files"]) == sorted(path.name for path in (tmp_path / "here").iterdir())
    assert "timeline_th.svg" in told["files"]


def test_what_is_wrong_is_said_at_once_and_nothing_is_written(small_run, tmp_path, maemoh):
    asked = ["pictures", str(small_run), "--format", "gif", "--width", "1", "--language", "fr"]
    code, _, err = maemoh("--lang", "en", *asked, "--out", str(tmp_path / "none"))
    assert code == 2
    for word in ("gif", "png, svg", "200–8000", "fr"):
        assert word in err
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("inside", ["", "more/pictures"])
@pytest.mark.parametrize("verb", ["pictures", "office"])
def test_the_run_folder_itself_takes_no_more_files(verb, inside, small_run, maemoh):
    code, _, err = maemoh("--lang", "en", verb, str(small_run), "--out", str(small_run / inside))
    assert code == 2
    assert "--out" in err
    assert not (small_run / "more").exists()


@pytest.mark.parametrize(("folder", "inside"), [(".", ""), ("..", "log")])
def test_a_run_is_named_by_where_one_stands(
    folder, inside, small_run, tmp_path, maemoh, monkeypatch
):
    run = tmp_path / "mine"
    shutil.copytree(small_run, run)
    (run / inside).mkdir(exist_ok=True)
    monkeypatch.chdir(run / inside)
    code, _, err = maemoh("pictures", folder, "--format", "svg")
    assert code == 0, err
    assert (tmp_path / "mine-pictures").is_dir()
    assert not (run / "mine-pictures").exists()


@pytest.mark.parametrize("verb", ["pictures", "office"])
def test_without_the_extra_the_way_to_install_it_is_told(
    verb, small_run, tmp_path, maemoh, monkeypatch
):
    monkeypatch.setattr(extra, "find_spec", lambda name: None)
    code, _, err = maemoh("--lang", "en", verb, str(small_run), "--out", str(tmp_path / "none"))
    assert code == 2
    assert 'pip install ".[office]"' in err
    assert not (tmp_path / "none").exists()


def test_documents_are_written_in_the_language_of_the_reader(small_run, tmp_path, maemoh):
    pytest.importorskip("docx")
    pytest.importorskip("resvg_py")
    code, out, err = maemoh("--lang", "th", "office", str(small_run), "--out", str(tmp_path))
    assert code == 0, err
    assert {path.name for path in tmp_path.iterdir()} == {
        "brief_committee_th.docx", "brief_egat_th.docx", "brief_villagers_th.docx",
        "slides_th.pptx",
    }  # fmt: skip
    assert "เขียนแล้ว 4 ไฟล์" in out

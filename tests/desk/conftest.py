"""A folder to sit down in, with a scenario that runs in seconds."""

import shutil

import pytest


def pytest_configure(config):
    config.addinivalue_line("markers", "browser: opens the page in a real Chromium")


@pytest.fixture
def at_the_desk(small_project, tmp_path, monkeypatch):
    """Work in a folder with the small project's scenarios, over the layers that ship."""
    shutil.copytree(small_project.scenarios, tmp_path / "scenarios")
    monkeypatch.chdir(tmp_path)
    return tmp_path

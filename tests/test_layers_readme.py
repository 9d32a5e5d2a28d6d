"""The page about the bundled layers says what the catalog says."""

from __future__ import annotations

import importlib.util
from types import ModuleType

from tests.paths import LAYERS, ROOT


def writer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("layers_readme", ROOT / ".ci/layers_readme.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_is_what_the_catalog_would_write_now() -> None:
    """If this fails, write it again: `python .ci/layers_readme.py`."""
    page = (LAYERS / "README.md").read_text(encoding="utf-8")
    made = writer()
    assert made.page_with(made.table(), page) == page

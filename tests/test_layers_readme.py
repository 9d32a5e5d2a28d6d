"""The pages about the bundled layers say what the catalog says."""

from __future__ import annotations

import importlib.util
from types import ModuleType

from maemoh_gis.layers.catalog import read_catalog
from tests.paths import LAYERS, ROOT


def writer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("layers_readme", ROOT / ".ci/layers_readme.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_pages_are_what_the_catalog_would_write_now() -> None:
    """If this fails, write them again: `python .ci/layers_readme.py`."""
    made = writer()
    assert set(made.PAGES) == {"README.md", "LICENCES.md"}
    for name, content in made.PAGES.items():
        page = (LAYERS / name).read_text(encoding="utf-8")
        assert made.page_with(content(), page) == page


def test_every_licence_of_a_layer_is_explained() -> None:
    page = (LAYERS / "LICENCES.md").read_text(encoding="utf-8")
    for layer in read_catalog(LAYERS).layers.values():
        assert f"\n- **{layer.licence}**" in page

"""How Sphinx builds the documents: python -m sphinx -W -b html docs build/docs."""

from __future__ import annotations

import types
import typing
from typing import Any

from docutils import nodes
from docutils.utils.math.latex2mathml import tex2mathml
from pygments.lexers.special import TextLexer

import maemoh_gis

project = "maemoh_gis"
author = "the maemoh_gis authors"
copyright = f"2026, {author}"
version = release = maemoh_gis.core.version.__version__

extensions = [
    "myst_parser",
    "numpydoc",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
]
exclude_patterns = ["build"]
templates_path = ["templates"]
html_theme = "alabaster"
html_theme_options = {"page_width": "72rem", "description": "Mae Moh after coal"}
html_copy_source = False
html_static_path = ["static", "../maemoh_gis/pages/vendor/sarabun"]
html_css_files = ["page.css"]
html_math_renderer = "mathml"

# The package lists the API in `__all__`; the reference goes through all its modules.
autosummary_ignore_module_all = True
autodoc_typehints = "none"  # the docstrings say types with shapes and units
autodoc_default_options = {"members": True, "undoc-members": True, "show-inheritance": True}
numpydoc_show_class_members = False
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3


def is_alias(*asked: Any) -> bool | None:
    """Leave out names for types, whose own docstring is that of tuple or dict."""
    _app, _what, _name, value, _skipped, _options = asked
    alias = isinstance(value, types.GenericAlias) or typing.get_origin(value) is not None
    return True if alias else None


def write_math(page: Any, node: Any) -> None:
    """Write a formula as MathML, which browsers draw without a script from anywhere."""
    page.body.append(tex2mathml(node.astext(), as_block=isinstance(node, nodes.math_block)))
    raise nodes.SkipNode


def setup(app: Any) -> None:
    """Tell Sphinx what to leave out, and how to write formulas."""
    # Tables in boxes have no lexer of their own.
    app.add_lexer("csv", TextLexer)
    app.connect("autodoc-skip-member", is_alias)
    app.add_html_math_renderer("mathml", (write_math, None), (write_math, None))

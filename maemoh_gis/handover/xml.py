"""Elements of the XML of QGIS, made so that no text of a layer can be anything but text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree import ElementTree as ET

QGIS_VERSION = "3.22.16-Białowieża"
"""The oldest version whose files these are; later ones read them."""
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def element(tag: str, *inside: ET.Element | str, **attributes: object) -> ET.Element:
    """Make an element; a text inside is its text. A trailing `_` of an attribute is dropped."""
    made = ET.Element(tag, {key.rstrip("_"): clean(value) for key, value in attributes.items()})
    for one in inside:
        if isinstance(one, str):
            made.text = clean(one)
        else:
            made.append(one)
    return made


def clean(value: object) -> str:
    """Write a value as XML can hold it, without control characters."""
    return _NOT_XML.sub("", str(value))


def options(values: Mapping[str, object]) -> ET.Element:
    """Write settings of a symbol as QGIS keeps them since 3.18."""
    rows = [element("Option", name=key, value=v, type="QString") for key, v in values.items()]
    return element("Option", *rows, type="Map")


def document(root: ET.Element) -> str:
    """Write a whole file."""
    ET.indent(root, " ")
    written = ET.tostring(root, encoding="unicode")
    return f"<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n{written}\n"

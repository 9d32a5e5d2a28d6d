"""Small pieces of which the desk is built."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import ipywidgets as widgets
from markupsafe import Markup

from maemoh_gis.core.faults import Fault
from maemoh_gis.core.messages import Language, describe


def live() -> widgets.HTML:
    """Make a place whose words are read out when they change."""
    return widgets.HTML().add_class("desk-live")


def button(
    said: str, go: Callable[[Any], None], *classes: str, disabled: bool = False
) -> widgets.Button:
    """Make a button."""
    made = widgets.Button(description=said, disabled=disabled)
    for one in classes:
        made.add_class(one)
    made.on_click(go)
    return made


def section(title: str, parts: Sequence[widgets.Widget], *, shown: bool = False) -> widgets.VBox:
    """Make a part of the page that a button opens and shuts."""
    inside = widgets.VBox(list(parts)).add_class("desk-inside")
    opens = widgets.ToggleButton(value=shown, description=title, tooltip=title).add_class(
        "desk-opens"
    )

    def turn(_: Any = None) -> None:
        inside.layout.display = "" if opens.value else "none"

    opens.observe(turn, "value")
    turn()
    return widgets.VBox([opens, inside]).add_class("desk-section")


def listed(faults: Iterable[Fault], language: Language) -> Markup:
    """List faults as the command line words them."""
    rows = [
        Markup("<li class='{}'>{}</li>").format(fault.severity, describe(fault, language))
        for fault in faults
    ]
    return Markup("<ul>{}</ul>").format(Markup("").join(rows)) if rows else Markup("")


def words(said: str, kind: str = "") -> str:
    """Write a paragraph."""
    return str(Markup("<p class='{}'>{}</p>").format(kind, said))

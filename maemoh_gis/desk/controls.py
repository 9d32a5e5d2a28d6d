"""The controls of one scenario: year, viewpoint, weights, limits, sizes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ipywidgets as widgets

from maemoh_gis.core.messages import Language, text
from maemoh_gis.desk.offer import Number, Offer
from maemoh_gis.desk.parts import section, words
from maemoh_gis.desk.wish import Wish, plain
from maemoh_gis.presentation.words import unit_words

_FIRST_YEAR, _LAST_YEAR = 2400, 2700
"""Years that any scenario may have; the check says what this one may."""


class Controls:
    """Makes the controls as a wish stands, and tells of every change."""

    def __init__(
        self, offer: Offer, wish: Wish, language: Language, tell: Callable[[Wish], None]
    ) -> None:
        self._offer, self._wish, self._language, self._tell = offer, wish, language, tell
        self._rows = widgets.VBox()
        self._sum = widgets.HTML()
        self.parts: Sequence[widgets.Widget] = self._made()

    def say(self, id: str, /, **values: object) -> str:
        """Give a sentence in the language of the page."""
        return text(id, self._language, **values)

    def _changed(self, wish: Wish) -> None:
        self._wish = wish
        self._tell(wish)

    def _made(self) -> list[widgets.Widget]:
        offer, spoken = self._offer, self._language
        year = widgets.BoundedIntText(
            value=self._wish.year,
            min=_FIRST_YEAR,
            max=_LAST_YEAR,
            description=self.say("desk.year"),
        )
        year.observe(lambda change: self._changed(_with(self._wish, year=change["new"])), "value")
        view = widgets.Dropdown(
            options=[(title[spoken], id) for id, title in offer.viewpoints.items()],
            value=self._wish.viewpoint, description=self.say("desk.viewpoint"),
        )  # fmt: skip
        view.observe(self._viewed, "value")
        self._use = widgets.Dropdown(
            options=[(title[spoken], id) for id, title in offer.uses.items()],
            description=self.say("desk.use"),
        )
        self._use.observe(lambda _: self._weigh(), "value")
        self._weigh()
        limits = [widgets.HTML(words(self.say("desk.limits_note"), "quiet")),
                  *map(self._number, offer.limits)]  # fmt: skip
        return [
            year, view,
            section(self.say("desk.weights"), [self._use, self._sum, self._rows]),
            section(self.say("desk.limits"), limits),
            section(self.say("desk.sizes"), [self._number(one) for one in offer.sizes]),
        ]  # fmt: skip

    def _viewed(self, change: Any) -> None:
        """Take another viewpoint, with its own weights."""
        self._changed(_with(self._wish, viewpoint=change["new"], points={}))
        self._weigh()

    def _weigh(self) -> None:
        """Show the weights of the use that is chosen."""
        use = self._use.value
        own = self._offer.points.get(self._wish.viewpoint, {}).get(use, {})
        points = {**own, **self._wish.points.get(use, {})}
        rows = []
        for id, value in points.items():
            row = widgets.BoundedFloatText(
                value=value, min=0, max=1000, step=1,
                description=self._offer.criteria[use][id][self._language],
            ).add_class("desk-number")  # fmt: skip
            row.observe(lambda change, id=id: self._point(use, id, change["new"]), "value")
            rows.append(row)
        self._rows.children = rows
        self._add_up(points)

    def _point(self, use: str, id: str, value: float) -> None:
        own = self._offer.points.get(self._wish.viewpoint, {}).get(use, {})
        points = {**own, **self._wish.points.get(use, {}), id: value}
        self._add_up(points)
        self._changed(self._wish.weighing(use, points))

    def _add_up(self, points: Mapping[str, float]) -> None:
        self._sum.value = words(
            self.say("desk.points", sum=plain(round(sum(points.values()), 1))), "quiet"
        )

    def _number(self, one: Number) -> widgets.Widget:
        unit = unit_words(one.unit)[self._language]
        row = widgets.FloatText(
            value=self._wish.numbers.get(one.key, one.value),
            description=self.say("desk.number", title=one.title[self._language], unit=unit),
        ).add_class("desk-number")  # fmt: skip
        row.observe(
            lambda change: self._changed(self._wish.counting(one.key, change["new"])), "value"
        )
        return row


def _with(wish: Wish, **changes: Any) -> Wish:
    from dataclasses import replace

    return replace(wish, **changes)

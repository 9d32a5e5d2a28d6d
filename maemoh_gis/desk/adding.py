"""The part of the desk where a file of one's own is brought in, as `layers add` does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets as widgets
from markupsafe import Markup

from maemoh_gis.core.errors import MaeMohError
from maemoh_gis.core.messages import Language, text
from maemoh_gis.desk.bringing import Step, bring, choices_of, ground_of, undo
from maemoh_gis.desk.parts import button, listed, live, words
from maemoh_gis.desk.session import Session
from maemoh_gis.intake.add import Added
from maemoh_gis.intake.effect import known_by
from maemoh_gis.intake.ground import Ground
from maemoh_gis.intake.said import Question
from maemoh_gis.intake.told import faults_of_missing
from maemoh_gis.suitability.caveats import percent_of


class Adding:
    """Takes a file, asks what only its owner knows, and brings it in."""

    def __init__(self, session: Session, language: Language, changed: Callable[[], None]) -> None:
        self._session, self._language, self._changed = session, language, changed
        self._file: tuple[str, bytes] | None = None
        self._asked: dict[str, Any] = {}
        self._rows, self._said = widgets.VBox(), live()
        choose = widgets.FileUpload(description=self.say("desk.add_choose"), multiple=False)
        choose.observe(self._chosen, "value")
        self._go = button(self.say("desk.add_go"), lambda _: self._step(), disabled=True)
        self.parts: list[widgets.Widget] = [
            widgets.HTML(words(self.say("desk.add_note"), "quiet")),
            choose, self._rows, self._go, self._said,
        ]  # fmt: skip

    def say(self, id: str, /, **values: object) -> str:
        """Give a sentence in the language of the page."""
        return text(id, self._language, **values)

    def _chosen(self, change: Any) -> None:
        if not change["new"]:
            return
        (one,) = change["new"]
        self._file = (one["name"], bytes(one["content"]))
        self._asked, self._rows.children = {}, ()
        self._step()

    def _step(self) -> None:
        """Go on with the file: ask what is wanting, or bring it in."""
        if self._file is None:
            return
        ground = ground_of(self._session.project, self._session.scenario)
        answers = {name: _said(one.value) for name, one in self._asked.items()}
        try:
            step = bring(*self._file, answers, ground)
        except MaeMohError as error:
            self._said.value = str(listed(error.faults, self._language))
            return
        if step.added is not None:
            self._show_added(step.added)
        else:
            self._ask(step, ground)

    def _ask(self, step: Step, ground: Ground) -> None:
        assert self._file is not None
        unanswered = [one for one in step.questions if one.name in self._asked]
        for question in step.questions:
            if question.name not in self._asked:
                self._asked[question.name] = self._control(question, ground)
        self._rows.children = tuple(self._asked.values())
        self._go.disabled = False
        wanting = listed(faults_of_missing(unanswered, self._file[0]), self._language)
        notes = [Markup("<li>{}</li>").format(note[self._language]) for note in step.notes]
        self._said.value = str(wanting + Markup("<ul>{}</ul>").format(Markup("").join(notes)))

    def _control(self, question: Question, ground: Ground) -> widgets.Widget:
        assert self._file is not None
        asked = text(f"intake.ask.{question.name}", self._language, file=self._file[0])
        if not question.choices:
            return widgets.Text(value=question.default or "", description=asked)
        choices = choices_of(question, ground, self._language)
        if question.name in {"crs", "datum_operation"}:
            known = [name for _, name in choices]
            return widgets.Combobox(options=known, description=asked)
        if question.name == "complete":  # several districts may be
            return widgets.SelectMultiple(
                options=choices, value=(question.default,), rows=7, description=asked
            )
        return widgets.Dropdown(
            options=[("–", ""), *choices], value=question.default or "", description=asked
        )

    def _show_added(self, added: Added) -> None:
        known = known_by(added.before, added.after, added.id)
        if known is None:
            told = self.say("desk.added_plain", id=added.id)
        else:
            told = self.say("desk.added", id=added.id, limit=known.limit[self._language],
                            before=percent_of(known.study.before),
                            after=percent_of(known.study.after))  # fmt: skip

        def back(_: Any) -> None:
            undo(added)
            self._rest(words(self.say("desk.undone", id=added.id)))

        self._rest(words(told, "good"))
        self._rows.children = (button(self.say("desk.undo"), back),)

    def _rest(self, said: str) -> None:
        """Say what was done, ready for another file, and let the desk read the layers anew."""
        self._file, self._asked, self._rows.children = None, {}, ()
        self._go.disabled, self._said.value = True, said
        self._changed()


def _said(value: Any) -> str:
    return ",".join(value) if isinstance(value, tuple) else str(value or "")

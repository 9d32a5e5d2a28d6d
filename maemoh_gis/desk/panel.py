"""The desk in a notebook: the controls at the left, what comes of them at the right."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import ipywidgets as widgets
from markupsafe import Markup

from maemoh_gis.core.errors import MaeMohError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.messages import Language, language_of_reader, text
from maemoh_gis.desk.adding import Adding
from maemoh_gis.desk.controls import Controls
from maemoh_gis.desk.job import Job, News
from maemoh_gis.desk.latest import Latest
from maemoh_gis.desk.names import SCENARIO
from maemoh_gis.desk.offer import titles_of
from maemoh_gis.desk.parts import button, listed, live, section
from maemoh_gis.desk.session import COMPARISON, Session
from maemoh_gis.desk.shown import page_of
from maemoh_gis.desk.wish import Wish, wish_of
from maemoh_gis.files import read_text

_FIRST = "baseline"
_SHEET = Path(__file__).parent / "page" / "panel.css"


class Desk(widgets.VBox):  # type: ignore[misc]
    """
    Controls for one scenario, its check, its run and what comes of it.

    Parameters
    ----------
    scenario : str
        Scenario to begin with; empty for the one of the command, else the baseline.
    language : {"th", "en"}, optional
        Language of the page; by default the reader's.
    """

    def __init__(self, scenario: str = "", language: Language | None = None) -> None:
        super().__init__()
        self.add_class("desk")
        self.session = Session.begin(scenario or os.environ.get(SCENARIO) or _FIRST)
        self._language: Language = language or language_of_reader()
        self._page = "map"
        self._checks = Latest(self._check)
        self._build()

    @property
    def scenario(self) -> str:
        """Id of the scenario that is changed."""
        return self.session.scenario

    @property
    def year(self) -> int:
        """Year B.E. that is set."""
        return self.session.wish.year

    @property
    def values(self) -> dict[str, Any]:
        """What is set otherwise than the scenario has it, for `mm.run(..., values=...)`."""
        return self.session.values

    def say(self, id: str, /, **values: object) -> str:
        """Give a sentence in the language of the page."""
        return text(id, self._language, **values)

    def _build(self) -> None:
        """Put the page together in the language that is chosen."""
        say = self.say
        self._choice = widgets.Dropdown(
            options=self._titles(), value=self.session.scenario, description=say("desk.scenario")
        )
        self._choice.observe(self._choose, "value")
        tongue = widgets.Dropdown(
            options=[("ไทย", "th"), ("English", "en")], value=self._language,
            description=say("desk.language"),
        )  # fmt: skip
        tongue.observe(self._speak, "value")
        self._question = widgets.HTML()
        self._controls = widgets.VBox()
        self._found = live()
        self._reset = button(say("desk.reset"), lambda _: self._put(wish_of(self.session.offer)))
        self._run = button(say("desk.run"), self._begin, "desk-main")
        self._stop = button(say("desk.stop"), lambda _: self.session.stop(), disabled=True)
        self._progress = live()
        self._frame = widgets.HTML().add_class("desk-frame")
        self._tabs = widgets.ToggleButtons(
            options=[(say(f"desk.{one}"), one) for one in ("map", "brief", "comparison")],
            value=self._page, description=say("desk.show"),
        ).add_class("desk-tabs")  # fmt: skip
        self._tabs.observe(self._turn, "value")
        head = widgets.HTML(
            Markup("<h1>{}</h1><p class='quiet'>{}</p>").format(
                say("desk.title"), say("desk.scope")
            )
        )
        left = widgets.VBox([
            self._choice, self._question, self._controls, self._reset, self._saving(),
            self._adding(),
        ]).add_class("desk-left")  # fmt: skip
        doing = widgets.HBox([
            widgets.HBox([self._run, self._stop]).add_class("desk-buttons"), self._found,
            self._progress,
        ]).add_class("desk-doing")  # fmt: skip
        right = widgets.VBox([doing, self._tabs, self._frame]).add_class("desk-right")
        self.children = [
            widgets.HTML(f"<style>{read_text(_SHEET)}</style>"),
            widgets.HBox([head, tongue]).add_class("desk-head"),
            widgets.HBox([left, right]).add_class("desk-body"),
        ]
        self._fill()
        self._draw()

    def _titles(self) -> list[tuple[str, str]]:
        project = self.session.project
        return [(title[self._language], id) for id, title in titles_of(project).items()]

    def _fill(self) -> None:
        """Show the controls of the scenario as they stand."""
        offer = self.session.offer
        self._question.value = str(Markup("<p>{}</p>").format(offer.question[self._language]))
        controls = Controls(offer, self.session.wish, self._language, self._wish)
        self._controls.children = controls.parts
        self._look()

    def _put(self, wish: Wish) -> None:
        self.session.wish = wish
        self._fill()

    def _wish(self, wish: Wish) -> None:
        self.session.wish = wish
        self._look()

    def _choose(self, change: Any) -> None:
        try:
            self.session.choose(change["new"])
        except MaeMohError as error:
            self._show_faults(error.faults)
            return
        self._fill()

    def _speak(self, change: Any) -> None:
        self._language = change["new"]
        self._build()

    def _look(self) -> None:
        self._found.value = str(Markup("<p>{}</p>").format(self.say("desk.checking")))
        self._run.disabled = True
        self._checks.ask()

    def _check(self) -> Callable[[], None]:
        """Check what is set now, beside what the reader does; give what shows it."""
        faults = self.session.faults()
        return partial(self._show_faults, faults)

    def _show_faults(self, faults: tuple[Fault, ...]) -> None:
        blocked = any(fault.blocks for fault in faults)
        self._run.disabled = blocked or self.session.job is not None
        parts = [Markup("<h2>{}</h2>").format(self.say("desk.check"))]
        if not blocked:
            parts.append(Markup("<p class='good'>{}</p>").format(
                self.say("desk.sound", n=len(self.session.values))))  # fmt: skip
        parts.append(listed(faults, self._language))
        self._found.value = str(Markup("").join(parts))

    def _begin(self, _: Any) -> None:
        self._start(self.session.run, self.say("desk.starting"))

    def _start(self, begin: Callable[[Callable[[News], None]], Job], said: str) -> None:
        self._progress.value = str(Markup("<p>{}</p><progress aria-label='{}'></progress>").format(
            said, said))  # fmt: skip
        self._run.disabled, self._stop.disabled = True, False
        try:
            begin(self._told)
        except MaeMohError as error:
            self._ended(listed(error.faults, self._language))

    def _told(self, news: News) -> None:
        """Show how the work goes on; called from the thread that hears of it."""
        if news.kind == "stage":
            whole = news.number >= news.of
            step = self.say("desk.running", number=news.number, of=news.of)
            said = self.say("desk.writing") if whole else step
            bar = Markup("<progress aria-label='{}' max='{}' value='{}'></progress>")
            self._progress.value = str(
                Markup("<p>{}</p>").format(said) + bar.format(said, news.of, news.number)
            )
            return
        said = {
            "done": Markup("<p class='good'>{}</p>").format(
                self.say("desk.done", folder=news.folder)
            ),
            "stopped": Markup("<p>{}</p>").format(self.say("desk.stopped")),
            "failed": Markup("<p>{}</p>").format(
                self.say("desk.failed" if news.faults else "desk.broken")
            ),
        }[news.kind]
        self._ended(said + listed(news.faults, self._language))
        if news.kind == "done":
            self._page = "comparison" if Path(news.folder).name == COMPARISON else "map"
            self._tabs.value = self._page
            self._draw()

    def _ended(self, said: str) -> None:
        self._progress.value = str(said)
        self._stop.disabled = True
        self._look()

    def _turn(self, change: Any) -> None:
        self._page = change["new"]
        if self._page == "comparison" and self.session.comparison is None:
            self._start(self.session.compare, self.say("desk.comparing"))
        self._draw()

    def _draw(self) -> None:
        """Show the page of the newest result that is chosen."""
        self._frame.value = page_of(self.session, self._page, self._language)

    def _saving(self) -> widgets.Widget:
        id = widgets.Text(description=self.say("desk.save_id"), placeholder="my_scenario")
        title = widgets.Text(description=self.say("desk.save_title"))
        said = live()

        def go(_: Any) -> None:
            try:
                path = self.session.save(id.value.strip(), title.value.strip())
            except MaeMohError as error:
                said.value = str(listed(error.faults, self._language))
                return
            told = self.say("desk.saved", path=path.as_posix(), id=path.stem)
            said.value = str(Markup("<p class='good'>{}</p>").format(told))
            self._choice.unobserve(self._choose, "value")
            self._choice.options = self._titles()
            self._choice.value = self.session.scenario
            self._choice.observe(self._choose, "value")

        return section(
            self.say("desk.save"), [id, title, button(self.say("desk.save_go"), go), said]
        )

    def _adding(self) -> widgets.Widget:
        def changed() -> None:
            self.session.read_again()
            self._fill()

        adding = Adding(self.session, self._language, changed)
        return section(self.say("desk.add"), adding.parts)

"""One sitting at the desk: what is chosen, what is wrong with it, what has been run. No widgets."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from maemoh_gis.core.errors import RunError, raise_if_blocked
from maemoh_gis.core.faults import Fault
from maemoh_gis.desk.checked import Checker
from maemoh_gis.desk.job import Compare, Job, News, Run, Tell
from maemoh_gis.desk.offer import Offer, offer_of
from maemoh_gis.desk.saved import save
from maemoh_gis.desk.wish import Wish, document_of, label_of, values_of, wish_of
from maemoh_gis.runs.project import Project, find_project

RUNS = Path("runs")
COMPARISON = "desk-comparison"


@dataclass
class Session:
    """Holds one scenario with what is set in it, and the runs made since the desk was opened."""

    project: Project
    scenario: str
    checker: Checker
    wish: Wish
    runs: list[Path] = field(default_factory=list)
    """Finished runs, the newest last; each once."""
    comparison: Path | None = None
    """The newest run held against the one before, once that was asked for."""
    job: Job | None = None

    @classmethod
    def begin(cls, scenario: str) -> Session:
        """Sit down with a scenario in the folder one works in."""
        project = find_project()
        checker = Checker.of(project, scenario)
        return cls(project, scenario, checker, wish_of(offer_of(checker.base)))

    def choose(self, scenario: str) -> None:
        """Take another scenario, as its file has it; it stays as it was where that cannot be."""
        checker = Checker.of(self.project, scenario)
        self.scenario, self.checker = scenario, checker
        self.wish = wish_of(self.offer)

    def read_again(self) -> None:
        """Read layers and scenarios anew, keeping what was set."""
        self.project = find_project()
        self.checker = Checker.of(self.project, self.scenario)

    @property
    def offer(self) -> Offer:
        """What may be changed in the scenario."""
        return offer_of(self.checker.base)

    @property
    def values(self) -> dict[str, Any]:
        """What is set otherwise than the scenario has it."""
        return values_of(self.wish, self.offer)

    def faults(self) -> tuple[Fault, ...]:
        """Find what `maemoh-gis check` finds."""
        return self.checker.faults(self.values)

    def save(self, id: str, title: str = "") -> Path:
        """Write what is set as a scenario of its own; nothing at fault is written."""
        raise_if_blocked(self.faults(), RunError)
        path = save(document_of(self.offer, self.values, id, title), self.project)
        self.project = find_project()
        return path

    @property
    def run_folder(self) -> Path:
        """Where the run of what is set belongs."""
        return RUNS / label_of(self.scenario, self.values)

    def run(self, tell: Tell) -> Job:
        """Run what is set, in a process of its own."""
        work = Run(self.scenario, self.values, self.run_folder, self.project.layers,
                   self.project.scenarios)  # fmt: skip
        return self._begun(work, tell)

    def compare(self, tell: Tell) -> Job:
        """Hold the newest run against the one before."""
        if len(self.runs) < 2:
            raise RunError(Fault("desk_nothing_to_compare"))
        before, after = self.runs[-2:]
        return self._begun(Compare(before, after, RUNS / COMPARISON, self.project.layers), tell)

    def stop(self) -> None:
        """End what is at work, if anything is."""
        if self.job is not None:
            self.job.stop()

    def _begun(self, work: Run | Compare, tell: Tell) -> Job:
        if self.job is not None:
            raise RunError(Fault("desk_at_work"))

        def told(news: News) -> None:
            if news.ends:
                self.job = None
            if news.kind == "done":
                self._finished(work, Path(news.folder))
            tell(news)

        self.job = Job(work, told)
        return self.job

    def _finished(self, work: Run | Compare, folder: Path) -> None:
        if isinstance(work, Compare):
            self.comparison = folder
            return
        if folder != self.newest:
            self.comparison = None
        self.runs = [*(one for one in self.runs if one != folder), folder]

    @property
    def newest(self) -> Path | None:
        """The run that was made last."""
        return self.runs[-1] if self.runs else None

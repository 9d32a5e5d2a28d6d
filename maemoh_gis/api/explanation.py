"""Why a place scores as it does, as an object."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from maemoh_gis.api.markup import bar, box, language, line, table
from maemoh_gis.core import units
from maemoh_gis.core.messages import Language, text
from maemoh_gis.exposure.words import near_words
from maemoh_gis.questions.questions import band_words

if TYPE_CHECKING:
    import pandas as pd

    from maemoh_gis.ask.explain import Explanation as UseExplanation
    from maemoh_gis.ask.parts import CriterionPart
    from maemoh_gis.runs.finished import Run
    from maemoh_gis.suitability.declared import ActHere


class Explanation:
    """
    What a run says about one place, use by use.

    Parameters
    ----------
    run : Run
        The run it was computed from.
    place : str
        How the place is named.
    parts : sequence of maemoh_gis.ask.explain.Explanation
        One a use.

    Examples
    --------
    >>> why = result.explain(18.26, 99.70)
    >>> why.verdicts["container_yard"]
    'allowed'
    """

    def __init__(self, run: Run, place: str, parts: Sequence[UseExplanation]) -> None:
        self.run, self.place = run, place
        self.parts: Mapping[str, UseExplanation] = {part.use: part for part in parts}

    @property
    def verdicts(self) -> dict[str, str]:
        """
        State that holds on most of the place, by use.

        Examples
        --------
        >>> why.verdicts
        {'container_yard': 'allowed', 'green_estate': 'allowed'}
        """
        return {use: part.verdict for use, part in self.parts.items()}

    def score(self, use: str) -> float | None:
        """
        Give the score of a use, 0 bad to 1 good; None where nothing scores the place.

        Examples
        --------
        >>> round(why.score("green_estate"), 3)
        0.697
        """
        return self.parts[use].score

    def interval(self, use: str) -> tuple[float | None, float | None]:
        """
        Give the least and the greatest score that what is known allows.

        Examples
        --------
        >>> low, high = why.interval("green_estate")
        >>> round(low, 3), round(high, 3)  # most of the weight is not scored there
        (0.27, 0.94)
        """
        return self.parts[use].low, self.parts[use].high

    def criteria(self, use: str) -> pd.DataFrame:
        """
        Take the score of a use apart.

        Parameters
        ----------
        use : str
            Id of the use.

        Returns
        -------
        pandas.DataFrame
            By criterion: weight, measure in `unit`, score, least and greatest score, contribution.
            Contributions and `attrs["held"]` add up to the score.

        Examples
        --------
        >>> parts = why.criteria("green_estate")
        >>> total = parts["contribution"].sum() + parts.attrs["held"]
        >>> bool(abs(total - why.score("green_estate")) < 1e-6)
        True
        """
        import pandas as pd

        part, titles = self.parts[use], self.run.scenario.uses[use].criteria
        rows = [
            (c.id, titles[c.id].title.th, titles[c.id].title.en, c.weight, c.measure, c.unit,
             c.score, c.low, c.high, c.contribution)
            for c in part.criteria
        ]  # fmt: skip
        names = ["id", "title_th", "title_en", "weight", "measure", "unit", "score", "low", "high",
                 "contribution"]  # fmt: skip
        frame = pd.DataFrame(rows, columns=names).set_index("id")
        for name in ("measure", "score", "low", "high", "contribution"):
            frame[name] = frame[name].astype(float)
        frame.attrs |= {"held": part.held, "score": part.score, "place": self.place}
        return frame

    def limits(self, use: str) -> pd.DataFrame:
        """
        Say which limits were checked for a use and which hold.

        Parameters
        ----------
        use : str
            Id of the use.

        Returns
        -------
        pandas.DataFrame
            By limit: outcome, status (checked on all of the place, partly, not_checked), land it
            holds on and land on which that is known, in rai.

        Examples
        --------
        >>> limits = result.explain(18.335, 99.735).limits("green_estate")
        >>> bool(limits.loc["mine_pit", "area_rai"] > 0)
        True
        """
        import pandas as pd

        rows = [
            (
                limit.id,
                limit.outcome,
                limit.status,
                units.rai_from_m2(limit.area_m2),
                units.rai_from_m2(limit.known_m2),
            )
            for limit in self.parts[use].limits
        ]
        names = ["id", "outcome", "status", "area_rai", "known_rai"]
        return pd.DataFrame(rows, columns=names).set_index("id")

    def questions(self, use: str) -> pd.DataFrame:
        """
        Say how far the place lies from what open legal questions turn on.

        No land is removed for them; `Scenario` has what they ask, and whom.

        Parameters
        ----------
        use : str
            Id of the use.

        Returns
        -------
        pandas.DataFrame
            By question: distance in m and the band it lies in, `band_to_m` NaN beyond the last.

        Examples
        --------
        >>> asked = result.explain(18.335, 99.735).questions("green_estate")
        >>> float(asked.loc["resettlement_5_km", "distance_m"])  # inside the pit
        0.0
        """
        import pandas as pd

        rows = [(part.id, part.metres, *part.band_m) for part in self.parts[use].questions]
        names = ["id", "distance_m", "band_from_m", "band_to_m"]
        frame = pd.DataFrame(rows, columns=names).set_index("id")
        return frame.astype(float)

    def acts(self, use: str) -> pd.DataFrame:
        """
        Say which acts of law name the subdistricts of the place, for limits without a known line.

        An act says that its limit stands somewhere in a subdistrict. A place without an act is not
        clear: its limit has one row here, without an act.

        Parameters
        ----------
        use : str
            Id of the use.

        Returns
        -------
        pandas.DataFrame
            By limit: status (declared, not_declared, no_subdistrict), act, action, date (B.E.),
            volume, issue and page of the Gazette, name of the land, area of the whole act in rai,
            share of the place in the subdistricts it names, office to ask, title in Thai.

        Examples
        --------
        >>> acts = why.acts("green_estate")
        >>> acts.loc["protected_areas", "status"]  # which does not mean that the land is clear
        'not_declared'
        """
        import pandas as pd

        rows = [
            (part.limit, part.status, *_act_cells(here))
            for part in self.parts[use].declared
            for here in part.acts or (None,)
        ]
        names = [
            "id",
            "status",
            "act",
            "action",
            "published_be",
            "volume",
            "issue",
            "page",
            "forest_th",
            "forest_en",
            "area_rai",
            "share",
            "office_th",
            "office_en",
            "title_th",
        ]
        frame = pd.DataFrame(rows, columns=names).set_index("id")
        for name in ("area_rai", "share"):
            frame[name] = frame[name].astype(float)
        return frame

    def __repr__(self) -> str:
        told = ", ".join(f"{use} {verdict}" for use, verdict in self.verdicts.items())
        return f"<Explanation {self.place}: {told}>"

    def _repr_html_(self) -> str:
        spoken = language()
        parts: list[str] = [line(self.run.record["caveats"][1][spoken], "warn")]
        asked = {part.id: part for one in self.parts.values() for part in one.questions}
        for part in asked.values():
            question = self.run.scenario.questions[part.id]
            parts.append(line(text(
                "cli.question", spoken, title=question.title[spoken],
                km=f"{part.metres / 1000:.1f}", band=band_words(part.band_m, spoken),
                ask=question.ask[spoken],
            )))  # fmt: skip
        near = next(iter(self.parts.values())).people if self.parts else ()
        parts += [line(near_words(one)[spoken]) for one in near]
        if near:
            parts.append(line(text("report.keep_away", spoken)))
        for use in self.parts:
            parts += self._use_markup(use)
        return box(self.place, *parts)

    def _use_markup(self, use: str) -> list[Markup]:
        spoken, part = language(), self.parts[use]
        title = self.run.scenario.uses[use].title[spoken]
        told = text(f"state.{part.verdict}", spoken)
        sentence = text("cli.no_score", spoken)
        if part.score is not None:
            sentence = text("cli.score", spoken, score=f"{part.score:.3f}", low=f"{part.low:.3f}",
                            high=f"{part.high:.3f}")  # fmt: skip
        heads = [text("api.criterion", spoken), text("api.weight", spoken),
                 text("api.measure", spoken), text("api.score", spoken),
                 text("api.contribution", spoken), ""]  # fmt: skip
        titles = self.run.scenario.uses[use].criteria
        rows = [
            (titles[c.id].title[spoken], c.weight, _measure(c, spoken), c.score, c.contribution,
             bar(max(c.contribution or 0.0, 0.0)))
            for c in part.criteria
        ]  # fmt: skip
        found = [Markup("<h4>{}: {}</h4>").format(title, told), line(sentence), table(heads, rows)]
        holding = [
            self.run.scenario.limits[limit.id].title[spoken]
            for limit in part.limits
            if limit.area_m2 > 0 and limit.id in self.run.scenario.limits
        ]
        if holding:
            found.append(line(text("api.limits_hold", spoken, names="; ".join(holding))))
        return found


def _act_cells(here: ActHere | None) -> tuple[str | float | None, ...]:
    if here is None:
        return (None,) * 13
    act = here.act
    return (
        act.id,
        act.action,
        act.published_be,
        act.volume,
        act.issue,
        act.page,
        act.forest["th"],
        act.forest["en"],
        act.area_rai,
        here.share,
        act.office["th"],
        act.office["en"],
        act.title_th,
    )


def _measure(part: CriterionPart, spoken: Language) -> str | None:
    if part.kind is not None:
        return part.kind[spoken]
    if part.measure is None:
        return None
    return f"{units.number(part.measure, 1)} {part.unit}"

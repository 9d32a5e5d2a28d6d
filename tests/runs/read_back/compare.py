"""A comparison: differences, land, overlaps, ranks, regret, and who gains or loses."""

import hashlib
import json

import numpy as np
import pandas as pd
import rasterio
import shapely
from scipy.stats import kendalltau

from tests.runs.read_back.every import csv_file, package_file, unique
from tests.runs.read_back.folder import (
    ALLOWED,
    CONDITIONAL,
    HA_PER_RAI,
    M2_PER_RAI,
    OUTSIDE,
    REMOVED,
    UNKNOWN,
    near,
    numbers,
)

LEVELS = ("low", "central", "high")


class Compared:
    """A comparison with the folders of its runs."""

    def __init__(self, folder, runs):
        self.folder, self.runs = folder, {run.path.name: run for run in runs}
        self.first = runs[0]
        self.at_least = folder.record["good_score"]
        self.uses = self.first.uses
        self.crs = self.first.crs
        self.cell_rai = self.first.cell_rai
        self.layers_path = self.first.layers_path

    def __getattr__(self, name):
        return getattr(self.folder, name)

    def land(self, run, use):
        """Tell of each cell its state, and if it is good land, surely good, or may be."""
        return self.folder.once(("land", run, use), lambda: self._land(run, use))

    def _land(self, run, use):
        limits = self.runs[run].bands(f"limits_{use}.tif")["state"]
        scores = self.runs[run].bands(f"score_{use}.tif")
        open_land = np.isin(limits, [ALLOWED, CONDITIONAL])
        with np.errstate(invalid="ignore"):
            reaches = scores["score"] >= self.at_least
            surely, may = (scores[b] >= self.at_least for b in ("score_low", "score_high"))
        none = np.isnan(scores["score"])
        unknown = (open_land & none) | ((limits == UNKNOWN) & (reaches | none))
        return limits, open_land & reaches, unknown, open_land & reaches & surely, open_land & may

    def pieces(self):
        """Work out the pieces of land that runs propose, and what each brings in every run."""
        return self.folder.once("pieces", self._pieces)

    def _pieces(self):
        rows = []
        for layer, kind in (("sites", "site"), ("yards", "yard")):
            if layer not in self.folder.layer_names("pieces.gpkg"):
                continue
            for _, piece in self.folder.layer("pieces.gpkg", layer).iterrows():
                for run in self.runs:
                    for use in self.uses:
                        rows.append({
                            "piece": piece["piece"], "owner": piece["use"], "kind": kind,
                            "use": use, "run": run, "shape": piece.geometry,
                            "payoff": self._payoff(piece.geometry, run, use),
                        })  # fmt: skip
        return pd.DataFrame(rows)

    def _payoff(self, shape, run, use):
        state = self.runs[run].bands(f"limits_{use}.tif")["state"]
        score = self.runs[run].bands(f"score_{use}.tif")["score"]
        cells = self.first.cells(shape, state)
        if not cells.any() or (state[cells] == UNKNOWN).any():
            return np.nan
        held = np.isin(state[cells], [ALLOWED, CONDITIONAL])
        return score[cells][held].sum(dtype=np.float64) / cells.sum()


def _areas(row, names, cells, cell_rai):
    for name, count in zip(names, cells, strict=True):
        near(float(row[f"{name}_rai"]), count * cell_rai, abs=0.0051, what=(dict(row), name))
        near(float(row[f"{name}_ha"]), count * cell_rai * HA_PER_RAI, abs=0.0051)


def runs_table(found, name):
    csv_file(found, name)
    table = found.table(name)
    unique(table, "run")
    assert list(table["run"]) == list(found.runs)
    for _, row in table.iterrows():
        run = found.runs[row["run"]]
        assert (
            row["record_sha256"] == hashlib.sha256((run.path / "run.json").read_bytes()).hexdigest()
        )
        law = run.record["legal_limits"]
        told = [int(row[c]) for c in ("laws", "laws_checked", "laws_partly", "laws_not_checked")]
        assert told == [law["of"], *(len(law[x]) for x in ("checked", "partly", "not_checked"))]
        assert told[0] == sum(told[1:])
        assert (row["scenario"], row["viewpoint"]) == (
            run.record["scenario"], run.record["viewpoint"]
        )  # fmt: skip


def land_table(found, name):
    csv_file(found, name)
    table = found.table(name)
    unique(table, "use", "run")
    assert len(table) == len(found.uses) * len(found.runs)
    for _, row in table.iterrows():
        state, good, unknown, surely, may = found.land(row["run"], row["use"])
        _areas(
            row,
            ("study", "allowed", "conditional", "removed", "unknown", "good_allowed",
             "good_conditional", "good_unknown", "good_surely", "good_possibly"),
            ((state != OUTSIDE).sum(), (state == ALLOWED).sum(), (state == CONDITIONAL).sum(),
             (state == REMOVED).sum(), (state == UNKNOWN).sum(),
             (good & (state == ALLOWED)).sum(), (good & (state == CONDITIONAL)).sum(),
             unknown.sum(), surely.sum(), may.sum()),
            found.cell_rai,
        )  # fmt: skip


def overlap_table(found, name):
    csv_file(found, name)
    table = found.table(name)
    unique(table, "use", "what", "run_first", "run_second")
    names = ("both", "first_only", "second_only", "unknown")
    for _, row in table.iterrows():
        if row["what"] == "good_land":
            (_, one, less, _, _), (_, two, lesser, _, _) = (
                found.land(row[run], row["use"]) for run in ("run_first", "run_second")
            )
            told = ~(less | lesser)
            unknown = (less | lesser).sum()
        else:
            one, two = (
                _sites_of(found, row[run], row["use"]) for run in ("run_first", "run_second")
            )
            told, unknown = np.ones_like(one), 0
        cells = ((one & two & told).sum(), (one & ~two & told).sum(), (two & ~one & told).sum(),
                 unknown)  # fmt: skip
        _areas(row, names, cells, found.cell_rai)
        either = sum(cells[:3])
        near(float(row["jaccard"] or "nan"), cells[0] / either if either else np.nan, abs=1e-6)


def _sites_of(found, run, use):
    return found.folder.once(("sites", run, use), lambda: _cells_of_sites(found, run, use))


def _cells_of_sites(found, run, use):
    sites = found.runs[run].layer("sites.gpkg", f"sites_{use}")
    state = found.runs[run].bands(f"limits_{use}.tif")["state"]
    if sites.empty:
        return np.zeros(state.shape, dtype=bool)
    return found.first.cells(shapely.union_all(sites.geometry.array), state)


def consensus_table(found, name):
    csv_file(found, name)
    table = found.table(name)
    unique(table, "use", "group")
    groups = found.record["groups"] | {"all": list(found.runs)}
    for _, row in table.iterrows():
        members = groups[row["group"]]
        assert int(row["runs"]) == len(members)
        lands = [found.land(run, row["use"]) for run in members]
        good = sum(one[1].astype(int) for one in lands)
        unknown = sum(one[2].astype(int) for one in lands)
        cells = ((good == len(members)).sum(),
                 ((unknown > 0) & (good + unknown == len(members))).sum(),
                 (good > 0).sum())  # fmt: skip
        _areas(row, ("good_in_all", "possibly_in_all", "good_in_some"), cells, found.cell_rai)


def rasters(found, name):
    with rasterio.open(found.path / name) as raster:
        assert raster.transform == found.first.transform
        assert raster.crs.to_string() == found.crs
        use, bands = raster.tags()["use"], raster.read()
        tags = raster.tags()
    if name.startswith("difference_"):
        one, two = (found.runs[tags[x]].bands(f"score_{use}.tif")["score"]
                    for x in ("first", "second"))  # fmt: skip
        near(bands[0], two.astype(np.float64) - one, abs=1e-7)
        return
    lands = [found.land(run, use) for run in found.runs]
    study = np.any([one[0] != OUTSIDE for one in lands], axis=0)
    for band, which in zip(bands, (1, 2), strict=True):
        assert (band[study] == sum(one[which].astype(int) for one in lands)[study]).all()
        assert (band[~study] == 255).all()


def pieces_package(found, name):
    package_file(found, name)
    for layer, kind, column in (("sites", "site", "number"), ("yards", "yard", "rank")):
        frame = found.layer(name, layer) if layer in found.layer_names(name) else None
        told = (
            {}
            if frame is None
            else {
                (row["use"], row.geometry.normalize().wkb): row["found_by"]
                for _, row in frame.iterrows()
            }
        )
        wanted = {}
        for label, run in found.runs.items():
            for use in found.uses:
                file = f"{kind}s.gpkg"
                if not run.has(file) or f"{kind}s_{use}" not in run.layer_names(file):
                    continue
                mine = run.layer(file, f"{kind}s_{use}")
                assert column in mine
                for shape in mine.geometry:
                    wanted.setdefault((use, shape.normalize().wkb), []).append(label)
        assert {key: ", ".join(labels) for key, labels in wanted.items()} == told
        _named_as_in_the_table(found, frame)


def _named_as_in_the_table(found, frame):
    """A piece is called alike by the table of pieces and by the page, and no two are."""
    if frame is None:
        return
    texts = ("name_th", "name_en", "near_th", "near_en")
    called = {row["piece"]: [row[text] or "" for text in texts] for _, row in frame.iterrows()}
    unique(frame, "use", "name_th")
    for _, row in found.table("pieces.csv").iterrows():
        if row["piece"] in called:
            assert [row[text] for text in texts] == called[row["piece"]]


def pieces_table(found, name):
    csv_file(found, name)
    table = found.table(name)
    assert len(table), "the comparison of the test ranks pieces"
    unique(table, "piece", "group", "run")
    worked = found.pieces().set_index(["piece", "use", "run"])
    for _, row in table.iterrows():
        one = worked.loc[(row["piece"], row["use"], row["run"])]
        near(float(row["payoff"] or "nan"), one["payoff"], abs=2e-6, what=dict(row))
        near(float(row["area_rai"]), one["shape"].area / M2_PER_RAI, abs=0.0051)
    told = table.assign(value=numbers(table["payoff"]), number=numbers(table["rank"]))
    for _, rows in told.groupby(["use", "kind", "group", "run"]):
        wanted = rows["value"].rank(method="min", ascending=False)
        near(rows["number"], wanted)
        near(numbers(rows["regret"]), rows["value"].max() - rows["value"], abs=1e-9)
    for _, rows in told.groupby(["use", "kind", "group"]):
        first = rows[rows["run"] == rows["run"].iloc[0]].set_index("piece")["number"]
        change = rows["number"] - rows["piece"].map(first)
        near(numbers(rows["rank_change"]), np.where(rows["rank"] == "", np.nan, change))
        _regret(rows, "piece")


def _regret(rows, what):
    """The greatest regret of each option over the runs; the least of them is chosen."""
    regrets = rows.assign(regret=numbers(rows["regret"]))
    greatest = regrets.groupby(what)["regret"].agg(lambda one: one.max(skipna=False))
    near(numbers(rows["greatest_regret"]), rows[what].map(greatest), abs=1e-9)
    chosen = set(rows[rows["least_regret"] == "yes"][what])
    assert chosen == set(greatest[greatest <= greatest.min() + 1e-9].index)


def tau_table(found, name):
    csv_file(found, name)
    table = found.table(name)
    assert len(table)
    unique(table, "use", "kind", "group", "run_first", "run_second")
    pieces = found.table("pieces.csv")
    pieces["value"] = numbers(pieces["payoff"])
    for _, row in table.iterrows():
        mine = pieces[(pieces["use"] == row["use"]) & (pieces["kind"] == row["kind"])]
        both = mine.pivot_table(index="piece", columns="run", values="value", dropna=False)
        both = both[[row["run_first"], row["run_second"]]].dropna()
        assert int(row["pieces"]) == len(both)
        tau = kendalltau(*both.to_numpy().T, variant="b").statistic if len(both) > 1 else np.nan
        near(float(row["tau_b"] or "nan"), tau, abs=1e-9)


def use_regret_table(found, name):
    csv_file(found, name)
    table = found.table(name)
    assert len(table)
    unique(table, "group", "piece", "use", "run")
    worked = found.pieces().set_index(["piece", "use", "run"])["payoff"]
    for _, row in table.iterrows():
        near(float(row["payoff"] or "nan"), worked.loc[(row["piece"], row["use"], row["run"])],
             abs=2e-6)  # fmt: skip
    for _, rows in table.groupby(["group", "piece"]):
        values = rows.assign(value=numbers(rows["payoff"]))
        best = values.groupby("run")["value"].transform("max")
        near(numbers(rows["regret"]), best - values["value"], abs=1e-9)
        _regret(rows, "use")


def first_sites(found, name):
    csv_file(found, name)
    table = found.table(name)
    unique(table, "use", "run")
    for _, row in table.iterrows():
        sites = found.runs[row["run"]].layer("sites.gpkg", f"sites_{row['use']}")
        head = sites[sites["number"] == 1].iloc[0]
        for column, held in (("score", "score_mean"), ("score_low", "score_low"),
                             ("score_high", "score_high"), ("area_rai", "area_rai")):  # fmt: skip
            near(float(row[column]), head[held], abs=1e-9)


def places_table(found, name):
    csv_file(found, name)
    table = found.table(name)
    assert len(table)
    unique(table, "run", "place")
    for label, rows in table.groupby("run"):
        own = found.runs[label].table("yard_choice.csv")
        assert list(rows["place"]) == list(own["id"])
        for column in ("class", "score", "score_least", "score_greatest"):
            assert list(rows[column]) == list(own[column]), column
        proven = found.runs[label].record["choice"]["proven"]
        assert set(rows["order_settled"]) == {"yes" if proven else ""}


def robustness_table(found, name):
    csv_file(found, name)
    table = found.table(name)
    assert len(table)
    unique(table, "scenario", "year_be", "use", "kind", "id")
    for column in ("ranked_in", "first_in", "best_rank", "worst_rank", "runs"):
        table[column] = numbers(table[column])
    assert (table["first_in"] <= table["ranked_in"]).all()
    assert (table["ranked_in"] <= table["runs"]).all()
    assert (table["best_rank"] <= table["worst_rank"]).all()
    assert ((table["best_rank"] == 1) == (table["first_in"] > 0)).all()
    worked = found.pieces()
    for _, row in table[table["use"] != ""].iterrows():
        mine = worked[(worked["owner"] == row["use"]) & (worked["kind"] == row["kind"])
                      & (worked["use"] == row["use"])]  # fmt: skip
        ranked = mine.assign(rank=mine.assign(payoff=mine["payoff"].round(6)).groupby("run")[
            "payoff"].rank(method="min", ascending=False))  # fmt: skip
        own = ranked[ranked["piece"] == row["id"]]
        told = own["rank"].dropna()
        assert (row["ranked_in"], row["best_rank"], row["worst_rank"]) == (
            len(told), told.min(), told.max()
        ), dict(row)  # fmt: skip
        assert row["first_in"] == (told == 1).sum()
        assert row["first_runs"] == ", ".join(own[own["rank"] == 1]["run"])


def zones_table(found, name):
    csv_file(found, name)
    table = found.table(name)
    unique(table, "level", "code", "use", "run")
    columns = [c for c in table if c.endswith("_rai")]
    for column in columns:
        table[column] = numbers(table[column])
    districts = found.first.source("districts")
    at = districts.set_index(districts["code"].astype(int)).geometry
    for _, row in table[
        (table["level"] == "district") & (table["use"].isin(found.uses))
    ].iterrows():
        state, good, _, _, _ = found.land(row["run"], row["use"])
        shape = at[int(row["code"])]
        inside = found.once(
            ("district", row["code"]), lambda shape=shape, of=state: found.first.cells(shape, of)
        )
        open_land = np.isin(state, [ALLOWED, CONDITIONAL])
        near(row["open_rai"], (open_land & inside).sum() * found.cell_rai, abs=0.0051)
        near(row["good_rai"], (good & inside).sum() * found.cell_rai, abs=0.0051)
        sites = _sites_of(found, row["run"], row["use"])
        near(row["site_rai"], (sites & inside).sum() * found.cell_rai, abs=0.0051)
    for _, rows in table.groupby(["level", "code", "use"]):
        first = rows.iloc[0]
        assert (rows.iloc[0][["good_land", "farm_land"]] == "").all()
        for _, row in rows.iloc[1:].iterrows():
            for what in ("good", "site", "farm_taken"):
                near(
                    row[f"{what}_change_rai"], row[f"{what}_rai"] - first[f"{what}_rai"], abs=0.011
                )
            words = (("good_land", "good", "gains", "loses"),
                     ("farm_land", "farm_taken", "loses", "spared"))  # fmt: skip
            for column, of, more, less in words:
                change = row[f"{of}_change_rai"]
                wanted = ("" if np.isnan(change) else "same" if change == 0
                          else more if change > 0 else less)  # fmt: skip
                assert row[column] == wanted, dict(row)
    by = table.groupby(["use", "run", "level"])[["open_rai", "good_rai", "site_rai"]].sum()
    land = found.table("land.csv").set_index(["use", "run"])
    for use in found.uses:
        for run in found.runs:
            near(by.loc[(use, run, "district"), "open_rai"],
                 float(land.loc[(use, run), "allowed_rai"])
                 + float(land.loc[(use, run), "conditional_rai"]), abs=0.1)  # fmt: skip


def jobs_table(found, name):
    csv_file(found, name)
    table = found.table(name)
    unique(table, "level", "code", "run")
    for run, rows in table[table["level"] == "subdistrict"].groupby("run"):
        own = found.runs[run].table("exposure_by_subdistrict.csv").set_index("code")
        for _, row in rows[rows["code"].isin(own.index)].iterrows():
            for what in ("jobs_at_stake", "jobs_gained"):
                for level in LEVELS:
                    near(float(row[f"{what}_{level}"] or "nan"),
                         float(own.loc[row["code"], f"{what}_{level}"] or "nan"))  # fmt: skip
    for what in ("jobs_at_stake", "jobs_gained"):
        central = table.assign(value=numbers(table[f"{what}_central"]))
        parts = central[central["level"] == "subdistrict"]
        sums = parts.groupby([parts["code"].str[:4], "run"])["value"].sum(min_count=1)
        whole = central[central["level"] == "district"].set_index(["code", "run"])["value"]
        near(whole.sort_index(), sums.reindex(whole.index).sort_index(), abs=0.06)
        for _, rows in central.groupby(["level", "code"]):
            change = (rows["value"] - rows["value"].iloc[0]).iloc[1:]
            near(numbers(rows[f"{what}_change"]).iloc[1:], change, abs=0.051)


def transition_table(found, name):
    csv_file(found, name)
    table = found.table(name)
    unique(table, "run")
    assert list(table["run"]) == list(found.runs)
    for _, row in table.iterrows():
        own = found.runs[row["run"]].table("exposure.csv")
        own = own[own["kind"] == "first_of_each_use"].iloc[0]
        for column in table.columns.intersection(own.index):
            if column != "year_be" and row[column] != own[column]:
                near(float(row[column]), float(own[column]), what=column)


def indicators_table(found, name):
    csv_file(found, name)
    table = found.table(name)
    unique(table, "run", "use", "indicator")
    told = table.assign(value=numbers(table["value"]), limit=numbers(table["threshold"]))
    above = np.where(told["side"] == "beyond", told["value"].abs(), told["value"])
    beyond = np.where(told["side"] == "below", above < told["limit"], above > told["limit"])
    wanted = np.where(told["value"].isna(), "unknown", np.where(beyond, "alert", ""))
    assert list(wanted) == list(told["alert"])
    value = told.set_index(["indicator", "use", "run"])["value"]
    land = found.table("land.csv").set_index(["use", "run"])
    overlap = found.table("overlap.csv").set_index(["what", "use", "run_first", "run_second"])
    first = next(iter(found.runs))
    for (use, run), row in land.iterrows():
        number = {c: float(row[c]) for c in land if c.endswith("_rai")}
        good = number["good_allowed_rai"] + number["good_conditional_rai"]
        near(value["unknown_land", use, run], number["unknown_rai"] / number["study_rai"], abs=1e-6)
        near(value["good_not_sure", use, run],
             (good - number["good_surely_rai"]) / good if good else np.nan, abs=1e-6)  # fmt: skip
        record = found.runs[run].record
        near(value["unscored_weight", use, run], record["confidence"][use]["unscored"], abs=1e-6)
        near(value["laws_not_checked", use, run], len(record["legal_limits"]["not_checked"]))
        if run == first:
            continue
        for what, indicator in (("good_land", "good_overlap"), ("sites", "site_overlap")):
            told_of = overlap.loc[(what, use, first, run), "jaccard"]
            near(value[indicator, use, run], float(told_of or "nan"), abs=1e-6)
        before = {c: float(land.loc[(use, first), c]) for c in land if c.endswith("_rai")}
        was = before["good_allowed_rai"] + before["good_conditional_rai"]
        change = (good / was - 1) * 100 if was else np.nan
        near(value["good_change", use, run], change, abs=1e-3)
    alerts = {(one["run"], one["use"], one["indicator"]) for one in found.record["alerts"]}
    assert alerts == set(
        table[table["alert"] == "alert"][["run", "use", "indicator"]].itertuples(index=False)
    )


def differences_table(found, name):
    csv_file(found, name)
    table = found.table(name)
    unique(table, "run", "kind", "key")
    for run, counts in found.record["differences"].items():
        mine = table[table["run"] == run]
        assert {kind: (mine["kind"] == kind).sum() for kind in counts} == counts
    for _, row in table[table["kind"] == "fact"].iterrows():
        for end, held in (("first", found.first), ("second", found.runs[row["run"]])):
            value = held.resolved
            for part in row["key"].split("."):
                value = value.get(part) if isinstance(value, dict) else None
            if not isinstance(value, dict | list):
                assert str(value) == row[end] or float(value) == float(row[end])


def workbook(found, name):
    """Every sheet has the cells of the table of its name."""
    sheets = found.sheets(name)
    assert next(iter(sheets)) == "read_first"
    tables = [file.removesuffix(".csv") for file in found.files() if file.endswith(".csv")]
    assert set(tables) == set(sheets) - {"read_first"}
    for title in tables:
        header, *rows = sheets[title]
        frame = found.table(f"{title}.csv")
        assert header == list(frame.columns)
        assert len(rows) == len(frame)
        for row, wanted in zip(rows, frame.itertuples(index=False), strict=True):
            for cell, held in zip(row + [""] * (len(header) - len(row)), wanted, strict=True):
                same = str(cell) == held or (
                    cell != "" and held != "" and float(cell) == float(held)
                )
                assert same, (title, cell, held)


def record(found, name):
    for file, told in found.record["outputs"].items():
        assert hashlib.sha256((found.path / file).read_bytes()).hexdigest() == told, file
    land = found.table("land.csv").set_index(["use", "run"])
    for use, one in found.record["uses"].items():
        for run, areas in one["land"].items():
            row = land.loc[(use, run)]
            near(areas["allowed_rai"], float(row["allowed_rai"]))
            near(areas["good_rai"], float(row["good_allowed_rai"])
                 + float(row["good_conditional_rai"]), abs=0.011)  # fmt: skip


def years_table(found, name):
    """Every row of a path or an estate is the one its run wrote."""
    csv_file(found, name)
    table = found.table(name)
    unique(table, "run", "quantity", "year_be")
    for (run, quantity), rows in table.groupby(["run", "quantity"]):
        folder = found.runs[run]
        year = numbers(rows["year_be"]).to_numpy()
        ends = np.array([numbers(rows[end]) for end in LEVELS])
        assert (np.diff(ends, axis=0) >= -1e-6).all(), quantity
        held = _held(folder, quantity)
        np.testing.assert_allclose(ends, np.array([held[int(one)] for one in year]).T, atol=1e-6)
    assert set(table["run"]) == set(found.runs)


def _held(run, quantity):
    """Give low, central and high of a quantity by year as a run has it."""
    if quantity.startswith("estate_"):
        estate = run.table("estate.csv")
        mine = estate[estate["quantity"] == quantity.removeprefix("estate_")]
        return {
            int(row["year_be"]): [float(row[level]) for level in LEVELS]
            for _, row in mine.iterrows()
        }
    path = json.loads((run.path / "timeline.json").read_text("utf-8"))
    if quantity == "mw":
        lists = [path["capacity"]["mw"]] * 3
    elif quantity in path["amounts"]:
        lists = [path["amounts"][quantity][level] for level in LEVELS]
    else:
        lists = [path["land"][quantity]] * 3
    return {year: list(at) for year, *at in zip(path["years"], *lists, strict=True)}

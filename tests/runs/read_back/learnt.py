"""What was learnt, read back: figures against one another, the raster, the layers and the sites."""

import numpy as np
import rasterio
import shapely

from tests.runs.read_back.every import csv_file, raster_file
from tests.runs.read_back.folder import ALLOWED, CONDITIONAL, near, numbers, rounds_to
from tests.runs.read_back.land import in_study

NOT_TOLD = {"too_few_places", "too_few_blocks"}


def table(folder, name):
    csv_file(folder, name)
    rows = folder.table(name)
    assert list(dict.fromkeys(rows["use"])) == list(folder.record["learnt"])
    for use, mine in rows.groupby("use"):
        _use(folder, folder.record["learnt"][use], use, mine)


def _use(folder, told, use, rows):
    (verdict,) = _kind(rows, "verdict").to_dict("records")
    assert verdict["name"] == told["verdict"]
    assert (verdict["note_th"], verdict["note_en"]) == (told["says"]["th"], told["says"]["en"])
    assert int(verdict["places"]) == told["places"] == _places(folder, use, told)
    assert int(verdict["value"]) == told["blocks"]
    assert folder.has(f"learnt_{use}.tif") == (told["verdict"] == "told")
    if told["verdict"] in NOT_TOLD:
        assert len(rows) == 1
        return
    _skill(told, rows)
    _blocks(folder, use, told, _kind(rows, "block"))
    _model(told, rows)
    if told["verdict"] == "told":
        _land(folder, use, told, rows)


def _kind(rows, kind):
    return rows[rows["kind"] == kind]


def _places(folder, use, told):
    asked = folder.resolved["learnt"][use]["presence"]
    return (
        len(folder.source(asked["layer"], asked.get("where")))
        - told["places_outside"]
        - told["places_unknown"]
    )


def _skill(told, rows):
    skill = dict(
        zip(_kind(rows, "skill")["name"], numbers(_kind(rows, "skill")["figure"]), strict=True)
    )
    blocks = _kind(rows, "block")
    places, ranks = numbers(blocks["places"]), numbers(blocks["figure"])
    rounds_to(np.average(ranks, weights=places), skill["auc"], 3)
    rounds_to(ranks.mean(), skill["auc_by_block"], 3)
    near([told["auc"], told["auc_by_block"]["mean"]], [skill["auc"], skill["auc_by_block"]])
    near([told["auc_by_block"][end] for end in ("least", "most")], [ranks.min(), ranks.max()])
    elsewhere = np.array(told["auc_elsewhere"])
    rounds_to(elsewhere.mean(), skill["auc_elsewhere_mean"], 3)
    near(elsewhere.max(), skill["auc_elsewhere_most"])
    as_good = (elsewhere >= told["auc"]).mean()
    rounds_to(as_good, skill["elsewhere_as_good"], 3)
    assert (told["verdict"] == "chance") == bool(as_good)
    assert skill["in_best_tenth"] <= skill["in_best_quarter"] <= 1


def _blocks(folder, use, told, blocks):
    """Each block holds as many of the outlines as it says, or touches them."""
    asked, side = folder.resolved["learnt"][use]["presence"], told["block_km"] * 1000
    outlines = folder.source(asked["layer"], asked.get("where")).geometry
    assert len(blocks) == told["blocks"]
    assert numbers(blocks["places"]).sum() == told["places"]
    for row in blocks.itertuples():
        east, north = (float(part[1:]) * 1000 for part in row.name.split())
        assert east % side == north % side == 0
        box = shapely.box(east, north, east + side, north + side)
        touched = outlines.distance(box) <= folder.resolved["grid"]["cell_m"]
        assert touched.sum() >= int(row.places)


def _model(told, rows):
    bands = _kind(rows, "band")
    for column in ("figure", "expected"):
        rounds_to(numbers(bands[column]).sum(), 1.0, 3)
    assert numbers(bands["value"]).is_monotonic_increasing
    assert list(_kind(rows, "importance")["name"]) == told["measures"]
    assert list(dict.fromkeys(_kind(rows, "dependence")["name"])) == told["measures"]
    assert (numbers(_kind(rows, "dependence")["figure"]) > 0).all()
    assert told["form"] in set(_kind(rows, "form")["name"])


def _land(folder, use, told, rows):
    rank = folder.bands(f"learnt_{use}.tif")["learnt"]
    sites = (
        folder.layer("sites.gpkg", f"sites_{use}")
        if f"sites_{use}" in folder.layer_names("sites.gpkg")
        else []
    )
    listed = _kind(rows, "site")
    assert len(listed) == len(sites)
    for row in listed.itertuples():
        site = sites[sites["number"] == int(row.name)].iloc[0]
        rounds_to(float(row.expected), site["score_mean"], 3)
        cells = rank[folder.cells(site.geometry, rank)]
        assert cells.min() - 1e-3 <= float(row.figure) <= cells.max() + 1e-3
    patches = _kind(rows, "patch")
    above = patches["title_en"].str.startswith("More")
    for sign, mine in (("above", above), ("below", ~above)):
        assert numbers(patches["land_rai"])[mine].sum() <= told[f"{sign}_rai"] + 0.1
    assert told["above_rai"] + told["below_rai"] <= told["open_rai"]


def raster(folder, name):
    raster_file(folder, name)
    use = name.removeprefix("learnt_").removesuffix(".tif")
    bands, study = folder.bands(name), in_study(folder)
    rank, apart, push = bands["learnt"], bands["difference"], bands["push"]
    state = folder.bands(f"limits_{use}.tif")["state"]
    assert all(np.isnan(band[~study]).all() for band in bands.values())
    opened = np.isin(state, [ALLOWED, CONDITIONAL])
    known = ~np.isnan(rank)
    assert (~np.isnan(apart) == (opened & known))[study].all()
    assert (np.isnan(push) == np.isnan(apart)).all()
    told = ~np.isnan(apart)
    # A rank among all land is spread evenly over all land, whatever it is a rank of.
    assert abs(rank[known].mean() - 0.5) < 0.03
    assert abs(apart[told].mean()) < 0.03
    assert ((np.sign(push) == np.sign(apart)) | (apart == 0))[told].all()
    with rasterio.open(folder.path / name) as file:
        tags = file.tags()
    measures = [one.split(" ") for one in tags["measures"].split(",")]
    assert [id for _, id in measures] == folder.record["learnt"][use]["measures"]
    assert set(np.abs(push[told])) <= {float(number) for number, _ in measures}
    assert tags["nature"] == "modelled"
    _places_are_alike(folder, use, rank)


def _places_are_alike(folder, use, rank):
    """Places lie on land more alike than most: the model was fitted to them."""
    asked = folder.resolved["learnt"][use]["presence"]
    points = folder.source(asked["layer"], asked.get("where")).representative_point()
    corner = folder.transform
    cols = ((points.x - corner.c) // corner.a).astype(int)
    rows = ((points.y - corner.f) // corner.e).astype(int)
    assert np.nanmean(rank[rows, cols]) > 0.8

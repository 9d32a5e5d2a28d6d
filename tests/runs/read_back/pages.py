"""Pages, records and logs: what they hold is what the tables hold."""

import hashlib
import json
import re
from html.parser import HTMLParser

import shapely

from tests.runs.read_back.folder import near
from tests.runs.read_back.people import places_of

_DATA = re.compile(r'<script type="application/json" id="data">(.*?)</script>', re.DOTALL)
_REACHES = re.compile(r"""(?:src|href)=["'](?:https?:)?//""")


class _Words(HTMLParser):
    """Gathers the words a reader sees."""

    def __init__(self):
        super().__init__()
        self.words, self._hidden = [], 0

    def handle_starttag(self, tag, attrs):
        self._hidden += tag in ("script", "style")

    def handle_endtag(self, tag):
        self._hidden -= tag in ("script", "style")

    def handle_data(self, data):
        if not self._hidden:
            self.words.append(data)


def words_of(folder, name):
    reader = _Words()
    reader.feed((folder.path / name).read_text(encoding="utf-8"))
    return "\n".join(reader.words)


def page(folder, name):
    """A page loads nothing from elsewhere, and no number in it failed to be written."""
    text = (folder.path / name).read_text(encoding="utf-8")
    loads = re.findall(r"<(?:script|img|link|iframe)\b[^>]*>", text)
    assert not [one for one in loads if _REACHES.search(one)]
    words = words_of(folder, name)
    assert len(words) > 500
    assert not re.search(r"\b(nan|NaN|None|undefined|inf)\b", words)


def report(folder, name):
    sheets(folder, name)
    words = _joined(words_of(folder, name))
    for caveat in folder.record["caveats"]:
        assert _joined(caveat["th"])[:30] in words, caveat["en"]


def sheets(folder, name):
    """Every site stands on it with its area, and what is not checked stands with them."""
    page(folder, name)
    words = _joined(words_of(folder, name))
    for use in folder.uses:
        for site in folder.layer("sites.gpkg", f"sites_{use}").itertuples():
            assert f"{site.area_rai:,.0f}" in words, site.id
    assert _joined(folder.record["caveats"][1]["th"])[:30] in words


def _joined(words):
    return " ".join(words.split())


def map_page(folder, name):
    page(folder, name)
    text = (folder.path / name).read_text(encoding="utf-8")
    data = json.loads(_DATA.search(text)[1])
    assert [use["id"] for use in data["uses"]] == folder.uses
    for use in data["uses"]:
        sites = places_of(folder, use["id"], "site").to_crs("EPSG:4326")
        assert len(use["sites"]) == len(sites)
        for drawn, shape in zip(use["sites"], sites, strict=True):
            # Drawn with five decimals of a degree.
            assert shapely.hausdorff_distance(shapely.geometry.shape(drawn["shape"]), shape) < 2e-5
    weights = {one["id"]: one["weights"] for one in data["cells"]["viewpoints"]}
    for use in folder.uses:
        told = folder.record["weights"][use]["weights"]
        near(weights[folder.record["viewpoint"]][use], list(told.values()), abs=1e-5)
    path = json.loads((folder.path / "timeline.json").read_text(encoding="utf-8"))
    near(data["path"]["mw"], path["capacity"]["mw"])
    for drawn, held in zip(data["path"]["amounts"], path["amounts"].values(), strict=True):
        assert (drawn["low"], drawn["high"]) == (held["low"], held["high"])
    near(data["path"]["land"]["free"], path["land"]["no_longer_in_use_rai"])
    near([one["mw"] for one in data["path"]["units"]], [one["mw"] for one in path["units"]])


def record(folder, name):
    """Every file is on the record with its checksum, and what is counted there is in the tables."""
    told = folder.record
    here = {file for file in folder.files() if not file.startswith("log/")} - {name}
    assert set(told["outputs"]) == here
    for file, sha in told["outputs"].items():
        assert hashlib.sha256((folder.path / file).read_bytes()).hexdigest() == sha, file
    for id, layer in told["inputs"]["layers"].items():
        path = folder.layers_path / layer["path"]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == layer["sha256"], id
    for use, shares in told["confidence"].items():
        near(sum(shares.values()), 1.0, abs=1e-5, what=use)
        near(sum(told["nature"][use].values()), 1.0, abs=1e-5, what=use)
        near(shares["unscored"], told["nature"][use]["unknown"], abs=1e-5)
        weights = told["weights"][use]["weights"]
        near(sum(weights.values()), 1.0, abs=1e-6)
        criteria = told["scored"][use]["criteria"]
        scored = sum(weights[id] * one["share"] for id, one in criteria.items())
        near(1 - shares["unscored"], scored, abs=1e-5)
        for one in criteria.values():
            near(sum(one["nature"].values()), one["share"], abs=1e-5)
        for nature, share in told["nature"][use].items():
            if nature != "unknown":
                parts = [weights[id] * one["nature"].get(nature, 0) for id, one in criteria.items()]
                near(share, sum(parts), abs=1e-5)
    bounds, grid = told["grid"]["bounds"], told["grid"]
    near((bounds[2] - bounds[0]) / grid["cell_m"], grid["cols"])
    near((bounds[3] - bounds[1]) / grid["cell_m"], grid["rows"])


def log_of_record(folder, name):
    written = (folder.path / name).read_text(encoding="utf-8").split()[0]
    assert written == hashlib.sha256((folder.path / "run.json").read_bytes()).hexdigest()


def log_of_stages(folder, name):
    lines = (folder.path / name).read_text(encoding="utf-8").splitlines()
    stages = [json.loads(line) for line in lines]
    assert all(one["stage"] and one["seconds"] >= 0 for one in stages)
    assert {one["stage"] for one in stages} & set(folder.record["stages"])

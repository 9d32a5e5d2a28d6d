"""A layer of one's own: brought in from a file or a GeoDataFrame, and taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maemoh_gis.api.markup import language
from maemoh_gis.core.errors import FormatError, GridError

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

    from maemoh_gis.intake.add import Added
    from maemoh_gis.intake.found import Found
    from maemoh_gis.intake.ground import Ground
    from maemoh_gis.intake.said import Told

_SAID_BY = {
    "complete": "complete_within", "as_of": "as_of", "source": "source", "licence": "licence",
    "confidence": "confidence",
}  # fmt: skip
"""Answers that a description in full makes needless, by the key that holds them."""


class NewLayer:
    """
    A layer that was brought in.

    Parameters
    ----------
    added : maemoh_gis.intake.add.Added
        The layer, with catalog and scenario before and after.
    notes : tuple of str
        What was seen of the file, in the reader's language.
    """

    def __init__(self, added: Added, notes: tuple[str, ...]) -> None:
        self.added, self.notes = added, notes

    @property
    def id(self) -> str:
        """
        Give the id of the layer.

        Returns
        -------
        str
            As `mm.open_catalog()[id]` takes it.
        """
        return self.added.id

    @property
    def path(self) -> Path:
        """
        Give the file of the layer.

        Returns
        -------
        Path
            The copy beside the catalog.
        """
        return self.added.path

    @property
    def known(self) -> pd.DataFrame:
        """
        Say on about how much land the limit is known that the layer answers.

        Returns
        -------
        pandas.DataFrame
            By district, and `all` for the study area: shares `before` and `after`; empty where the
            layer answers no limit.
        """
        import pandas as pd

        from maemoh_gis.intake.effect import known_by

        found = known_by(self.added.before, self.added.after, self.added.id)
        spoken = language()
        rows = [] if found is None else [("all", found.study.before, found.study.after)]
        if found is not None:
            rows += [(one.name[spoken], one.before, one.after) for one in found.districts]
        names = ["district", "before", "after"]
        return pd.DataFrame(rows, columns=names).set_index("district")

    def undo(self) -> None:
        """Take the layer back whole: its folder, and its entry in the catalog."""
        from maemoh_gis.intake.shelf import alone, take_back

        folder = self.added.after.folder
        with alone(folder):
            take_back(folder, self.added.id)

    def __repr__(self) -> str:
        return f"<NewLayer {self.id}: {self.path.as_posix()}>"


def add_layer(
    source: gpd.GeoDataFrame | str | Path,
    limit: str | None = None,
    *,
    complete: str | None = None,
    as_of: int | str | None = None,
    made_by: str | None = None,
    licence: str | None = None,
    confidence: str | None = None,
    datum_operation: str | None = None,
    crs: str | None = None,
    table: str | None = None,
    encoding: str | None = None,
    score: str | None = None,
    id: str | None = None,
    about: Mapping[str, Any] | None = None,
    cautious: bool = False,
    scenario: str | None = "baseline",
    layers: str | Path | None = None,
    scenarios: str | Path | None = None,
    bundled: bool = True,
) -> NewLayer:
    """
    Bring in a layer of one's own, as `maemoh-gis layers add` does.

    Parameters
    ----------
    source : geopandas.GeoDataFrame, str or Path
        Points, lines or polygons, or a file of them: shapefile (also zipped), GeoPackage, GeoJSON,
        KML, CSV or XLSX with coordinates.
    limit : str, optional
        Limit of the scenario it is the map of, a criterion that waits for its map, or "none".
    complete : str, optional
        Where nothing is missing in it: "province", names of districts with commas between, or
        "unknown".
    as_of : int or str, optional
        Year of its content, B.E.
    made_by : str, optional
        Who made it.
    licence : str, optional
        SPDX id of its licence, or "own".
    confidence : str, optional
        "H", "M" or "L".
    datum_operation : str, optional
        The way to WGS 84 as EPSG code, where the features are on a datum from which there are
        several, such as Indian 1975.
    crs : str, optional
        CRS, where the source states none.
    table : str, optional
        Layer inside the file, where it holds several.
    encoding : str, optional
        Code page of its texts; found by their content where it is not given.
    score : str, optional
        How a criterion is scored by it: "COLUMN" with scores, "COLUMN 0=0 100=1" with figures,
        "COLUMN A=1 B=0.5" with words, or "distance 500=0 2000=1" in metres.
    id : str, optional
        Id of the layer; by default one that nobody has.
    about : mapping, optional
        Keys of the entry of the catalog that are to be otherwise than the answers make them, such
        as `title`, `caution`, `nature`, `columns`, `draw`; what it says need not be answered.
    cautious : bool
        Take answers that claim no more than is known where none is given, as `--yes` does.
    scenario : str, optional
        Scenario whose limits are looked at; None for a catalog alone.
    layers, scenarios : str or Path, optional
        Folders to work in, as for `maemoh-gis run`; a catalog is made if there is none.
    bundled : bool
        Whether a catalog that is made stands above the layers that come with the program.

    Returns
    -------
    NewLayer
        The layer; `undo` takes it back.

    Raises
    ------
    MaeMohError
        With everything that is wanting, that cannot be, or that the audit would block; nothing is
        written then.

    Examples
    --------
    >>> import geopandas, shapely
    >>> wells = geopandas.GeoDataFrame(geometry=[shapely.Point(99.7, 18.3)], crs="EPSG:4326")
    >>> layer = mm.add_layer(wells, "none", id="wells", as_of=2569, cautious=True,
    ...                      scenario=None, layers="my_layers", bundled=False)
    >>> layer.path.as_posix()
    'my_layers/own/wells/wells.geojson'
    >>> mm.open_catalog("my_layers")["wells"].confidence
    'L'
    >>> layer.undo()
    """
    from maemoh_gis.intake.ground import find_ground
    from maemoh_gis.intake.said import Told

    year = None if as_of is None else str(as_of)
    told = Told(limit, complete, year, made_by, licence, confidence, datum_operation, crs, table,
                encoding, id, score=score)  # fmt: skip
    told = _without_the_needless(told, about or {})
    folder, beside = (None if one is None else Path(one) for one in (layers, scenarios))
    ground = find_ground(folder, beside, scenario, bundled=bundled)
    try:
        added, found = _brought(source, told, ground, about, cautious=cautious)
    except (FormatError, GridError) as error:
        faults = [replace(one, key=_as_argument(one.key)) for one in error.faults]
        raise FormatError(faults) from error
    return NewLayer(added, tuple(note[language()] for note in found.notes))


def _brought(
    source: gpd.GeoDataFrame | str | Path,
    told: Told,
    ground: Ground,
    about: Mapping[str, Any] | None,
    *,
    cautious: bool,
) -> tuple[Added, Found]:
    from maemoh_gis.files import unpacked
    from maemoh_gis.intake.add import add
    from maemoh_gis.intake.asking import settled, settled_frame

    if not isinstance(source, str | Path):
        told, found = settled_frame(source, told, ground, yes=cautious)
        return add(told, found, ground, about), found
    with unpacked(Path(source)) as plain:
        told, found = settled(plain, told, ground, yes=cautious)
        return add(told, found, ground, about), found


def _without_the_needless(told: Told, about: Mapping[str, Any]) -> Told:
    """Answer for form's sake what a description in full says itself."""
    from maemoh_gis.intake.said import NOTHING

    given = {"complete": "unknown", "as_of": "2569", "source": "about", "licence": "own",
             "confidence": "L"}  # fmt: skip
    said = {
        name: given[name]
        for name, key in _SAID_BY.items()
        if getattr(told, name) is None and key in about
    }
    if about and told.limit is None:
        said["limit"] = about.get("answers", NOTHING)
    return replace(told, **said)


def _as_argument(key: str | None) -> str | None:
    """Name the argument where the fault names an option."""
    if key is None or not key.startswith("--"):
        return key
    names = {"--as": "limit", "--source": "made_by"}
    return names.get(key, key.removeprefix("--").replace("-", "_"))

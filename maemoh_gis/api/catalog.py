"""The layers: what each is, how far it can be trusted, and its content."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from maemoh_gis.api.markup import box, language, line, table
from maemoh_gis.api.tables import read_bands, read_table
from maemoh_gis.core.messages import text

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    import xarray as xr

    from maemoh_gis.layers.catalog import Catalog as LayerCatalog
    from maemoh_gis.layers.entries import Layer


class Catalog:
    """
    A catalog of layers.

    Parameters
    ----------
    layers : maemoh_gis.layers.catalog.Catalog
        The checked catalog.

    Examples
    --------
    >>> "railway" in catalog
    True
    >>> catalog["land_use"].confidence
    'L'
    """

    def __init__(self, layers: LayerCatalog) -> None:
        self.described = layers

    def __contains__(self, id: object) -> bool:
        return id in self.described.layers

    def __getitem__(self, id: str) -> Layer:
        """Give all that the catalog says about a layer; a wrong id names the nearest."""
        return self.described[id]

    @cached_property
    def layers(self) -> pd.DataFrame:
        """
        List the layers.

        Returns
        -------
        pandas.DataFrame
            By id: titles, kind, nature (observed, published, indicative, modelled, assumed),
            confidence, where it is complete, unit, CRS, year B.E., licence, source, caution.

        Examples
        --------
        >>> catalog.layers.loc["slope", ["unit", "crs", "confidence"]].tolist()
        ['percent', 'EPSG:32647', 'L']
        """
        import pandas as pd

        rows = [
            (id, one.title.th, one.title.en, one.kind, one.nature, one.confidence,
             _complete(one), one.unit, one.crs, one.as_of, one.licence, one.source,
             one.caution.th, one.caution.en)
            for id, one in self.described.layers.items()
        ]  # fmt: skip
        names = ["id", "title_th", "title_en", "kind", "nature", "confidence", "complete_within",
                 "unit", "crs", "as_of_be", "licence", "source", "caution_th",
                 "caution_en"]  # fmt: skip
        return pd.DataFrame(rows, columns=names).set_index("id")

    def read(self, id: str) -> gpd.GeoDataFrame | pd.DataFrame | xr.DataArray:
        """
        Read a layer as it was received: nothing is put onto a grid.

        Parameters
        ----------
        id : str
            Layer of the catalog.

        Returns
        -------
        GeoDataFrame, DataFrame or DataArray
            Vectors in their own CRS, tables, or a raster (y, x) with its CRS. `attrs` holds units,
            CRS, nature, confidence, caution, licence and source; `classes` and `class_titles` name
            the codes of a raster of classes.

        Raises
        ------
        LayerError
            If there is no such layer, its file is not the one the catalog describes, or it is a
            stack that is read from several files or from none.

        Examples
        --------
        >>> len(catalog.read("districts"))
        13
        >>> slope = catalog.read("slope")
        >>> slope.attrs["units"], slope.attrs["confidence"], slope.attrs["crs"]
        ('percent', 'L', 'EPSG:32647')
        >>> land_use = catalog.read("land_use")
        >>> land_use.attrs["classes"][4], land_use.attrs["class_titles"]["paddy"]
        ('paddy', 'นาข้าว · paddy')
        """
        from maemoh_gis.layers.features import read_as_received
        from maemoh_gis.layers.load import Layers

        self.described.require_one_file(id)
        Layers(self.described).checksum(id)
        layer, path = self.described[id], self.described.path_of(id)
        attrs = _attrs(layer)
        if layer.kind == "table":
            frame = read_table(path, layer.encoding)
            frame.attrs |= {**attrs, "units": _units(layer)}
            return frame
        if layer.kind != "raster":
            features = read_as_received(path, layer)
            features.attrs.update({"crs": str(layer.crs), "units": _units(layer), **attrs})
            return features.set_crs(str(layer.crs), allow_override=True)
        bands = read_bands(path, str(layer.crs), attrs)
        raster = list(bands.data_vars.values())[(layer.band or 1) - 1].rename(id)
        raster.attrs["units"] = layer.unit or "class"
        raster.attrs["long_name"] = layer.title[language()]
        if layer.classes:
            raster.attrs["classes"] = {int(k): c.key for k, c in layer.classes.items()}
            titles = {c.key: f"{c.th} · {c.en}" for c in layer.classes.values()}
            raster.attrs["class_titles"] = titles
        return raster

    def __repr__(self) -> str:
        return f"<Catalog {self.described.folder}: {len(self.described.layers)} layers>"

    def _repr_html_(self) -> str:
        spoken = language()
        heads = [
            text("api.layer", spoken), "id", text("cli.layer.kind", spoken),
            text("cli.layer.nature", spoken), text("cli.layer.confidence", spoken),
            text("api.unit", spoken), text("cli.layer.crs", spoken),
            text("cli.layer.as_of", spoken), text("cli.layer.licence", spoken),
        ]  # fmt: skip
        rows = [
            (one.title[spoken], id, one.kind, text(f"nature.{one.nature}", spoken),
             text(f"confidence.{one.confidence}", spoken), one.unit, one.crs, str(one.as_of),
             one.licence)
            for id, one in self.described.layers.items()
        ]  # fmt: skip
        return box(
            text("api.catalog", spoken, n=len(rows)),
            line(text("api.confidence_key", spoken), "quiet"),
            table(heads, rows),
        )


def _complete(layer: Layer) -> str:
    within = layer.complete_within
    return within if isinstance(within, str) else within.layer


def _units(layer: Layer) -> dict[str, str]:
    return {name: column.unit for name, column in layer.columns.items() if column.unit}


def _attrs(layer: Layer) -> dict[str, Any]:
    return {
        "title": layer.title[language()],
        "nature": layer.nature,
        "confidence": layer.confidence,
        "caution": layer.caution[language()],
        "licence": layer.licence,
        "source": layer.source,
        "as_of_be": layer.as_of,
    }

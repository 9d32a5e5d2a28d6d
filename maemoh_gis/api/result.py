"""A finished run as an object."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from maemoh_gis.api.explanation import Explanation
from maemoh_gis.api.folder import RecordedFolder
from maemoh_gis.api.markup import Picture, confidence_line, language
from maemoh_gis.api.tables import read_bands, read_layer
from maemoh_gis.core.errors import RunError
from maemoh_gis.core.faults import Fault
from maemoh_gis.core.messages import language_of_reader
from maemoh_gis.documents.schema import nearest_first
from maemoh_gis.files import read_text
from maemoh_gis.layers.catalog import Catalog

if TYPE_CHECKING:
    import geopandas as gpd
    import xarray as xr

    from maemoh_gis.network.edges import Graph

_RECORD, _SCORE = "run.json", "score, 0 bad to 1 good"


class Result(RecordedFolder):
    """
    Everything a run folder holds, as objects of the libraries GIS analysts know.

    Parameters
    ----------
    folder : Path
        Run folder.
    catalog : Catalog
        The layers it was run with; asked only by `network`, `explain`, `assess` and `picture`.

    Raises
    ------
    RunError
        If it is no run folder.

    Examples
    --------
    >>> result
    <Result runs/quick: quick, B.E. 2569, EPSG:32647, cells of 400 m>
    """

    def __init__(self, folder: Path, catalog: Catalog) -> None:
        if not (folder / _RECORD).is_file():
            raise RunError(Fault("not_a_run_folder", str(folder), expected=_RECORD))
        super().__init__(folder, _RECORD, "map.html")
        self.catalog = catalog

    @property
    def title(self) -> str:
        """
        Title of its scenario in the reader's language.

        Examples
        --------
        >>> result.title
        'Mae Mo in coarse cells'
        """
        return str(self.record["title"][language()])

    @property
    def year(self) -> int:
        """
        Year B.E. it was asked for.

        Examples
        --------
        >>> result.year
        2569
        """
        return int(self.record["year"])

    @property
    def uses(self) -> tuple[str, ...]:
        """
        List the uses it looked for land for.

        Examples
        --------
        >>> result.uses
        ('container_yard', 'green_estate')
        """
        return tuple(self.record["weights"])

    @property
    def caveats(self) -> tuple[str, ...]:
        """
        What must be said with every result, in the reader's language; the first two always.

        Examples
        --------
        >>> result.caveats[0]
        'For screening only. This result is not a permit under the law.'
        """
        return tuple(str(caveat[language()]) for caveat in self.record["caveats"])

    @cached_property
    def sites(self) -> gpd.GeoDataFrame:
        """
        Candidate sites of all uses, best first within each use.

        Returns
        -------
        geopandas.GeoDataFrame
            In the CRS of the grid. A criterion that a use does not have is missing there; see
            `sites_of`. `attrs` holds units, caveat, and the confidence of each use.

        Examples
        --------
        >>> sites = result.sites
        >>> sites.crs.to_epsg(), sites.attrs["units"]["area_rai"]
        (32647, 'rai')
        """
        import geopandas as gpd
        import pandas as pd

        found = [self.sites_of(use) for use in self.uses]
        filled = [frame for frame in found if len(frame)]
        whole = pd.concat(filled, ignore_index=True) if filled else found[0]
        sites = gpd.GeoDataFrame(whole, geometry="geometry", crs=self.record["grid"]["crs"])
        units = {name: unit for frame in found for name, unit in frame.attrs["units"].items()}
        sites.attrs |= {**self._about(), "units": units}
        return sites

    def sites_of(self, use: str) -> gpd.GeoDataFrame:
        """
        Give the candidate sites of one use.

        Parameters
        ----------
        use : str
            Id of the use.

        Returns
        -------
        geopandas.GeoDataFrame
            Best first, with the mean score of each of its criteria.

        Examples
        --------
        >>> sites = result.sites_of("green_estate")
        >>> bool((sites["score_low"] <= sites["score_mean"]).all())
        True
        """
        return self._features("sites.gpkg", f"sites_{use}", use)

    @cached_property
    def yards(self) -> gpd.GeoDataFrame:
        """
        Give the rectangles for a rail yard whose readings fit beside the line, best first.

        Returns
        -------
        geopandas.GeoDataFrame
            With what cannot be told about each (`not_told`, in words too); empty where no use
            asks for a yard or none fits as read.

        Examples
        --------
        >>> yards = result.yards
        >>> len(yards) == result.record["yards"]["container_yard"]["fits"]
        True
        """
        use = next(iter(self.record["yards"]), self.uses[0])
        return self._features("yards.gpkg", f"yards_{use}", use)

    def rasters(self, use: str) -> xr.Dataset:
        """
        Read the rasters of a use.

        Parameters
        ----------
        use : str
            Id of the use.

        Returns
        -------
        xarray.Dataset
            Bands `score`, `score_low`, `score_high` (0 bad to 1 good, NaN unknown), `scored_share`
            of the weight, `state` (0 outside, 1 allowed, 2 conditional, 3 removed, 4 unknown),
            `removed_by` and `conditional_by` (a bit a limit, named in `attrs`). Read whole.

        Examples
        --------
        >>> rasters = result.rasters("green_estate")
        >>> rasters["score"].dims, rasters.attrs["crs"]
        (('y', 'x'), 'EPSG:32647')
        >>> bool((rasters["score_low"] > rasters["score"]).any())
        False
        """
        about = {**self._about(), "use": use, "confidence": self.confidence_of(use)}
        crs = self.record["grid"]["crs"]
        score = read_bands(self.folder / f"score_{use}.tif", crs, about)
        limits = read_bands(self.folder / f"limits_{use}.tif", crs, about)
        for name, band in score.data_vars.items():
            band.attrs["units"] = "share of the weight" if name == "scored_share" else _SCORE
        for band in limits.data_vars.values():
            band.attrs["units"] = "code"
        return score.assign(limits.data_vars).assign_attrs({**limits.attrs, **about})

    def score(self, use: str) -> xr.DataArray:
        """
        Read the score of a use; see `rasters`.

        Parameters
        ----------
        use : str
            Id of the use.

        Returns
        -------
        xarray.DataArray
            Of float32 (y, x), 0 bad to 1 good, NaN unknown.

        Examples
        --------
        >>> score = result.score("container_yard")
        >>> score.attrs["units"], score.attrs["confidence"]
        ('score, 0 bad to 1 good', 'M 20 %, L 26 %, not scored 54 %')
        """
        return self.rasters(use)["score"]

    @property
    def networks(self) -> tuple[str, ...]:
        """
        List its networks by id.

        Examples
        --------
        >>> result.networks
        ('lampang',)
        """
        return tuple(self.record["networks"])

    def network(self, id: str | None = None) -> Graph:
        """
        Build a network of roads, railway and stated distances, as the run had it.

        Parameters
        ----------
        id : str, optional
            One of `networks`; the first by default.

        Returns
        -------
        networkx.MultiDiGraph
            As osmnx lays it out: places in metres of the grid's CRS; edges with `mode`, `length`
            in metres and `minutes`.

        Raises
        ------
        RunError
            If it has no such network, or a layer has changed since the run.

        Examples
        --------
        >>> graph = result.network()
        >>> sorted({mode for *_, mode in graph.edges(data="mode")})
        ['linehaul', 'rail', 'road', 'transfer']
        """
        from maemoh_gis.exchange.graphml import laid_out
        from maemoh_gis.reach.queries import open_network
        from maemoh_gis.runs.finished import open_run

        run = open_run(self.folder, self.catalog)
        graph = laid_out(open_network(run.scenario, run.catalog, id).built.graph)
        graph.graph |= {"units": {"length": "m", "minutes": "minutes"}, **self._about()}
        return graph

    def explain(self, lat: float, lon: float) -> Explanation:
        """
        Say why a place scores as it does and what keeps it out.

        Parameters
        ----------
        lat, lon : float
            WGS 84 latitude and longitude in degrees.

        Returns
        -------
        Explanation
            Computed by the stages of the run, so it is the run's own answer.

        Raises
        ------
        RunError
            If the place is outside the grid, or a layer has changed since the run.

        Examples
        --------
        >>> result.explain(18.335, 99.735)
        <Explanation 18.335, 99.735: container_yard removed, green_estate removed>
        """
        from maemoh_gis.ask.explain import explain_at
        from maemoh_gis.runs.finished import open_run

        opened = open_run(self.folder, self.catalog)
        return Explanation(opened, f"{lat:g}, {lon:g}", explain_at(opened, lat, lon))

    def assess(
        self,
        polygons: str | Path,
        datum_operation: str | None = None,
        *,
        table: str | None = None,
        encoding: str | None = None,
    ) -> list[tuple[dict[str, Any], Explanation]]:
        """
        Score and explain polygons of one's own.

        Parameters
        ----------
        polygons : str or Path
            GeoPackage, GeoJSON, shapefile or FlatGeobuf with a CRS.
        datum_operation : str, optional
            The way to WGS 84 as EPSG code, where the file is on a datum from which there are
            several, such as Indian 1975.
        table : str, optional
            Layer inside the file, where it holds several.
        encoding : str, optional
            Code page of its texts, where it states none.

        Returns
        -------
        list of (dict, Explanation)
            Attributes of each polygon, with `area_rai` and `cells`, and what is said of it.

        Raises
        ------
        RunError
            With every fault of the file.

        Examples
        --------
        >>> import geopandas as gpd, shapely
        >>> land = {"name": ["by the road"], "geometry": [shapely.box(99.70, 18.26, 99.71, 18.27)]}
        >>> gpd.GeoDataFrame(land, crs="EPSG:4326").to_file("land.geojson")
        >>> ((attributes, said),) = result.assess("land.geojson")
        >>> round(attributes["area_rai"]), said
        (731, <Explanation by the road: container_yard allowed, green_estate allowed>)
        """
        from maemoh_gis.ask.explain import assess
        from maemoh_gis.runs.finished import open_run

        opened = open_run(self.folder, self.catalog)
        found = assess(opened, Path(polygons), datum_operation, table=table, encoding=encoding)
        return [
            (attributes, Explanation(opened, str(attributes.get("name", number)), parts))
            for number, (attributes, parts) in enumerate(found, start=1)
        ]

    def picture(self, use: str) -> Picture:
        """
        Draw the score of a use with its sites, small enough for a notebook.

        Parameters
        ----------
        use : str
            Id of the use.

        Returns
        -------
        Picture
            Colours, marks and words of the map page, in both languages.

        Examples
        --------
        >>> result.picture("green_estate").alt
        'Mae Mo in coarse cells: Green industrial estate'
        """
        from maemoh_gis.api.picture import picture_of

        titles = self.record["resolved"]["uses"][use]["title"]
        drawn = picture_of(self.record, self.catalog, use, self.rasters(use), self.sites_of(use))
        return Picture(drawn, f"{self.title}: {titles[language()]}", width="44em")

    def pictures(
        self,
        out: str | Path,
        *,
        format: str = "png",
        width_px: int = 1600,
        language: str | None = None,
        replace: bool = False,
    ) -> list[Path]:
        """
        Write every map and chart as a picture for documents and letters.

        Parameters
        ----------
        out : str or Path
            Folder for the pictures, not the run folder.
        format : str
            "png" or "svg"; "png" needs the extra `office`.
        width_px : int
            Width of a PNG, 200 to 8000 pixels.
        language : str, optional
            Language of the pictures, "th" or "en"; the reader's by default.
        replace : bool
            Write over files of the same names.

        Returns
        -------
        list of Path
            The files: score of each use, each site from near, charts. Title, year, sources and
            the notice that this is a screening stand in each.

        Raises
        ------
        RunError
            If the extra is not installed, or files of the same names are there.
        FormatError
            If there is no such format or language, or no picture is that wide.

        Examples
        --------
        >>> [path.name for path in result.pictures("pictures", format="svg", language="en")][:2]
        ['map_container_yard_whole_en.svg', 'map_green_estate_whole_en.svg']
        """
        from maemoh_gis.office.pictures import write_pictures
        from maemoh_gis.office.target import outside
        from maemoh_gis.runs.report import finished

        return write_pictures(
            finished(self.folder, self.catalog),
            outside(self.folder, Path(out)),
            language=language or language_of_reader(),
            format=format,
            width_px=width_px,
            over=replace,
        )

    def documents(
        self,
        out: str | Path,
        *,
        language: str | None = None,
        thai_digits: bool = False,
        replace: bool = False,
    ) -> list[Path]:
        """
        Write the three briefs for Word, and slides of the committee's.

        Parameters
        ----------
        out : str or Path
            Folder for the files, not the run folder.
        language : str, optional
            Language of the files, "th" or "en"; the reader's by default.
        thai_digits : bool
            Thai digits in what is written in Thai.
        replace : bool
            Write over files of the same names.

        Returns
        -------
        list of Path
            Three `.docx` and a `.pptx`. They need the extra `office`.

        Raises
        ------
        RunError
            If the extra is not installed, or files of the same names are there.
        FormatError
            If there is no such language.

        Examples
        --------
        >>> for path in result.documents("papers", language="en"):
        ...     print(path.name)
        brief_committee_en.docx
        brief_egat_en.docx
        brief_villagers_en.docx
        slides_en.pptx
        """
        from maemoh_gis.office.documents import write_documents
        from maemoh_gis.office.target import outside
        from maemoh_gis.runs.report import finished

        return write_documents(
            finished(self.folder, self.catalog),
            outside(self.folder, Path(out)),
            language=language or language_of_reader(),
            thai_numerals=thai_digits,
            over=replace,
        )

    def values(self, use: str) -> Picture:
        """
        Show the value functions of a use over the land they are put to.

        Examples
        --------
        >>> "<svg" in result.values("green_estate").svg
        True
        """
        return Picture(read_text(self.folder / f"values_{use}.svg"), self.title)

    def __repr__(self) -> str:
        grid, name = self.record["grid"], self.record["scenario"]
        where = f"{grid['crs']}, cells of {grid['cell_m']:g} m"
        return f"<Result {self.folder.as_posix()}: {name}, B.E. {self.year}, {where}>"

    def _repr_html_(self) -> str:
        from maemoh_gis.api.result_view import result_markup

        return result_markup(self)

    def confidence_of(self, use: str) -> str:
        """
        Say on how much of the weight of a use each degree of confidence stands.

        Examples
        --------
        >>> result.confidence_of("green_estate")
        'M 12 %, L 19 %, not scored 69 %'
        """
        if use not in self.uses:
            known = nearest_first(use, self.uses)
            raise RunError(Fault("unknown_use", str(self.folder), found=use, expected=known))
        return confidence_line(self.record["confidence"][use])

    def _about(self) -> dict[str, Any]:
        return {
            "scenario": self.record["scenario"],
            "year_be": self.year,
            "viewpoint": self.record["viewpoint"],
            "caveat": " ".join(self.caveats[:2]),
        }

    def _features(self, file: str, layer: str, use: str) -> gpd.GeoDataFrame:
        about = {**self._about(), "confidence": self.confidence_of(use)}
        return read_layer(self.folder / file, layer, self.record["grid"]["crs"], about)

"""Score rasters that carry their colours, and the statistics of the exact ones."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np

from maemoh_gis.files import write_raster, write_text
from maemoh_gis.handover.colours import OUTSIDE, class_codes, classes, whole
from maemoh_gis.handover.styles import raster_qml
from maemoh_gis.handover.xml import element
from maemoh_gis.presentation.run_files import RunFiles


def write_classes(run: RunFiles, use: str, folder: Path, language: str) -> str:
    """Write the classes of a use with their palette and a QGIS style; name the file."""
    name = f"classes_{use}.tif"
    listed = classes("th" if language == "th" else "en")
    words = "; ".join(f"{one.value} {one.words}" for one in listed)
    write_raster(
        folder / name,
        {"class": class_codes(run, use)},
        run.grid,
        nodata=OUTSIDE,
        tags={"classes": words, "scenario": run.record["scenario"], "use": use},
        categorical=True,
        colours={one.value: one.colour for one in listed},
    )
    write_text(folder / f"classes_{use}.qml", raster_qml(listed))
    return name


def statistics_xml(run: RunFiles, use: str) -> str:
    """Write what GDAL and QGIS ask of a score first, so that they need not count it."""
    rows, cols = whole(run)
    score = np.asarray(run.band(f"score_{use}.tif", rows, cols), dtype=np.float64)
    known = score[np.isfinite(score)]
    values = (
        {
            "MINIMUM": known.min(),
            "MAXIMUM": known.max(),
            "MEAN": known.mean(),
            "STDDEV": known.std(),
            "VALID_PERCENT": 100 * known.size / score.size,
        }
        if known.size
        else {}
    )
    told = [element("MDI", f"{v:.6g}", key=f"STATISTICS_{key}") for key, v in values.items()]
    band = element("PAMRasterBand", element("Metadata", *told), band=1)
    root = element("PAMDataset", band)
    ET.indent(root, " ")
    return ET.tostring(root, encoding="unicode") + "\n"

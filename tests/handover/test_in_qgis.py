"""The project opened in real QGIS, where Debian's QGIS is installed."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from maemoh_gis.handover.hand import write_handover
from maemoh_gis.runs.report import finished

pytestmark = pytest.mark.slow

_PYTHON = Path("/usr/bin/python3")
_LOOK = """
import json, sys
from qgis.core import QgsApplication, QgsLayoutExporter, QgsProject
QgsApplication.setPrefixPath("/usr", True)
application = QgsApplication([], False)
application.initQgis()
project = QgsProject.instance()
read = project.read(sys.argv[1])
layers = [
    {"name": one.name(), "valid": one.isValid(), "crs": one.crs().authid(),
     "drawn": type(one.renderer()).__name__,
     "labels": [one.labeling().settings().maximumScale, one.labeling().settings().minimumScale]
               if hasattr(one, "labelsEnabled") and one.labelsEnabled() else None,
     "seen": [one.maximumScale(), one.minimumScale()] if one.hasScaleBasedVisibility() else None}
    for one in project.mapLayers().values()
]
pages = {}
for page in project.layoutManager().printLayouts():
    target = sys.argv[2] + "/" + page.name() + ".pdf"
    done = QgsLayoutExporter(page).exportToPdf(target, QgsLayoutExporter.PdfExportSettings())
    pages[page.name()] = int(done)
print("FOUND" + json.dumps({"read": read, "crs": project.crs().authid(), "layers": layers,
                            "pages": pages}))
"""


def qgis_is_there() -> bool:
    if not _PYTHON.is_file():
        return False
    asked = [_PYTHON, "-c", "import qgis.core"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def test_qgis_opens_every_layer_with_its_style_and_prints_both_pages(
    small_run, small_project, tmp_path
):
    if not qgis_is_there():
        pytest.skip("QGIS is not installed here")
    folder = tmp_path / "handed"
    write_handover(finished(small_run, small_project.catalog()), folder, language="th")
    ran = subprocess.run(
        [_PYTHON, "-c", _LOOK, next(folder.glob("*.qgs")), tmp_path],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    line = next(one for one in ran.stdout.splitlines() if one.startswith("FOUND"))
    found = json.loads(line.removeprefix("FOUND"))
    assert found["read"]
    assert found["crs"] == "EPSG:32647"
    assert all(layer["valid"] for layer in found["layers"])
    assert {layer["crs"] for layer in found["layers"]} == {"EPSG:32647"}
    drawn = {layer["drawn"] for layer in found["layers"]}
    assert drawn == {"QgsSingleSymbolRenderer", "QgsPalettedRasterRenderer"}
    named = [layer["labels"] for layer in found["layers"] if layer["labels"]]
    assert named
    assert all(nearest == 0 < farthest for nearest, farthest in named)
    waiting = [layer["seen"] for layer in found["layers"] if layer["seen"]]
    assert waiting == [[0.0, 559_082_264 // 2**11]]
    assert found["pages"] == {"A3": 0, "A4": 0}
    assert all((tmp_path / f"{page}.pdf").stat().st_size > 10_000 for page in found["pages"])

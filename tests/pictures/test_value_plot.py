"""Pictures of value functions: what a reader must be able to read off them."""

import re

import numpy as np

from maemoh_gis.pictures.value_plot import ValuePlot, value_plots_svg

USE = {"th": "ลาน", "en": "Yard"}
CLASSES = [{"th": f"ประเภท {k}", "en": f"class {k} (with more about it)"} for k in range(1, 12)]


def plot(names):
    n = len(names) or 10
    unit = {"th": "", "en": ""} if names else {"th": "ม.", "en": "m"}
    share = np.linspace(0, 1, n)
    return ValuePlot(USE, unit, np.arange(n + 1.0), share, np.arange(n) + 0.5, share, names)


def test_classes_are_named_in_both_languages_one_a_line_inside_the_picture():
    svg = value_plots_svg(USE, [plot([]), plot(CLASSES), plot([])])
    height = int(re.search(r'height="(\d+)"', svg)[1])
    lines = [float(y) for y in re.findall(r'y="([\d.]+)">\d+  ประเภท \d+ · class \d+</text>', svg)]
    assert len(lines) == len(CLASSES)
    assert np.all(np.diff(lines) >= 12)
    # The next row of plots begins below the last name.
    tops = [float(y) for y in re.findall(r'<g transform="translate\(\d+ (\d+)\)">', svg)]
    assert tops[0] == tops[1] < tops[1] + lines[-1] < tops[2] < height

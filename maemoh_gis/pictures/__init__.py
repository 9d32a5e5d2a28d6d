"""SVG: charts, and the still map of a run; knows no feature."""

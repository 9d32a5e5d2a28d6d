"""HTML and SVG; knows no feature."""

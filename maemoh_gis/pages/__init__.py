"""HTML and its scripts; knows no feature."""

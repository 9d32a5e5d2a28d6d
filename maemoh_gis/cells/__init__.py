"""Kernels over rasters: distance, neighbourhoods, polygons; they know no layer."""

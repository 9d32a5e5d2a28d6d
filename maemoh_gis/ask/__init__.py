"""Asked of a finished run: explain a place, assess polygons, what would change an answer."""

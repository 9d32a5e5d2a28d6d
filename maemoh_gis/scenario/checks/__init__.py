"""Does a scenario fit the catalog? Every fault at once, a file for each section."""

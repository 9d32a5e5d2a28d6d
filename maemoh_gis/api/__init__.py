"""
The Python API: the verbs of the command line, with answers that a GIS analyst can work on.

Rasters are xarray, vectors geopandas, networks networkx, tables pandas; everything says its CRS,
units and confidence in its `attrs`. The examples of these modules run
in the tests, in a folder whose `scenarios/` holds `quick`: the baseline over Mae Mo district in
cells of 400 m, without freight. There

    catalog = mm.open_catalog()
    scenario = mm.load_scenario("quick")
    path = mm.timeline(scenario)
    result = mm.run(scenario)
    other = mm.run(scenario, "runs/villagers", values={"viewpoint": "villagers"})
    compared = mm.compare(result, other)
"""

"""Ways to spoil the files of layers."""

import shapely
from shapely.geometry import mapping, shape

from maemoh_gis.files import open_raster
from tests.defects.planting import CATALOG, Copy


def at(id: str, *below: str) -> tuple[str, ...]:
    first = f"\n  {id}:\n" if below else f"  {id}:\n"
    return (CATALOG, first, *below)


def change(id: str, edit, **more: object):
    """Let `edit` change the list of features in place, and describe the new file."""

    def plant(copy: Copy) -> None:
        features = copy.features(id)
        edit(features)
        copy.put(id, features, **more)

    return plant


def set_property(id: str, number: int, **values: object):
    return change(id, lambda features: features[number - 1]["properties"].update(values))


def set_shape(id: str, number: int, geometry: dict | None):
    return change(id, lambda features: features[number - 1].update(geometry=geometry))


def swap_axes(features: list[dict]) -> None:
    for feature in features:
        feature["geometry"]["coordinates"].reverse()


def copied(number: int, **values: object):
    """Add a copy of a feature with other values."""

    def edit(features: list[dict]) -> None:
        features.append(
            {**features[number - 1], "properties": {**features[number - 1]["properties"], **values}}
        )

    return edit


def without_property(id: str, name: str):
    return change(id, lambda features: [f["properties"].pop(name) for f in features])


def without_feature(id: str, **values: object):
    def edit(features: list[dict]) -> None:
        at_fault = [f for f in features if f["properties"].items() >= values.items()]
        assert len(at_fault) == 1
        features.remove(at_fault[0])

    return change(id, edit)


def cut_corner(number: int, *, outward: bool):
    """Take one corner that two districts share out of one of them."""

    def edit(features: list[dict]) -> None:
        polygon = shape(features[number - 1]["geometry"])
        rest = [shape(f["geometry"]) for f in features if f is not features[number - 1]]
        others = {complex(*xy) for xy in shapely.get_coordinates(rest)}
        part = max(shapely.get_parts(polygon), key=lambda p: p.area)
        ring = list(part.exterior.coords)[:-1]
        for index in range(1, len(ring) - 1):
            corner = shapely.Polygon([*ring[:index], *ring[index + 1 :]])
            change = corner.area - part.area
            triple = ring[index - 1 : index + 2]
            shared = all(complex(*xy) in others for xy in triple)
            if shared and corner.is_valid and (change > 2e-7 if outward else change < -2e-7):
                features[number - 1]["geometry"] = mapping(corner)
                return
        raise LookupError("no corner to cut")

    return change("districts", edit)


def road(reach_m: float):
    """Add a road from a node to the middle of a road it does not meet: short of it, or across."""

    def edit(features: list[dict]) -> None:
        shapes = [shape(f["geometry"]) for f in features]
        tree = shapely.STRtree(shapes)
        for index, line in enumerate(shapes):
            start, middle = line.coords[0], line.interpolate(0.5, normalized=True)
            way = shapely.LineString([start, middle.coords[0]])
            longer = way.length + reach_m / 111_000
            scale = longer / way.length
            end = [s + scale * (m - s) for s, m in zip(start, middle.coords[0], strict=True)]
            new = shapely.LineString([start, end])
            met = set(tree.query(new, predicate="intersects")) - {index}
            crossed = new.intersection(line)
            points = shapely.get_num_geometries(crossed)
            wanted = points == (2 if reach_m > 0 else 1) and crossed.geom_type.endswith("Point")
            if met and all(shapes[m].touches(new) for m in met) and wanted:
                away = 0.001 if reach_m > 0 else 0.004
                near = tree.query(shapely.Point(end), predicate="dwithin", distance=away)
                if set(near) == (set() if reach_m > 0 else {index}):
                    named = {**features[index]["properties"], "edge": 9999, "to_node": 9999}
                    features.append(
                        {**features[index], "geometry": mapping(new), "properties": named}
                    )
                    return
        raise LookupError("no place for the road")

    return change("roads", edit)


def far_road(features: list[dict]) -> None:
    line = {"type": "LineString", "coordinates": [[99.60, 18.95], [99.61, 18.95]]}
    named = {**features[0]["properties"], "edge": 9999, "from_node": 9998, "to_node": 9999}
    features.append({**features[0], "geometry": line, "properties": named})


def repaint(id: str, paint, **profile: object):
    """Write a raster again with other cells or another profile."""

    def plant(copy: Copy) -> None:
        import rasterio

        path = copy.path_of(id)
        with open_raster(path) as source:
            cells = source.read(1)
            kept = {k: source.profile[k] for k in ("crs", "transform", "dtype", "nodata")}
        paint(cells)
        with rasterio.open(path, "w", driver="GTiff", count=1, height=cells.shape[0],
                           width=cells.shape[1], **{**kept, **profile}) as target:  # fmt: skip
            target.write(cells, 1)
        copy.seal(id)

    return plant


def one_strange_cell(cells) -> None:
    cells[cells.shape[0] // 2, cells.shape[1] // 2] = 77


def nothing_known(value):
    def paint(cells) -> None:
        cells[:] = value

    return paint


def spoil(id: str, content: str):
    """Write something that is no layer over the file."""

    def plant(copy: Copy) -> None:
        copy.path_of(id).write_text(content, encoding="utf-8")
        copy.seal(id)

    return plant

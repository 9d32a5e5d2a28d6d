// Land a reader brings along: what is read of a file, and which cells it holds.
import assert from "node:assert/strict";
import test from "node:test";
import { LandError, areaOf, cellsInside, explainCells, leftOut, readLand } from "../../maemoh_gis/pages/page/own_land.js";

const square = (x, y, side) => [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]];
const metres = (ring) => ring.map(([x, y]) => ({ x, y }));
const polygon = { type: "Polygon", coordinates: [square(99.6, 18.2, 0.01)] };
const feature = (geometry, properties = {}) => ({ type: "Feature", properties, geometry });
// Rows count southward from the equator: a cell of row -3 lies between 200 and 300 m north of it.
const GRID = { cell: 100, row0: -10, col0: 0 };

test("polygons of a collection, a feature and a bare geometry are read with a name", () => {
  const collection = { type: "FeatureCollection", features: [feature(polygon, { name: "ก" }), feature(polygon)] };
  assert.deepEqual(readLand(JSON.stringify(collection)).map(({ name }) => name), ["ก", "2"]);
  for (const one of [feature(polygon), polygon, { type: "MultiPolygon", coordinates: [polygon.coordinates] }]) {
    assert.equal(readLand(JSON.stringify(one)).length, 1);
  }
});

for (const [id, text] of [
  ["own_not_geojson", "a,b"],
  ["own_no_polygon", "null"],
  ["own_no_polygon", JSON.stringify(feature({ type: "Point", coordinates: [99, 18] }))],
  ["own_no_polygon", JSON.stringify({ type: "FeatureCollection", features: [] })],
  ["own_not_geojson", JSON.stringify({ type: "Polygon", coordinates: [[[99, 18], ["x", null]]] })],
  ["own_crs", JSON.stringify({ type: "Polygon", coordinates: [square(550000, 2000000, 100)] })],
  ["own_not_geojson", JSON.stringify({ type: "Polygon", coordinates: [[[99, 18], [100, 18], [null, null], [99, 18]]] })],
  ["own_not_geojson", JSON.stringify({ type: "Polygon", coordinates: [[["99", "18"], ["100", "18"], ["100", "19"], ["99", "18"]]] })],
  ["own_not_geojson", JSON.stringify({ type: "Polygon", coordinates: 3 })],
  ["own_crs", JSON.stringify({ ...polygon, crs: { type: "name", properties: { name: "urn:ogc:def:crs:EPSG::32647" } } })],
  ["own_too_many", JSON.stringify({ type: "FeatureCollection", features: Array(501).fill(feature(polygon)) })],
]) {
  test(`${id} is said of ${text.slice(0, 40)}`, () => {
    assert.throws(() => readLand(text), (error) => error instanceof LandError && error.id === id);
  });
}

test("features that are no land are counted", () => {
  const line = { type: "LineString", coordinates: [[99, 18], [99, 19]] };
  const features = [feature(polygon), feature(line), feature({ type: "Point", coordinates: [99, 18] }), feature(null)];
  assert.equal(leftOut(JSON.stringify({ type: "FeatureCollection", features })), 3);
  assert.equal(leftOut(JSON.stringify(polygon)), 0);
});

test("polygons of a geometry collection are read, whatever stands beside them", () => {
  const point = { type: "Point", coordinates: [99.6, 18.2] };
  const inner = { type: "GeometryCollection", geometries: [polygon, null] };
  const [land] = readLand(JSON.stringify(feature({ type: "GeometryCollection", geometries: [point, polygon, inner] })));
  assert.equal(land.polygons.length, 2);
  assert.throws(() => readLand(JSON.stringify({ type: "GeometryCollection", geometries: [point] })), { id: "own_no_polygon" });
});

test("land whose border crosses or touches itself, or whose parts overlap, is not assessed", () => {
  const bow = [[0, 0], [1000, 1000], [1000, 0], [0, 1000], [0, 0]];
  const touching = [[0, 0], [500, 500], [1000, 0], [1000, 1000], [500, 500], [0, 1000], [0, 0]];
  const whole = square(0, 0, 500);
  for (const polygons of [[[bow]], [[touching]], [[whole], [square(210, 210, 500)]], [[whole], [whole]],
    [[whole, square(400, 100, 300)]], [[[[0, 0], [500, 0], [0, 0], [0, 0]]]]]) {
    const land = polygons.map((rings) => rings.map(metres));
    assert.throws(() => cellsInside(land, GRID), (error) => error instanceof LandError && error.id === "own_invalid");
  }
});

test("a border may repeat a point, turn either way and have parts and holes that touch", () => {
  const twice = [[0, 0], [0, 0], [500, 0], [500, 500], [0, 500], [0, 0]];
  for (const ring of [twice, [...twice].reverse()]) {
    assert.equal(cellsInside([[metres(ring)], [metres(square(500, 500, 100))]], GRID).length, 26);
    assert.equal(areaOf([[metres(ring)]]), 500 ** 2);
  }
  assert.equal(cellsInside([[metres(twice), metres([[0, 0], [280, 110], [110, 280], [0, 0]])]], GRID).length, 25 - 2);
});

test("a border of very many points is read", () => {
  const n = 300000;
  const circle = Array.from({ length: n }, (_, k) => ({ x: 1000 + 500 * Math.cos((2 * Math.PI * k) / n), y: 1000 + 500 * Math.sin((2 * Math.PI * k) / n) }));
  assert.equal(cellsInside([[circle]], GRID).length, 80);
});

test("thin land is told by a cell it lies in, not by one in the middle of its corner", () => {
  const corner = metres([[205, 205], [895, 205], [895, 215], [215, 215], [215, 895], [205, 895], [205, 205]]);
  assert.deepEqual(cellsInside([[corner]], GRID), [[4, 2]]);
});

test("holes count neither to the area nor to the cells", () => {
  const holed = [[metres(square(0, 0, 500)), metres(square(100, 100, 300))]];
  assert.equal(areaOf(holed), 500 ** 2 - 300 ** 2);
  assert.equal(cellsInside(holed, GRID).length, 25 - 9);
});

test("a cell belongs to land that holds its middle", () => {
  const half = [[metres([[0, 200], [160, 200], [160, 300], [0, 300], [0, 200]])]];
  assert.deepEqual(cellsInside(half, GRID), [[7, 0], [7, 1]]);
  const less = [[metres([[0, 200], [140, 200], [140, 300], [0, 300], [0, 200]])]];
  assert.deepEqual(cellsInside(less, GRID), [[7, 0]]);
});

test("land smaller than a cell is told by the cell it lies in, and land too large for a page not at all", () => {
  assert.deepEqual(cellsInside([[metres(square(210, 210, 20))]], GRID), [[7, 2]]);
  assert.throws(() => cellsInside([[metres(square(0, 0, 100000))]], GRID), LandError);
});

test("cells together have means, shares and the state most of them have", () => {
  const steps = { plane: 0, constant: null, table: null, first: 0, step: 0.5, last: 2 };
  const use = {
    criteria: [{ weight: 1, unit: "m", measure: steps, value: steps, low: null, high: null }],
    score: null,
    state: { plane: 1, constant: null, table: null, first: 0, step: 1, last: 1 },
    states: [[1, [], [], []], [3, [0], [], []]],
    limits: [{}],
    knownInPart: [],
  };
  const said = explainCells(use, [Uint16Array.of(0, 1, 2), Uint16Array.of(0, 1, 1)], [0, 1, 2]);
  assert.deepEqual([said.state, said.score, said.low, said.high], [3, 0.5, 0.5, 0.5]);
  assert.equal(said.states[0].share, 2 / 3);
  assert.deepEqual(said.removed, [2 / 3]);
  assert.equal(said.criteria[0].contribution, 0.5);
});

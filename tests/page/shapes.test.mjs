import assert from "node:assert/strict";
import { test } from "node:test";

import { readData, unpackLine, unpackShape } from "../../maemoh_gis/pages/page/shapes.js";

// The example of the format's own description: here its numbers stand as longitude, latitude.
const DESCRIBED = "_p~iF~ps|U_ulLnnqC_mqNvxq`@";

test("the example of the format's description is read", () => {
  assert.deepEqual(unpackLine(DESCRIBED), [[38.5, -120.2], [40.7, -120.95], [43.252, -126.453]]);
});

test("shapes of every kind are GeoJSON again", () => {
  const [first] = unpackLine(DESCRIBED);
  const line = unpackLine(DESCRIBED);
  const read = (type, packed) => unpackShape({ type, packed }).coordinates;
  const point = "_p~iF~ps|U";
  assert.deepEqual(read("Point", point), first);
  assert.deepEqual(read("MultiPoint", [point, point]), [first, first]);
  assert.deepEqual(read("LineString", DESCRIBED), line);
  assert.deepEqual(read("MultiLineString", [DESCRIBED]), [line]);
  assert.deepEqual(read("Polygon", [DESCRIBED, point]), [line, [first]]);
  assert.deepEqual(read("MultiPolygon", [[DESCRIBED], [point]]), [[line], [[first]]]);
  const geometries = [{ type: "Point", packed: point }];
  assert.deepEqual(unpackShape({ type: "GeometryCollection", geometries }).geometries, [{ type: "Point", coordinates: first }]);
});

test("the layers of a page are read with the rest of its data as it stands", () => {
  const shape = { type: "Point", packed: "_p~iF~ps|U" };
  const data = readData(JSON.stringify({ uses: [1], layers: [{ id: "a", features: [{ shape }] }] }));
  assert.deepEqual(data.uses, [1]);
  assert.deepEqual(data.layers[0].features[0].shape.coordinates, [38.5, -120.2]);
});

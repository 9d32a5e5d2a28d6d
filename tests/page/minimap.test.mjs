import assert from "node:assert/strict";
import { test } from "node:test";

import { outlines } from "../../maemoh_gis/pages/page/minimap.js";

test("outlines leave out what is closer than half a unit, and all but areas", () => {
  const ring = [[0, 0], [0.2, 0], [4, 0], [4, 4], [0, 0]];
  const features = [
    { shape: { type: "Polygon", coordinates: [ring] } },
    { shape: { type: "MultiPolygon", coordinates: [[ring]] } },
    { shape: { type: "Point", coordinates: [1, 1] } },
  ];
  const one = "M0.0 0.0L4.0 0.0L4.0 4.0L0.0 0.0Z";
  assert.equal(outlines(features, ([x, y]) => ({ x, y })), one + one);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { areaM2, areaText, lengthM, lengthText } from "../../maemoh_gis/pages/page/measure.js";

const points = (pairs) => pairs.map(([lng, lat]) => ({ lat, lng }));
const near = (found, expected, share) => assert.ok(Math.abs(found / expected - 1) < share, `${found} for ${expected}`);

// Expected by pyproj.Geod(ellps="WGS84"), which follows geodesics.
test("lengths are those of the ellipsoid to 0.01 %", () => {
  near(lengthM(points([[99.5, 18.2], [99.9, 18.5]])), 53758.589, 1e-4);
  near(lengthM(points([[99.0, 18.0], [99.9, 18.5]])), 110098.571, 1e-4);
});

test("areas are those of the ellipsoid to 0.01 %", () => {
  near(areaM2(points([[99.7, 18.3], [99.8, 18.3], [99.8, 18.4], [99.7, 18.4]])), 116986889.03, 1e-4);
  near(areaM2(points([[99.7, 18.3], [99.71, 18.3], [99.705, 18.31]])), 585095.896, 1e-4);
});

test("the order of points turns no area negative, and two points have none", () => {
  const ring = points([[99.7, 18.3], [99.8, 18.3], [99.8, 18.4]]);
  near(areaM2([...ring].reverse()), areaM2(ring), 1e-12);
  assert.equal(areaM2(ring.slice(0, 2)), 0);
  assert.equal(lengthM(ring.slice(0, 1)), 0);
});

test("areas are written in rai with hectares beside, lengths in metres and kilometres", () => {
  const words = { say: (id, values) => `${id} ${Object.values(values).join(" ")}` };
  assert.equal(areaText(1_600_000, words), "rai_and_ha 1,000 160");
  assert.equal(areaText(4_000, words), "rai_and_ha 2.5 0.4");
  assert.equal(lengthText(9_999, words), "metres 9,999");
  assert.equal(lengthText(53_758.6, words), "kilometres 53.76");
});

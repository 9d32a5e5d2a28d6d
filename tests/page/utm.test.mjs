import assert from "node:assert/strict";
import { test } from "node:test";

import { utm } from "../../maemoh_gis/pages/page/utm.js";

// By PROJ 9, EPSG:4326 to EPSG:32647 and EPSG:32747.
const KNOWN = [
  [17.2, 98.9, false, 489367.0265, 1901682.9951],
  [18.3, 99.7, false, 573979.0039, 2023518.7947],
  [19.4, 100.2, false, 626002.2463, 2145525.8599],
  [18.9, 99.0, false, 500000.0, 2089762.7321],
  [-10.0, 101.9, true, 817955.4277, 8893189.3429],
];

test("places are within a centimetre of PROJ's", () => {
  for (const [latitude, longitude, south, x, y] of KNOWN) {
    const found = utm(latitude, longitude, 47, south);
    assert.ok(Math.hypot(found.x - x, found.y - y) < 0.01, JSON.stringify(found));
  }
});

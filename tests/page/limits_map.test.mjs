import assert from "node:assert/strict";
import { test } from "node:test";

import { holdsBy, placesUnder, spread } from "../../maemoh_gis/pages/page/limits_map.js";
import { cellAt } from "../../maemoh_gis/pages/page/explain.js";
import { Mask } from "../../maemoh_gis/pages/page/planes.js";
import { utm } from "../../maemoh_gis/pages/page/utm.js";

test("codes of the study area are laid out over its raster", () => {
  const mask = new Mask(new Uint8Array([0b11000000, 0b01100000]), 2, 3);
  assert.deepEqual([...spread([5, 6, 7, 8], mask, 99)], [5, 6, 99, 99, 7, 8]);
});

test("a limit removes, asks for a permit, or does neither", () => {
  const states = [[1, [], []], [2, [], [1]], [3, [0], [1]], [3, [0], []]];
  assert.deepEqual(holdsBy(states, 0), [0, 0, 2, 2]);
  assert.deepEqual(holdsBy(states, 1), [0, 1, 1, 0]);
});

test("pixels between those that are projected lie in the same cells as if they were", () => {
  const grid = { cell: 100, row0: -20400, col0: 5600, rows: 300, cols: 300, step: 1 };
  const data = { zone: 47, south: false, grid, rows: 300, cols: 300 };
  const corners = [[18.2, 99.6], [18.42, 99.83]];
  const [width, height] = [250, 260];
  const places = placesUnder(corners, width, height, data);
  const high = (latitude) => Math.log(Math.tan(Math.PI / 4 + (latitude * Math.PI) / 360));
  let same = 0;
  for (let pixel = 0; pixel < places.length; pixel += 1) {
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    const rise = high(corners[1][0]) + ((high(corners[0][0]) - high(corners[1][0])) * (y + 0.5)) / height;
    const latitude = (Math.atan(Math.exp(rise)) * 360) / Math.PI - 90;
    const place = utm(latitude, 99.6 + (0.23 * (x + 0.5)) / width, 47, false);
    const cell = cellAt(grid, place.x, place.y);
    same += places[pixel] === (cell === null ? -1 : cell.row * 300 + cell.col) ? 1 : 0;
  }
  // Those within a metre of a border may fall to either side.
  assert.ok(same / places.length > 0.98, `${same} of ${places.length}`);
});

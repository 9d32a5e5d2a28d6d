import assert from "node:assert/strict";
import { test } from "node:test";

import { colourTable, pixelAt, readPixel } from "../../maemoh_gis/pages/page/cells.js";

const TABLE = colourTable(
  ["#ffffff", "#d4d1cc", "#440154"],
  [
    [0, null],
    [3, null],
    [1, 0.62],
  ],
);

test("a colour names the state and score it was drawn for", () => {
  assert.deepEqual(readPixel(TABLE, [0x44, 0x01, 0x54, 255]), { state: 1, score: 0.62 });
  assert.deepEqual(readPixel(TABLE, [0xd4, 0xd1, 0xcc, 255]), { state: 3, score: null });
});

test("a see-through pixel is outside", () => {
  assert.deepEqual(readPixel(TABLE, [0, 0, 0, 0]), { state: 0, score: null });
});

test("a colour that nothing was drawn in is unknown, never a score", () => {
  assert.deepEqual(readPixel(TABLE, [1, 2, 3, 255]), { state: 4, score: null });
});

const CORNERS = [
  [18, 99],
  [19, 100],
];

test("pixels are counted from the north-west corner", () => {
  assert.deepEqual(pixelAt(18.9999, 99.0001, CORNERS, 100, 100), { x: 0, y: 0 });
  assert.deepEqual(pixelAt(18.0001, 99.9999, CORNERS, 100, 100), { x: 99, y: 99 });
});

test("the middle latitude lies below the middle of the picture, as Mercator stretches the north", () => {
  const { y } = pixelAt(60, 99.5, [[50, 99], [70, 100]], 1000, 1000);
  assert.ok(y > 570 && y < 585, `row ${y}`);
});

test("a place off the picture has no pixel", () => {
  assert.equal(pixelAt(19.1, 99.5, CORNERS, 100, 100), null);
  assert.equal(pixelAt(18.5, 98.9, CORNERS, 100, 100), null);
  assert.equal(pixelAt(Number.NaN, 99.5, CORNERS, 100, 100), null);
});

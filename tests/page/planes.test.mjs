import assert from "node:assert/strict";
import { test } from "node:test";

import { Mask, inflate, unpackPlane } from "../../maemoh_gis/pages/page/planes.js";

// Two rows of three cells; the study area is
//   x x .
//   . x x
const MASK = new Mask(new Uint8Array([0b11000000, 0b01100000]), 2, 3);

test("cells of the study area are counted row after row", () => {
  assert.equal(MASK.size, 4);
  assert.deepEqual([MASK.index(0, 0), MASK.index(0, 1), MASK.index(1, 1), MASK.index(1, 2)], [0, 1, 2, 3]);
});

test("cells outside the study area or the raster have no place", () => {
  assert.deepEqual([MASK.index(0, 2), MASK.index(1, 0), MASK.index(-1, 0), MASK.index(0, 3)], [-1, -1, -1, -1]);
});

test("codes are what their neighbours lead one to expect and a difference", () => {
  // Codes 300 302 / 301 300. Expected: 0; west 300; median of west 0, north 302 and 0 + 302 - 300,
  // 2; median of west 301, north 0 and 301 + 0 - 302, 0. Differences 300, 2, 299, 300 are folded
  // to 600, 4, 598, 600: low bytes 88, 4, 86, 88, high bytes 2, 0, 2, 2.
  const bytes = new Uint8Array([88, 4, 86, 88, 2, 0, 2, 2]);
  assert.deepEqual([...unpackPlane(bytes, MASK)], [300, 302, 301, 300]);
});

test("deflated bytes are read back", async () => {
  // zlib.compress(b"mae moh"), as Python writes it.
  assert.equal(new TextDecoder().decode(await inflate("eJzLTUxVyM3PAAAKTgKY")), "mae moh");
});

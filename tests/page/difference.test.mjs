import assert from "node:assert/strict";
import { test } from "node:test";

import {
  classOf,
  goodColour,
  isGood,
  meaningAt,
  paintDifference,
  pixelTable,
  scoreColour,
} from "../../maemoh_gis/pages/page/difference.js";

const look = {
  edges: [2, 5],
  gains: ["#000001", "#000002", "#000003"],
  loses: ["#000004", "#000005", "#000006"],
  same: "#000007",
  unknown: "#000008",
  goodBoth: "#000009",
  goodStep: 30,
};
const allowed = (step) => ({ state: 1, step });
const removed = { state: 3, step: null };
const unknown = { state: 4, step: null };
const outside = { state: 0, step: null };

test("a difference at an edge belongs to the smaller class", () => {
  assert.deepEqual([0, 1, 2, 3, -5, -6].map((steps) => classOf(steps, look.edges)), [0, 1, 1, 2, 2, 3]);
});

test("the right run scoring better is a gain, worse a loss, the same neither", () => {
  assert.equal(scoreColour(allowed(10), allowed(11), look), "#000001");
  assert.equal(scoreColour(allowed(20), allowed(10), look), "#000006");
  assert.equal(scoreColour(allowed(10), { state: 2, step: 10 }, look), look.same);
});

test("removed and outside land has no difference of score, unknown land says so", () => {
  assert.equal(scoreColour(removed, allowed(10), look), null);
  assert.equal(scoreColour(allowed(10), outside, look), null);
  assert.equal(scoreColour(allowed(10), unknown, look), look.unknown);
});

test("land is good from the fixed step on, whether a permit is needed or not", () => {
  assert.deepEqual([allowed(29), allowed(30), { state: 2, step: 31 }, removed].map((one) => isGood(one, 30)),
    [false, true, true, false]);
  assert.equal(isGood(unknown, 30), null);
});

test("good in both, in one, in neither and unknown look different", () => {
  assert.equal(goodColour(allowed(40), allowed(40), look), look.goodBoth);
  assert.equal(goodColour(allowed(40), removed, look), "#000005");
  assert.equal(goodColour(allowed(1), allowed(40), look), "#000002");
  assert.equal(goodColour(allowed(1), removed, look), null);
  assert.equal(goodColour(unknown, allowed(40), look), look.unknown);
});

test("pictures are read by colour, see-through is outside and a strange colour unknown", () => {
  const table = pixelTable(["#ffffff", "#010203"], [[0, null], [1, 0.5]], 50);
  const bytes = [1, 2, 3, 255, 1, 2, 3, 0, 9, 9, 9, 255];
  assert.deepEqual([0, 4, 8].map((offset) => meaningAt(table, bytes, offset)), [allowed(25), outside, unknown]);
});

test("a picture and itself differ nowhere", () => {
  const table = pixelTable(["#010203", "#040506"], [[1, 0.5], [3, null]], 50);
  const bytes = [1, 2, 3, 255, 4, 5, 6, 255];
  const painted = new Uint8ClampedArray(8).fill(7);
  paintDifference(table, bytes, bytes, painted, scoreColour, look);
  assert.deepEqual([...painted.slice(0, 4)], [0, 0, 7, 255]);
  assert.equal(painted[7], 0);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { SIDES, boxesAround, chooseBoxes, touch } from "../../maemoh_gis/pages/page/labels.js";

const box = (left, top) => ({ left, top, right: left + 10, bottom: top + 10 });

test("boxes that only share an edge do not touch", () => {
  assert.equal(touch(box(0, 0), box(10, 0)), false);
  assert.equal(touch(box(0, 0), box(9, 0)), true);
});

test("a name without a point stands in the middle of its place", () => {
  const boxes = boxesAround({ x: 50, y: 50 }, 20, 10, 0);
  assert.deepEqual(boxes, [{ left: 40, top: 45, right: 60, bottom: 55 }]);
});

test("a name beside a point has a box for each side and leaves the point free", () => {
  const boxes = boxesAround({ x: 50, y: 50 }, 20, 10, 6);
  assert.equal(boxes.length, SIDES.length);
  const point = { left: 44, top: 44, right: 56, bottom: 56 };
  assert.ok(boxes.every((one) => !touch(one, point)));
});

test("an earlier name keeps its box and a later one takes the next free one", () => {
  assert.deepEqual(chooseBoxes([[box(0, 0)], [box(5, 5), box(20, 0)]]), [0, 1]);
});

test("a name with no free box stays out and does not block others", () => {
  assert.deepEqual(chooseBoxes([[box(0, 0)], [box(5, 0)], [box(12, 0)]]), [0, -1, 0]);
});

test("numbers side by side keep a space between them, beside a name they need none", () => {
  assert.deepEqual(chooseBoxes([[box(0, 0)], [box(12, 0)]], [5, 5]), [0, -1]);
  assert.deepEqual(chooseBoxes([[box(0, 0)], [box(12, 0)]], [5, 0]), [0, 0]);
  assert.deepEqual(chooseBoxes([[box(0, 0)], [box(15, 0)]], [5, 5]), [0, 0]);
});

test("no names need no boxes", () => {
  assert.deepEqual(chooseBoxes([]), []);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  cellAt,
  explainUse,
  groundsAt,
  numberAt,
  partAt,
  sideOfSpan,
  weightedMean,
} from "../../maemoh_gis/pages/page/explain.js";

const near = (found, expected) => assert.ok(Math.abs(found - expected) < 1e-9, `${found} for ${expected}`);
const constant = (value) => ({ plane: null, constant: value });
const PLANES = [new Uint16Array([0, 2, 5, 6, 7])];

test("a number is one for all cells, or what its table says of a code, or a step of its span", () => {
  assert.equal(numberAt(constant(0.5), PLANES, 3), 0.5);
  assert.equal(numberAt({ plane: 0, table: [1, 2, 3] }, PLANES, 1), 3);
  assert.equal(numberAt({ plane: 0, table: [1, 2, 3] }, PLANES, 2), null);
  assert.equal(numberAt({ plane: 0, first: 10, step: 0.5, last: 4 }, PLANES, 1), 11);
});

test("a cell names the layers it is read from, and none where no layer knows it", () => {
  const told = { layers: ["seen", "modelled"], member: { plane: 0, table: [null, 0, 1] } };
  const everywhere = { layers: ["counted"], member: constant(0) };
  assert.deepEqual(groundsAt([told, everywhere], PLANES, 1), ["modelled", "counted"]);
  assert.deepEqual(groundsAt([told, everywhere], PLANES, 0), ["counted"]);
});

test("codes past the last step are below the span, beyond it, and unknown", () => {
  const measure = { plane: 0, first: 0, step: 1, last: 4 };
  assert.deepEqual([0, 2, 3, 4].map((cell) => sideOfSpan(measure, PLANES, cell)), [0, -1, 1, 0]);
  assert.deepEqual([2, 3, 4].map((cell) => numberAt(measure, PLANES, cell)), [null, null, null]);
});

test("a bound that is not given is the score, or anything where there is none", () => {
  const given = { value: constant(0.4), low: null, high: constant(0.9) };
  assert.deepEqual(partAt(given, PLANES, 0), { score: 0.4, low: 0.4, high: 0.9 });
  const none = { value: constant(null), low: null, high: null };
  assert.deepEqual(partAt(none, PLANES, 0), { score: null, low: 0, high: 1 });
});

test("the mean is over what is scored, and what is not counts as anything", () => {
  // 0.5 and 0.25 weigh what is scored: (0.5 * 1 + 0.25 * 0.4) / 0.75 = 0.8.
  const parts = [
    { score: 1, low: 1, high: 1 },
    { score: 0.4, low: 0.4, high: 0.4 },
    { score: null, low: 0, high: 1 },
  ];
  const { score, low, high, scoredShare } = weightedMean(parts, [0.5, 0.25, 0.25]);
  near(score, 0.8);
  near(low, 0.6);
  near(high, 0.85);
  near(scoredShare, 0.75);
});

test("the mean is held inside what the bounds allow", () => {
  const parts = [
    { score: 0.9, low: 0.9, high: 0.9 },
    { score: null, low: 0, high: 0.1 },
  ];
  near(weightedMean(parts, [1, 1]).score, 0.5);
});

test("nothing scored is no score, and a weight of nothing says nothing", () => {
  const parts = [
    { score: null, low: 0, high: 1 },
    { score: 0.3, low: 0.3, high: 0.3 },
  ];
  assert.equal(weightedMean(parts, [1, 0]).score, null);
  near(weightedMean(parts, [0, 2]).high, 0.3);
});

const USE = {
  criteria: [
    { value: constant(0.9), low: null, high: null, weight: 0.5, measure: constant(120) },
    { value: constant(null), low: constant(0), high: constant(0.1), weight: 0.5, measure: constant(null) },
  ],
  score: null,
  state: { plane: 0, first: 0, step: 1, last: 9 },
  states: [[3, [1], [2], [0]]],
};

test("contributions and what is held add up to the score", () => {
  const said = explainUse(USE, PLANES, 0);
  near(said.score, 0.5);
  near(said.criteria[0].contribution, 0.9);
  assert.equal(said.criteria[1].contribution, null);
  near(said.held, -0.4);
  assert.deepEqual([said.state, said.removed, said.conditional, said.unsure], [3, [1], [2], [0]]);
});

test("a score of another kind than the mean is taken as the run gave it", () => {
  const said = explainUse({ ...USE, score: [constant(0.2), constant(0.1), constant(0.3)] }, PLANES, 0);
  assert.deepEqual([said.score, said.low, said.high], [0.2, 0.1, 0.3]);
  near(said.held, -0.7);
});

const GRID = { cell: 100, row0: -20, col0: 10, rows: 6, cols: 9, step: 1 };

test("cells are counted from the north-west corner", () => {
  assert.deepEqual(cellAt(GRID, 1000, 1999), { row: 0, col: 0 });
  assert.deepEqual(cellAt(GRID, 1899.9, 1400.1), { row: 5, col: 8 });
  assert.equal(cellAt(GRID, 999.9, 1950), null);
  assert.equal(cellAt(GRID, 1000, 1400), null);
});

test("of a square of cells the middle one stands for all", () => {
  // Squares of 3 by 3 from the origin: columns 9-11, 12-14, 15-17, 18-20, of which 10, 13, 16 and 19
  // would be kept; the grid holds columns 10 to 18, so the first kept is 10 and 19 is not there.
  const coarse = { ...GRID, step: 3 };
  const columns = [10, 11, 12, 14, 15, 17].map((col) => cellAt(coarse, col * 100 + 50, 1950).col);
  assert.deepEqual(columns, [0, 0, 1, 1, 2, 2]);
});

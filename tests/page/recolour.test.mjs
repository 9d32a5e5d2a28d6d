// Scores of all cells at once are those of one cell after another.
import assert from "node:assert/strict";
import test from "node:test";
import { partAt, weightedMean } from "../../maemoh_gis/pages/page/explain.js";
import { runsOf, scoresUnder } from "../../maemoh_gis/pages/page/recolour.js";

const same = (constant) => ({ plane: null, constant, table: null, first: 0, step: 0, last: 0 });
const steps = (plane) => ({ plane, constant: null, table: null, first: 0, step: 0.25, last: 4 });
const coded = (plane, table) => ({ plane, constant: null, table, first: 0, step: 0, last: 0 });
const criteria = [
  { value: steps(0), low: null, high: null },
  { value: coded(1, [1, null, 0.5]), low: coded(1, [0.8, 0, 0.5]), high: coded(1, [1, 0.9, 0.5]) },
  { value: same(null), low: null, high: null },
];
const planes = [Uint16Array.of(0, 1, 4, 7, 7), Uint16Array.of(0, 1, 2, 1, 0)];

for (const weights of [[1, 0, 0], [0.5, 0.5, 0], [0.2, 0.3, 0.5], [0, 0, 1]]) {
  test(`as each cell by itself under ${weights}`, () => {
    const all = scoresUnder({ criteria }, planes, weights, 5);
    for (const index of all.keys()) {
      const parts = criteria.map((one) => partAt(one, planes, index));
      const weighed = parts.map((part, k) => (weights[k] > 0 ? part : { ...part, score: null }));
      const { score } = weightedMean(weighed, weights);
      assert.equal(Number.isNaN(all[index]), score === null);
      assert.ok(score === null || Math.abs(all[index] - score) < 1e-6, `${all[index]} and ${score}`);
    }
  });
}

test("each ramp of the palette runs from its zero to where the next begins", () => {
  const meanings = [[0, null], [3, null], [1, 0], [1, 0.5], [1, 1], [2, 0], [2, 1]];
  const first = { first: 2, last: 2 };
  const second = { first: 5, last: 1 };
  assert.deepEqual(runsOf(meanings), [null, null, first, first, first, second, second]);
});

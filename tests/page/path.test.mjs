// The path after coal: the year in which paths lie furthest apart.
import assert from "node:assert/strict";
import test from "node:test";
import { yearApart } from "../../maemoh_gis/pages/page/path.js";

const path = (mw, jobs, start = 2569) => ({ years: mw.map((_, k) => start + k), mw, amounts: [{ central: jobs }] });

test("the bar opens at the year in which the paths differ most", () => {
  assert.equal(yearApart([path([9, 9, 9], [0, 0, 0]), path([9, 5, 1], [0, 0, 0])], 2569), 2571);
  // Jobs count as much as megawatts: by share of the greatest, not by size.
  assert.equal(yearApart([path([900, 900, 900], [0, 4, 0]), path([900, 900, 890], [0, 0, 0])], 2569), 2570);
});

test("paths that are alike open where they start, years one lacks are passed over", () => {
  assert.equal(yearApart([path([9, 5], [1, null]), path([9, 5], [1, 7])], 2569), 2569);
  assert.equal(yearApart([path([9, 5, 1], [0, 0, 0]), path([5, 5], [0, 0], 2570)], 2570), 2571);
});

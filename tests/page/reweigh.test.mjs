import assert from "node:assert/strict";
import { test } from "node:test";

import { className, classesOf, listSites, scenarioFile, shares, siteParts, weightsIn, weightsOf } from "../../maemoh_gis/pages/page/reweigh.js";

const near = (found, expected) => assert.ok(Math.abs(found - expected) < 1e-9, `${found} for ${expected}`);
const known = (score) => ({ score, low: score, high: score });

// Two criteria; the first site has one cell, the second two.
const SITES = [[[known(0.2), known(0.9)]], [[known(0.6), known(0.4)], [known(0.8), known(0.2)]]];

test("sites are listed by the mean of their cells under the weights given", () => {
  const first = listSites(SITES, [1, 0]);
  assert.deepEqual(first.map(({ place }) => place), [1, 0]);
  near(first[0].score, 0.7);
  const second = listSites(SITES, [0.25, 0.75]);
  assert.deepEqual(second.map(({ place }) => place), [0, 1]);
  // (0.25 * 0.6 + 0.75 * 0.4 + 0.25 * 0.8 + 0.75 * 0.2) / 2 = (0.45 + 0.35) / 2
  near(second[1].score, 0.4);
});

test("a criterion without a score widens the interval and is left out of the mean", () => {
  const sites = [[[known(0.5), { score: null, low: 0, high: 1 }]]];
  const [{ score, low, high }] = listSites(sites, [0.6, 0.4]);
  near(score, 0.5);
  near(low, 0.3);
  near(high, 0.7);
});

test("a site with a cell that cannot be scored has no score and counts with what is certain", () => {
  const none = { score: null, low: 0, high: 1 };
  const listed = listSites([[[none], [known(0.9)]], [[known(0.1)]]], [1]);
  assert.deepEqual(listed.map(({ place, score, low }) => [place, score, low]), [[0, null, 0.45], [1, 0.1, 0.1]]);
});

test("a site of which less is certain stands behind, whatever its score, and classes go by the range", () => {
  const wide = { score: 1, low: 0.2, high: 1 };
  const listed = listSites([[[wide]], [[known(0.6)]], [[known(0.1)]], [[known(0.3)]]], [1]);
  // The wide one may be better than all; the last two are below what the second surely is.
  assert.deepEqual(listed.map(({ place, class: letter }) => [place, letter]), [[1, 1], [3, 2], [0, 1], [2, 3]]);
  assert.deepEqual(classesOf([]), []);
  assert.deepEqual([1, 26, 27, 53].map(className), ["A", "Z", "AA", "BA"]);
});

test("equal sites keep the order of the run", () => {
  const listed = listSites([[[known(0.4)]], [[known(0.4)]]], [1]);
  assert.deepEqual(listed.map(({ place }) => place), [0, 1]);
});

test("shares sum to one, and nothing weighs nothing", () => {
  assert.deepEqual(shares([1, 3]), [0.25, 0.75]);
  assert.deepEqual(shares([0, 0]), [0, 0]);
});

test("the parts of a site are those of its cells", () => {
  const value = { plane: 0, table: [0.1, 0.2] };
  const use = { criteria: [{ value, low: null, high: null }], sites: [[1], [0, 1]] };
  const parts = siteParts(use, [new Uint16Array([0, 1])]);
  assert.deepEqual(parts.map((cells) => cells.map(([part]) => part.score)), [[0.2], [0.1, 0.2]]);
});

test("a scenario says only what it changes, and quotes stay quotes", () => {
  const head = {
    id: "base_weights",
    base: "base",
    viewpoint: "only",
    title: { th: "ก: \"ข\"", en: "A: \"B\"" },
    question: { th: "ค", en: "C #1" },
  };
  const text = scenarioFile(head, [["yard", [["slope", 1 / 3], ["road", 2 / 3]]]]);
  assert.equal(
    text,
    [
      "version: 1",
      "id: base_weights",
      "extends: base",
      'title: {th: "ก: \\"ข\\"", en: "A: \\"B\\""}',
      'question: {th: "ค", en: "C #1"}',
      "change:",
      "  viewpoints.only.weights.yard:",
      "    slope: 33.3333",
      "    road: 66.6667",
      "",
    ].join("\n"),
  );
});

test("weights go into a link and come back", () => {
  const weighing = (id, weights, changed) => ({ id, weights, changed });
  assert.equal(weightsOf([weighing("a", [0.2, 0.8], true), weighing("b", [1], false)]), "a:20,80");
  assert.equal(weightsOf([weighing("b", [1], false)]), null);
  const taken = [weighing("a", [0.5, 0.5], false), weighing("b", [1], false)];
  weightsIn("a:20,80;c:1;b:1,2;;b", taken);
  assert.deepEqual(taken.map(({ weights }) => weights), [[0.2, 0.8], [1]]);
  for (const wrong of ["a:-1,2", "a:x,2", "a:,2", "a:101,0", "a", ""]) {
    weightsIn(wrong, taken);
    assert.deepEqual(taken[0].weights, [0.2, 0.8], wrong);
  }
});

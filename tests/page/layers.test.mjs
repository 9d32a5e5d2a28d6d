import assert from "node:assert/strict";
import { test } from "node:test";

import { cornerFrom, pathStyle, popupLines } from "../../maemoh_gis/pages/page/layers.js";
import { wordsIn } from "../../maemoh_gis/pages/page/words.js";

const STYLE = { colour: "#111111", fill: null, fillOpacity: 0.2, width: 3, dash: "5 4", radius: 4 };

test("a style without fill leaves the inside of areas open to clicks", () => {
  const style = pathStyle(STYLE);
  assert.equal(style.fill, false);
  assert.equal(style.color, "#111111");
  assert.equal(style.weight, 3);
  assert.equal(style.dashArray, "5 4");
});

test("a style with fill uses its own colour", () => {
  assert.equal(pathStyle({ ...STYLE, fill: "#2b6cb0" }).fillColor, "#2b6cb0");
});

test("popup lines pair titles and values in the reader's language", () => {
  const titles = [{ th: "พื้นที่", en: "Area" }];
  const lines = [{ th: "312 ไร่", en: "312 rai" }];
  const words = { of: (text) => wordsIn(text, "en") };
  assert.deepEqual(popupLines(titles, lines, words), [["Area", "312 rai"]]);
});

test("a name stands on its place, or beside its point with the point left free", () => {
  // A name of 40 x 16 pixels; 6 pixels around the point stay free.
  const name = { size: [40, 16], clear: 6 };
  assert.deepEqual(cornerFrom({ ...name, clear: 0, side: "center" }), [20, 8]);
  assert.deepEqual(cornerFrom({ ...name, side: "top" }), [20, 22]);
  assert.deepEqual(cornerFrom({ ...name, side: "bottom" }), [20, -6]);
  assert.deepEqual(cornerFrom({ ...name, side: "right" }), [-6, 8]);
  assert.deepEqual(cornerFrom({ ...name, side: "left" }), [46, 8]);
});

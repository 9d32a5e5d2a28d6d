import assert from "node:assert/strict";
import { test } from "node:test";

import { choiceIn, placeIn, placeOf, readView, writeView } from "../../maemoh_gis/pages/page/view.js";

test("a view is a language and values by key", () => {
  const { language, values } = readView("#en&at=18.3,99.7,11&use=green_estate");
  assert.equal(language, "en");
  assert.deepEqual([...values], [["at", "18.3,99.7,11"], ["use", "green_estate"]]);
});

test("what was written is read back, whatever letters it holds", () => {
  const values = new Map([["layers", "a&b=c#,é ไทย"], ["left out", null], ["use", "x"]]);
  const { language, values: read } = readView(writeView("th", values));
  assert.equal(language, "th");
  assert.deepEqual([...read], [["layers", "a&b=c#,é ไทย"], ["use", "x"]]);
});

test("a broken address is no view and raises nothing", () => {
  for (const fragment of ["", "#", "#&&=", "#en&at=%E0%A4%A", "#en&=5"]) {
    assert.ok(readView(fragment).values instanceof Map);
  }
  assert.equal(readView("#en&at=%E0%A4%A").values.get("at"), "");
});

test("a place needs latitude, longitude and zoom that can be", () => {
  assert.deepEqual(placeIn("18.3,99.7,11.25"), { latitude: 18.3, longitude: 99.7, zoom: 11.25 });
  for (const wrong of ["", "18.3,99.7", "18.3,99.7,x", "118,99,9", "18,999,9", "18,99,-1", "18,,9", "1,2,3,4", "NaN,1,1"]) {
    assert.equal(placeIn(wrong), null, wrong);
  }
  assert.equal(placeOf({ lat: 18.3, lng: 99.7 }, 11.25), "18.30000,99.70000,11.25");
});

test("a choice is a whole number below the count", () => {
  assert.deepEqual(["0", "3", "4", "-1", "1.5", "", "x"].map((value) => choiceIn(value, 4)), [0, 3, null, null, null, null, null]);
});

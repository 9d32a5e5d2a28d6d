import assert from "node:assert/strict";
import { test } from "node:test";

import { entriesOf, matches, typedPlace } from "../../maemoh_gis/pages/page/search.js";

const ENTRIES = [
  { name: { th: "แม่เมาะ", en: "Mae Mo" } },
  { name: { th: "สถานีแม่เมาะ", en: "Mae Mo station" } },
  { name: { th: "บ้านดง", en: "Ban Dong" } },
  { name: "Sala Pha Lat" },
];

test("a name is found in either language, whatever its case", () => {
  assert.deepEqual(matches(ENTRIES, "ban").map(({ name }) => name.en), ["Ban Dong"]);
  assert.deepEqual(matches(ENTRIES, "บ้าน").map(({ name }) => name.en), ["Ban Dong"]);
  assert.deepEqual(matches(ENTRIES, " sala  pha").map(({ name }) => name), ["Sala Pha Lat"]);
});

test("names that begin with the words come first, then short ones", () => {
  assert.deepEqual(matches(ENTRIES, "mae").map(({ name }) => name.en), ["Mae Mo", "Mae Mo station"]);
});

test("nothing is asked, nothing is found; signs of patterns are letters", () => {
  assert.deepEqual(matches(ENTRIES, "  "), []);
  assert.deepEqual(matches(ENTRIES, ".*"), []);
});

test("latitude and longitude may be typed", () => {
  assert.deepEqual(typedPlace("18.3, 99.75"), { lat: 18.3, lng: 99.75 });
  assert.deepEqual(typedPlace("18.3 99.75"), { lat: 18.3, lng: 99.75 });
  assert.equal(typedPlace("Mae Mo 8"), null);
  assert.equal(typedPlace("99.75, 218.3"), null);
});

test("features without a name are no entries", () => {
  const features = [{ name: null, at: null }, { name: "A", at: [18, 99] }];
  assert.deepEqual(entriesOf({ layers: [{ title: "T", features }] }), [{ name: "A", kind: "T", at: [18, 99] }]);
});

test("villages of one name are told apart by their subdistrict", () => {
  const feature = (name, within) => ({ name, at: [18, 99], within });
  const layer = { title: { th: "หมู่บ้าน", en: "Villages" }, features: [feature("บ้านใหม่", { th: "ต.นาสัก", en: "in Na Sak" }), feature("บ้านใหม่", null)] };
  const [first, second] = entriesOf({ layers: [layer] });
  assert.deepEqual(first.kind, { th: "หมู่บ้าน · ต.นาสัก", en: "Villages · in Na Sak" });
  assert.deepEqual(second.kind, layer.title);
});

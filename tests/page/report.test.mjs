import assert from "node:assert/strict";
import { test } from "node:test";
import { asked, inDigits } from "../../maemoh_gis/pages/page/report.js";

test("digits turn into Thai ones and back", () => {
  assert.equal(inDigits("พ.ศ. 2569: 1,234.5 ไร่", true), "พ.ศ. ๒๕๖๙: ๑,๒๓๔.๕ ไร่");
  assert.equal(inDigits(inDigits("0123456789", true), false), "0123456789");
});

test("what goes by a name keeps its digits", () => {
  for (const name of ["council_path_2574", "3b1d922d3223", "EPSG:32647", "MM-8", "PM2.5", "land_2574.csv"]) {
    assert.equal(inDigits(`ฉากทัศน์ ${name} พ.ศ. 2574–2600`, true), `ฉากทัศน์ ${name} พ.ศ. ๒๕๗๔–๒๖๐๐`);
  }
});

test("the address names language and digits", () => {
  assert.deepEqual(asked("#en", "arabic"), { language: "en", thai: false });
  assert.deepEqual(asked("#th,thai-digits", "arabic"), { language: "th", thai: true });
  assert.deepEqual(asked("#limits", "thai"), { language: "th", thai: true });
});

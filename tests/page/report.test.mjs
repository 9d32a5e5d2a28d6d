import assert from "node:assert/strict";
import { test } from "node:test";
import { asked, inDigits } from "../../maemoh_gis/maps/page/report.js";

test("digits turn into Thai ones and back", () => {
  assert.equal(inDigits("พ.ศ. 2569: 1,234.5 ไร่", true), "พ.ศ. ๒๕๖๙: ๑,๒๓๔.๕ ไร่");
  assert.equal(inDigits(inDigits("0123456789", true), false), "0123456789");
});

test("the address names language and digits", () => {
  assert.deepEqual(asked("#en", "arabic"), { language: "en", thai: false });
  assert.deepEqual(asked("#th,thai-digits", "arabic"), { language: "th", thai: true });
  assert.deepEqual(asked("#limits", "thai"), { language: "th", thai: true });
});

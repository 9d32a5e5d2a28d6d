import assert from "node:assert/strict";
import { test } from "node:test";

import {
  languageOf,
  lengthWords,
  measureWords,
  message,
  numberWords,
  placeWords,
  scoreWords,
  wordsIn,
} from "../../maemoh_gis/pages/page/words.js";

const MESSAGES = {
  th: { "page.site": "พื้นที่ {rank}", "page.close": "ปิด" },
  en: { "page.site": "Site {rank}", "page.close": "Close" },
};

test("a text gives the words of the language asked for", () => {
  const text = { th: "ลำปาง", en: "Lampang" };
  assert.equal(wordsIn(text, "th"), "ลำปาง");
  assert.equal(wordsIn(text, "en"), "Lampang");
});

test("a text that is the same everywhere is a plain string", () => {
  assert.equal(wordsIn("312 m", "th"), "312 m");
});

test("no text is no words", () => {
  assert.equal(wordsIn(null, "th"), "");
  assert.equal(wordsIn({ th: "ก" }, "en"), "");
});

test("a message is filled with values in either language", () => {
  assert.equal(message(MESSAGES, "th", "site", { rank: 2 }), "พื้นที่ 2");
  assert.equal(message(MESSAGES, "en", "site", { rank: 2 }), "Site 2");
});

test("a value that looks like a message name is not filled again", () => {
  assert.equal(message(MESSAGES, "en", "site", { rank: "{rank}" }), "Site {rank}");
});

test("a value with a dollar sign stays as it is", () => {
  assert.equal(message(MESSAGES, "en", "site", { rank: "$&" }), "Site $&");
});

test("a missing message is an error, not an empty word", () => {
  assert.throws(() => message(MESSAGES, "en", "nowhere"), /page\.nowhere in en/);
});

test("the page opens in the first language unless the address asks for another", () => {
  assert.equal(languageOf("", ["th", "en"]), "th");
  assert.equal(languageOf("#en", ["th", "en"]), "en");
  assert.equal(languageOf("#<script>", ["th", "en"]), "th");
});

test("scores have two digits and unknown is a dash", () => {
  assert.equal(scoreWords(0.5), "0.50");
  assert.equal(scoreWords(0), "0.00");
  assert.equal(scoreWords(null), "–");
});

test("places are written latitude first", () => {
  assert.equal(placeWords(18.296, 99.752), "18.2960, 99.7520");
});

test("lengths turn into kilometres from one thousand metres", () => {
  assert.deepEqual(lengthWords(500), { id: "metres", length: "500" });
  assert.deepEqual(lengthWords(1000), { id: "kilometres", length: "1" });
  assert.deepEqual(lengthWords(20000), { id: "kilometres", length: "20" });
});

test("numbers have commas between thousands", () => {
  assert.equal(numberWords(1234567.25, 1), "1,234,567.3");
  assert.equal(numberWords(999, 0), "999");
  assert.equal(numberWords(-0.04, 1), "0.0");
});

test("a measure is as exact as it was kept, or beyond its span", () => {
  const steps = { first: 0, step: 4, last: 4092 };
  assert.equal(measureWords(5803.2, 0, steps, "m"), "5,803 m");
  assert.equal(measureWords(12.25, 0, { table: [] }, "%"), "12.3 %");
  assert.equal(measureWords(null, 1, steps, "m"), "> 16,368 m");
  assert.equal(measureWords(null, 0, steps, "m"), "–");
  const fine = { first: 0, step: 0.0001, last: 4092 };
  assert.equal(measureWords(0.0235, 0, fine, "beds per person"), "0.024 beds per person");
  assert.equal(measureWords(0.5, 0, { table: [] }, "share"), "0.5 share");
  assert.equal(measureWords(0.00001, 0, fine, "beds per person"), "0.0 beds per person");
  assert.equal(measureWords(null, 1, fine, "beds per person"), "> 0.41 beds per person");
});

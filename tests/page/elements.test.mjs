import assert from "node:assert/strict";
import { test } from "node:test";

import { popupContent } from "../../maemoh_gis/pages/page/elements.js";

/** Just enough of a document to see what was made. */
class Made {
  constructor(name) {
    this.name = name;
    this.attributes = {};
    this.children = [];
  }

  setAttribute(key, value) {
    this.attributes[key] = value;
  }

  append(...children) {
    this.children.push(...children);
  }

  get text() {
    return this.children.map((child) => (typeof child === "string" ? child : child.text)).join(" ");
  }

  get names() {
    const below = this.children.filter((child) => child instanceof Made);
    return [this.name, ...below.flatMap((child) => child.names)];
  }
}

globalThis.document = { createElement: (name) => new Made(name) };

test("a popup holds heading, facts and notes in this order", () => {
  const made = popupContent("Site 1", [["Area", "312 rai"]], ["For screening only."]);
  assert.equal(made.text, "Site 1 Area 312 rai For screening only.");
});

test("a popup without facts has no empty list", () => {
  assert.ok(!popupContent("Pit", []).names.includes("dl"));
});

test("markup in a name stays text", () => {
  const name = "<img src=x onerror=alert(1)>";
  const made = popupContent(name, [[name, name]], [name]);
  assert.deepEqual(new Set(made.names), new Set(["div", "h3", "bdi", "dl", "dt", "dd", "p"]));
  assert.equal(made.text, [name, name, name, name].join(" "));
});

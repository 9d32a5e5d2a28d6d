// The answer to "why here?": what the run says of a cell, put into words and tables.
import { element, sideways } from "./elements.js";
import { cellAt, explainUse, groundsAt } from "./explain.js";
import { placesUnder } from "./limits_map.js";
import { Mask, inflate, unpackPlane } from "./planes.js";
import { utm } from "./utm.js";
import { measureWords } from "./words.js";

/** What Python packed about every cell; unpacked when it is first asked for. */
export class Cells {
  constructor(data) {
    this.data = data;
    this.unpacked = new Map();
  }

  /** Give the study area's mask, or one plane by its place, unpacking it once. */
  mask() {
    return this.once("mask", async () => new Mask(await inflate(this.data.mask), this.data.rows, this.data.cols));
  }

  plane(place) {
    return this.once(place, async () => unpackPlane(await inflate(this.data.planes[place]), await this.mask()));
  }

  once(key, unpack) {
    if (!this.unpacked.has(key)) {
      this.unpacked.set(key, unpack());
    }
    return this.unpacked.get(key);
  }

  /** All planes; each use needs most of them. */
  async planes() {
    const planes = [];
    for (let place = 0; place < this.data.planes.length; place += 1) {
      planes.push(await this.plane(place));
    }
    return planes;
  }

  /** Place in the raster of cells under each pixel of a picture; pictures of a page are all alike. */
  under(corners, width, height) {
    return this.once(`${width}x${height}`, async () => placesUnder(corners, width, height, this.data));
  }

  /** Explain every use at a place, by use id; null where the run says nothing. */
  async at(latitude, longitude) {
    const { zone, south, grid, uses } = this.data;
    const { x, y } = utm(latitude, longitude, zone, south);
    const cell = cellAt(grid, x, y);
    const index = cell === null ? -1 : (await this.mask()).index(cell.row, cell.col);
    if (index < 0) {
      return null;
    }
    const planes = await this.planes();
    const grounds = groundsAt(this.data.grounds, planes, index);
    return new Map(Object.entries(uses).map(([id, use]) => [id, { ...explainUse(use, planes, index), grounds }]));
  }
}

/** The verdict, sums and limits of one use; `use` is what Python wrote, `said` what was explained. */
export function useAnswer(use, said, words) {
  const box = element("div", { class: "answer" });
  const range = said.score === null ? words.say("explain_no_score") : words.say("explain_score", {
    score: said.score.toFixed(3), low: said.low.toFixed(3), high: said.high.toFixed(3),
  });
  box.append(element("p", {}, element("strong", {}, words.say(`state_${said.state}`)), ` · ${range}`));
  const named = (places) => places.map((place) => use.limits[place]);
  box.append(limitList("limit_removed", named(said.removed), (limit) => words.say("limit_removed", limit), words));
  box.append(limitList("limit_conditional", named(said.conditional), (limit) => words.say("limit_conditional", limit), words));
  box.append(criterionTable(use, said, words));
  if (said.criteria.some(({ score }) => score === null)) {
    box.append(element("p", { class: "small unscored" }, words.say("explain_why_unscored")));
  }
  if (Math.abs(said.held) > 5e-4) {
    box.append(element("p", { class: "small" }, words.say("explain_held", { held: signed(said.held) })));
  }
  box.append(folded("limit_not_checked", words.say("limits_not_checked", { n: use.notChecked.length }), use.notChecked, words));
  const unsure = said.unsure.map((place) => use.knownInPart[place]);
  box.append(folded("limit_known_only", words.say("limits_known_only", { n: unsure.length }), unsure, words));
  return box;
}

/** What each criterion measures, scores and adds. */
export function criterionTable(use, said, words) {
  const heads = ["criterion", "measured", "criterion_score", "weight", "adds"];
  const table = element("table", { class: "criteria" });
  const head = element("tr", {}, ...heads.map((id) => element("th", { scope: "col" }, words.say(id))));
  const body = element("tbody");
  said.criteria.forEach((part, k) => {
    const { title, unit, classes, measure } = use.criteria[k];
    const row = element("tr", { "data-criterion": use.criteria[k].id });
    row.append(element("th", { scope: "row" }, element("bdi", {}, words.of(title))));
    const kind = element("td", { class: "kind" }, words.of(classes[part.measure] ?? "–"));
    row.append(unit === null ? kind : cell(measureWords(part.measure, part.side, measure, words.of(unit))));
    row.append(cell(scoreRange(part, words)));
    row.append(cell(`${(100 * part.weight).toFixed(1)} %`));
    row.append(cell(part.contribution === null ? "–" : signed(part.contribution)));
    body.append(row);
  });
  table.append(element("thead", {}, head), body);
  return sideways(words.say("explain"), table);
}

function scoreRange({ score, low, high }, words) {
  const ends = { low: low.toFixed(2), high: high.toFixed(2) };
  if (score === null) {
    return words.say("explain_unscored", ends);
  }
  const exact = high - low < 0.002;
  return exact ? score.toFixed(3) : `${score.toFixed(3)} (${ends.low}–${ends.high})`;
}

/** List limits with their basis; `write` puts one into words. */
function limitList(kind, limits, write, words) {
  if (limits.length === 0) {
    return "";
  }
  const list = element("ul", { class: `limits ${kind}` });
  for (const { title, basis } of limits) {
    list.append(element("li", {}, write({ title: words.of(title), basis: words.of(basis) })));
  }
  return list;
}

/** A list of limits under a heading that opens it; nothing where there are none. */
export function folded(kind, heading, limits, words) {
  const list = limitList(kind, limits, ({ title, basis }) => `${title} — ${basis}`, words);
  return list === "" ? "" : element("details", {}, element("summary", {}, heading), list);
}

function cell(text) {
  return element("td", {}, text);
}

function signed(number) {
  return `${number < 0 ? "−" : "+"}${Math.abs(number).toFixed(3)}`;
}

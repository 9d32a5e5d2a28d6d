// The path after coal year by year: a slider, what a year leaves, and the land it sets free.
import { element, popupContent, sideways } from "./elements.js";
import { KINDS } from "./labels.js";
import { areaText } from "./measure.js";
import { numberWords } from "./words.js";
import { drawShape, nameLabel } from "./layers.js";

const STEP_MS = 900;
// Pixels between the corner of the plant and what is said of it.
const CLEAR = 6;

/** What one year of a path says; `at` is its place in the lists by year. */
export function yearFacts(path, year) {
  const at = Math.min(Math.max(year, path.years[0]), path.years.at(-1)) - path.years[0];
  const ended = ({ last }) => last !== null && year > last;
  const running = path.units.filter((unit) => !unit.never && unit.start <= year && !ended(unit));
  const doubted = path.units.filter((unit) => ended(unit) && unit.unsureTo !== null && year <= unit.unsureTo);
  return {
    year,
    at,
    mw: path.mw[at],
    unsure: path.unsure[at],
    confidence: path.confidence[at],
    running: running.filter(({ counted }) => counted),
    uncertain: [...running.filter(({ counted }) => !counted), ...doubted],
    gone: path.units.filter((unit) => unit.counted && ended(unit) && !doubted.includes(unit)),
    turns: path.turns.filter((turn) => turn.year === year),
  };
}

/** Write a central value with its range, as few digits as the range allows. */
export function amountWords({ low, central, high }) {
  if (central === null) {
    return null;
  }
  const digits = high >= 100 ? 0 : high >= 10 ? 1 : 2;
  const [one, middle, other] = [low, central, high].map((value) => numberWords(value, digits));
  return one === other ? middle : `${middle} (${one}–${other})`;
}

/** Rai of zones a use may be asked for on that other limits of a run leave to it; null where it is not known. */
export function leftFor(path, use, at) {
  const zones = path.uses[use];
  if (!zones) {
    return null;
  }
  const year = path.years[0] + at;
  const free = path.zones.filter(({ id }) => id in zones && zones[id].from !== null && zones[id].from <= year);
  return free.reduce((sum, { id }) => sum + zones[id].left, 0);
}

/** The year in which megawatts and amounts of the paths lie furthest apart; `start` where they nowhere do. */
export function yearApart(paths, start) {
  const courses = [(path) => path.mw, ...paths[0].amounts.map((_, k) => (path) => path.amounts[k]?.central ?? [])];
  const [first, last] = [Math.max(...paths.map(({ years }) => years[0])), Math.min(...paths.map(({ years }) => years.at(-1)))];
  let [best, most] = [start, 0];
  for (let year = first; year <= last; year += 1) {
    const apart = courses.reduce((sum, of) => sum + gap(paths.map((path) => [of(path), year - path.years[0]])), 0);
    if (apart > most + 1e-9) {
      [best, most] = [year, apart];
    }
  }
  return best;
}

/** How far values of a year lie apart, as a share of the greatest of all years. */
function gap(held) {
  const values = held.map(([course, at]) => course[at] ?? null);
  const greatest = Math.max(...held.flatMap(([course]) => course.map((one) => Math.abs(one ?? 0))));
  return values.includes(null) || greatest === 0 ? 0 : (Math.max(...values) - Math.min(...values)) / greatest;
}

/** The bar below the map: play, slider, year, and what the year leaves in a few words. */
export class YearBar {
  constructor(ground, [first, last], year, words, changed) {
    this.words = words;
    this.first = first;
    this.last = last;
    this.changed = changed;
    this.timer = null;
    this.play = element("button", { type: "button", "data-play": "" });
    this.slider = element("input", { type: "range", id: "year", min: first, max: last, step: "1", value: year });
    this.shown = element("output", { for: "year" });
    this.said = element("span", { class: "year-said" });
    const box = element("div", { class: "years", role: "group" }, this.play, this.slider, this.shown, this.said);
    this.slider.addEventListener("input", () => this.tell());
    this.play.addEventListener("click", () => (this.timer === null ? this.start() : this.stop()));
    ground.append(box);
    words.follow(() => {
      box.setAttribute("aria-label", words.say("path"));
      this.slider.setAttribute("aria-label", words.say("path_year"));
      this.name();
      this.tell();
    });
  }

  get year() {
    return Number(this.slider.value);
  }

  set year(year) {
    this.slider.value = String(year);
    this.tell();
  }

  name() {
    this.play.textContent = `${this.timer === null ? "▶" : "❚❚"} ${this.words.say(this.timer === null ? "path_play" : "path_stop")}`;
  }

  tell() {
    this.say(this.changed(this.year));
  }

  say(said) {
    this.shown.textContent = this.words.say("path_be", { year: this.year });
    this.said.textContent = said;
    this.slider.setAttribute("aria-valuetext", `${this.shown.textContent}: ${said}`);
  }

  start() {
    if (this.year >= this.last) {
      this.slider.value = String(this.first);
    }
    this.timer = setInterval(() => {
      this.year += 1;
      if (this.year >= this.last) {
        this.stop();
      }
    }, STEP_MS);
    this.name();
  }

  stop() {
    clearInterval(this.timer);
    this.timer = null;
    this.name();
  }
}

/** Land in use and no longer in use on one map, in the colour of its state, and what runs. */
export class Zones {
  constructor(L, map, words, names) {
    this.L = L;
    this.map = map;
    this.words = words;
    this.names = names;
    this.said = [];
    names.add(this.said, () => this.on, KINDS.plant);
    this.shapes = L.featureGroup();
    this.on = true;
    map.createPane("zones").style.zIndex = "420";
  }

  show(path, year) {
    this.shapes.clearLayers().remove();
    this.said.splice(0).forEach(({ label }) => label.remove());
    this.names.arrange();
    if (!this.on || path === null) {
      return;
    }
    const facts = yearFacts(path, year);
    for (const zone of path.zones.filter(({ shape }) => shape !== null)) {
      this.shapes.addLayer(this.draw(zone, path, facts));
    }
    const plants = path.zones.filter(({ kind, shape }) => kind === "plant" && shape !== null);
    this.shapes.addTo(this.map);
    if (plants.length > 0) {
      const around = this.L.geoJSON(plants.map(({ shape }) => ({ type: "Feature", properties: {}, geometry: shape })));
      const text = () => this.words.say("path_units", { n: facts.running.length, mw: numberWords(facts.mw, 0) });
      this.said.push(nameLabel(this.L, around.getBounds().getNorthEast(), text, "units", CLEAR));
    }
  }

  draw(zone, path, { at }) {
    const state = zone.states[at];
    const { style, title } = path.states[state];
    const drawn = drawShape(this.L, zone.shape, style, "zones");
    const { words } = this;
    const year = path.years[0] + at;
    const wanting = zone.papers.filter(({ from }) => from === null || from > year);
    const papers = wanting.map(({ title, office }) => `${words.of(title)} (${words.of(office)})`);
    const opened = zone.opens.filter(({ from }) => from <= year).map((use) => words.of(use.title));
    const next = year === path.year ? [[words.say("path_next"), words.of(zone.next)]] : [];
    drawn.bindPopup(() => popupContent(words.of(zone.title), [
      [words.say("path_year"), words.say("path_be", { year })],
      [words.say("state"), words.of(title)],
      ...(opened.length > 0 ? [[words.say("path_open_for"), opened.join("; ")]] : []),
      [words.say("area"), areaText(zone.rai * 1600, words)],
      [words.say("path_returns_to"), words.of(zone.returnsTo)],
      [words.say("path_outstanding"), papers.join("; ") || "–"],
      ...next,
      [words.say("confidence"), words.say(`confidence_${zone.confidence}`)],
    ], [words.say("path_not_free"), `${words.say("source")}: ${words.of(zone.source)}`]));
    return drawn;
  }
}

/** Everything a year says, a column a path; `labels` head them where there is more than one. */
export function yearTable(paths, labels, year, use, words) {
  const facts = paths.map((path) => yearFacts(path, year));
  const rows = [];
  const add = (title, values) => rows.push([title, values.map((value) => value ?? words.say("not_known"))]);
  const sure = (level) => `(${words.say(`confidence_${level}`)})`;
  const megawatts = (mw) => words.say("megawatts", { mw: numberWords(mw, 0) });
  add(words.say("path_mw"), facts.map(({ mw, confidence }) => `${megawatts(mw)} ${sure(confidence)}`));
  add(words.say("path_unsure"), facts.map(({ unsure }) => megawatts(unsure)));
  add(words.say("path_running"), facts.map(({ running }) => running.map(({ id }) => id).join(", ") || "–"));
  add(words.say("path_gone"), facts.map(({ gone }) => gone.map(({ id }) => id).join(", ") || "–"));
  add(words.say("path_land"), facts.map(({ at }, k) => areaText(paths[k].land.free[at] * 1600, words)));
  add(words.say("path_closed"), facts.map(({ at }, k) => areaText(paths[k].land.closed[at] * 1600, words)));
  const left = facts.map(({ at }, k) => leftFor(paths[k], use, at));
  if (left.some((rai) => rai !== null)) {
    add(words.say("path_left"), left.map((rai) => (rai === null ? null : areaText(rai * 1600, words))));
  }
  paths[0].amounts.forEach(({ title, unit }, k) => {
    add(`${words.of(title)} (${words.of(unit)})`, facts.map(({ at }, n) => {
      const { low, central, high, confidence, observed } = paths[n].amounts[k];
      const written = amountWords({ low: low[at], central: central[at], high: high[at] });
      const nature = observed[at] ? `${words.say("path_observed")} ` : "";
      return written === null ? null : `${written} ${nature}${sure(confidence[at])}`;
    }));
  });
  paths[0].rail.forEach(({ title }, k) => {
    add(words.of(title), facts.map(({ at }, n) => paths[n].rail[k] && words.of(paths[n].states[paths[n].rail[k].states[at]].title)));
  });
  const body = element("tbody", {}, ...rows.map(([title, values]) =>
    element("tr", {}, element("th", { scope: "row" }, title), ...values.map((value) => element("td", {}, value)))));
  const head = element("thead", {}, element("tr", {}, element("th", { scope: "col" }, words.say("path_be", { year })),
    ...(labels.length > 1 ? labels : [words.say("path_value")]).map((label) => element("th", { scope: "col" }, element("bdi", {}, label)))));
  return sideways(words.say("path"), element("table", { class: "year-facts" }, head, body));
}

/** What changes in a year, a line each. */
export function turnList(path, year, words) {
  const { turns } = yearFacts(path, year);
  const lines = turns.map(({ title, becomes }) =>
    element("li", {}, words.say("path_turn", { title: words.of(title), becomes: words.of(becomes) })));
  return lines.length > 0 ? element("ul", { class: "turns" }, ...lines) : element("p", { class: "small" }, words.say("path_no_turn"));
}

// The year slider, the tools and the link of the page that compares runs.
import { YearBar, Zones, yearApart, yearFacts, yearTable } from "./path.js";
import { addTools } from "./tools.js";
import { choiceIn, placeIn, placeOf } from "./view.js";
import { numberWords } from "./words.js";

/**
 * Number of the run that stands for a year: of runs alike in all but the year, the last one not after
 * it, else the first; the run itself where it has no such fellows.
 */
export function runOfYear(runs, number, year) {
  const alike = (run) => ["title", "viewpoint"].every((key) => JSON.stringify(run[key]) === JSON.stringify(runs[number][key]));
  const fellows = [...runs.keys()].filter((k) => alike(runs[k])).sort((one, other) => runs[one].year - runs[other].year);
  const years = new Set(fellows.map((k) => runs[k].year));
  if (fellows.length < 2 || years.size < fellows.length) {
    return number;
  }
  return fellows.filter((k) => runs[k].year <= year).at(-1) ?? fellows[0];
}

/** The year slider: what runs and what land is no longer in use on each side, by the path of its run. */
export function addPaths(sides, data, words, boxes, link) {
  const paths = () => ["left-run", "right-run"].map((id) => data.paths[data.runs[Number(boxes[id].value)].path] ?? null);
  if (data.paths.length === 0) {
    return;
  }
  document.getElementById("path").hidden = false;
  const zones = sides.map(({ map, names }) => new Zones(L, map, words, names));
  const box = document.getElementById("show-zones");
  const table = document.getElementById("path-facts");
  const show = (year) => {
    const both = paths();
    zones.forEach((one, k) => one.show(both[k], year));
    const labels = ["left-run", "right-run"].map((id) => words.of(data.runs[Number(boxes[id].value)].name));
    const known = both.map((path, k) => [path, labels[k]]).filter(([path]) => path !== null);
    const use = data.uses[Number(boxes.use.value)].id;
    table.replaceChildren(known.length === 0 ? words.say("not_known")
      : yearTable(known.map(([path]) => path), known.map(([, label]) => label), year, use, words));
    const [left, right] = both.map((path) => (path === null ? "–" : numberWords(yearFacts(path, year).mw, 0)));
    return words.say("path_said_two", { left, right });
  };
  const changed = (year) => {
    const right = String(runOfYear(data.runs, Number(boxes["right-run"].value), year));
    if (bar && right !== boxes["right-run"].value) {
      boxes["right-run"].value = right;
      boxes["right-run"].dispatchEvent(new Event("change"));
    }
    link.changed();
    return show(year);
  };
  let bar = null;
  const first = yearApart(data.paths, data.runs[0].year);
  const spans = data.paths.map(({ years }) => years);
  const span = [Math.min(...spans.map(([from]) => from)), Math.max(...spans.map(([, to]) => to))];
  bar = new YearBar(document.getElementById("ground"), span, first, words, changed);
  box.addEventListener("change", () => {
    zones.forEach((one) => (one.on = box.checked));
    show(bar.year);
  });
  ["use", "left-run", "right-run"].forEach((id) => boxes[id].addEventListener("change", () => bar.say(show(bar.year))));
  link.part("year", () => (bar.year === first ? null : String(bar.year)), (value) => {
    if (/^2[56]\d\d$/.test(value)) {
      bar.year = Number(value);
    }
  });
}

/** Keep what is chosen, the divider and the place in the address. */
export function linkChoices({ map }, boxes, data, link, views) {
  const firsts = { use: "0", "left-run": "0", "right-run": "1", view: "0", swipe: "50" };
  const counts = { use: data.uses.length, "left-run": data.runs.length, "right-run": data.runs.length, view: views, swipe: 101 };
  for (const [id, first] of Object.entries(firsts)) {
    const box = boxes[id];
    link.part(id, () => (box.value === first ? null : box.value), (value) => {
      if (choiceIn(value, counts[id]) !== null) {
        box.value = value;
        box.dispatchEvent(new Event(id === "swipe" ? "input" : "change"));
      }
    });
    box.addEventListener(id === "swipe" ? "input" : "change", () => link.changed());
  }
  const now = () => placeOf(map.getCenter(), map.getZoom());
  const first = now();
  link.part("at", () => (now() === first ? null : now()), (value) => {
    const place = placeIn(value);
    if (place !== null) {
      map.setView([place.latitude, place.longitude], place.zoom, { reset: true });
    }
  });
  map.on("moveend", () => link.changed());
}

/** Search, measure, full screen, print and link for both maps. */
export function addToolsOf(sides, data, words, link) {
  const [{ map }] = sides;
  const pieces = () => data.uses.flatMap(({ title, pieces: held }) => held.map(({ name, shape }) => ({
    name,
    kind: title,
    shape,
  })));
  return addTools(L, document.getElementById("ground"), sides.map((side) => side.map), data, words, link, {
    entries: pieces,
    go: ({ at, shape }) => {
      if (shape) {
        map.fitBounds(L.geoJSON(shape).getBounds(), { maxZoom: 14, animate: false });
      } else {
        map.setView(at, Math.max(map.getZoom(), 13), { animate: false });
      }
    },
    first: () => map.fitBounds(data.view, { animate: false }),
  });
}

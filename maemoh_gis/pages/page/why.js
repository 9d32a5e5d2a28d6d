// Why a site scores as it does: what each criterion gains of what it could.
import { element } from "./elements.js";

const SVG_NAMES = "http://www.w3.org/2000/svg";

/** Mean share of the score that each criterion gains over the cells of a site, null where none is scored. */
export function gains(cells, weights) {
  return weights.map((weight, k) => {
    const scored = cells.map((parts) => parts[k].score).filter((score) => score !== null);
    const mean = scored.length > 0 ? scored.reduce((sum, score) => sum + score, 0) / scored.length : null;
    return { weight, gained: mean === null ? null : weight * mean };
  });
}

/** Bars of all criteria, the one that loses most first; each is as long as its weight. */
export function gainBars(criteria, found, words, note = words.say("gains_note")) {
  const greatest = Math.max(...found.map(({ weight }) => weight));
  const lost = ({ weight, gained }) => weight - (gained ?? 0);
  const order = [...found.keys()].filter((k) => found[k].weight > 0).sort((one, other) => lost(found[other]) - lost(found[one]));
  const rows = order.map((k) => {
    const { weight, gained } = found[k];
    const text = gained === null ? words.say("not_known") : `${gained.toFixed(3)} / ${weight.toFixed(3)}`;
    return element("tr", {}, element("th", { scope: "row" }, element("bdi", {}, words.of(criteria[k].title))),
      element("td", {}, bar(weight / greatest, (gained ?? 0) / greatest)), element("td", {}, text));
  });
  const table = element("table", { class: "gains" }, element("tbody", {}, ...rows));
  return element("div", {}, element("h4", {}, words.say("gains")), table, element("p", { class: "muted" }, note));
}

function bar(whole, part) {
  const box = document.createElementNS(SVG_NAMES, "svg");
  box.setAttribute("viewBox", "0 0 100 10");
  box.setAttribute("aria-hidden", "true");
  for (const [width, kind] of [[whole, "possible"], [part, "gained"]]) {
    const rect = document.createElementNS(SVG_NAMES, "rect");
    rect.setAttribute("width", String(Math.max(0, 98 * width)));
    rect.setAttribute("height", "9");
    rect.setAttribute("y", "0.5");
    rect.setAttribute("class", kind);
    box.append(rect);
  }
  return box;
}

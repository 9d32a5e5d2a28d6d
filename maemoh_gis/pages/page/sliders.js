// Sliders for the weights of a use, the preview they give, and the scenario they can be saved as.
import { element, sideways } from "./elements.js";
import { className, listSites, scenarioFile, shares, siteParts } from "./reweigh.js";
import { message } from "./words.js";

/** The weights of one use: those of the run, those the reader chose, and the sites they score. */
export class Weighing {
  constructor(id, use, cells) {
    this.id = id;
    this.use = use;
    this.cells = cells;
    this.weights = this.given;
    this.sites = null;
  }

  get given() {
    return this.use.criteria.map((criterion) => criterion.weight);
  }

  get changed() {
    return this.weights.some((weight, k) => weight !== this.use.criteria[k].weight);
  }

  get shares() {
    return shares(this.weights);
  }

  /** Sites in the order of the list, with what the run's own weights give them; null if nothing weighs. */
  async listed() {
    this.sites ??= siteParts(this.use, await this.cells.planes());
    if (!this.shares.some((share) => share > 0)) {
      return null;
    }
    const before = listSites(this.sites, this.given);
    return listSites(this.sites, this.shares).map((site) => ({
      ...site,
      before: before.find(({ place }) => place === site.place),
    }));
  }

  /** Take over the weights of a viewpoint, if there is one and it weighs this use. */
  take(viewpoint) {
    this.weights = [...(viewpoint?.weights[this.id] ?? this.weights)];
  }

  /** Say whether the weights are those of a viewpoint. */
  holds({ weights }) {
    return weights[this.id]?.every((weight, k) => weight === this.weights[k]) ?? false;
  }

  /** List the sites under each viewpoint that weighs this use. */
  async underViewpoints() {
    this.sites ??= siteParts(this.use, await this.cells.planes());
    const weighing = this.cells.data.viewpoints.filter(({ weights }) => this.id in weights);
    return weighing.map(({ id, title, weights }) => ({ id, title, listed: listSites(this.sites, weights[this.id]) }));
  }

  /** Points by criterion, for a scenario file. */
  get points() {
    return this.use.criteria.map(({ id }, k) => [id, this.shares[k]]);
  }
}

/** One slider a criterion; `changed` is told after each move. */
export function sliderRows(weighing, words, changed) {
  const rows = weighing.use.criteria.map(({ id, title, value }, k) => {
    const name = element("span", {}, element("bdi", {}, words.of(title)));
    if (value.plane === null && value.constant === null) {
      name.append(" ", element("small", { class: "no-data" }, words.say("weights_no_data")));
    }
    const slider = element("input", { type: "range", min: "0", max: "100", step: "1", "data-weight": id });
    const share = element("output", {});
    slider.addEventListener("input", () => {
      weighing.weights[k] = Number(slider.value) / 100;
      changed();
    });
    const show = () => {
      const percent = `${(100 * weighing.shares[k]).toFixed(1)} %`;
      share.textContent = percent;
      slider.setAttribute("aria-valuetext", percent);
    };
    const put = () => {
      slider.value = String(100 * weighing.weights[k]);
    };
    put();
    return { show, put, row: element("label", { class: "weigh" }, name, slider, share) };
  });
  return {
    list: element("div", { class: "weights" }, ...rows.map(({ row }) => row)),
    show: () => rows.forEach(({ show }) => show()),
    put: () => rows.forEach(({ put }) => put()),
  };
}

/** The sites under the reader's weights, with range and class, and both before. */
export function listTable(listed, titles, words) {
  const heads = ["preview_site", "preview_score", "preview_class", "preview_before"];
  const head = element("tr", {}, ...heads.map((id) => element("th", { scope: "col" }, words.say(id))));
  const body = element("tbody");
  listed.forEach((site) => {
    const { place, score, before } = site;
    const row = element("tr", { "data-listed": place, class: site.class === before.class ? "" : "moved" });
    const range = `${rangeOf(site)} (${threeDigits(score)})`;
    const old = words.say("preview_was", { range: rangeOf(before), letter: className(before.class) });
    for (const text of [words.of(titles[place]), range, className(site.class), old]) {
      row.append(element("td", {}, text));
    }
    body.append(row);
  });
  return sideways(words.say("weights"), element("table", {}, element("thead", {}, head), body));
}

/** Range and class of every site under every viewpoint; all but the run's own are a preview. */
export function viewpointTable(views, titles, ownId, words) {
  const named = ({ id, title }) => words.say(id === ownId ? "viewpoint_of_run" : "viewpoint_preview", { title: words.of(title) });
  const heads = [words.say("preview_site"), ...views.map(named)];
  const head = element("tr", {}, ...heads.map((text) => element("th", { scope: "col" }, text)));
  const body = element("tbody");
  titles.forEach((title, place) => {
    const row = element("tr", { "data-viewed": place }, element("th", { scope: "row" }, words.of(title)));
    const own = views.find(({ id }) => id === ownId)?.listed.find((site) => site.place === place);
    for (const { listed } of views) {
      const site = listed.find((one) => one.place === place);
      const text = words.say("preview_was", { range: rangeOf(site), letter: className(site.class) });
      row.append(element("td", { class: site.class === (own ?? site).class ? "" : "other" }, text));
    }
    body.append(row);
  });
  const table = element("table", { class: "viewpoints" }, element("thead", {}, head), body);
  const summary = element("summary", {}, words.say("viewpoint_ranks"));
  return element("details", { open: "" }, summary, element("p", { class: "small" }, words.say("viewpoint_note")),
    sideways(words.say("weights"), table));
}

/** Let the browser save a text as a file. */
export function saveFile(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: "application/yaml" }));
  const link = element("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

/** Write the scenario of every use whose weights were changed. */
export function scenarioOf(data, weighings) {
  const { scenario, viewpoint } = data.cells;
  const title = {};
  for (const language of data.languages) {
    title[language] = message(data.messages, language, "weights_title", { title: data.title[language] });
  }
  const id = `${scenario.slice(0, 55)}_weights`;
  const changed = weighings.filter((one) => one.changed).map((one) => [one.id, one.points]);
  const head = { id, base: scenario, viewpoint, title, question: data.question };
  return { name: `${id}.yaml`, text: scenarioFile(head, changed) };
}

function rangeOf({ low, high }) {
  return `${low.toFixed(2)}–${high.toFixed(2)}`;
}

function threeDigits(score) {
  return score === null ? "–" : score.toFixed(3);
}

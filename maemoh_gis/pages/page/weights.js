// The weights of the use on the map: whose they are, sliders to change them, and what they score.
import { element } from "./elements.js";
import { Weighing, listTable, saveFile, scenarioOf, sliderRows, viewpointTable } from "./sliders.js";
import { recolourer } from "./recolour.js";
import { weightsIn, weightsOf } from "./reweigh.js";

const OWN = "own";
// How long a slider must rest before the map is drawn anew.
const SETTLED_MS = 120;

/** Sliders and viewpoints for the use on the map; what they score is drawn below them. */
export function addWeights(data, cells, words, uses, link) {
  const box = document.getElementById("weights-body");
  const weighings = data.uses.map(({ id }) => new Weighing(id, cells.data.uses[id], cells));
  const tables = element("div", { "aria-live": "polite" });
  const [reset, save] = [0, 1].map(() => element("button", { type: "button" }));
  const saved = element("p", { class: "small", role: "status" });
  const current = () => weighings[uses.chosen()];
  const choice = viewpointChoice(cells.data, weighings, words, () => {
    sliders.put();
    weigh();
  });
  let sliders = null;
  const look = () => {
    sliders.show();
    choice.show(current());
    reset.disabled = !current().changed;
    save.disabled = !weighings.some((one) => one.changed);
  };
  const recolour = recolourer(data.picture, cells);
  let turn = 0;
  /** Recolour the map, or give it the run's own colours back; only the last of quick moves is drawn. */
  const paint = async (weighing, use) => {
    turn += 1;
    const mine = turn;
    await new Promise((done) => setTimeout(done, SETTLED_MS));
    const tried = weighing.changed && weighing.shares.some((share) => share > 0);
    if (mine === turn) {
      const canvas = tried ? await recolour(weighing.use, uses.address(use), weighing.shares) : null;
      uses.tryOut(use, mine === turn ? canvas : null);
    }
  };
  const weigh = async () => {
    const weighing = current();
    paint(weighing, uses.chosen());
    look();
    link.changed();
    const [listed, views] = [await weighing.listed(), await weighing.underViewpoints()];
    // Another use may have been chosen meanwhile.
    if (weighing === current()) {
      tables.replaceChildren(...siteTables(data, cells, uses.chosen(), listed, views, words));
    }
  };
  const draw = () => {
    const why = current().use.noPreview;
    tables.replaceChildren();
    saved.textContent = "";
    reset.textContent = words.say("weights_reset");
    save.textContent = words.say("weights_save");
    sliders = sliderRows(current(), words, weigh);
    look();
    const buttons = element("p", { class: "buttons" }, reset, save);
    const shown = why === null ? [choice.label, sliders.list, buttons, saved, tables] : [element("p", {}, words.of(why))];
    box.replaceChildren(...shown);
    if (weighings.some((one) => one.changed) && why === null) {
      weigh();
    }
  };
  reset.addEventListener("click", () => {
    current().weights = current().given;
    sliders.put();
    weigh();
  });
  save.addEventListener("click", () => {
    saved.textContent = saveWeights(data, cells, weighings, words);
  });
  link.part("weights", () => weightsOf(weighings), (value) => {
    weightsIn(value, weighings);
    draw();
  });
  words.follow(draw);
  uses.listen(draw);
}

/** What the weights make of the sites of a use, and what the viewpoints do. */
function siteTables(data, cells, use, listed, views, words) {
  const titles = data.uses[use].sites.map((site) => site.rank);
  const tables = [listed === null ? words.say("weights_nothing") : listTable(listed, titles, words)];
  return views.length > 1 ? [...tables, viewpointTable(views, titles, cells.data.viewpoint, words)] : tables;
}

/** Hand the weights to the reader as a scenario file, and say so. */
function saveWeights(data, cells, weighings, words) {
  const { name, text } = scenarioOf(data, weighings);
  saveFile(name, text);
  return words.say("weights_saved", { name, base: cells.data.scenario });
}

/** A box to choose whose weights are tried, for all uses at once. */
function viewpointChoice({ viewpoints, viewpoint }, weighings, words, chosen) {
  const options = [...viewpoints, { id: OWN }].map(({ id }) => element("option", { value: id }));
  const select = element("select", { id: "viewpoint" }, ...options);
  const name = element("span", {});
  select.addEventListener("change", () => {
    weighings.forEach((one) => one.take(viewpoints.find(({ id }) => id === select.value)));
    chosen();
  });
  const title = ({ id, title: named }) =>
    words.say(id === viewpoint ? "viewpoint_of_run" : "viewpoint_preview", { title: words.of(named) });
  const show = (weighing) => {
    name.textContent = words.say("viewpoint");
    viewpoints.forEach((one, k) => (options[k].textContent = title(one)));
    options.at(-1).textContent = words.say("viewpoint_own");
    const held = viewpoints.filter((one) => weighing.holds(one));
    // Two viewpoints may weigh a use alike: then the one that was chosen stays.
    const now = held.find(({ id }) => id === select.value) ?? held[0];
    options.at(-1).hidden = held.length > 0;
    select.value = now?.id ?? OWN;
  };
  return { label: element("label", { class: "viewpoint" }, name, select), show };
}

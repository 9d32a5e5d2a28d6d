// Turns the still picture into a map. Everything that can be read without a script is in the page.
import { languageOf, lengthWords, placeWords, scoreWords } from "./words.js";
import { colourTable, pixelAt, readPixel } from "./cells.js";
import { element, popupContent } from "./elements.js";
import { contextLayer, scaleBar, siteLayer } from "./layers.js";
import { Names, Words, addLanguageButtons, followPopups } from "./shared.js";
import { Cells, useAnswer } from "./answer.js";
import { Weighing, rankTable, saveFile, scenarioOf, sliderRows } from "./sliders.js";

/** Read what the score picture of a use shows at a place. */
class Scores {
  constructor(picture) {
    this.corners = picture.corners;
    this.table = colourTable(picture.colours, picture.meanings);
    this.canvases = new Map();
  }

  async load(address) {
    if (!this.canvases.has(address)) {
      const image = new Image();
      image.src = address;
      await image.decode();
      const canvas = element("canvas", { width: image.naturalWidth, height: image.naturalHeight });
      canvas.getContext("2d", { willReadFrequently: true }).drawImage(image, 0, 0);
      this.canvases.set(address, canvas);
    }
    return this.canvases.get(address);
  }

  async at(address, latitude, longitude) {
    const canvas = await this.load(address);
    const pixel = pixelAt(latitude, longitude, this.corners, canvas.width, canvas.height);
    if (pixel === null) {
      return { state: 0, score: null };
    }
    return readPixel(this.table, canvas.getContext("2d").getImageData(pixel.x, pixel.y, 1, 1).data);
  }
}

function addControls(map, data, words) {
  const zoom = L.control.zoom({ position: "topleft" }).addTo(map);
  const scale = scaleBar(L, words, lengthWords).addTo(map);
  const home = L.control({ position: "topright" });
  const button = element("button", { type: "button", class: "first-view" });
  button.addEventListener("click", () => map.fitBounds(data.map.view));
  home.onAdd = () => {
    L.DomEvent.disableClickPropagation(button);
    return button;
  };
  home.addTo(map);
  words.follow(() => {
    button.textContent = words.say("first_view");
    for (const [link, id] of [
      [zoom._zoomInButton, "zoom_in"],
      [zoom._zoomOutButton, "zoom_out"],
    ]) {
      link.title = words.say(id);
      link.setAttribute("aria-label", words.say(id));
    }
    scale._update();
    const container = map.getContainer();
    container.setAttribute("role", "application");
    container.setAttribute("aria-label", `${words.say("map")}: ${words.of(data.title)}. ${words.say("map_help")}`);
  });
}

function addContextLayers(map, data, words, names) {
  // Names of later layers matter more, because those layers lie on top.
  const made = data.layers.map((layer, index) => {
    const box = document.querySelector(`[data-layer="${index}"]`);
    const { shapes, names: layerNames } = contextLayer(L, layer, words);
    const show = () => {
      shapes[box.checked ? "addTo" : "remove"](map);
      made.filter((one) => one.box.checked).forEach((one) => one.shapes.bringToFront());
      names.arrange();
    };
    box.addEventListener("change", show);
    return { layer, box, layerNames, shapes };
  });
  for (const { layer, box, layerNames } of [...made].reverse()) {
    names.add(layerNames, () => box.checked && map.getZoom() >= layer.namesFromZoom);
  }
  for (const { box, shapes } of made) {
    if (box.checked) {
      shapes.addTo(map);
    }
  }
}

function addUses(map, data, words, names) {
  const showScore = document.getElementById("show-score");
  const showSites = document.getElementById("show-sites");
  const opacity = document.getElementById("opacity");
  const choices = [...document.querySelectorAll('input[name="use"]')];
  const tables = [...document.querySelectorAll(".table[data-use]")];
  const uses = data.uses.map((use, index) => {
    const address = document.getElementById(`score-${index}`).getAttribute("href");
    const overlay = L.imageOverlay(address, data.picture.corners, { pane: "score" });
    return { use, address, overlay, ...siteLayer(L, use, data.siteStyle, words) };
  });
  const chosen = () => choices.findIndex((choice) => choice.checked);
  const show = () => {
    uses.forEach(({ overlay, shapes }, index) => {
      const now = index === chosen();
      overlay[now && showScore.checked ? "addTo" : "remove"](map);
      shapes[now && showSites.checked ? "addTo" : "remove"](map);
      overlay.setOpacity(Number(opacity.value) / 100);
    });
    tables.forEach((table) => {
      table.hidden = Number(table.dataset.use) !== chosen();
    });
    names.arrange();
  };
  uses.forEach(({ names: ranks }, index) => names.add(ranks, () => showSites.checked && index === chosen()));
  uses.forEach(({ use, drawn }, index) => {
    addSiteButtons(map, use, drawn, tables[index], words);
    drawn.forEach((site) => reachByKeyboard(site, words));
  });
  [...choices, showScore, showSites].forEach((box) => box.addEventListener("change", show));
  const listen = (listener) => choices.forEach((box) => box.addEventListener("change", listener));
  opacity.addEventListener("input", () => {
    uses.forEach(({ overlay }) => overlay.setOpacity(Number(opacity.value) / 100));
  });
  document.getElementById("uses").hidden = uses.length < 2;
  document.getElementById("results").hidden = false;
  return { show, listen, chosen, address: () => uses[chosen()]?.address };
}

/** Let Tab reach the sites on the map, and Enter open them. */
function reachByKeyboard(site, words) {
  const name = (layer) => layer.getElement()?.setAttribute("aria-label", site.heading());
  site.shape.eachLayer((layer) => {
    // Leaflet makes the path anew each time the layer is switched on.
    layer.on("add", () => {
      const path = layer.getElement();
      path.setAttribute("tabindex", "0");
      path.setAttribute("role", "button");
      path.addEventListener("keydown", (event) => {
        if (event.key === "Enter") {
          event.stopPropagation();
          site.shape.openPopup();
        }
      });
      name(layer);
    });
    words.follow(() => name(layer));
  });
}

/** Make the rank in the table a button that shows the site. */
function addSiteButtons(map, use, drawn, table, words) {
  for (const row of table.querySelectorAll("tr[data-site]")) {
    const index = Number(row.dataset.site);
    const cell = row.querySelector("td");
    const button = element("button", { type: "button" }, ...cell.childNodes);
    button.addEventListener("click", () => {
      const { shape } = drawn[index];
      map.fitBounds(shape.getBounds(), { maxZoom: 14, padding: [40, 40] });
      shape.openPopup();
      document.getElementById("ground").scrollIntoView({ block: "nearest" });
    });
    words.follow(() => {
      const name = words.say("zoom_to_site", { rank: words.of(use.sites[index].rank) });
      button.setAttribute("aria-label", name);
      button.title = name;
    });
    cell.append(button);
  }
}

/** Read the place the reader clicks, or the middle when Enter is pressed. */
function addReading(map, read) {
  map.on("click", (event) => read(event.latlng));
  map.getContainer().addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target === map.getContainer()) {
      read(map.getCenter());
    }
  });
}

/**
 * Say in a popup what a place is: as the picture shows it, then, where the page can tell, as the run
 * has it; `exactly` gives that and `more` a way to the explanation.
 */
function placeReader(map, data, words, address, { exactly, more }) {
  const scores = new Scores(data.picture);
  return async (place) => {
    if (!address()) {
      return;
    }
    let { state, score } = await scores.at(address(), place.lat, place.lng);
    let written = scoreWords(score);
    const lines = () => [
      [words.say("state"), words.say(`state_${state}`)],
      [words.say("score"), written],
      [words.say("coordinates"), placeWords(place.lat, place.lng)],
    ];
    const popup = L.popup().setLatLng(place);
    popup.setContent(() => {
      const content = popupContent(words.say("place"), lines());
      content.append(state === 0 ? "" : more());
      return content;
    });
    popup.openOn(map);
    const said = await exactly(place);
    if (said !== null) {
      ({ state, score } = said);
      written = score === null ? "–" : score.toFixed(3);
      popup.update();
    }
  };
}

/** A button that leads to the explanation in the panel. */
function explainButton(words) {
  const button = element("button", { type: "button", class: "more" }, words.say("explain"));
  button.addEventListener("click", () => {
    const heading = document.getElementById("explain-heading");
    heading.scrollIntoView({ block: "start" });
    heading.focus({ preventScroll: true });
  });
  return button;
}

/** Explain a place in the panel: the use on the map first and open, the others folded. */
function explainer(data, cells, words, chosen) {
  const box = document.getElementById("answer");
  let shown = null;
  const draw = () => {
    if (shown === null) {
      return;
    }
    const { place, said } = shown;
    const where = element("p", { class: "small" }, `${words.say("coordinates")}: ${placeWords(place.lat, place.lng)}`);
    const parts = said === null ? [element("p", {}, words.say("explain_outside"))] : [];
    const first = chosen();
    const order = said === null ? [] : [first, ...data.uses.keys()].filter((k, at) => at === 0 || k !== first);
    for (const k of order) {
      const { id, title } = data.uses[k];
      const answer = element("details", k === first ? { open: "" } : {}, element("summary", {}, words.of(title)));
      answer.dataset.use = id;
      answer.append(useAnswer(cells.data.uses[id], said.get(id), words));
      parts.push(answer);
    }
    box.replaceChildren(where, ...parts);
  };
  words.follow(draw);
  /** Explain a place, and give what is said of the use on the map; null where nothing is. */
  const explain = async (place) => {
    box.setAttribute("aria-busy", "true");
    if (shown === null) {
      // The first time everything must be unpacked.
      box.replaceChildren(element("p", {}, words.say("explain_working")));
    }
    try {
      shown = { place, said: await cells.at(place.lat, place.lng) };
      draw();
      return shown.said?.get(data.uses[chosen()].id) ?? null;
    } finally {
      box.removeAttribute("aria-busy");
    }
  };
  return { explain, draw };
}

/** Sliders for the use on the map; what they rank is drawn below them. */
function addWeights(data, cells, words, uses) {
  const box = document.getElementById("weights-body");
  const weighings = data.uses.map(({ id }) => new Weighing(id, cells.data.uses[id], cells));
  const ranking = element("div", { "aria-live": "polite" });
  const reset = element("button", { type: "button" });
  const save = element("button", { type: "button" });
  const saved = element("p", { class: "small", role: "status" });
  const current = () => weighings[uses.chosen()];
  let sliders = null;
  const rank = async () => {
    const weighing = current();
    sliders.show();
    reset.disabled = !weighing.changed;
    save.disabled = !weighings.some((one) => one.changed);
    const ranked = await weighing.ranked();
    // Another use may have been chosen meanwhile.
    if (weighing === current()) {
      const titles = data.uses[uses.chosen()].sites.map((site) => site.rank);
      ranking.replaceChildren(ranked === null ? words.say("weights_nothing") : rankTable(ranked, titles, words));
    }
  };
  const draw = () => {
    const why = current().use.noPreview;
    ranking.replaceChildren();
    saved.textContent = "";
    reset.textContent = words.say("weights_reset");
    save.textContent = words.say("weights_save");
    sliders = sliderRows(current(), words, rank);
    sliders.show();
    [reset.disabled, save.disabled] = [!current().changed, !weighings.some((one) => one.changed)];
    const buttons = element("p", { class: "buttons" }, reset, save);
    box.replaceChildren(...(why === null ? [sliders.list, buttons, saved, ranking] : [element("p", {}, words.of(why))]));
    if (current().changed) {
      rank();
    }
  };
  reset.addEventListener("click", () => {
    current().weights = current().given;
    sliders.put();
    rank();
  });
  save.addEventListener("click", () => {
    const { name, text } = scenarioOf(data, weighings);
    saveFile(name, text);
    saved.textContent = words.say("weights_saved", { name, base: cells.data.scenario });
  });
  words.follow(draw);
  uses.listen(draw);
}

/** Begin: the page calls this once, after Folium has made the map. */
export function start() {
  const root = document.documentElement;
  const still = document.getElementById("still");
  const data = JSON.parse(document.getElementById("data").textContent);
  const map = window[data.map.name];
  const box = map.getContainer();
  try {
    const words = new Words(data.messages, languageOf(window.location.hash, data.languages));
    addLanguageButtons(data, words);
    still.hidden = true;
    box.hidden = false;
    // The first line of each stays in sight; the others make room for the map until asked for.
    for (const id of ["caveats", "findings"]) {
      document.getElementById(id)?.removeAttribute("open");
    }
    map.invalidateSize({ animate: false });
    map.fitBounds(data.map.view, { animate: false });
    // Scores lie under every line, sites above.
    map.createPane("score").style.zIndex = "350";
    map.createPane("sites").style.zIndex = "450";
    const names = new Names(map);
    const uses = addUses(map, data, words, names);
    addContextLayers(map, data, words, names);
    addControls(map, data, words);
    const read = { exactly: async () => null, more: () => "" };
    if (data.cells !== null && !("DecompressionStream" in window)) {
      ["answer", "weights-body"].forEach((id) => {
        words.follow(() => document.getElementById(id).replaceChildren(words.say("explain_too_old")));
      });
    } else if (data.cells !== null) {
      const cells = new Cells(data.cells);
      const { explain, draw } = explainer(data, cells, words, uses.chosen);
      Object.assign(read, { exactly: explain, more: () => explainButton(words) });
      uses.listen(draw);
      addWeights(data, cells, words, uses);
    }
    addReading(map, placeReader(map, data, words, uses.address, read));
    followPopups(map, words);
    uses.show();
    words.follow(() => names.arrange());
    document.fonts.ready.then(() => names.arrange());
  } catch (error) {
    // The still picture says more than half a map.
    delete root.dataset.language;
    document.getElementById("languages").hidden = true;
    still.hidden = false;
    box.hidden = true;
    throw error;
  }
}

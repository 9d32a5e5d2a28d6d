// Turns the still picture into a map. Everything that can be read without a script is in the page.
import { languageOf, lengthWords, numberWords } from "./words.js";
import { readData } from "./shapes.js";
import { element, popupContent } from "./elements.js";
import { contextLayer, scaleBar, siteLayer } from "./layers.js";
import { addMiniMap, outerRings } from "./minimap.js";
import { KINDS } from "./labels.js";
import { Names, Words, addLanguageButtons, followPopups, followSize, narrow, popupsBeside } from "./shared.js";
import { YearBar, Zones, turnList, yearFacts, yearTable } from "./path.js";
import { areaText } from "./measure.js";
import { addOwnLand } from "./own_land_map.js";
import { addLimits } from "./limits.js";
import { gainBars, gains } from "./why.js";
import { siteParts } from "./reweigh.js";
import { addTiles } from "./tiles.js";
import { SHEETS } from "./paper.js";
import { addTools, northArrow } from "./tools.js";
import { Permalink, placeIn, placeOf } from "./view.js";
import { Cells } from "./answer.js";
import { addReading, explainButton, explainer, placeReader } from "./asking.js";
import { addWeights } from "./weights.js";

/** Where a first view keeps clear of what lies over the map: tools above, legend beside, years below. */
function clearOfTools() {
  const legend = document.getElementById("legend");
  return { paddingTopLeft: [8, 56], paddingBottomRight: [legend.open ? legend.offsetWidth + 16 : 8, 60] };
}

/** The land of the map that nothing lies over. */
function landInSight(map) {
  const { paddingTopLeft, paddingBottomRight } = clearOfTools();
  const far = map.getSize().subtract(paddingBottomRight);
  return L.latLngBounds(map.containerPointToLatLng(paddingTopLeft), map.containerPointToLatLng(far));
}

/** Say whether a layer is one of areas, which shows where on the whole one is. */
function isArea({ features }) {
  return features.length > 0 && features[0].shape.type.endsWith("Polygon");
}

function addControls(map, data, words) {
  const zoom = L.control.zoom({ position: "topleft" }).addTo(map);
  const scale = scaleBar(L, words, lengthWords).addTo(map);
  northArrow(L, words).addTo(map);
  addMiniMap(L, map, data.layers.find(isArea), data.picture.corners);
  words.follow(() => {
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

function addContextLayers(map, data, words, names, link) {
  // Names of later layers matter more, because those layers lie on top.
  const made = data.layers.map((layer, index) => {
    const box = document.querySelector(`[data-layer="${index}"]`);
    const { shapes, names: layerNames } = contextLayer(L, layer, words);
    const entry = document.querySelector(`[data-legend="${index}"]`);
    const seen = () => box.checked && map.getZoom() >= layer.fromZoom;
    const draw = () => {
      shapes[seen() ? "addTo" : "remove"](map);
      entry.hidden = !seen();
      made.filter((one) => one.seen()).forEach((one) => one.shapes.bringToFront());
    };
    const show = () => {
      draw();
      names.arrange();
      link.changed();
    };
    box.addEventListener("change", show);
    return { layer, box, layerNames, shapes, entry, seen, draw };
  });
  for (const { layer, box, layerNames } of [...made].reverse()) {
    for (const [later, those] of layerNames) {
      names.add(those, () => box.checked && map.getZoom() >= layer.namesFromZoom + later);
    }
  }
  for (const { shapes, entry, seen } of made) {
    entry.hidden = !seen();
    if (seen()) {
      shapes.addTo(map);
    }
  }
  // Only what comes into sight or goes is drawn anew: each of the rest would lose its popup.
  map.on("zoomend", () => made.filter(({ shapes, seen }) => seen() !== map.hasLayer(shapes)).forEach(({ draw }) => draw()));
  addGroups(made);
  const shown = () => made.filter(({ box }) => box.checked).map(({ layer }) => layer.id).join(",");
  const first = shown();
  link.part("layers", () => (shown() === first ? null : shown()), (value) => {
    const wanted = value.split(",");
    for (const { layer, box } of made) {
      setBox(box, wanted.includes(layer.id));
    }
  });
}

/** One box for all layers of a group. */
function addGroups(made) {
  for (const group of document.querySelectorAll("[data-group]")) {
    const boxes = made.map(({ box }) => box).filter((box) => box.closest("fieldset") === group.closest("fieldset"));
    const follow = () => {
      const on = boxes.filter((box) => box.checked).length;
      group.checked = on === boxes.length;
      group.indeterminate = on > 0 && on < boxes.length;
    };
    boxes.forEach((box) => box.addEventListener("change", follow));
    group.addEventListener("change", () => {
      const on = group.checked;
      boxes.forEach((box) => setBox(box, on));
    });
    follow();
  }
}

/** Tick a box or take the tick away, and tell who listens. */
function setBox(box, on) {
  if (box.checked !== on) {
    box.checked = on;
    box.dispatchEvent(new Event("change"));
  }
}

function addUses(map, data, words, names, link) {
  const showScore = document.getElementById("show-score");
  const showSites = document.getElementById("show-sites");
  const opacity = document.getElementById("opacity");
  const choices = [...document.querySelectorAll('input[name="use"]')];
  const tables = [...document.querySelectorAll(".table[data-use]")];
  const bars = { of: () => "" };
  const uses = data.uses.map((use, index) => {
    const address = document.getElementById(`score-${index}`).getAttribute("href");
    const overlay = L.imageOverlay(address, data.picture.corners, { pane: "score" });
    return { use, address, overlay, tried: null, ...siteLayer(L, use, data.siteStyle, words, (place) => bars.of(index, place)) };
  });
  const chosen = () => choices.findIndex((choice) => choice.checked);
  const fade = () => uses.forEach(({ overlay, tried }) => {
    [overlay, tried].forEach((one) => one?.setOpacity(Number(opacity.value) / 100));
  });
  /** Show a use under weights a reader tries, as a canvas; as the run has it where it is null. */
  const tryOut = (index, canvas) => {
    uses[index].tried?.remove();
    const look = { pane: "score", className: "leaflet-image-layer" };
    uses[index].tried = canvas && L.svgOverlay(canvas, data.picture.corners, look);
    show();
  };
  const show = () => {
    uses.forEach(({ overlay, tried, shapes }, index) => {
      const now = index === chosen();
      overlay[now && showScore.checked && !tried ? "addTo" : "remove"](map);
      tried?.[now && showScore.checked ? "addTo" : "remove"](map);
      shapes[now && showSites.checked ? "addTo" : "remove"](map);
      fade();
    });
    document.getElementById("tried").hidden = !uses[chosen()]?.tried;
    tables.forEach((table) => {
      table.hidden = Number(table.dataset.use) !== chosen();
    });
    document.querySelectorAll("[data-of-use]").forEach((one) => {
      one.hidden = Number(one.dataset.ofUse) !== chosen();
    });
    names.arrange();
    link.changed();
  };
  uses.forEach(({ names: ranks }, index) => names.add(ranks, () => showSites.checked && index === chosen(), KINDS.site));
  uses.forEach(({ use, drawn }, index) => {
    addSiteButtons(map, use, drawn, tables[index], words);
    drawn.forEach((site) => reachByKeyboard(site, words));
  });
  [...choices, showScore, showSites].forEach((box) => box.addEventListener("change", show));
  const listen = (listener) => choices.forEach((box) => box.addEventListener("change", listener));
  opacity.addEventListener("input", fade);
  link.part("use", () => (chosen() > 0 ? data.uses[chosen()].id : null), (value) => {
    const place = data.uses.findIndex(({ id }) => id === value);
    if (place >= 0) {
      setBox(choices[place], true);
    }
  });
  const results = [showScore, showSites];
  const off = () => results.filter((box) => !box.checked).map(({ id }) => id.replace("show-", "")).join(",");
  link.part("off", () => off() || null, (value) => {
    results.forEach((box) => setBox(box, !value.split(",").includes(box.id.replace("show-", ""))));
  });
  document.getElementById("uses").hidden = uses.length < 2;
  document.getElementById("results").hidden = false;
  const choose = (place) => setBox(choices[place], true);
  return { show, listen, choose, chosen, bars, tryOut, drawn: (place) => uses[place].drawn, address: (place = chosen()) => uses[place]?.address };
}

/** The sites of every use as entries of the search. */
function siteEntries(data, uses) {
  return data.uses.flatMap((use, k) => uses.drawn(k).map((site, place) => ({
    name: Object.fromEntries(data.languages.map((code) => [code, site.headingIn(code)])),
    kind: use.title,
    site: { use: k, place },
  })));
}

/** Show what was searched: a site of its use, or a place with its name. */
function showEntry(map, words, uses, { name, kind, at, site }) {
  if (site) {
    uses.choose(site.use);
    const { shape } = uses.drawn(site.use)[site.place];
    // An animated zoom would undo the step that brings the popup into the map.
    map.fitBounds(shape.getBounds(), { maxZoom: 14, padding: [40, 40], animate: false });
    shape.openPopup();
    return;
  }
  map.setView(at, Math.max(map.getZoom(), 13));
  L.popup().setLatLng(at).setContent(() => popupContent(words.of(name), [], [words.of(kind)])).openOn(map);
}

/** The year slider: what runs and what land is no longer in use, on the map and in the panel. */
function addPath(map, data, words, names, uses, link) {
  const { path } = data;
  if (path === null) {
    return;
  }
  const zones = new Zones(L, map, words, names);
  const box = document.getElementById("show-zones");
  const [turns, table] = ["path-turns", "path-facts"].map((id) => document.getElementById(id));
  const changed = (year) => {
    const { mw, at } = yearFacts(path, year);
    zones.show(path, year);
    turns.replaceChildren(turnList(path, year, words));
    table.replaceChildren(yearTable([path], [""], year, data.uses[uses.chosen()].id, words));
    link.changed();
    return words.say("path_said", { mw: numberWords(mw, 0), area: areaText(path.land.free[at] * 1600, words) });
  };
  const bar = new YearBar(document.getElementById("ground"), path.years, path.year, words, changed);
  box.addEventListener("change", () => {
    zones.on = box.checked;
    document.querySelectorAll('[data-legend="zones"]').forEach((entry) => (entry.hidden = !box.checked));
    bar.tell();
  });
  uses.listen(() => bar.tell());
  link.part("year", () => (bar.year === path.year ? null : String(bar.year)), (value) => {
    if (/^25\d\d$|^26\d\d$/.test(value)) {
      bar.year = Number(value);
    }
  });
}

/** Show in the popup of a site what each criterion gains there; read from the planes when first opened. */
function addGains(data, cells, words, uses) {
  const parts = new Map();
  uses.bars.of = (index, place) => {
    const { criteria } = cells.data.uses[data.uses[index].id];
    const found = parts.get(index)?.[place];
    return found ? gainBars(criteria, gains(found, criteria.map(({ weight }) => weight)), words) : "";
  };
  data.uses.forEach(({ id }, index) => {
    uses.drawn(index).forEach(({ shape }) => shape.on("popupopen", async ({ popup }) => {
      if (!parts.has(index)) {
        parts.set(index, siteParts(cells.data.uses[id], await cells.planes()));
        popup.update();
      }
    }));
  });
}

/** Pale what lies outside the study area, so that roads and rivers beyond do not speak for it. */
function addVeil(map, layer) {
  if (layer === undefined) {
    return;
  }
  map.createPane("veil").style.zIndex = "410";
  const whole = [[-85, -180], [-85, 180], [85, 180], [85, -180]];
  const rings = layer.features.flatMap(({ shape }) => outerRings(shape)).map((ring) => ring.map(([lon, lat]) => [lat, lon]));
  const look = { pane: "veil", stroke: false, fillColor: "#eef0ec", fillOpacity: 0.6, fillRule: "evenodd", interactive: false };
  L.polygon([whole, ...rings], look).addTo(map);
}

/** Hillshade below the scores. */
function addRelief(map, data, link) {
  if (data.relief === null) {
    return;
  }
  map.createPane("relief").style.zIndex = "300";
  const address = document.getElementById("relief").getAttribute("href");
  const overlay = L.imageOverlay(address, data.relief.corners, { pane: "relief", className: "relief" }).addTo(map);
  const box = document.getElementById("show-relief");
  box.addEventListener("change", () => {
    overlay[box.checked ? "addTo" : "remove"](map);
    link.changed();
  });
  link.part("relief", () => (box.checked ? null : "0"), (value) => setBox(box, value !== "0"));
}

/** Keep the middle of the map and its zoom in the address. */
function linkPlace(map, link) {
  const first = placeOf(map.getCenter(), map.getZoom());
  const now = () => placeOf(map.getCenter(), map.getZoom());
  link.part("at", () => (now() === first ? null : now()), (value) => {
    const place = placeIn(value);
    if (place !== null) {
      map.setView([place.latitude, place.longitude], place.zoom, { reset: true });
    }
  });
  map.on("moveend", () => link.changed());
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

/** Make the number in the table a button that shows the site. */
function addSiteButtons(map, use, drawn, table, words) {
  for (const row of table.querySelectorAll("tr[data-site]")) {
    const index = Number(row.dataset.site);
    const cell = row.querySelector("td");
    const button = element("button", { type: "button" }, ...cell.childNodes);
    button.addEventListener("click", () => {
      const { shape } = drawn[index];
      map.fitBounds(shape.getBounds(), { maxZoom: 14, padding: [40, 40], animate: false });
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

/** What the cells tell: explanations, sliders, limits. Gives what a click on the map needs of them. */
function addCells(map, data, words, uses, link) {
  const read = { exactly: async () => null, more: () => "" };
  if (data.cells !== null && !("DecompressionStream" in window)) {
    ["answer", "weights-body"].forEach((id) => {
      words.follow(() => document.getElementById(id).replaceChildren(words.say("explain_too_old")));
    });
  } else if (data.cells !== null) {
    const cells = new Cells(data.cells);
    const { explain, draw, forget } = explainer(data, cells, words, uses.chosen);
    uses.listen(draw);
    addWeights(data, cells, words, uses, link);
    const own = { tools: document.querySelector(".tools"), clear: clearOfTools, instead: forget };
    const forgetLand = addOwnLand(L, map, data, cells, words, uses, own);
    // Place and land share the panel: it tells what was asked last.
    const exactly = async (place) => {
      const said = await explain(place);
      forgetLand();
      return said;
    };
    Object.assign(read, { exactly, more: () => explainButton(words) });
    addGains(data, cells, words, uses);
    addLimits(L, map, data, cells, words, uses, link);
  }
  return read;
}

/** Begin: the page calls this once, after Folium has made the map. */
export function start() {
  const root = document.documentElement;
  const still = document.getElementById("still");
  const data = readData(document.getElementById("data").textContent);
  const map = window[data.map.name];
  const box = map.getContainer();
  try {
    const words = new Words(data.messages, languageOf(window.location.hash, data.languages));
    addLanguageButtons(data, words);
    still.hidden = true;
    box.hidden = false;
    // The first line of each stays in sight; the others make room for the map until asked for.
    for (const id of ["caveats", "findings", "turns", ...(narrow() ? ["legend"] : [])]) {
      document.getElementById(id)?.removeAttribute("open");
    }
    const first = () => map.fitBounds(data.map.view, { ...clearOfTools(), animate: false });
    map.invalidateSize({ animate: false });
    first();
    // Scores lie under every line, sites above.
    map.createPane("score").style.zIndex = "350";
    map.createPane("sites").style.zIndex = "450";
    const names = new Names(map);
    const link = new Permalink(words);
    const uses = addUses(map, data, words, names, link);
    addContextLayers(map, data, words, names, link);
    addControls(map, data, words);
    const measure = addTools(L, document.getElementById("ground"), [map], data, words, link, {
      entries: () => siteEntries(data, uses),
      go: (entry) => showEntry(map, words, uses, entry),
      first,
      sheets: SHEETS,
      inSight: landInSight,
    });
    addPath(map, data, words, names, uses, link);
    map.invalidateSize({ animate: false });
    first();
    linkPlace(map, link);
    addRelief(map, data, link);
    addVeil(map, data.layers.find(isArea));
    addTiles(L, [map], data.tiles, words, link);
    const read = addCells(map, data, words, uses, link);
    const tell = placeReader(map, data, words, uses.address, read);
    addReading(map, (place) => (measure.on ? measure.add(place) : tell(place)));
    popupsBeside(L);
    followPopups(map, words);
    followSize(map);
    uses.show();
    words.follow(() => names.rename());
    const lead = document.querySelector(".headline p");
    lead?.addEventListener("click", () => lead.classList.toggle("whole"));
    link.restore(window.location.hash);
    link.listen(data.languages);
    document.fonts.ready.then(() => names.rename());
  } catch (error) {
    // The still picture says more than half a map.
    delete root.dataset.language;
    delete root.dataset.scripted;
    document.getElementById("languages").hidden = true;
    still.hidden = false;
    box.hidden = true;
    throw error;
  }
}

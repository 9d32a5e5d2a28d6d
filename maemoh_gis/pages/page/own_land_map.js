// Dropping a GeoJSON onto the map: its land is drawn, and the panel says of it what the run says.
import { criterionTable, folded } from "./answer.js";
import { element } from "./elements.js";
import { areaText } from "./measure.js";
import { LandError, areaOf, cellsInside, explainCells, inMetres, leftOut, readLand } from "./own_land.js";

const MOST_BYTES = 20e6;
const STYLE = { color: "#0b57d0", weight: 3, dashArray: "8 4", fillColor: "#0b57d0", fillOpacity: 0.12 };

/**
 * Let a reader bring land along, by a button of the tools or by dropping a file on the map. `instead` is called
 * before its answer takes the panel; gives what to call when another answer takes it.
 */
export function addOwnLand(L, map, data, cells, words, uses, { tools, clear, instead }) {
  const shapes = L.featureGroup().addTo(map);
  let [shown, left] = [null, 0];
  const draw = () => shown && showAnswers(shown, left, data, cells, words, uses.chosen());
  const take = async (file) => {
    shapes.clearLayers();
    try {
      const text = await textOf(file);
      shown = await answersFor(text, cells);
      left = leftOut(text);
      shapes.clearLayers();
      shown.forEach((land) => shapes.addLayer(outline(L, land)));
      map.fitBounds(shapes.getBounds(), { ...clear(), maxZoom: 15, animate: false });
    } catch (error) {
      if (!(error instanceof LandError)) {
        throw error;
      }
      shown = error;
    }
    instead();
    draw();
    document.getElementById("explain").scrollIntoView({ block: "start" });
  };
  addDoor(map, words, tools, take);
  uses.listen(draw);
  words.follow(draw);
  return () => {
    shown = null;
  };
}

function addDoor(map, words, tools, take) {
  const input = element("input", { type: "file", accept: ".geojson,.json,application/geo+json", hidden: "" });
  const button = element("button", { type: "button", "data-tool": "own_land" });
  input.addEventListener("change", () => {
    if (input.files.length > 0) {
      take(input.files[0]);
    }
    input.value = "";
  });
  button.addEventListener("click", () => input.click());
  words.follow(() => {
    button.textContent = words.say("own_land");
    button.title = words.say("own_land_hint");
  });
  tools.querySelector(".print").before(button, input);
  // Beside the map too: else the browser leaves the page for the file.
  window.addEventListener("dragover", (event) => event.preventDefault());
  window.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length > 0) {
      take(event.dataTransfer.files[0]);
    }
  });
}

async function textOf(file) {
  if (file.size > MOST_BYTES) {
    throw new LandError("own_too_large");
  }
  return file.text();
}

/** What the run says of every piece of land in a file: { name, polygons, area, count, said by use }. */
async function answersFor(text, cells) {
  const { grid, uses, zone, south } = cells.data;
  if (grid.step !== 1) {
    throw new LandError("own_coarse");
  }
  const [mask, planes] = [await cells.mask(), await cells.planes()];
  return readLand(text).map((land) => {
    const polygons = inMetres(land, { zone, south });
    const indices = cellsInside(polygons, grid).map(([row, col]) => mask.index(row, col));
    const inside = indices.filter((index) => index >= 0);
    if (inside.length < indices.length) {
      throw new LandError("own_outside");
    }
    const said = Object.fromEntries(Object.entries(uses).map(([id, use]) => [id, explainCells(use, planes, inside)]));
    return { ...land, area: areaOf(polygons), count: inside.length, said };
  });
}

function outline(L, { name, polygons }) {
  const turned = polygons.map((rings) => rings.map((ring) => ring.map(([lon, lat]) => [lat, lon])));
  return L.polygon(turned, { ...STYLE, interactive: false }).bindTooltip(element("span", {}, name), { permanent: true, direction: "center", className: "name feature" });
}

function showAnswers(shown, left, data, cells, words, first) {
  const box = document.getElementById("answer");
  if (shown instanceof LandError) {
    box.replaceChildren(element("p", { class: "own-fault", role: "alert" }, words.say(shown.id)));
    return;
  }
  const order = [first, ...data.uses.keys()].filter((k, at) => at === 0 || k !== first);
  const parts = shown.flatMap((land) => [
    element("h3", {}, element("bdi", {}, land.name)),
    element("p", { class: "small" }, words.say("own_area", { area: areaText(land.area, words), n: land.count })),
    ...order.map((k) => answerOf(cells.data.uses[data.uses[k].id], land.said[data.uses[k].id], words.of(data.uses[k].title), k === first, words)),
  ]);
  const skipped = left > 0 ? [element("p", { class: "small own-left-out" }, words.say("own_left_out", { n: left }))] : [];
  box.replaceChildren(...skipped, ...parts, element("p", { class: "small" }, words.say("own_more")));
}

const percent = (share) => (100 * share).toFixed(0);

/** The verdict, shares, sums and limits of one use on a piece of land. */
function answerOf(use, said, title, open, words) {
  const score = said.score === null ? words.say("explain_no_score") : words.say("explain_score", {
    score: said.score.toFixed(3), low: said.low.toFixed(3), high: said.high.toFixed(3),
  });
  const states = said.states.map(({ state, share }) => element("li", {}, `${words.say(`state_${state}`)}: ${percent(share)} %`));
  const limits = ["removed", "conditional"].flatMap((kind) => said[kind].flatMap((share, place) => (share === 0 ? [] : [
    element("li", {}, words.say("own_share", { percent: percent(share), words: limitWords(kind, use.limits[place], words) })),
  ])));
  const unsure = said.unsure.flatMap((share, place) => (share > 0 ? [use.knownInPart[place]] : []));
  return element("details", { class: "answer", ...(open ? { open: "" } : {}) },
    element("summary", {}, `${title}: ${words.say(`state_${said.state}`)}`),
    element("ul", { class: "limits" }, ...states), element("p", {}, score),
    limits.length > 0 ? element("ul", { class: "limits" }, ...limits) : "",
    criterionTable(use, said, words),
    folded("limit_not_checked", words.say("limits_not_checked", { n: use.notChecked.length }), use.notChecked, words),
    folded("limit_known_only", words.say("limits_known_only", { n: unsure.length }), unsure, words));
}

function limitWords(kind, { title, basis }, words) {
  return words.say(`limit_${kind}`, { title: words.of(title), basis: words.of(basis) });
}

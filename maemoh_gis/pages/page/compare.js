// Two maps of one area in step: side by side, with a divider, or one map of what differs.
import { languageOf, lengthWords, placeWords, scoreWords } from "./words.js";
import { pixelAt } from "./cells.js";
import { readData } from "./shapes.js";
import { element, popupContent } from "./elements.js";
import { contextLayer, drawShape, nameLabel, scaleBar } from "./layers.js";
import { KINDS } from "./labels.js";
import { Names, Words, addLanguageButtons, followPopups, narrow } from "./shared.js";
import { addTiles } from "./tiles.js";
import { northArrow } from "./tools.js";
import { addPaths, addToolsOf, linkChoices } from "./compare_tools.js";
import { Permalink } from "./view.js";
import { goodColour, meaningAt, paintDifference, pixelTable, scoreColour } from "./difference.js";

const VIEWS = ["swipe", "side", "score", "good"];

/** The pictures as bytes, each read once. */
class Pictures {
  constructor(picture) {
    this.corners = picture.corners;
    this.table = pixelTable(picture.colours, picture.meanings, picture.steps);
    this.steps = picture.steps;
    this.read = new Map();
  }

  address(number) {
    return document.getElementById(`score-${number}`).getAttribute("href");
  }

  bytes(number) {
    if (!this.read.has(number)) {
      this.read.set(number, this.load(number));
    }
    return this.read.get(number);
  }

  async load(number) {
    const image = new Image();
    image.src = this.address(number);
    await image.decode();
    const { naturalWidth: width, naturalHeight: height } = image;
    const pen = element("canvas", { width, height }).getContext("2d", { willReadFrequently: true });
    pen.drawImage(image, 0, 0);
    return pen.getImageData(0, 0, width, height);
  }

  /** Say what a picture shows at a place; null where the run does not hold the use. */
  async at(number, place) {
    if (number === null) {
      return null;
    }
    const { data, width, height } = await this.bytes(number);
    const pixel = pixelAt(place.lat, place.lng, this.corners, width, height);
    return pixel === null
      ? { state: 0, step: null }
      : meaningAt(this.table, data, 4 * (pixel.y * width + pixel.x));
  }

  /** Draw the difference of two pictures. */
  async difference(left, right, colourOf, look) {
    const [one, other] = await Promise.all([this.bytes(left), this.bytes(right)]);
    const canvas = element("canvas", { width: one.width, height: one.height });
    const pen = canvas.getContext("2d");
    const painted = pen.createImageData(one.width, one.height);
    paintDifference(this.table, one.data, other.data, painted.data, colourOf, look);
    pen.putImageData(painted, 0, 0);
    return canvas;
  }
}

/** One of the two maps: its context layers, the picture and the pieces on it. */
class Side {
  constructor(id, data, words) {
    this.data = data;
    this.words = words;
    this.map = L.map(id, {
      zoomControl: false,
      attributionControl: false,
      zoomSnap: 0.25,
      zoomAnimation: false,
      minZoom: 7,
      maxZoom: 17,
    });
    this.map.fitBounds(data.view, { animate: false });
    this.map.createPane("score").style.zIndex = "350";
    this.map.createPane("sites").style.zIndex = "450";
    this.names = new Names(this.map);
    this.shown = [];
    this.pieceNames = [];
    this.names.add(this.pieceNames, () => true, KINDS.site);
    const made = data.layers.map((layer) => ({ layer, ...contextLayer(L, layer, words) }));
    const draw = () => made.forEach(({ layer, shapes }) => {
      const seen = layer.shown && this.map.getZoom() >= layer.fromZoom;
      if (seen !== this.map.hasLayer(shapes)) {
        shapes[seen ? "addTo" : "remove"](this.map);
      }
    });
    draw();
    this.map.on("zoomend", draw);
    for (const { layer, names } of [...made].reverse()) {
      for (const [later, those] of names) {
        this.names.add(those, () => layer.shown && this.map.getZoom() >= layer.namesFromZoom + later);
      }
    }
    followPopups(this.map, words);
  }

  /** Show a picture, as an address or a canvas, and pieces of land; nothing where it is null. */
  show(picture, pieces) {
    this.shown.forEach((layer) => layer.remove());
    this.pieceNames.splice(0).forEach(({ label }) => label.remove());
    this.shown = [];
    if (picture !== null) {
      const make = typeof picture === "string" ? L.imageOverlay : L.svgOverlay;
      this.shown.push(make(picture, this.data.picture.corners, { pane: "score", opacity: 0.8 }));
    }
    for (const { shape, text, popup } of pieces) {
      const drawn = drawShape(L, shape, this.data.siteStyle, "sites");
      drawn.bindPopup(popup);
      this.shown.push(drawn);
      this.pieceNames.push(nameLabel(L, drawn.getBounds().getCenter(), text, "rank"));
    }
    this.shown.forEach((layer) => layer.addTo(this.map));
    this.names.arrange();
  }
}

/** Keep two maps on the same place and zoom. */
function keepInStep(one, other) {
  let moving = false;
  for (const [from, to] of [
    [one, other],
    [other, one],
  ]) {
    const follow = (options) => {
      if (!moving) {
        moving = true;
        to.setView(from.getCenter(), from.getZoom(), options);
        moving = false;
      }
    };
    from.on("move", () => follow({ animate: false }));
    // While it moves Leaflet drops parts of pixels; at rest both show the same middle.
    from.on("moveend", () => {
      if (!from.getCenter().equals(to.getCenter(), 1e-9)) {
        follow({ reset: true });
      }
    });
  }
}

/** Fill the boxes to choose from, in the reader's language. */
function fillChoices(data, words) {
  const boxes = Object.fromEntries(
    ["use", "left-run", "right-run", "view", "swipe"].map((id) => [id, document.getElementById(id)]),
  );
  const options = (box, texts) => {
    const made = texts.map((_, index) => element("option", { value: String(index) }));
    box.append(...made);
    words.follow(() => made.forEach((option, index) => (option.textContent = texts[index]())));
  };
  options(boxes.use, data.uses.map((use) => () => words.of(use.title)));
  for (const id of ["left-run", "right-run"]) {
    const title = (run) => () =>
      `${words.of(run.name)} · ${words.of(run.viewpoint)} · ${run.year}`;
    options(boxes[id], data.runs.map(title));
  }
  boxes["right-run"].value = "1";
  options(boxes.view, VIEWS.map((view) => () => words.say(`compare_view_${view}`)));
  return boxes;
}

/** Put the pieces that a run proposes, or all of them, into what a map draws. */
function piecesOf(data, use, run, words) {
  return data.uses[use].pieces
    .filter((piece) => run === null || piece.foundBy.includes(run))
    .map((piece) => ({
      shape: piece.shape,
      text: () => String(Number(piece.id.replace(/^.*-/, ""))),
      popup: () => {
        const lines = data.runs.map((one, index) => [
          words.of(one.name),
          piece.payoffs[index] === null ? words.say("not_known") : piece.payoffs[index].toFixed(3),
        ]);
        const found = piece.foundBy.map((index) => words.of(data.runs[index].name)).join(", ");
        return popupContent(
          words.of(piece.name),
          [
            [words.say("area"), words.of(piece.area)],
            [words.say("compare_found_by"), found],
            ...lines,
          ],
          [words.say("compare_payoff"), words.say("screening_only"), words.say("not_a_permit")],
        );
      },
    }));
}

/** Show the rows that are about what is chosen. */
function showRows(use, runs) {
  for (const table of document.querySelectorAll(".compared-table table")) {
    let count = 0;
    for (const row of table.tBodies[0].rows) {
      const about = row.dataset.runs.split(" ").filter(Boolean).map(Number);
      const fits =
        (row.dataset.use ?? String(use)) === String(use) && about.every((run) => runs.includes(run));
      row.hidden = !fits;
      count += fits;
    }
    table.hidden = count === 0;
    table.parentElement.querySelector(".nothing").hidden = count > 0;
  }
}

/** Let the divider follow the pointer and the slider. */
function addDivider(maps, boxes) {
  const divider = document.getElementById("divider");
  const right = document.getElementById("right-map");
  const place = () => {
    const share = Number(boxes.swipe.value) / 100;
    divider.style.left = `${100 * share}%`;
    right.style.clipPath = maps.dataset.view === "swipe" ? `inset(0 0 0 ${100 * share}%)` : "none";
  };
  const drag = (event) => {
    const { left, width } = maps.getBoundingClientRect();
    boxes.swipe.value = String(Math.round((100 * (event.clientX - left)) / width));
    place();
  };
  divider.addEventListener("pointerdown", (event) => {
    divider.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  divider.addEventListener("pointermove", (event) => {
    if (divider.hasPointerCapture(event.pointerId)) {
      drag(event);
    }
  });
  boxes.swipe.addEventListener("input", place);
  return place;
}

/** Say what both runs show where the reader clicks, or in the middle when Enter is pressed. */
function addReadings(sides, pictures, data, words, chosen, measure) {
  const line = (found) => {
    if (found === null) {
      return words.say("compare_not_held");
    }
    const score = found.step === null ? null : found.step / pictures.steps;
    return `${words.say(`state_${found.state}`)}, ${scoreWords(score)}`;
  };
  const read = async (map, place) => {
    const { use, left, right } = chosen();
    const lines = [];
    for (const run of [left, right]) {
      lines.push([data.runs[run].name, await pictures.at(data.uses[use].pictures[run], place)]);
    }
    L.popup()
      .setLatLng(place)
      .setContent(() =>
        popupContent(words.say("place"), [
          ...lines.map(([name, found]) => [words.of(name), line(found)]),
          [words.say("coordinates"), placeWords(place.lat, place.lng)],
        ]),
      )
      .openOn(map);
  };
  const tell = (map, place) => (measure.on ? measure.add(place) : read(map, place));
  for (const { map } of sides) {
    map.on("click", ({ latlng }) => tell(map, latlng));
    map.getContainer().addEventListener("keydown", (event) => {
      if (event.key === "Enter" && event.target === map.getContainer()) {
        tell(map, map.getCenter());
      }
    });
  }
}

/** Put buttons and scale on the left map, which is always in sight. */
function addControls(sides, data, words) {
  const [{ map }] = sides;
  const zoom = L.control.zoom({ position: "topleft" }).addTo(map);
  const scale = scaleBar(L, words, lengthWords).addTo(map);
  northArrow(L, words).addTo(map);
  words.follow(() => {
    for (const [link, id] of [
      [zoom._zoomInButton, "zoom_in"],
      [zoom._zoomOutButton, "zoom_out"],
    ]) {
      link.title = words.say(id);
      link.setAttribute("aria-label", words.say(id));
    }
    scale._update();
    sides.forEach((side, index) => {
      const container = side.map.getContainer();
      const name = words.say(index === 0 ? "compare_left" : "compare_right");
      container.setAttribute("role", "application");
      container.setAttribute("aria-label", `${words.say("map")}: ${name}. ${words.say("map_help")}`);
    });
  });
}

/** Join the choices to what the maps and the tables show. */
function followChoices(sides, pictures, data, words) {
  const maps = document.getElementById("maps");
  const boxes = fillChoices(data, words);
  const placeDivider = addDivider(maps, boxes);
  const badges = ["left-badge", "right-badge"].map((id) => document.getElementById(id));
  const look = { ...data.difference, goodStep: data.picture.goodStep };
  const chosen = () => ({
    use: Number(boxes.use.value),
    left: Number(boxes["left-run"].value),
    right: Number(boxes["right-run"].value),
    view: VIEWS[Number(boxes.view.value)],
  });
  const name = () => {
    const { use, left, right, view } = chosen();
    const held = (run) => data.uses[use].pictures[run] !== null;
    const label = (run) =>
      words.of(data.runs[run].name) + (held(run) ? "" : `: ${words.say("compare_not_held")}`);
    const differs = view === "score" || view === "good";
    badges[0].textContent = differs ? `${label(left)} → ${label(right)}` : label(left);
    badges[1].textContent = label(right);
  };
  let turn = 0;
  const show = async () => {
    const { use, left, right, view } = chosen();
    turn += 1;
    const mine = turn;
    maps.dataset.view = view;
    document.getElementById("swipe-label").hidden = view !== "swipe";
    document.getElementById("score-legend").hidden = view === "score" || view === "good";
    document.getElementById("difference-legend").hidden = view !== "score";
    document.getElementById("good-legend").hidden = view !== "good";
    placeDivider();
    name();
    showRows(use, [left, right]);
    const [centre, zoom] = [sides[0].map.getCenter(), sides[0].map.getZoom()];
    sides.forEach(({ map }) => map.invalidateSize({ animate: false, pan: false }));
    // What was in the middle stays there when a map becomes narrower.
    sides.forEach(({ map }) => map.setView(centre, zoom, { animate: false }));
    const [one, other] = [left, right].map((run) => data.uses[use].pictures[run]);
    if (view === "swipe" || view === "side") {
      sides[0].show(one === null ? null : pictures.address(one), piecesOf(data, use, left, words));
      sides[1].show(other === null ? null : pictures.address(other), piecesOf(data, use, right, words));
      return;
    }
    const known = one !== null && other !== null;
    const colourOf = view === "score" ? scoreColour : goodColour;
    const canvas = known ? await pictures.difference(one, other, colourOf, look) : null;
    if (mine === turn) {
      // A choice made meanwhile has drawn its own.
      sides[0].show(canvas, piecesOf(data, use, null, words));
      sides[1].show(null, []);
    }
  };
  ["use", "left-run", "right-run", "view"].forEach((id) => boxes[id].addEventListener("change", show));
  document.getElementById("choices").addEventListener("submit", (event) => event.preventDefault());
  words.follow(name);
  return { show, chosen, boxes };
}

/** Begin: the page calls this once. */
export function start() {
  const data = readData(document.getElementById("data").textContent);
  const [still, maps, choices] = ["still", "maps", "choices"].map((id) => document.getElementById(id));
  try {
    const words = new Words(data.messages, languageOf(window.location.hash, data.languages));
    addLanguageButtons(data, words);
    still.hidden = true;
    maps.hidden = false;
    choices.hidden = false;
    const legend = narrow() ? "" : ":not(#legend)";
    document.querySelectorAll(`details${legend}`).forEach((details) => details.removeAttribute("open"));
    const sides = ["left-map", "right-map"].map((id) => new Side(id, data, words));
    keepInStep(sides[0].map, sides[1].map);
    const pictures = new Pictures(data.picture);
    const { show, chosen, boxes } = followChoices(sides, pictures, data, words);
    const link = new Permalink(words);
    addControls(sides, data, words);
    addReadings(sides, pictures, data, words, chosen, addToolsOf(sides, data, words, link));
    window.maemohMaps = sides.map(({ map }) => map);
    show();
    sides[0].map.fitBounds(data.view, { animate: false });
    addPaths(sides, data, words, boxes, link);
    linkChoices(sides[0], boxes, data, link, VIEWS.length);
    addTiles(L, window.maemohMaps, data.tiles, words, link);
    link.restore(window.location.hash);
    link.listen(data.languages);
    const arrange = () => sides.forEach(({ names }) => names.rename());
    words.follow(arrange);
    document.fonts.ready.then(arrange);
  } catch (error) {
    // The still pictures say more than half a map.
    delete document.documentElement.dataset.language;
    delete document.documentElement.dataset.scripted;
    document.getElementById("languages").hidden = true;
    still.hidden = false;
    maps.hidden = true;
    choices.hidden = true;
    throw error;
  }
}

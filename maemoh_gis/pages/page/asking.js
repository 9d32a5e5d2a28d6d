// Reading a place of the map: what its picture shows, and what the run says of the cell.
import { useAnswer } from "./answer.js";
import { colourTable, pixelAt, readPixel } from "./cells.js";
import { element, popupContent } from "./elements.js";
import { placeWords, scoreWords } from "./words.js";

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

/** Read the place the reader clicks, or the middle when Enter is pressed. */
export function addReading(map, read) {
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
export function placeReader(map, data, words, address, { exactly, more }) {
  const scores = new Scores(data.picture);
  const mark = readMark(map);
  return async (place) => {
    if (!address()) {
      return;
    }
    mark(place);
    let { state, score } = await scores.at(address(), place.lat, place.lng);
    let grounds = [];
    let written = scoreWords(score);
    const lines = () => [
      [words.say("state"), words.say(`state_${state}`)],
      [words.say("score"), written],
      [words.say("coordinates"), placeWords(place.lat, place.lng)],
    ];
    const popup = L.popup().setLatLng(place);
    popup.setContent(() => {
      const rests = grounds.map((ground) => `• ${words.of(ground)}`);
      const content = popupContent(words.say("place"), lines(), rests.length > 0 ? [words.say("rests_on"), ...rests] : []);
      content.append(state === 0 ? "" : more());
      return content;
    });
    popup.openOn(map);
    const said = await exactly(place);
    if (said !== null) {
      ({ state, score, grounds } = said);
      written = score === null ? "–" : score.toFixed(3);
      popup.update();
    }
  };
}

/** A ring around the place that was read last; it stays when the popup is closed. */
function readMark(map) {
  map.createPane("read").style.zIndex = "460";
  const look = { pane: "read", interactive: false, fill: false, radius: 9 };
  const rings = [["#ffffff", 5], ["#b3005e", 2.5]].map(([color, weight]) => L.circleMarker([0, 0], { ...look, color, weight }));
  return (place) => rings.forEach((ring) => ring.setLatLng(place).addTo(map));
}

/** A button that leads to the explanation in the panel. */
export function explainButton(words) {
  const button = element("button", { type: "button", class: "more" }, words.say("explain"));
  button.addEventListener("click", () => {
    const heading = document.getElementById("explain-heading");
    heading.scrollIntoView({ block: "start" });
    heading.focus({ preventScroll: true });
  });
  return button;
}

/** Explain a place in the panel: the use on the map first and open, the others folded. */
export function explainer(data, cells, words, chosen) {
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
  const forget = () => {
    shown = null;
  };
  return { explain, draw, forget };
}

// What every map page needs: the reader's language, names that make way, popups that follow.
import { message, wordsIn } from "./words.js";
import { KINDS, SIDES, boxesAround, chooseBoxes } from "./labels.js";
import { element } from "./elements.js";
import { measureLabel, moveLabel } from "./layers.js";

// Pixels between numbers of sites that stand side by side.
const BETWEEN_NUMBERS = 10;
// Pixels between a popup and what it tells of.
const ASIDE = 10;

/** Say whether the window is too narrow for a map with its legend open. */
export function narrow() {
  return window.matchMedia("(max-width: 820px)").matches;
}

/** The reader's language, and whoever must know when it changes. */
export class Words {
  constructor(messages, language) {
    this.messages = messages;
    this.language = language;
    this.listeners = [];
  }

  of(text) {
    return wordsIn(text, this.language);
  }

  say(id, values) {
    return message(this.messages, this.language, id, values);
  }

  change(language) {
    this.language = language;
    this.listeners.forEach((listener) => listener());
  }

  follow(listener) {
    this.listeners.push(listener);
    listener();
  }
}

/** The names on the map: those of layers that are on, near enough, and not covered. */
export class Names {
  constructor(map) {
    this.map = map;
    this.groups = [];
    this.frame = null;
    this.renamed = false;
    map.on("zoomend moveend resize", () => this.arrange());
  }

  /** Where names would cover each other the first kind wins, and of one kind the earlier group. */
  add(names, wanted, kind = KINDS.place) {
    this.groups.push({ names, wanted, kind });
    this.groups.sort((one, other) => one.kind - other.kind);
  }

  /** Put the names where they can stand, once before the next picture however often it is asked. */
  arrange() {
    this.frame ??= window.requestAnimationFrame(() => {
      this.frame = null;
      this.place();
    });
  }

  /** Write all names anew: in another language or another font they are of another size. */
  rename() {
    this.renamed = true;
    this.arrange();
  }

  place() {
    const [standing, spaces, changed] = [[], [], []];
    for (const { names, wanted, kind } of this.groups) {
      const on = wanted();
      for (const name of names) {
        if (on) {
          const fresh = !this.map.hasLayer(name.label);
          name.label.addTo(this.map);
          if (this.renamed && !fresh) {
            name.label.update();
          }
          if (this.renamed || fresh) {
            changed.push(name);
          }
          standing.push(name);
          spaces.push(kind === KINDS.site ? BETWEEN_NUMBERS : 0);
        } else {
          name.label.remove();
        }
      }
    }
    this.renamed = false;
    changed.forEach(measureLabel);
    const chosen = chooseBoxes(standing.map((name) => this.boxes(name)), spaces);
    standing.forEach((name, index) => {
      name.label.getElement().classList.toggle("covered", chosen[index] < 0);
      moveLabel(name, SIDES[Math.max(chosen[index], 0)]);
    });
  }

  boxes({ label, clear, size: [width, height] }) {
    const place = this.map.latLngToContainerPoint(label.getLatLng());
    return boxesAround(place, width, height, clear);
  }
}

/** Buttons that change the language of the page. */
export function addLanguageButtons(data, words) {
  const group = document.getElementById("languages");
  for (const language of data.languages) {
    const name = message(data.messages, language, "language_name");
    const button = element("button", { type: "button", lang: language }, name);
    button.addEventListener("click", () => words.change(language));
    words.follow(() => button.setAttribute("aria-pressed", String(words.language === language)));
    group.append(button);
  }
  words.follow(() => {
    group.setAttribute("aria-label", words.say("choose_language"));
    document.documentElement.lang = words.language;
    document.documentElement.dataset.language = words.language;
    document.title = words.of(data.title);
  });
  group.hidden = false;
}

/** Let no popup be larger than the map: what is longer scrolls, by keyboard too. */
function fitPopups(map) {
  const fit = () => {
    const { x, y } = map.getSize();
    L.Popup.mergeOptions({
      maxWidth: Math.min(330, x - 60),
      maxHeight: Math.max(120, y - 150),
      autoPanPaddingTopLeft: [8, 56],
      autoPanPaddingBottomRight: [8, 60],
    });
  };
  map.on("resize", fit);
  map.on("popupopen", ({ popup }) => {
    popup.getElement().querySelector(".leaflet-popup-content").tabIndex = 0;
  });
  fit();
}

/** Let a map whose window or box changed show the same middle; one that is hidden waits. */
export function followSize(map) {
  const box = map.getContainer();
  new ResizeObserver(() => {
    if (box.clientWidth > 0 && box.clientHeight > 0) {
      const middle = map.getCenter();
      map.invalidateSize({ pan: false });
      map.setView(middle, map.getZoom(), { reset: true });
    }
  }).observe(box);
}

/**
 * Let popups stand beside what they tell of, not over it: to the right of its outline, to the left where
 * there is more room. On a map too narrow for both they stand above, as Leaflet has it.
 */
export function popupsBeside(L) {
  const above = L.Popup.prototype._updatePosition;
  L.Popup.include({
    _updatePosition() {
      const [left, right] = this._map ? sidesOf(this._map, this._source, this._latlng) : [0, 0];
      const wide = this._map?.getSize().x ?? 0;
      if (wide < this._containerWidth + right - left + 3 * ASIDE) {
        this._container?.classList.remove("beside");
        above.call(this);
        return;
      }
      const { x } = this._map.latLngToContainerPoint(this._latlng);
      const onRight = wide - right >= Math.min(left, this._containerWidth + ASIDE);
      L.DomUtil.setPosition(this._container, this._map.latLngToLayerPoint(this._latlng));
      this._container.classList.add("beside");
      this._containerLeft = Math.round(onRight ? right - x + ASIDE : left - x - ASIDE - this._containerWidth);
      this._containerBottom = -Math.round(this._container.offsetHeight / 2);
      this._container.style.left = `${this._containerLeft}px`;
      this._container.style.bottom = `${this._containerBottom}px`;
    },
  });
}

/** Give the left and right edge of what a popup tells of, in pixels of the map. */
function sidesOf(map, source, place) {
  const { x } = map.latLngToContainerPoint(place);
  const around = source?.getBounds?.();
  if (!around?.isValid()) {
    const radius = source?.getRadius?.() ?? 0;
    return [x - radius, x + radius];
  }
  const [left, right] = [around.getNorthWest(), around.getSouthEast()].map((corner) => map.latLngToContainerPoint(corner).x);
  // What is wider than half the map cannot be kept free.
  return right - left > map.getSize().x / 2 ? [x, x] : [left, right];
}

/** Keep an open popup in the reader's language and inside the map. */
export function followPopups(map, words) {
  let open = null;
  const name = () => open?.getElement()?.querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", words.say("close"));
  fitPopups(map);
  map.on("popupopen", (event) => {
    open = event.popup;
    name();
  });
  map.on("popupclose", () => {
    open = null;
  });
  words.follow(() => {
    open?.update();
    name();
  });
}

// Finding places by name in either language, or by latitude and longitude.
import { element } from "./elements.js";
import { placeWords } from "./words.js";

const MOST = 8;

/** Make what is compared: without case, spaces at the ends and doubled spaces. */
export function compared(text) {
  return text.normalize("NFC").toLowerCase().replace(/\s+/g, " ").trim();
}

/** Both languages of a text, compared. */
function formsOf(text) {
  const forms = typeof text === "string" ? [text] : Object.values(text);
  return forms.map(compared);
}

/**
 * Choose the entries that hold the words asked for in any language: names that begin with them first,
 * then short names before long ones.
 */
export function matches(entries, asked) {
  const wanted = compared(asked);
  if (wanted === "") {
    return [];
  }
  const found = [];
  for (const entry of entries) {
    const places = formsOf(entry.name).map((form) => form.indexOf(wanted)).filter((place) => place >= 0);
    if (places.length > 0) {
      const size = Math.min(...formsOf(entry.name).map((form) => form.length));
      found.push({ entry, order: [Math.min(...places) === 0 ? 0 : 1, size] });
    }
  }
  found.sort((one, other) => one.order[0] - other.order[0] || one.order[1] - other.order[1]);
  return found.slice(0, MOST).map(({ entry }) => entry);
}

/** Read latitude and longitude that someone typed; null where it is something else. */
export function typedPlace(asked) {
  const found = /^\s*(-?\d{1,2}(?:\.\d+)?)\s*[, ]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/.exec(asked);
  if (found === null) {
    return null;
  }
  const [lat, lng] = [Number(found[1]), Number(found[2])];
  return Math.abs(lat) <= 85 && Math.abs(lng) <= 180 ? { lat, lng } : null;
}

/** Put one text behind another in each language. */
function behind(one, other) {
  const [first, second] = [one, other].map((text) => (typeof text === "string" ? { th: text, en: text } : text));
  return Object.fromEntries(Object.keys(first).map((code) => [code, `${first[code]} · ${second[code]}`]));
}

/** Everything on the page that has a name: features of layers, places, sites. */
export function entriesOf(data) {
  const entries = (data.places ?? []).map(({ name, kind, at }) => ({ name, kind, at }));
  for (const layer of data.layers) {
    for (const { name, at, within } of layer.features) {
      if (name !== null) {
        entries.push({ name, kind: within ? behind(layer.title, within) : layer.title, at });
      }
    }
  }
  return entries;
}

/** A box to search in; `go` is told the entry that was chosen. */
export function searchBox(entries, words, go) {
  const list = element("ul", { class: "found", hidden: "" });
  const said = element("p", { class: "small found-none", role: "status", hidden: "" });
  const input = element("input", { type: "search", id: "search", autocomplete: "off", maxlength: "80" });
  const box = element("div", { class: "search" }, input, list, said);
  const close = () => {
    list.replaceChildren();
    [list.hidden, said.hidden] = [true, true];
  };
  const choose = (entry) => {
    close();
    go(entry);
  };
  const look = () => {
    const typed = typedPlace(input.value);
    const found = typed === null ? matches(entries(), input.value) : [
      { name: placeWords(typed.lat, typed.lng), kind: words.say("coordinates"), at: [typed.lat, typed.lng] },
    ];
    list.replaceChildren(...found.map((entry) => {
      const name = element("bdi", {}, words.of(entry.name));
      const button = element("button", { type: "button" }, name, element("small", {}, words.of(entry.kind)));
      button.addEventListener("click", () => choose(entry));
      return element("li", {}, button);
    }));
    list.hidden = found.length === 0;
    said.hidden = found.length > 0 || input.value.trim() === "";
    said.textContent = said.hidden ? "" : words.say("search_none");
    return found;
  };
  input.addEventListener("input", look);
  box.addEventListener("keydown", (event) => {
    const buttons = [...list.querySelectorAll("button")];
    const at = buttons.indexOf(box.ownerDocument.activeElement);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const next = at + (event.key === "ArrowDown" ? 1 : -1);
      (buttons[next] ?? (next < 0 ? input : buttons.at(-1)))?.focus();
    } else if (event.key === "Escape") {
      close();
      input.focus();
    } else if (event.key === "Enter" && at < 0) {
      event.preventDefault();
      look().slice(0, 1).forEach(choose);
    }
  });
  words.follow(() => {
    input.setAttribute("aria-label", words.say("search"));
    input.placeholder = words.say("search");
    close();
  });
  return box;
}

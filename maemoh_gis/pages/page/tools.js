// What a reader does with any of the maps: search, measure, fill the screen, print, pass a link on.
import { element } from "./elements.js";
import { Measure } from "./measure.js";
import { Paper, printButton } from "./paper.js";
import { entriesOf, searchBox } from "./search.js";

/** A button of the bar above the map; `id` names its message. */
export function toolButton(id, words, act) {
  const button = element("button", { type: "button", "data-tool": id });
  button.addEventListener("click", act);
  words.follow(() => (button.textContent = words.say(id)));
  return button;
}

/**
 * The bar above the maps. `go` shows what was searched, `first` leads back to the first view, `sheets` are
 * those the map can be printed on, with `inSight` for the land on them.
 */
export function addTools(L, ground, maps, data, words, link, { entries, go, first, sheets = [], inSight = null }) {
  const paper = new Paper(maps, words, inSight);
  const measure = new Measure(L, maps, words);
  const all = [...entriesOf(data)];
  const shown = element("input", { type: "text", readonly: "", class: "link", hidden: "" });
  const buttons = [
    measureButton(measure, words),
    fullButton(ground, maps, words),
    printButton(words, sheets, (sheet) => paper.print(sheet)),
    toolButton("link", words, () => giveLink(shown, link)),
    toolButton("first_view", words, first),
  ];
  const search = searchBox(() => [...(entries?.() ?? []), ...all], words, go);
  const bar = element("div", { class: "tools", role: "group" }, search, ...buttons, shown, measure.said);
  words.follow(() => {
    bar.setAttribute("aria-label", words.say("tools"));
    shown.setAttribute("aria-label", words.say("link"));
  });
  ground.prepend(bar);
  return measure;
}

function measureButton(measure, words) {
  const button = toolButton("measure", words, () => toggle());
  const toggle = () => {
    measure.toggle();
    button.setAttribute("aria-pressed", String(measure.on));
    if (measure.on) {
      measure.maps[0].map.getContainer().focus();
    }
  };
  measure.finished = () => {
    toggle();
    button.focus();
  };
  button.setAttribute("aria-pressed", "false");
  return button;
}

/** Let the maps fill the window, and the screen where the browser allows it. */
function fullButton(ground, maps, words) {
  const button = toolButton("fill", words, () => fill(!ground.classList.contains("filled")));
  const fill = (on) => {
    ground.classList.toggle("filled", on);
    button.setAttribute("aria-pressed", String(on));
    if (on) {
      ground.requestFullscreen?.().catch(() => {});
    } else if (document.fullscreenElement) {
      document.exitFullscreen();
    }
    maps.forEach((map) => map.invalidateSize({ animate: false }));
  };
  button.setAttribute("aria-pressed", "false");
  let whole = false;
  document.addEventListener("fullscreenchange", () => {
    if (whole && !document.fullscreenElement) {
      fill(false);
    }
    whole = Boolean(document.fullscreenElement);
    maps.forEach((map) => map.invalidateSize({ animate: false }));
  });
  ground.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && ground.classList.contains("filled") && !event.defaultPrevented) {
      fill(false);
    }
  });
  return button;
}

/** Show the address of the view, ready to be copied. */
function giveLink(shown, link) {
  link.write();
  shown.hidden = !shown.hidden;
  shown.value = window.location.href.replace(/#.*$/, "") + link.address;
  if (!shown.hidden) {
    shown.focus();
    shown.select();
    window.navigator.clipboard?.writeText(shown.value).catch(() => {});
  }
}

/** An arrow to the north; web maps have it at the top. */
export function northArrow(L, words) {
  const north = L.control({ position: "bottomleft" });
  north.onAdd = () => {
    const box = element("div", { class: "north", role: "img" }, "▲", element("span", {}));
    words.follow(() => {
      box.lastChild.textContent = words.say("north_letter");
      box.setAttribute("aria-label", words.say("north"));
    });
    return box;
  };
  return north;
}

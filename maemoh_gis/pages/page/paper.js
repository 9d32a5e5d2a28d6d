// Printing: the whole page, or the map as one sheet with title, legend, scale, north, date and sources.
import { element } from "./elements.js";
import { pictureButtons } from "./pictures.js";

/** Sheets a map can be printed on; the style of the page knows their sizes. */
export const SHEETS = ["a4", "a3"];

/** A button to print with, and what it can print; `sheets` are those of this page, perhaps none. */
export function printButton(words, sheets, print) {
  const button = element("button", { type: "button", "data-tool": "print" });
  const choices = ["page", ...sheets].map((id) => {
    const choice = element("button", { type: "button", "data-sheet": id });
    choice.addEventListener("click", () => {
      show(false);
      print(id === "page" ? null : id);
    });
    words.follow(() => (choice.textContent = words.say(`print_${id}`)));
    return choice;
  });
  const saved = element("div", { class: "picture-choices", role: "group" });
  const list = element("div", { class: "print-choices", role: "group", hidden: "" }, ...choices, saved);
  const box = element("span", { class: "print" }, button, list);
  const show = (open) => {
    list.hidden = !open;
    button.setAttribute("aria-expanded", String(open));
  };
  words.follow(() => {
    button.textContent = words.say("print");
    saved.setAttribute("aria-label", words.say("save_pictures"));
    saved.replaceChildren(...pictureButtons(words, () => show(false)));
  });
  show(false);
  button.addEventListener("click", () => show(list.hidden));
  leave(box, () => !list.hidden, () => show(false), button);
  return box;
}

/** Close what is open by Escape, which leads back to its button, or by a click or step elsewhere. */
function leave(box, isOpen, close, button) {
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isOpen()) {
      event.stopPropagation();
      close();
      button.focus();
    }
  });
  for (const kind of ["click", "focusin"]) {
    document.addEventListener(kind, (event) => {
      if (isOpen() && !box.contains(event.target)) {
        close();
      }
    });
  }
}

/** Say which day it is, in the years of the reader's language. */
export function dayWords(day, language) {
  const [date, month, year] = [day.getDate(), day.getMonth() + 1, day.getFullYear()];
  return language === "th" ? `${date}/${month}/${year + 543}` : `${year}-${String(month).padStart(2, "0")}-${String(date).padStart(2, "0")}`;
}

/** Lay the page out for paper and back; `print` says for which sheet, null for the whole page. */
export class Paper {
  /** `inSight` gives the corners of the land of a map that nothing lies over, as its first view keeps clear. */
  constructor(maps, words, inSight) {
    [this.maps, this.words, this.inSight] = [maps, words, inSight];
    [this.sheet, this.before] = [null, null];
    window.addEventListener("beforeprint", () => this.lay());
    window.addEventListener("afterprint", () => this.back());
  }

  print(sheet) {
    this.sheet = sheet;
    window.print();
  }

  /** Paper has another width: the maps show the same land on it. */
  lay() {
    if (this.before !== null) {
      return;
    }
    const root = document.documentElement;
    const bounds = this.maps.map((map) => map.getBounds());
    const land = this.sheet ? this.maps.map((map) => this.inSight(map)) : bounds;
    const folds = [...document.querySelectorAll("details")];
    this.before = { bounds, folds: folds.map((one) => [one, one.open]) };
    const use = this.useShown();
    root.classList.add("printing");
    for (const id of this.sheet ? ["legend"] : ["caveats", "findings", "legend"]) {
      document.getElementById(id)?.setAttribute("open", "");
    }
    if (this.sheet) {
      root.classList.add("sheet", `sheet-${this.sheet}`);
      this.foot = this.footer(use);
      document.body.append(this.foot);
      // The map takes what the words below it leave.
      root.style.setProperty("--below", `${Math.ceil(this.foot.getBoundingClientRect().height)}px`);
    }
    this.show(land);
  }

  /** What stands below a map on a sheet: what it is not, when it was printed, what it was made from. */
  footer(use) {
    const day = this.words.say("print_day", { day: dayWords(new Date(), this.words.language) });
    const shown = (entry) => !document.querySelector(`[data-legend="${entry.dataset.credit}"]`)?.hidden;
    const credits = [...document.querySelectorAll("[data-credit]")].filter(shown).map((entry) => entry.cloneNode(true));
    const run = document.querySelector(".provenance").cloneNode(true);
    const shownHere = (one) => !one.hidden;
    // A sheet has room for the step and its hinge; where land lies is what its map shows.
    const told = '.headline p, [data-answer="step"] dd, [data-answer="hinge"] dd';
    const answer = [...document.querySelectorAll(told)].filter(shownHere).map((one) => element("p", {}, ...one.cloneNode(true).childNodes));
    return element("footer", { class: "sheet-foot" },
      element("div", { class: "sheet-answer" }, ...use, ...answer, ...this.caveat()),
      element("div", { class: "sheet-sources" }, element("p", {}, day), run, element("ul", {}, ...credits)));
  }

  /** Which use the map shows; asked while the panel is in sight, or both languages would be read. */
  useShown() {
    const title = document.querySelector('input[name="use"]:checked')?.parentElement.querySelector("span");
    return title ? [element("p", {}, `${this.words.say("uses")}: ${title.innerText}`)] : [];
  }

  /** What must be read first of all, as the panel has it. */
  caveat() {
    const first = document.querySelector(".caveats > p");
    return first ? [first.cloneNode(true)] : [];
  }

  show(bounds) {
    this.maps.forEach((map, k) => map.invalidateSize({ animate: false }).fitBounds(bounds[k], { animate: false }));
  }

  back() {
    if (this.before === null) {
      return;
    }
    document.documentElement.style.removeProperty("--below");
    document.documentElement.classList.remove("printing", "sheet", ...SHEETS.map((id) => `sheet-${id}`));
    this.foot?.remove();
    this.before.folds.forEach(([one, open]) => (one.open = open));
    this.show(this.before.bounds);
    [this.sheet, this.before] = [null, null];
  }
}

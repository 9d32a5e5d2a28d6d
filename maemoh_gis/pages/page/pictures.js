// Saving maps and charts of the page as pictures that need nothing else: their font goes with them.
import { element } from "./elements.js";

const SVG = "http://www.w3.org/2000/svg";
const [HEAD, ROW, EDGE] = [34, 24, 12];
// Dots of a PNG for each unit of its drawing.
const SHARP = 3;
const FONT = "Sarabun, Noto Sans Thai, Tahoma, sans-serif";

/** What can be saved, in the order of the page: maps, then charts, each with its name in a language. */
export function savable(language) {
  const maps = [...document.querySelectorAll("#still figure svg")].map((drawn) => ({
    name: said(drawn.closest("figure").querySelector("strong"), language), draw: () => mapPicture(drawn, language),
  }));
  const charts = [...document.querySelectorAll("#chart svg[aria-label], .year-panels svg[aria-label]")].map((drawn) => ({
    name: sideOf(drawn.getAttribute("aria-label"), language), draw: () => chartPicture(drawn),
  }));
  return [...maps, ...charts];
}

/** A button for each picture and format; `format` is svg or png. */
export function pictureButtons(words, done) {
  return savable(words.language).flatMap(({ name, draw }) => ["png", "svg"].map((format) => {
    const label = words.say("save_picture", { title: name, format: format.toUpperCase() });
    const button = element("button", { type: "button", "data-picture": format }, label);
    button.addEventListener("click", async () => {
      done();
      await save(draw(), `${fileName(name)}.${format}`, format);
    });
    return button;
  }));
}

/** Words of an element in one language. */
function said(from, language) {
  const held = from.cloneNode(true);
  held.querySelectorAll(`[lang]:not([lang="${language}"])`).forEach((other) => other.remove());
  return held.textContent.replace(/\s+/g, " ").trim();
}

/** One half of a label that says the same in Thai and in English. */
function sideOf(label, language) {
  const halves = label.split(" · ");
  return halves.length % 2 === 1 ? label : halves.slice(...(language === "th" ? [0, halves.length / 2] : [halves.length / 2])).join(" · ");
}

/** Windows takes none of these in the name of a file. */
const fileName = (name) => name.replace(/[\\/:*?"<>|\s]+/g, "_").slice(0, 80);

function chartPicture(drawn) {
  const picture = alone(drawn);
  const [, , width, height] = picture.getAttribute("viewBox").split(/\s+/).map(Number);
  return sized(picture, width, height);
}

/** A map under its name, its key and what it is not below. */
function mapPicture(drawn, language) {
  const [, , width, height] = drawn.getAttribute("viewBox").split(/\s+/).map(Number);
  const map = alone(drawn);
  map.setAttribute("y", String(HEAD));
  map.setAttribute("width", String(width));
  map.setAttribute("height", String(height));
  const key = keyOf(HEAD + height + EDGE, width, language);
  const notice = said(document.querySelector(".notice"), language);
  const last = HEAD + height + EDGE + key.rows * ROW;
  const title = said(drawn.closest("figure").querySelector("strong"), language);
  const picture = svg("svg", { viewBox: `0 0 ${width} ${last + ROW}` },
    svg("rect", { width: "100%", height: "100%", fill: "#ffffff" }),
    line(6, 22, title, 15, 700), map, ...key.parts, line(6, last + 14, notice, 11, 400));
  picture.prepend(styleOf());
  return sized(picture, width, last + ROW);
}

/** The key of the score in two columns. */
function keyOf(top, width, language) {
  const entries = [...document.querySelectorAll("#legend dl")][0];
  const signs = entries ? [...entries.querySelectorAll("dt > svg")] : [];
  const parts = signs.flatMap((sign, k) => {
    const [x, y] = [6 + (k % 2) * (width / 2), top + Math.floor(k / 2) * ROW];
    const [, , wide, high] = sign.getAttribute("viewBox").split(/\s+/).map(Number);
    const shown = svg("svg", { x, y, width: wide, height: high, viewBox: sign.getAttribute("viewBox") }, ...copies(sign.children));
    return [shown, line(x + wide + 8, y + 11, said(entries.querySelectorAll("dd")[k], language), 11, 400)];
  });
  return { parts, rows: Math.ceil(signs.length / 2) };
}

const copies = (held) => [...held].map((one) => one.cloneNode(true));

function line(x, y, words, size, weight) {
  const text = svg("text", { x, y, "font-family": FONT, "font-size": size, "font-weight": weight });
  text.textContent = words;
  return text;
}

function svg(name, attributes, ...children) {
  const made = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, String(value)));
  made.append(...children);
  return made;
}

/** A copy that leans on nothing of the page: what it refers to is put in its place, fonts are within. */
function alone(drawn) {
  const copy = drawn.cloneNode(true);
  copy.querySelectorAll("use").forEach((use) => {
    const meant = document.querySelector(use.getAttribute("href"));
    use.replaceWith(...(meant ? [meant.cloneNode(true)] : []));
  });
  copy.querySelectorAll("[id]").forEach((one) => one.removeAttribute("id"));
  copy.removeAttribute("class");
  copy.prepend(styleOf());
  return copy;
}

/** The page's fonts, and how it writes names on a map. */
function styleOf() {
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
  const wanted = rules.filter((rule) => rule instanceof CSSFontFaceRule || /^\.(names|ranks)\b/.test(rule.selectorText ?? ""));
  const style = document.createElementNS(SVG, "style");
  style.textContent = wanted.map((rule) => rule.cssText).join("\n");
  return style;
}

function sized(picture, width, height) {
  picture.setAttribute("width", String(width));
  picture.setAttribute("height", String(height));
  return { text: new XMLSerializer().serializeToString(picture), width, height };
}

async function save({ text, width, height }, name, format) {
  const blob = format === "svg" ? new Blob([text], { type: "image/svg+xml" }) : await dots(text, width, height);
  const address = URL.createObjectURL(blob);
  const link = element("a", { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

/** Draw a picture in dots; it holds all it needs, so the canvas may be read again. */
async function dots(text, width, height) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = element("canvas", { width: String(width * SHARP), height: String(height * SHARP) });
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

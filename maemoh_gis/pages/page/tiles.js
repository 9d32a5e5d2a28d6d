// Online map tiles: only where the address of the page asks for them, since its policy is chosen by it.
import { element } from "./elements.js";

/** Say whether the page was opened with tiles; the script in its head asks the same. */
export function tilesAsked(fragment) {
  return /[#&]tiles=1(&|$)/.test(fragment);
}

/**
 * A box that opens the page again with or without tiles. With them, a layer under everything; where
 * no tile comes, the box says so and everything else stays as it was.
 */
export function addTiles(L, maps, { origin, template, credit }, words, link) {
  const on = tilesAsked(window.location.hash);
  const box = element("input", { type: "checkbox", id: "tiles" });
  box.checked = on;
  const [name, note] = [element("span", {}), element("p", { class: "small", role: "status" })];
  let failed = false;
  const say = () => {
    name.textContent = words.say("tiles");
    const shown = failed ? words.say("tiles_failed", { origin }) : `${words.say("tiles_on")} ${credit}`;
    note.textContent = on ? shown : words.say("tiles_off", { origin });
  };
  link.part("tiles", () => (box.checked ? "1" : null), () => {});
  box.addEventListener("change", () => {
    // The policy cannot be changed on an open page.
    link.write();
    window.location.hash = link.address;
    window.location.reload();
  });
  if (on) {
    for (const map of maps) {
      map.createPane("tiles").style.zIndex = "150";
      const layer = L.tileLayer(template, { pane: "tiles", maxZoom: 19, referrerPolicy: "origin" });
      layer.on("tileerror", () => {
        failed = true;
        say();
      });
      layer.on("tileload", () => {
        failed = false;
        say();
      });
      layer.addTo(map);
    }
  }
  words.follow(say);
  document.getElementById("tiles-box").append(element("label", { class: "choice" }, box, name), note);
}

// The choice of a limit to draw, and its picture on the map.
import { element } from "./elements.js";
import { holdsBy, spread } from "./limits_map.js";

const COLOURS = [null, [224, 161, 0, 150], [179, 38, 30, 150]];
const NOWHERE = 65535;

/** Draw where a limit holds: a function of the use, the address of its score picture and the limit. */
function painter(data, cells) {
  return async (use, address, limit) => {
    const image = new Image();
    image.src = address;
    await image.decode();
    const { naturalWidth: width, naturalHeight: height } = image;
    const under = await cells.under(data.picture.corners, width, height);
    const codes = spread(await cells.plane(use.state.plane), await cells.mask(), NOWHERE);
    const holds = holdsBy(use.states, limit);
    const canvas = element("canvas", { width, height });
    const pen = canvas.getContext("2d");
    const painted = pen.createImageData(width, height);
    under.forEach((place, pixel) => {
      const colour = place < 0 ? null : COLOURS[holds[codes[place]] ?? 0];
      if (colour !== null) {
        painted.data.set(colour, 4 * pixel);
      }
    });
    pen.putImageData(painted, 0, 0);
    return canvas;
  };
}

/** A box to choose a limit of the use on the map, and where it holds over the scores. */
export function addLimits(L, map, data, cells, words, uses, link) {
  const box = document.getElementById("limits-box");
  const select = element("select", { id: "limit_choice" });
  const [name, note] = [element("span", {}), element("p", { class: "small", role: "status" })];
  box.append(element("label", { class: "viewpoint" }, name, select), note);
  map.createPane("limits").style.zIndex = "360";
  let shown = null;
  let turn = 0;
  const use = () => cells.data.uses[data.uses[uses.chosen()].id];
  const paint = painter(data, cells);
  const show = async () => {
    turn += 1;
    const mine = turn;
    link.changed();
    const limit = Number(select.value);
    shown?.remove();
    note.textContent = limit < 0 ? "" : words.say("limit_note", { basis: words.of(use().limits[limit].basis) });
    if (limit < 0) {
      return;
    }
    const canvas = await paint(use(), uses.address(), limit);
    if (mine === turn) {
      shown = L.svgOverlay(canvas, data.picture.corners, { pane: "limits" }).addTo(map);
    }
  };
  const fill = () => {
    const kept = select.value || "-1";
    name.textContent = words.say("limit_choice");
    const titles = [[-1, words.say("limit_none")], ...use().limits.map(({ title }, k) => [k, words.of(title)])];
    select.replaceChildren(...titles.map(([value, title]) => element("option", { value }, title)));
    select.value = Number(kept) < use().limits.length ? kept : "-1";
    show();
  };
  select.addEventListener("change", show);
  uses.listen(() => {
    select.value = "-1";
    fill();
  });
  words.follow(fill);
  link.part("limit", () => (Number(select.value) < 0 ? null : select.value), (value) => {
    if (/^\d{1,2}$/.test(value) && Number(value) < use().limits.length) {
      select.value = value;
      show();
    }
  });
}

// Distance and area on the ellipsoid between points the reader sets.
import { element } from "./elements.js";
import { numberWords } from "./words.js";

const AXIS = 6378137;
const FLATTENING = 1 / 298.257223563;
const E2 = FLATTENING * (2 - FLATTENING);
const E1 = Math.sqrt(E2);
const RAI_M2 = 1600;
const RADIAN = Math.PI / 180;

/**
 * Sum the legs between points in degrees, in metres, by the radii of curvature in the middle of each
 * leg: within 0.01 % for legs up to 100 km.
 */
export function lengthM(points) {
  let sum = 0;
  for (let k = 1; k < points.length; k += 1) {
    const [one, other] = [points[k - 1], points[k]];
    const middle = ((one.lat + other.lat) / 2) * RADIAN;
    const w = 1 - E2 * Math.sin(middle) ** 2;
    const north = (other.lat - one.lat) * RADIAN * ((AXIS * (1 - E2)) / w ** 1.5);
    const east = (other.lng - one.lng) * RADIAN * (AXIS / Math.sqrt(w)) * Math.cos(middle);
    sum += Math.hypot(north, east);
  }
  return sum;
}

/**
 * Area inside points in degrees, in square metres: the shoelace sum in Lambert's cylindrical
 * equal-area projection of the ellipsoid (Snyder 1987, Map projections, p. 81).
 */
export function areaM2(points) {
  if (points.length < 3) {
    return 0;
  }
  const flat = points.map(({ lat, lng }) => ({ x: lng * RADIAN, y: authalic(Math.sin(lat * RADIAN)) }));
  let twice = 0;
  flat.forEach(({ x, y }, k) => {
    const next = flat[(k + 1) % flat.length];
    twice += (x - flat[0].x) * (next.y - flat[0].y) - (next.x - flat[0].x) * (y - flat[0].y);
  });
  return (Math.abs(twice) / 2) * AXIS ** 2;
}

/** Half the q of Snyder's equation 3-12. */
function authalic(sine) {
  const part = E1 * sine;
  return ((1 - E2) / 2) * (sine / (1 - part ** 2) + Math.atanh(part) / E1);
}

/** Write a length: metres below 10 km, else kilometres. */
export function lengthText(metres, words) {
  return metres < 10000
    ? words.say("metres", { length: numberWords(metres, 0) })
    : words.say("kilometres", { length: numberWords(metres / 1000, 2) });
}

/** Write an area in rai with hectares beside, with a digit more where it is small. */
export function areaText(squareMetres, words) {
  const written = (size) => numberWords(size, size >= 100 ? 0 : 1);
  return words.say("rai_and_ha", { rai: written(squareMetres / RAI_M2), ha: written(squareMetres / 10000) });
}

/** Sets points on maps that move in step, and says how far and how large. */
export class Measure {
  constructor(L, maps, words) {
    this.words = words;
    this.points = [];
    this.on = false;
    this.maps = maps.map((map) => ({ map, drawn: L.layerGroup().addTo(map) }));
    this.L = L;
    this.said = element("p", { class: "measured", role: "status", hidden: "" });
    for (const { map } of this.maps) {
      map.getContainer().addEventListener("keydown", (event) => this.key(event));
    }
    words.follow(() => this.draw());
  }

  toggle() {
    this.on = !this.on;
    this.points = [];
    for (const { map } of this.maps) {
      map.getContainer().classList.toggle("measuring", this.on);
      map.doubleClickZoom[this.on ? "disable" : "enable"]();
    }
    this.draw();
  }

  add(place) {
    this.points.push(place);
    this.draw();
  }

  key(event) {
    if (!this.on || (event.key !== "Backspace" && event.key !== "Escape")) {
      return;
    }
    event.preventDefault();
    if (event.key === "Escape") {
      this.finished?.();
    } else {
      this.points.pop();
      this.draw();
    }
  }

  draw() {
    const style = { color: "#b3005e", weight: 2.5, fillOpacity: 0.08, interactive: false };
    for (const { drawn } of this.maps) {
      drawn.clearLayers();
      if (this.points.length === 0) {
        continue;
      }
      const kind = this.points.length > 2 ? "polygon" : "polyline";
      drawn.addLayer(this.L[kind](this.points, { ...style, className: "measure-line" }));
      for (const point of this.points) {
        drawn.addLayer(this.L.circleMarker(point, { ...style, radius: 4, fillOpacity: 1 }));
      }
    }
    this.said.hidden = !this.on;
    this.said.textContent = this.text();
  }

  text() {
    const { points, words } = this;
    if (points.length < 2) {
      return words.say("measure_help");
    }
    const length = words.say("measure_length", { length: lengthText(lengthM(points), words) });
    return points.length < 3
      ? length
      : `${length} · ${words.say("measure_area", { area: areaText(areaM2(points), words) })}`;
  }
}

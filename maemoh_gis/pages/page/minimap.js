// A small map of the whole area with a frame around what the large one shows.

const NAMESPACE = "http://www.w3.org/2000/svg";
const SIZE = 116;

/** Give the outer rings of an area; none of anything else. */
export function outerRings({ type, coordinates }) {
  const polygons = { Polygon: [coordinates], MultiPolygon: coordinates }[type] ?? [];
  return polygons.map(([outer]) => outer);
}

/** Outlines of areas as one path in the units of `project`, without points closer than half a unit. */
export function outlines(features, project) {
  const rings = features.flatMap(({ shape }) => outerRings(shape));
  return rings.map((ring) => `${thinned(ring.map(project)).map(({ x, y }, k) => `${k ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("")}Z`).join("");
}

function thinned(points) {
  let last = points[0];
  return points.filter((point, k) => {
    const kept = k === 0 || Math.hypot(point.x - last.x, point.y - last.y) >= 0.5;
    last = kept ? point : last;
    return kept;
  });
}

/** Add the small map; a click on it moves the large one. The map itself does as much by keyboard. */
export function addMiniMap(L, map, layer, [[south, west], [north, east]]) {
  const { x: left, y: top } = L.CRS.EPSG3857.project(L.latLng(north, west));
  const { x: right, y: bottom } = L.CRS.EPSG3857.project(L.latLng(south, east));
  const scale = SIZE / Math.max(right - left, top - bottom);
  const [width, height] = [(right - left) * scale, (top - bottom) * scale];
  const place = ({ lat, lng }) => {
    const { x, y } = L.CRS.EPSG3857.project(L.latLng(lat, lng));
    return { x: (x - left) * scale, y: (top - y) * scale };
  };
  const shape = (name, attributes) => {
    const made = document.createElementNS(NAMESPACE, name);
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    return made;
  };
  const box = shape("svg", { viewBox: `0 0 ${width} ${height}`, width, height, class: "minimap", "aria-hidden": "true" });
  box.append(shape("rect", { width: "100%", height: "100%", fill: "#ffffff" }));
  if (layer) {
    const path = outlines(layer.features, ([lng, lat]) => place({ lat, lng }));
    box.append(shape("path", { d: path, fill: "#e4e7e2", stroke: "#7c868a", "stroke-width": 0.7 }));
  }
  const frame = shape("rect", { fill: "#b3005e", "fill-opacity": 0.12, stroke: "#b3005e", "stroke-width": 1.6 });
  box.append(frame);
  const follow = () => {
    const bounds = map.getBounds();
    const [one, other] = [place(bounds.getNorthWest()), place(bounds.getSouthEast())];
    const numbers = { x: one.x, y: one.y, width: other.x - one.x, height: other.y - one.y };
    Object.entries(numbers).forEach(([key, value]) => frame.setAttribute(key, value.toFixed(1)));
  };
  box.addEventListener("click", (event) => {
    const around = box.getBoundingClientRect();
    const x = left + ((event.clientX - around.left) / around.width) * (right - left);
    const y = top - ((event.clientY - around.top) / around.height) * (top - bottom);
    map.panTo(L.CRS.EPSG3857.unproject(L.point(x, y)));
  });
  const control = L.control({ position: "topleft" });
  control.onAdd = () => {
    L.DomEvent.disableClickPropagation(box);
    return box;
  };
  control.addTo(map);
  map.on("move resize", follow);
  follow();
}

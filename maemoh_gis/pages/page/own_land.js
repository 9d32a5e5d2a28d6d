// Land a reader brings along as GeoJSON: which cells it holds, and what the run says of them together.
import { explainUse } from "./explain.js";
import { utm } from "./utm.js";

/** More cells than this would keep the page from answering for seconds. */
export const MOST_CELLS = 200000;
const MOST_FEATURES = 500;
const OWN_CRS = /(CRS84|EPSG::?4326)$/;
const NAMES = ["name_th", "name", "name_en", "title", "id"];

/** What is wrong with a file, as the id of a message. */
export class LandError extends Error {
  constructor(id) {
    super(id);
    this.id = id;
  }
}

/** Read the polygons of a GeoJSON text: a list of { name, polygons }, rings as longitude and latitude. */
export function readLand(text) {
  let data;
  try {
    data = JSON.parse(text);
  } catch {
    throw new LandError("own_not_geojson");
  }
  const crs = data?.crs?.properties?.name;
  if (crs !== undefined && !OWN_CRS.test(String(crs))) {
    throw new LandError("own_crs");
  }
  const features = data?.type === "FeatureCollection" && Array.isArray(data.features) ? data.features : [data];
  if (features.length > MOST_FEATURES) {
    throw new LandError("own_too_many");
  }
  const found = features.map((one, k) => landOf(one, k + 1)).filter((one) => one !== null);
  if (found.length === 0) {
    throw new LandError("own_no_polygon");
  }
  return found;
}

function landOf(feature, number) {
  const geometry = feature?.type === "Feature" ? feature.geometry : feature;
  const polygons = { Polygon: [geometry?.coordinates], MultiPolygon: geometry?.coordinates }[geometry?.type];
  if (!Array.isArray(polygons) || polygons.length === 0) {
    return null;
  }
  if (!polygons.every((rings) => Array.isArray(rings) && rings.length > 0 && rings.every(isRing))) {
    throw new LandError("own_not_geojson");
  }
  const key = NAMES.find((one) => feature.properties?.[one]);
  return { name: key ? String(feature.properties[key]) : String(number), polygons };
}

function isRing(ring) {
  const onEarth = ([lon, lat]) => Math.abs(lon) <= 180 && Math.abs(lat) <= 90;
  return Array.isArray(ring) && ring.length >= 4 && ring.every((point) => Array.isArray(point) && onEarth(point));
}

/** Bring land to the metres of the run's grid. */
export function inMetres({ polygons }, { zone, south }) {
  return polygons.map((rings) => rings.map((ring) => ring.map(([lon, lat]) => utm(lat, lon, zone, south))));
}

/** Area of polygons in square metres of the plane, holes left out. */
export function areaOf(polygons) {
  const ringArea = (ring) => Math.abs(ring.reduce((sum, { x, y }, k) => {
    const next = ring[(k + 1) % ring.length];
    return sum + (x - ring[0].x) * (next.y - ring[0].y) - (next.x - ring[0].x) * (y - ring[0].y);
  }, 0)) / 2;
  return polygons.reduce((sum, [outer, ...holes]) => sum + ringArea(outer) - holes.reduce((all, one) => all + ringArea(one), 0), 0);
}

/** Where the border of polygons crosses a line of equal `y`, from west to east. */
function crossings(rings, y) {
  const found = [];
  for (const ring of rings) {
    ring.forEach((one, k) => {
      const other = ring[(k + 1) % ring.length];
      if (one.y <= y !== other.y <= y) {
        found.push(one.x + ((y - one.y) / (other.y - one.y)) * (other.x - one.x));
      }
    });
  }
  return found.sort((a, b) => a - b);
}

/** Find the cells whose middle lies inside polygons in metres, as [row, col] of the grid; of tiny land the cell it lies in. */
export function cellsInside(polygons, { cell, row0, col0 }) {
  const rings = polygons.flat();
  const all = rings.flat();
  const [west, east] = [Math.min(...all.map(({ x }) => x)), Math.max(...all.map(({ x }) => x))];
  const [low, high] = [Math.min(...all.map(({ y }) => y)), Math.max(...all.map(({ y }) => y))];
  if (((east - west) / cell + 1) * ((high - low) / cell + 1) > MOST_CELLS) {
    throw new LandError("own_too_large");
  }
  const found = [];
  for (let row = Math.floor(-high / cell); row <= Math.floor(-low / cell); row += 1) {
    const ends = crossings(rings, -(row + 0.5) * cell);
    for (let k = 0; k + 1 < ends.length; k += 2) {
      // A middle on the border belongs to the land west of it, as in the run.
      for (let col = Math.floor(ends[k] / cell - 0.5) + 1; (col + 0.5) * cell <= ends[k + 1]; col += 1) {
        found.push([row - row0, col - col0]);
      }
    }
  }
  return found.length > 0 ? found : [[Math.floor(-(low + high) / 2 / cell) - row0, Math.floor((west + east) / 2 / cell) - col0]];
}

const mean = (values) => (values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : null);
const known = (values) => values.filter((value) => value !== null);

/** Say of many cells together what `explainUse` says of one: means, shares of the cells and the state most have. */
export function explainCells(use, planes, indices) {
  const said = indices.map((index) => explainUse(use, planes, index));
  const share = (of) => said.filter(of).length / said.length;
  const states = [...new Set(said.map(({ state }) => state))].map((state) => ({ state, share: share((one) => one.state === state) }));
  states.sort((one, other) => other.share - one.share);
  const criteria = use.criteria.map((asked, k) => averaged(asked, said.map((one) => one.criteria[k])));
  const score = mean(known(said.map((one) => one.score)));
  const added = criteria.reduce((sum, { contribution }) => sum + (contribution ?? 0), 0);
  const shares = (key, count) => Array.from({ length: count }, (_, place) => share((one) => one[key].includes(place)));
  return {
    states,
    state: states[0].state,
    score,
    low: mean(said.map(({ low }) => low)),
    high: mean(said.map(({ high }) => high)),
    criteria,
    held: score === null ? 0 : score - added,
    removed: shares("removed", use.limits.length),
    conditional: shares("conditional", use.limits.length),
    unsure: shares("unsure", use.knownInPart.length),
  };
}

/** Average a criterion over cells: of a class the one most cells have. */
function averaged(asked, parts) {
  const added = parts.map(({ contribution }) => contribution);
  const measures = known(parts.map(({ measure }) => measure));
  const counts = new Map();
  measures.forEach((code) => counts.set(code, (counts.get(code) ?? 0) + 1));
  const [most = null] = [...counts].sort(([, one], [, other]) => other - one).map(([code]) => code);
  return {
    weight: parts[0].weight,
    measure: asked.unit === null ? most : mean(measures),
    side: 0,
    score: mean(known(parts.map(({ score }) => score))),
    low: mean(parts.map(({ low }) => low)),
    high: mean(parts.map(({ high }) => high)),
    contribution: known(added).length > 0 ? mean(added.map((value) => value ?? 0)) : null,
  };
}

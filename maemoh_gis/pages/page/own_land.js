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

/** Count the features of a file that `readLand` reads nothing of: points, lines and what has no place. */
export function leftOut(text) {
  const data = JSON.parse(text);
  const features = Array.isArray(data?.features) ? data.features : [data];
  return features.filter((one) => polygonsOf(one?.type === "Feature" ? one.geometry : one).length === 0).length;
}

function landOf(feature, number) {
  const polygons = polygonsOf(feature?.type === "Feature" ? feature.geometry : feature);
  if (polygons.length === 0) {
    return null;
  }
  if (!polygons.every((rings) => Array.isArray(rings) && rings.length > 0 && rings.every(isRing))) {
    throw new LandError("own_not_geojson");
  }
  if (!polygons.flat().every((ring) => ring.every(isOnEarth))) {
    throw new LandError("own_crs");
  }
  const key = NAMES.find((one) => feature.properties?.[one]);
  return { name: key ? String(feature.properties[key]) : String(number), polygons };
}

/** The polygons of a geometry, those of a collection too; points and lines have none. */
function polygonsOf(geometry) {
  if (geometry?.type === "GeometryCollection" && Array.isArray(geometry.geometries)) {
    return geometry.geometries.flatMap(polygonsOf);
  }
  const found = { Polygon: [geometry?.coordinates], MultiPolygon: geometry?.coordinates }[geometry?.type];
  if (found !== undefined && !Array.isArray(found)) {
    throw new LandError("own_not_geojson");
  }
  return found ?? [];
}

function isRing(ring) {
  return Array.isArray(ring) && ring.length >= 4 && ring.every((point) => Array.isArray(point) && point.slice(0, 2).every(Number.isFinite) && point.length >= 2);
}

function isOnEarth([lon, lat]) {
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90;
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

/** Least and greatest of numbers; a border has more points than a function takes arguments. */
function endsOf(numbers) {
  return numbers.reduce(([least, most], one) => [Math.min(least, one), Math.max(most, one)], [Infinity, -Infinity]);
}

/** Find the cells whose middle lies inside polygons in metres, as [row, col] of the grid; of tiny land the cell it lies in. */
export function cellsInside(polygons, { cell, row0, col0 }) {
  const all = polygons.flat(2);
  const [[west, east], [low, high]] = [endsOf(all.map(({ x }) => x)), endsOf(all.map(({ y }) => y))];
  if (((east - west) / cell + 1) * ((high - low) / cell + 1) > MOST_CELLS) {
    throw new LandError("own_too_large");
  }
  const found = new Map();
  for (const rings of polygons) {
    for (const [row, col] of cellsOf(rings, cell)) {
      found.set(`${row},${col}`, [row - row0, col - col0]);
    }
  }
  if (!(areaOf(polygons) > 0 && isPlain(polygons))) {
    throw new LandError("own_invalid");
  }
  if (found.size > 0) {
    return [...found.values()];
  }
  const { x, y } = innerPoint(polygons);
  return [[Math.floor(-y / cell) - row0, Math.floor(x / cell) - col0]];
}

/** The cells of one polygon, counted from the origin of the metres. */
function cellsOf(rings, cell) {
  const [low, high] = endsOf(rings.flat().map(({ y }) => y));
  const found = [];
  for (let row = Math.floor(-high / cell); row <= Math.floor(-low / cell); row += 1) {
    const ends = crossings(rings, -(row + 0.5) * cell);
    for (let k = 0; k + 1 < ends.length; k += 2) {
      // A middle on the border belongs to the land west of it, as in the run.
      for (let col = Math.floor(ends[k] / cell - 0.5) + 1; (col + 0.5) * cell <= ends[k + 1]; col += 1) {
        found.push([row, col]);
      }
    }
  }
  return found;
}

/** A point inside polygons: the middle of the widest stretch half way up any of them. */
function innerPoint(polygons) {
  let widest = { width: -1 };
  for (const rings of polygons) {
    const heights = rings.flat().map(({ y }) => y);
    const [low, high] = endsOf(heights);
    const middle = (low + high) / 2;
    // Between two corners, never at one.
    const [, below] = endsOf(heights.filter((y) => y <= middle));
    const [above] = endsOf(heights.filter((y) => y > middle));
    const y = Number.isFinite(above) ? (below + above) / 2 : middle;
    const ends = crossings(rings, y);
    for (let k = 0; k + 1 < ends.length; k += 2) {
      if (ends[k + 1] - ends[k] > widest.width) {
        widest = { width: ends[k + 1] - ends[k], x: (ends[k] + ends[k + 1]) / 2, y };
      }
    }
  }
  return widest.width < 0 ? polygons[0][0][0] : widest;
}

/** Say whether no border crosses or touches itself, no two cross, and no part lies in another. */
function isPlain(polygons) {
  const sides = polygons.flat().map(bordersOf);
  if (sides.some((own) => new Set(own.map(([{ x, y }]) => `${x},${y}`)).size < own.length)) {
    return false;
  }
  const all = sides.flat().map(([a, b]) => ({ a, b, west: Math.min(a.x, b.x), east: Math.max(a.x, b.x) }));
  all.sort((one, other) => one.west - other.west);
  for (let k = 0; k < all.length; k += 1) {
    for (let j = k + 1; j < all.length && all[j].west <= all[k].east; j += 1) {
      if (crossesAt(all[k], all[j])) {
        return false;
      }
    }
  }
  // Borders that do not cross: a part lies in another if a point inside it does.
  return polygons.every((rings, k) => {
    const { x, y } = innerPoint([rings]);
    return polygons.every((others, j) => j === k || crossings(others, y).filter((end) => end < x).length % 2 === 0);
  });
}

/** The sides of a ring, those without length left out. */
function bordersOf(ring) {
  return ring.flatMap((a, k) => {
    const b = ring[(k + 1) % ring.length];
    return a.x === b.x && a.y === b.y ? [] : [[a, b]];
  });
}

const turning = (a, b, c) => Math.sign((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x));

/** Say whether two sides cross at a point inside both. */
function crossesAt({ a, b }, { a: c, b: d }) {
  const low = Math.min(a.y, b.y) <= Math.max(c.y, d.y) && Math.min(c.y, d.y) <= Math.max(a.y, b.y);
  return low && turning(a, b, c) * turning(a, b, d) < 0 && turning(c, d, a) * turning(c, d, b) < 0;
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

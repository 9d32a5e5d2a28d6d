// Reading back the shapes of layers that Python packed (`pages/degrees.py`).

const DEGREE = 1e5;

/** Points of a packed line, longitude first as in GeoJSON: steps from point to point, five bits a letter. */
export function unpackLine(text) {
  const points = [];
  const last = [0, 0];
  for (let at = 0, axis = 0; at < text.length; axis = 1 - axis) {
    let folded = 0;
    let more = true;
    for (let scale = 1; more; scale *= 32, at += 1) {
      const letter = text.charCodeAt(at) - 63;
      more = letter >= 32;
      folded += (letter % 32) * scale;
    }
    last[axis] += folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
    if (axis === 1) {
      points.push([last[0] / DEGREE, last[1] / DEGREE]);
    }
  }
  return points;
}

/** A packed shape as GeoJSON. */
export function unpackShape({ type, packed, geometries }) {
  if (geometries) {
    return { type, geometries: geometries.map(unpackShape) };
  }
  const lines = (part) => (Array.isArray(part) ? part.map(lines) : unpackLine(part));
  const coordinates = lines(packed);
  // A point is a line of one.
  return { type, coordinates: type === "Point" ? coordinates[0] : type === "MultiPoint" ? coordinates.flat() : coordinates };
}

/** Read the data of a page, its layers' shapes unpacked. */
export function readData(text) {
  const data = JSON.parse(text);
  for (const { features } of data.layers) {
    for (const feature of features) {
      feature.shape = unpackShape(feature.shape);
    }
  }
  return data;
}

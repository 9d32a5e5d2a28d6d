// Where a limit holds, drawn over the map from what the page knows of every cell.
import { cellAt } from "./explain.js";
import { utm } from "./utm.js";

const STEP = 16;

/** Lay the numbers of the cells of the study area out over their raster; `none` outside. */
export function spread(codes, mask, none, Kind = Uint16Array) {
  const laid = new Kind(mask.rows * mask.cols).fill(none);
  for (let row = 0, at = 0; row < mask.rows; row += 1) {
    for (let col = 0, last = mask.firsts[row + 1]; at < last; col += 1) {
      if (mask.has(row, col)) {
        laid[row * mask.cols + col] = codes[at];
        at += 1;
      }
    }
  }
  return laid;
}

/**
 * Place in the raster under each pixel of a picture in the web map's projection, -1 outside. Every
 * sixteenth pixel is projected and those between are read off straight lines: within a metre where
 * pixels are 100 m.
 */
export function placesUnder([[south, west], [north, east]], width, height, data) {
  const { zone, south: southern, grid, rows, cols } = data;
  const high = (latitude) => Math.log(Math.tan(Math.PI / 4 + (latitude * Math.PI) / 360));
  const [top, bottom] = [high(north), high(south)];
  const [wide, tall] = [Math.ceil(width / STEP) + 1, Math.ceil(height / STEP) + 1];
  const nodes = Array.from({ length: wide * tall }, (_, k) => {
    const across = ((k % wide) * STEP + 0.5) / width;
    const down = (Math.floor(k / wide) * STEP + 0.5) / height;
    const latitude = (Math.atan(Math.exp(top + (bottom - top) * down)) * 360) / Math.PI - 90;
    return utm(latitude, west + (east - west) * across, zone, southern);
  });
  const places = new Int32Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const first = Math.floor(y / STEP) * wide;
    const down = (y % STEP) / STEP;
    for (let x = 0; x < width; x += 1) {
      const node = first + Math.floor(x / STEP);
      const across = (x % STEP) / STEP;
      const mixed = (key) => (1 - down) * ((1 - across) * nodes[node][key] + across * nodes[node + 1][key])
        + down * ((1 - across) * nodes[node + wide][key] + across * nodes[node + wide + 1][key]);
      const cell = cellAt(grid, mixed("x"), mixed("y"));
      const there = cell !== null && cell.row >= 0 && cell.col >= 0 && cell.row < rows && cell.col < cols;
      places[y * width + x] = there ? cell.row * cols + cell.col : -1;
    }
  }
  return places;
}

/** Say of each code of a state whether a limit holds: 2 removes, 1 asks for a permit, 0 neither. */
export function holdsBy(states, limit) {
  return states.map(([, removed, conditional]) => (removed.includes(limit) ? 2 : Number(conditional.includes(limit))));
}

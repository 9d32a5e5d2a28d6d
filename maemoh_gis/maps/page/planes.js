// Reading back what Python packed (`maps/cell_planes.py`): numbers for every cell of the study area.

/** Turn Base64 of deflated bytes into the bytes. */
export async function inflate(text) {
  const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Which cells belong to the study area: one bit a cell, each row in whole bytes. */
export class Mask {
  constructor(bits, rows, cols) {
    this.bits = bits;
    this.rows = rows;
    this.cols = cols;
    this.wide = Math.ceil(cols / 8);
    this.firsts = new Int32Array(rows + 1);
    for (let row = 0; row < rows; row += 1) {
      this.firsts[row + 1] = this.firsts[row] + this.count(row, cols);
    }
  }

  has(row, col) {
    return (this.bits[row * this.wide + (col >> 3)] & (0x80 >> (col & 7))) !== 0;
  }

  /** Count the cells of a row west of a column. */
  count(row, col) {
    let found = 0;
    for (let at = 0; at < col; at += 1) {
      found += this.has(row, at) ? 1 : 0;
    }
    return found;
  }

  /** Number of cells. */
  get size() {
    return this.firsts[this.rows];
  }

  /** Place of a cell among those of the study area, or -1 where it is none of them. */
  index(row, col) {
    const inside = row >= 0 && row < this.rows && col >= 0 && col < this.cols;
    return inside && this.has(row, col) ? this.firsts[row] + this.count(row, col) : -1;
  }
}

/** Read one plane: a code for each cell of the study area. */
export function unpackPlane(bytes, mask) {
  const size = mask.size;
  const codes = new Uint16Array(size);
  let north = new Int32Array(mask.cols + 1);
  let here = new Int32Array(mask.cols + 1);
  let at = 0;
  for (let row = 0; row < mask.rows; row += 1) {
    for (let col = 0; col < mask.cols; col += 1) {
      let code = 0;
      if (mask.has(row, col)) {
        const folded = bytes[at] + 256 * bytes[size + at];
        const off = folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
        code = expected(here[col], north[col + 1], north[col]) + off;
        codes[at] = code;
        at += 1;
      }
      here[col + 1] = code;
    }
    [north, here] = [here, north];
  }
  return codes;
}

function expected(west, north, corner) {
  return Math.min(Math.max(west + north - corner, Math.min(west, north)), Math.max(west, north));
}

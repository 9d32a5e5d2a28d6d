// Reading back what Python packed (`pages/cell_planes.py`): numbers for every cell of the study area.

/** Turn Base64 of deflated bytes into the bytes. */
export async function inflate(text) {
  const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// Bits that are set in each byte.
const ONES = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll("0", "").length);

/** Which cells belong to the study area: one bit a cell, each row in whole bytes. */
export class Mask {
  constructor(bits, rows, cols) {
    this.bits = bits;
    this.rows = rows;
    this.cols = cols;
    this.wide = Math.ceil(cols / 8);
    this.firsts = new Int32Array(rows + 1);
    for (let row = 0; row < rows; row += 1) {
      // The rest of a row's last byte is empty.
      const whole = bits.subarray(row * this.wide, (row + 1) * this.wide);
      this.firsts[row + 1] = whole.reduce((sum, byte) => sum + ONES[byte], this.firsts[row]);
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
  for (let row = 0, at = 0; row < mask.rows; row += 1) {
    here.fill(0);
    for (let col = 0, last = mask.firsts[row + 1]; at < last; col += 1) {
      if (mask.has(row, col)) {
        const folded = bytes[at] + 256 * bytes[size + at];
        const off = folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2;
        here[col + 1] = expected(here[col], north[col + 1], north[col]) + off;
        codes[at] = here[col + 1];
        at += 1;
      }
    }
    [north, here] = [here, north];
  }
  return codes;
}

/** The median of the neighbours and of the plane through them. */
function expected(west, north, corner) {
  const plane = west + north - corner;
  if (west < north) {
    return plane < west ? west : plane > north ? north : plane;
  }
  return plane < north ? north : plane > west ? west : plane;
}

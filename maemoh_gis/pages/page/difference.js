// What differs between two score pictures, pixel by pixel.

/** Number of the colour for a difference of score in steps: 0 for none, else 1 and up. */
export function classOf(steps, edges) {
  const size = Math.abs(steps);
  return size === 0 ? 0 : 1 + edges.filter((edge) => size > edge).length;
}

/** Make a table from colour, as a number, to what a pixel of it means. */
export function pixelTable(colours, meanings, steps) {
  const number = (colour) => Number.parseInt(colour.slice(1), 16);
  return new Map(
    colours.map((colour, index) => {
      const [state, score] = meanings[index];
      return [number(colour), { state, step: score === null ? null : Math.round(score * steps) }];
    }),
  );
}

const OUTSIDE = { state: 0, step: null };
const UNREADABLE = { state: 4, step: null };

/** Say what the pixel at an offset of red, green, blue and opacity bytes means. */
export function meaningAt(table, bytes, offset) {
  if (bytes[offset + 3] === 0) {
    return OUTSIDE;
  }
  return table.get((bytes[offset] << 16) | (bytes[offset + 1] << 8) | bytes[offset + 2]) ?? UNREADABLE;
}

/**
 * Choose the colour of a difference of score, or null for nothing to draw: land outside the area, or
 * removed in both. Land that one run removes has no score on its picture, so it is not compared here.
 */
export function scoreColour(left, right, look) {
  if (left.state === 0 || right.state === 0 || left.state === 3 || right.state === 3) {
    return null;
  }
  if (left.step === null || right.step === null) {
    return look.unknown;
  }
  const kind = classOf(right.step - left.step, look.edges);
  if (kind === 0) {
    return look.same;
  }
  return (right.step > left.step ? look.gains : look.loses)[kind - 1];
}

/** Say whether a pixel is good land: true, false, or null where that is unknown. */
export function isGood({ state, step }, goodStep) {
  if (state === 4) {
    return null;
  }
  return step !== null && step >= goodStep;
}

/** Choose the colour for land that is good in one of two runs or in both, null for neither. */
export function goodColour(left, right, look) {
  const [one, other] = [isGood(left, look.goodStep), isGood(right, look.goodStep)];
  if (one === null || other === null) {
    return look.unknown;
  }
  if (one && other) {
    return look.goodBoth;
  }
  if (one) {
    return look.loses.at(-2);
  }
  return other ? look.gains.at(-2) : null;
}

/** Paint the difference of two pictures of the same size into the bytes of a third. */
export function paintDifference(table, left, right, painted, colourOf, look) {
  for (let offset = 0; offset < painted.length; offset += 4) {
    const colour = colourOf(meaningAt(table, left, offset), meaningAt(table, right, offset), look);
    if (colour === null) {
      painted[offset + 3] = 0;
    } else {
      const value = Number.parseInt(colour.slice(1), 16);
      painted[offset] = value >> 16;
      painted[offset + 1] = (value >> 8) & 255;
      painted[offset + 2] = value & 255;
      painted[offset + 3] = 255;
    }
  }
}

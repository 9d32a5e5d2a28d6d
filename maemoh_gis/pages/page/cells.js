// Reading the score of a cell back from the colour its picture has there.

/** Make a table from colour to what the colour means; `meanings` are pairs of state and score. */
export function colourTable(colours, meanings) {
  return new Map(colours.map((colour, index) => [colour, meanings[index]]));
}

/** Say what the cell of one pixel is: red, green, blue and opacity from 0 to 255. */
export function readPixel(table, [red, green, blue, opacity]) {
  if (opacity === 0) {
    return { state: 0, score: null };
  }
  const colour = `#${[red, green, blue].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
  const [state, score] = table.get(colour) ?? [4, null];
  return { state, score };
}

/**
 * Find the pixel under a place. Pictures and web maps share one projection, in which longitude runs
 * evenly and latitude does not.
 */
export function pixelAt(latitude, longitude, [[south, west], [north, east]], width, height) {
  const across = (longitude - west) / (east - west);
  const down = (mercator(north) - mercator(latitude)) / (mercator(north) - mercator(south));
  if (!(across >= 0 && across < 1 && down >= 0 && down < 1)) {
    return null;
  }
  return { x: Math.floor(across * width), y: Math.floor(down * height) };
}

function mercator(latitude) {
  return Math.log(Math.tan(Math.PI / 4 + (latitude * Math.PI) / 360));
}

// The score picture of a use under other weights, in the colours and states of the run's own picture.
import { element } from "./elements.js";
import { spread } from "./limits_map.js";

/** Give what a number is at each code of its plane as a list; one entry where it is the same everywhere. */
function byCode({ plane, constant, table, first, step, last }) {
  if (plane === null) {
    return Float64Array.of(constant ?? Number.NaN);
  }
  const known = table?.map((value) => value ?? Number.NaN);
  return Float64Array.from(known ?? Array.from({ length: last + 1 }, (_, code) => first + code * step));
}

/** Read a number at many cells: a function of the place of a cell, NaN where it is not known. */
function numberReader(number, planes) {
  const values = byCode(number);
  if (number.plane === null) {
    return () => values[0];
  }
  const codes = planes[number.plane];
  return (index) => values[codes[index]] ?? Number.NaN;
}

/** Score every cell under some weights, as `weightedMean` scores one; NaN where nothing is scored. */
export function scoresUnder({ criteria }, planes, weights, size) {
  const weighed = criteria.map((one, k) => ({ ...one, weight: weights[k] })).filter(({ weight }) => weight > 0);
  const parts = weighed.map(({ weight, value, low, high }) => ({
    weight,
    value: numberReader(value, planes),
    low: low && numberReader(low, planes),
    high: high && numberReader(high, planes),
  }));
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0);
  const scores = new Float32Array(size);
  for (let index = 0; index < size; index += 1) {
    let [scored, sum, least, most] = [0, 0, 0, 0];
    for (const { weight, value, low, high } of parts) {
      const score = value(index);
      const known = !Number.isNaN(score);
      scored += known ? weight : 0;
      sum += known ? weight * score : 0;
      least += weight * (low ? low(index) : known ? score : 0);
      most += weight * (high ? high(index) : known ? score : 1);
    }
    scores[index] = scored > 0 ? Math.min(Math.max(sum / scored, least / total), most / total) : Number.NaN;
  }
  return scores;
}

/** For each colour of the palette that stands for a score: where its run of colours begins, and its last step. */
export function runsOf(meanings) {
  const starts = meanings.flatMap(([, score], k) => (score === 0 ? [k] : []));
  return meanings.map(([, score], k) => {
    const first = starts.filter((start) => start <= k).at(-1);
    const end = starts.find((start) => start > k) ?? meanings.length;
    return score === null ? null : { first, last: end - first - 1 };
  });
}

const colourNumber = ([red, green, blue]) => (red << 16) | (green << 8) | blue;
const colourParts = (colour) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
const NO_SCORE = 4;

/** Draw a use under other weights: a function of the use, the address of its own picture and the weights. */
export function recolourer({ corners, colours, meanings }, cells) {
  const places = new Map(colours.map((colour, k) => [colourNumber(colourParts(colour)), k]));
  const [runs, rgb] = [runsOf(meanings), colours.map(colourParts)];
  const unknown = meanings.findIndex(([state]) => state === NO_SCORE);
  return async (use, address, weights) => {
    const image = new Image();
    image.src = address;
    await image.decode();
    const { naturalWidth: width, naturalHeight: height } = image;
    const [mask, planes] = [await cells.mask(), await cells.planes()];
    const scores = spread(scoresUnder(use, planes, weights, mask.size), mask, Number.NaN, Float32Array);
    const under = await cells.under(corners, width, height);
    const canvas = element("canvas", { width, height });
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.drawImage(image, 0, 0);
    const drawn = pen.getImageData(0, 0, width, height);
    const { data } = drawn;
    for (let pixel = 0, at = 0; at < data.length; pixel += 1, at += 4) {
      const colour = data[at + 3] === 0 ? undefined : places.get((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
      const run = colour === undefined ? null : runs[colour];
      if (run !== null && under[pixel] >= 0) {
        const score = scores[under[pixel]];
        data.set(rgb[Number.isNaN(score) ? unknown : run.first + Math.round(score * run.last)], at);
      }
    }
    pen.putImageData(drawn, 0, 0);
    return canvas;
  };
}

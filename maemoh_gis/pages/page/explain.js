// What the run says of one cell: the same sums as the engine's, over what Python packed.

/** Read a number of a cell from its plane; null where it is not known. */
export function numberAt(number, planes, index) {
  if (number.plane === null) {
    return number.constant;
  }
  const code = planes[number.plane][index];
  if (number.table) {
    return number.table[code] ?? null;
  }
  return code <= number.last ? number.first + code * number.step : null;
}

/** Say on which side of its span a measure lies: -1 below, 1 beyond, 0 inside or not known. */
export function sideOfSpan(number, planes, index) {
  if (number.plane === null || number.table) {
    return 0;
  }
  return [-1, 1][planes[number.plane][index] - number.last - 1] ?? 0;
}

/** Score, least and greatest score of a criterion at a cell; a bound not given follows the score. */
export function partAt(criterion, planes, index) {
  const score = numberAt(criterion.value, planes, index);
  return {
    score,
    low: criterion.low ? numberAt(criterion.low, planes, index) : (score ?? 0),
    high: criterion.high ? numberAt(criterion.high, planes, index) : (score ?? 1),
  };
}

/**
 * Combine parts by the weighted mean: over what is scored, held inside what the bounds of all allow.
 * A part of no weight says nothing, not even that something is unknown.
 */
export function weightedMean(parts, weights) {
  let [total, scored, sum, low, high] = [0, 0, 0, 0, 0];
  parts.forEach((part, k) => {
    total += weights[k];
    low += weights[k] * part.low;
    high += weights[k] * part.high;
    if (part.score !== null) {
      scored += weights[k];
      sum += weights[k] * part.score;
    }
  });
  [low, high] = [low / total, high / total];
  if (scored === 0) {
    return { score: null, low, high, scoredShare: 0 };
  }
  return { score: Math.min(Math.max(sum / scored, low), high), low, high, scoredShare: scored / total };
}

/** Explain one use at a cell. Contributions and `held` add up to the score. */
export function explainUse(use, planes, index) {
  const parts = use.criteria.map((criterion) => partAt(criterion, planes, index));
  const weights = use.criteria.map((criterion) => criterion.weight);
  const mean = weightedMean(parts, weights);
  const given = use.score?.map((number) => numberAt(number, planes, index));
  const [score, low, high] = given ?? [mean.score, mean.low, mean.high];
  const criteria = parts.map((part, k) => ({
    ...part,
    weight: weights[k],
    contribution: part.score === null || weights[k] === 0 ? null : (weights[k] * part.score) / mean.scoredShare,
    measure: numberAt(use.criteria[k].measure, planes, index),
    side: sideOfSpan(use.criteria[k].measure, planes, index),
  }));
  const added = criteria.reduce((sum, { contribution }) => sum + (contribution ?? 0), 0);
  const [state, removed, conditional, unsure] = use.states[numberAt(use.state, planes, index)];
  return { state, score, low, high, criteria, held: score === null ? 0 : score - added, removed, conditional, unsure };
}

/** From which layers a cell is read, in words; of what no layer knows there nothing is said. */
export function groundsAt(grounds, planes, index) {
  return grounds.flatMap(({ layers, member }) => layers[numberAt(member, planes, index)] ?? []);
}

/** Find the cell under a place in metres: its row and column in the raster of explained cells. */
export function cellAt(grid, x, y) {
  const col = Math.floor(x / grid.cell) - grid.col0;
  const row = Math.floor(-y / grid.cell) - grid.row0;
  if (row < 0 || col < 0 || row >= grid.rows || col >= grid.cols) {
    return null;
  }
  // The square counted from the origin of the CRS; its middle cell stands for it.
  const square = (at, first) => Math.floor((first + at) / grid.step) - Math.floor((first + firstKept(first)) / grid.step);
  const firstKept = (first) => (((Math.floor(grid.step / 2) - first) % grid.step) + grid.step) % grid.step;
  return { row: square(row, grid.row0), col: square(col, grid.col0) };
}

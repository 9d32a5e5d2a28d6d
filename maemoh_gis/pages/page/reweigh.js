// Other weights on the run's own sites: a preview, summed over the same cells as the run's scores.
import { partAt, weightedMean } from "./explain.js";

// Two scores nearer than this are one score, as in the run.
const SAME = 1e-6;

/** Gather the parts of every cell of every site, once; weights come and go. */
export function siteParts(use, planes) {
  return use.sites.map((cells) => cells.map((index) => use.criteria.map((one) => partAt(one, planes, index))));
}

/**
 * Score every site anew: means over its cells, those first of which most is certain, each with its class: 1 where no
 * other site is better for certain, and so on down. The order is that of a list, not a rank.
 */
export function listSites(sites, weights) {
  const scored = sites.map((cells, place) => ({ place, ...meanOver(cells, weights) }));
  const classes = classesOf(scored);
  const listed = scored.map((site, place) => ({ ...site, class: classes[place] }));
  return listed.sort((one, other) => other.low - one.low || one.place - other.place);
}

/** Put ranges into classes from the top down: in a lower one is who is below all that another may be. */
export function classesOf(ranges) {
  const found = ranges.map(() => 0);
  for (let number = 1; found.includes(0); number += 1) {
    const most = Math.max(...ranges.filter((_, k) => found[k] === 0).map(({ low }) => low));
    ranges.forEach(({ high }, k) => {
      found[k] = found[k] === 0 && high >= most - SAME ? number : found[k];
    });
  }
  return found;
}

/** Name a class by letters: A to Z, then AA, AB and so on. */
export function className(number) {
  const [left, last] = [Math.floor((number - 1) / 26), (number - 1) % 26];
  return (left > 0 ? className(left) : "") + String.fromCharCode(65 + last);
}

function meanOver(cells, weights) {
  const sum = { score: 0, low: 0, high: 0 };
  for (const parts of cells) {
    const mean = weightedMean(parts, weights);
    sum.score = mean.score === null || sum.score === null ? null : sum.score + mean.score;
    sum.low += mean.low;
    sum.high += mean.high;
  }
  const score = sum.score === null ? null : sum.score / cells.length;
  return { score, low: sum.low / cells.length, high: sum.high / cells.length };
}

/** Give weights as shares that sum to one; all zero where nothing weighs anything. */
export function shares(weights) {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => (total > 0 ? weight / total : 0));
}

/** Write changed weights for a link: `use:20,30;use:10,90`; null where none was changed. */
export function weightsOf(weighings) {
  const changed = weighings.filter((one) => one.changed);
  const points = (weights) => weights.map((weight) => Number((100 * weight).toFixed(2))).join(",");
  return changed.map(({ id, weights }) => `${id}:${points(weights)}`).join(";") || null;
}

/** Take weights from a link; what names no use or is no list of points as long as its criteria is left out. */
export function weightsIn(value, weighings) {
  for (const part of value.split(";")) {
    const [id, written = ""] = part.split(":");
    const weighing = weighings.find((one) => one.id === id);
    const points = written.split(",").map((point) => (point === "" ? Number.NaN : Number(point)));
    if (weighing && points.length === weighing.weights.length && points.every((point) => point >= 0 && point <= 100)) {
      weighing.weights = points.map((point) => point / 100);
    }
  }
}

/**
 * Write a scenario that changes the weights of some uses and nothing else; `changed` are pairs of a
 * use and its points by criterion. A string in JSON is one in YAML too.
 */
export function scenarioFile({ id, base, viewpoint, title, question }, changed) {
  const words = (text) => `{th: ${JSON.stringify(text.th)}, en: ${JSON.stringify(text.en)}}`;
  const lines = ["version: 1", `id: ${id}`, `extends: ${base}`, `title: ${words(title)}`];
  lines.push(`question: ${words(question)}`, "change:");
  for (const [use, points] of changed) {
    lines.push(`  viewpoints.${viewpoint}.weights.${use}:`);
    for (const [criterion, point] of points) {
      lines.push(`    ${criterion}: ${Number((100 * point).toFixed(4))}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

// Words in the reader's language, and numbers read from the screen put into words.

/**
 * Take one language out of a text. Python writes a text that reads the same everywhere as a string.
 */
export function wordsIn(text, language) {
  if (text === null || text === undefined) {
    return "";
  }
  return typeof text === "string" ? text : (text[language] ?? "");
}

/** Put the message with an id into words; `values` fill its {names}. */
export function message(messages, language, id, values = {}) {
  const sentence = messages[language][`page.${id}`];
  if (sentence === undefined) {
    throw new Error(`no message page.${id} in ${language}`);
  }
  return sentence.replace(/\{(\w+)\}/g, (name, key) => String(values[key] ?? name));
}

/** Choose the language to open with: what follows the `#` of the address, else the first. */
export function languageOf(hash, languages) {
  const [asked] = hash.replace("#", "").split("&");
  return languages.includes(asked) ? asked : languages[0];
}

/** Write a score as the pictures hold it: to the nearest 1/50. */
export function scoreWords(score) {
  return score === null ? "–" : score.toFixed(2);
}

/** Write a place, latitude first; 4 digits are about 11 m. */
export function placeWords(latitude, longitude) {
  return `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`;
}

/** Write a length for the scale bar: id of the message and the number in it. */
export function lengthWords(metres) {
  return metres < 1000
    ? { id: "metres", length: String(metres) }
    : { id: "kilometres", length: String(metres / 1000) };
}

/** Write a number with commas between thousands, as Python does. */
export function numberWords(number, decimals) {
  const [whole, part] = Math.abs(number).toFixed(decimals).split(".");
  const sign = number < 0 && Number(number.toFixed(decimals)) !== 0 ? "-" : "";
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return sign + grouped + (part === undefined ? "" : `.${part}`);
}

/** Write a measure: as exact as it was kept, and its span's end where it lies outside. */
export function measureWords(measure, side, { first, step, last }, unit) {
  if (side !== 0) {
    const end = side < 0 ? first : first + step * last;
    return `${side < 0 ? "<" : ">"} ${figureWords(end, step, 0)} ${unit}`;
  }
  return measure === null ? "–" : `${figureWords(measure, step, step > 0.1 ? 0 : 1)} ${unit}`;
}

/** Write a number with the usual decimals, a small one with two digits that count. */
function figureWords(number, step, usual) {
  const size = Math.abs(number);
  const rounding = step > 0 ? step / 2 : 0;
  if (step > 0.1 || size <= rounding || size >= 0.95) {
    return numberWords(number, usual);
  }
  return numberWords(number, 1 - Math.floor(Math.log10(size))).replace(/0+$/, "");
}

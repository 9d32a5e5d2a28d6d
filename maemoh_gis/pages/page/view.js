// The view as the end of the address: `#en&at=18.3,99.7,11&use=1`, so that a link shows what was seen.

/** Split the end of an address into the language asked for and values by key. */
export function readView(fragment) {
  const [language, ...pairs] = fragment.replace(/^#/, "").split("&");
  const values = new Map();
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    if (at > 0) {
      values.set(pair.slice(0, at), decoded(pair.slice(at + 1)));
    }
  }
  return { language, values };
}

/** Write the end of an address; values that are null are left out. */
export function writeView(language, values) {
  const pairs = [...values].filter(([, value]) => value !== null);
  const written = pairs.map(([key, value]) => `&${key}=${encodeURIComponent(value).replaceAll("%2C", ",")}`);
  return `#${language}${written.join("")}`;
}

function decoded(value) {
  try {
    return decodeURIComponent(value);
  } catch {
    return "";
  }
}

/** Read latitude, longitude and zoom; null where they are no place. */
export function placeIn(value) {
  const numbers = value.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  const [latitude, longitude, zoom] = numbers;
  const there = Math.abs(latitude) <= 85 && Math.abs(longitude) <= 180 && zoom >= 0 && zoom <= 22;
  return numbers.length === 3 && there ? { latitude, longitude, zoom } : null;
}

/** Write the middle of a map and its zoom; 5 digits are about 1 m. */
export function placeOf({ lat, lng }, zoom) {
  return `${lat.toFixed(5)},${lng.toFixed(5)},${Number(zoom.toFixed(2))}`;
}

/** Read one of some numbers, counted from 0; null for anything else. */
export function choiceIn(value, count) {
  return /^\d{1,4}$/.test(value) && Number(value) < count ? Number(value) : null;
}

/** Keeps the address in step with the page; each part says what it shows and takes it back. */
export class Permalink {
  constructor(words) {
    this.words = words;
    this.parts = new Map();
    this.ready = false;
    this.timer = null;
    words.follow(() => this.changed());
  }

  /** `read` gives the value or null for what the page opens with; `apply` takes a value. */
  part(key, read, apply) {
    this.parts.set(key, { read, apply });
  }

  get address() {
    const values = [...this.parts].map(([key, { read }]) => [key, read()]);
    return writeView(this.words.language, values);
  }

  /** Take over what an address says; what it does not say or says wrongly stays as it is. */
  restore(fragment) {
    const { values } = readView(fragment);
    for (const [key, { apply }] of this.parts) {
      if (values.has(key)) {
        apply(values.get(key));
      }
    }
    this.ready = true;
  }

  /** Follow a reader who puts another view into the address of the open page. */
  listen(languages) {
    window.addEventListener("hashchange", () => {
      const { language } = readView(window.location.hash);
      if (languages.includes(language) && language !== this.words.language) {
        this.words.change(language);
      }
      this.restore(window.location.hash);
    });
  }

  changed() {
    if (this.ready && this.timer === null) {
      this.timer = setTimeout(() => this.write(), 150);
    }
  }

  write() {
    this.timer = null;
    try {
      window.history.replaceState(null, "", this.address);
    } catch {
      // A preview inside a mail has no address of its own; the link button still gives the view.
    }
  }
}

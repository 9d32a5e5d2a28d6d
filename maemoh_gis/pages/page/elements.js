// Elements of the page. Text goes in as text: nothing here or anywhere else reads it as markup.

/** Make an element with attributes and children; a child is an element or a string. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  for (const child of children) {
    made.append(child);
  }
  return made;
}

/** Put a table where it can be moved sideways, by keyboard too; `name` says what it is. */
export function sideways(name, table) {
  return element("div", { class: "wide", tabindex: "0", role: "region", "aria-label": name }, table);
}

/** Make a list of titles and values from pairs of strings. */
export function factList(pairs) {
  const list = element("dl");
  for (const [title, value] of pairs) {
    list.append(element("dt", {}, title), element("dd", {}, element("bdi", {}, value)));
  }
  return list;
}

/** Make the inside of a popup: a heading, facts, then notes. */
export function popupContent(heading, pairs, notes = []) {
  const box = element("div");
  if (heading) {
    box.append(element("h3", {}, element("bdi", {}, heading)));
  }
  if (pairs.length > 0) {
    box.append(factList(pairs));
  }
  for (const note of notes) {
    box.append(element("p", { class: "muted" }, note));
  }
  return box;
}

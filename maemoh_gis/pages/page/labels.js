// Where names can stand on the map without covering each other.

/**
 * Lay out the boxes a name may take around its place, best first. Sizes are in pixels; `clear` is the
 * radius of the point that must stay free, or 0 for a name that stands on its feature.
 */
export function boxesAround({ x, y }, width, height, clear) {
  const box = (left, top) => ({ left, top, right: left + width, bottom: top + height });
  if (clear === 0) {
    return [box(x - width / 2, y - height / 2)];
  }
  return [
    box(x - width / 2, y - clear - height),
    box(x - width / 2, y + clear),
    box(x + clear, y - height / 2),
    box(x - clear - width, y - height / 2),
  ];
}

/** The sides that go with the boxes of `boxesAround`. */
export const SIDES = ["top", "bottom", "right", "left"];

/** Kinds of names, first the numbers of sites, then what runs at the plant, then names of places. */
export const KINDS = { site: 0, plant: 1, place: 2 };

/** Say whether two boxes share any ground. */
export function touch(one, other) {
  return (
    one.right > other.left &&
    one.left < other.right &&
    one.bottom > other.top &&
    one.top < other.bottom
  );
}

/**
 * Choose a box for each name: the first that no earlier name has taken, as its index, or -1 where
 * every one is taken and the name must stay out. `spaces` are pixels that two names which both ask for
 * some keep between them, as numbers do, or 2 and 7 read as 27.
 */
export function chooseBoxes(choices, spaces = []) {
  const taken = [];
  return choices.map((boxes, place) => {
    const space = spaces[place] ?? 0;
    const near = (box, other) => touch(wider(box, Math.min(space, other.space)), other.box);
    const index = boxes.findIndex((box) => !taken.some((other) => near(box, other)));
    if (index >= 0) {
      taken.push({ box: boxes[index], space });
    }
    return index;
  });
}

const wider = ({ left, top, right, bottom }, by) => ({ left: left - by, top, right: right + by, bottom });

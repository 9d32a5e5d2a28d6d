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

// Pixels between two names in a line: 2 and 7 are not 27.
const APART = 4;

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

/** Say whether two boxes stand so near in a line that they would be read as one. */
function crowd(one, other) {
  return touch({ ...one, left: one.left - APART, right: one.right + APART }, other);
}

/**
 * Choose a box for each name: the first that no earlier name has taken, as its index, or -1 where
 * every one is taken and the name must stay out.
 */
export function chooseBoxes(choices) {
  const taken = [];
  return choices.map((boxes) => {
    const index = boxes.findIndex((box) => !taken.some((other) => crowd(box, other)));
    if (index >= 0) {
      taken.push(boxes[index]);
    }
    return index;
  });
}

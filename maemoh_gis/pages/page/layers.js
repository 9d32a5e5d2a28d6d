// Leaflet layers from the page's data. `L` is Leaflet; `words` gives the reader's language.
import { element, popupContent } from "./elements.js";
import { gainBars } from "./why.js";
import { wordsIn } from "./words.js";

/** Turn the style of a layer into Leaflet's words. */
export function pathStyle(style) {
  return {
    color: style.colour,
    weight: style.width,
    dashArray: style.dash,
    fill: style.fill !== null,
    fillColor: style.fill ?? style.colour,
    fillOpacity: style.fillOpacity,
  };
}

/** Lines of a popup: pairs of title and value in the reader's language. */
export function popupLines(titles, lines, words) {
  return titles.map((title, index) => [words.of(title), words.of(lines[index])]);
}

/** Draw one shape; points become circles of the style's radius. */
export function drawShape(L, shape, style, pane = "overlayPane") {
  return L.geoJSON(shape, {
    pane,
    style: () => pathStyle(style),
    pointToLayer: (_, place) => L.circleMarker(place, { ...pathStyle(style), radius: style.radius, pane }),
  });
}

/**
 * A name that stands at a place and changes with the language. Leaflet asks the browser for the size of
 * every name it places, each time for a whole layout; here whoever places names measures all at once.
 */
export function nameLabel(L, place, text, kind, clear = 0) {
  const look = { permanent: true, interactive: false, opacity: 1, className: `name ${kind}` };
  const label = L.tooltip({ ...look, direction: "center" })
    .setLatLng(place)
    .setContent(() => element("span", {}, text()));
  const name = { label, clear, size: [0, 0], side: clear > 0 ? "top" : "center" };
  label._setPosition = (point) => {
    L.DomUtil.setPosition(label.getElement(), point.subtract(cornerFrom(name)).round());
  };
  return name;
}

/** How far the upper left corner of a name lies to the left of its place and above it, in pixels. */
export function cornerFrom({ size: [width, height], clear, side }) {
  const [middle, centre] = [Math.round(width / 2), Math.round(height / 2)];
  return {
    center: [middle, centre],
    top: [middle, height + clear],
    bottom: [middle, -clear],
    right: [-clear, centre],
    left: [width + clear, centre],
  }[side];
}

/** Measure a name; to measure many, move none meanwhile. */
export function measureLabel(name) {
  const { offsetWidth, offsetHeight } = name.label.getElement();
  name.size = [offsetWidth, offsetHeight];
}

/** Put a name to one side of its point. */
export function moveLabel(name, side) {
  name.side = name.clear > 0 ? side : "center";
  name.label._updatePosition();
}

/**
 * A context layer: { shapes, names }, `shapes` as a group that can be switched on and off, `names` by how
 * many zooms nearer they wait.
 */
export function contextLayer(L, layer, words) {
  const shapes = L.featureGroup();
  const names = new Map();
  for (const feature of layer.features) {
    const drawn = drawShape(L, feature.shape, layer.style);
    drawn.bindPopup(() => {
      const heading = words.of(feature.name) || words.of(layer.title);
      const lines = popupLines(layer.titles, feature.lines, words);
      const notes = [
        `${words.of(layer.title)} · ${words.say("confidence")}: ${words.say(`confidence_${layer.confidence}`)}`,
        words.of(layer.caution),
        `${words.say("source")}: ${layer.source}`,
      ];
      const content = popupContent(heading, lines, notes);
      if (feature.bars.length > 0) {
        content.append(featureBars(feature.bars, words, words.of(layer.barsNote)));
      }
      return content;
    });
    shapes.addLayer(drawn);
    if (feature.name !== null) {
      const point = feature.shape.type.endsWith("Point");
      const area = feature.shape.type.endsWith("Polygon");
      const clear = point ? layer.style.radius + 2 : 0;
      const label = nameLabel(L, feature.at, () => words.of(feature.name), area ? "area" : "feature", clear);
      names.set(feature.later, [...(names.get(feature.later) ?? []), label]);
    }
  }
  return { shapes, names };
}

/** What each thing gives a feature of what it could. */
function featureBars(bars, words, note) {
  const titles = bars.map(([title]) => ({ title }));
  return gainBars(titles, bars.map(([, gained, weight]) => ({ gained, weight })), words, note);
}

/** The sites of a use: { shapes, names, drawn }, `drawn` in the order of the table. */
export function siteLayer(L, use, style, words, extra = () => "") {
  const shapes = L.featureGroup();
  const names = [];
  const drawn = use.sites.map((site, place) => {
    const shape = drawShape(L, site.shape, style, "sites");
    const headingIn = (language) => wordsIn(site.name, language);
    const heading = () => headingIn(words.language);
    shape.bindPopup(() => {
      const notes = [words.of(use.title), words.say("screening_only"), words.say("not_a_permit")];
      const content = popupContent(heading(), popupLines(use.titles, site.lines, words), notes);
      content.append(extra(place));
      return content;
    });
    shapes.addLayer(shape);
    const middle = shape.getBounds().getCenter();
    names.push(nameLabel(L, middle, () => words.of(site.rank), "rank"));
    return { shape, heading, headingIn };
  });
  return { shapes, names, drawn };
}

/** A scale bar in metres and kilometres of the reader's language. */
export function scaleBar(L, words, lengthWords) {
  const Scale = L.Control.Scale.extend({
    _updateMetric(longest) {
      const metres = this._getRoundNum(longest);
      const { id, length } = lengthWords(metres);
      this._updateScale(this._mScale, words.say(id, { length }), metres / longest);
    },
  });
  return new Scale({ imperial: false, position: "bottomleft", maxWidth: 140 });
}

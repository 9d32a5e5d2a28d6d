// From latitude and longitude to the metres of a UTM zone.

const A = 6378137;
const N = 1 / (2 * 298.257223563 - 1);
const RADIUS = (A / (1 + N)) * (1 + N ** 2 / 4 + N ** 4 / 64);
const ALPHA = [
  N / 2 - (2 / 3) * N ** 2 + (5 / 16) * N ** 3,
  (13 / 48) * N ** 2 - (3 / 5) * N ** 3,
  (61 / 240) * N ** 3,
];
const SCALE = 0.9996;
const ECCENTRICITY = (2 * Math.sqrt(N)) / (1 + N);

/**
 * Give easting and northing in metres on WGS 84; `south` adds the southern hemisphere's 10,000 km.
 * Krüger's series to the third order, off by less than a millimetre inside the zone: Karney 2011,
 * Journal of Geodesy 85, 475-485.
 */
export function utm(latitude, longitude, zone, south) {
  const phi = (latitude * Math.PI) / 180;
  const lambda = ((longitude - (6 * zone - 183)) * Math.PI) / 180;
  const sine = Math.sin(phi);
  const t = Math.sinh(Math.atanh(sine) - ECCENTRICITY * Math.atanh(ECCENTRICITY * sine));
  const xi = Math.atan2(t, Math.cos(lambda));
  const eta = Math.atanh(Math.sin(lambda) / Math.sqrt(1 + t * t));
  let [east, north] = [eta, xi];
  ALPHA.forEach((alpha, index) => {
    const times = 2 * (index + 1);
    east += alpha * Math.cos(times * xi) * Math.sinh(times * eta);
    north += alpha * Math.sin(times * xi) * Math.cosh(times * eta);
  });
  return {
    x: 500000 + SCALE * RADIUS * east,
    y: (south ? 10000000 : 0) + SCALE * RADIUS * north,
  };
}

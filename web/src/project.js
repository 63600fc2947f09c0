// project.js: from degrees to pixels: Mercator, cut where the widest stretch without a site lies, so that a theatre across the 180th
// meridian stays in one piece; and the world behind it.
import { geoMercator, geoPath } from 'd3-geo';

// The outlines are most of the pages' bytes: they come behind what can be used at once.
let land = null, borders = null;
export const whenWorld = import('./world.js').then((world) => { ({ land, borders } = world); });
export const worldIsThere = () => land !== null;

/** The longitude opposite to the widest gap between sites. */
export function middleOf(points) {
    const east = points.map((point) => point[0]).sort((a, b) => a - b);
    if (east.length === 0) return 0;
    let widest = east[0] + 360 - east.at(-1), middle = (east[0] + east.at(-1)) / 2;
    for (let i = 1; i < east.length; i++)
        if (east[i] - east[i - 1] > widest) {
            widest = east[i] - east[i - 1];
            middle = (east[i] + east[i - 1]) / 2 + 180;
        }
    return middle;
}

const leastDegrees = 1;

/** Points around those that lie so close together that nothing of the land about them would be seen. */
function surroundings(points) {
    const north = points.map((point) => point[1]), [low, high] = [Math.min(...north), Math.max(...north)];
    const middle = middleOf(points), far = Math.max(high - low, ...points.map(([east]) => Math.abs(((east - middle + 540) % 360) - 180)));
    return far >= leastDegrees ? [] : [[middle, low - leastDegrees], [middle, high + leastDegrees]];
}

/** Places for sites that have none, as [x, y] in a box: on a ring, those of one partner together. */
export function scheme(sites, width, height) {
    const order = [...sites].sort((a, b) => (a.partner || '').localeCompare(b.partner || '') || a.site.localeCompare(b.site));
    const turn = (2 * Math.PI) / Math.max(1, sites.length);
    return new Map(order.map((site, ix) => [site.site, [width * (0.5 + 0.32 * Math.cos(ix * turn - Math.PI / 2)), height * (0.5 + 0.38 * Math.sin(ix * turn - Math.PI / 2))]]));
}

/** A projection that fits the points into the box with a margin. */
export function projectionFor(points, width, height) {
    const projection = geoMercator().rotate([-middleOf(points), 0]);
    const margin = 40;
    const shape = { type: 'MultiPoint', coordinates: points.length ? [...points, ...surroundings(points)] : [[-150, -50], [150, 60]] };
    return projection.fitExtent([[margin, margin], [Math.max(margin + 1, width - margin), Math.max(margin + 1, height - margin)]], shape);
}

/** Draws land and borders as the projection has them. */
export function drawWorld(pen, projection, colours, width, height) {
    const clipped = geoMercator().rotate(projection.rotate()).scale(projection.scale()).translate(projection.translate()).clipExtent([[-20, -20], [width + 20, height + 20]]);
    const path = geoPath(clipped, pen);
    pen.fillStyle = colours.sea;
    pen.fillRect(0, 0, width, height);
    if (!land) return;
    pen.beginPath();
    path(land);
    pen.fillStyle = colours.land;
    pen.fill();
    pen.beginPath();
    path(borders);
    pen.strokeStyle = colours.border;
    pen.lineWidth = 0.7;
    pen.stroke();
}

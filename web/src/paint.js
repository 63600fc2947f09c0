// paint.js: what a map draws: lanes with what moves on them, sites with stock and state, names that never lie on one another. It knows
// nothing of the page: it gets pens, points on the screen and amounts.

export const worse = { red: 3, amber: 2, green: 1 };
const bend = 0.12;

/** The bow of a lane between two points: [x1, y1, cx, cy, x2, y2]. */
export const bow = ([x1, y1], [x2, y2]) => [x1, y1, (x1 + x2) / 2 - (y2 - y1) * bend, (y1 + y2) / 2 + (x2 - x1) * bend, x2, y2];

function trace(pen, [x1, y1, cx, cy, x2, y2]) {
    pen.moveTo(x1, y1);
    pen.quadraticCurveTo(cx, cy, x2, y2);
}

/** All lanes on which nothing moves, in one stroke. */
export function paintIdle(pen, bows, colour) {
    pen.beginPath();
    for (const each of bows) trace(pen, each);
    pen.setLineDash([]);
    pen.strokeStyle = colour;
    pen.lineWidth = 0.8;
    pen.stroke();
}

/** One lane; dash: [] is a full line. */
export function paintLane(pen, bow_, { width, colour, dash = [] }) {
    pen.beginPath();
    trace(pen, bow_);
    pen.setLineDash(dash);
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.stroke();
}

const between = 30;

/** Marks that travel along a lane, the way it goes; phase 0..1 is how far each has come to the next. Cheap: a lane is not drawn again. */
export function paintTravel(pen, [x1, y1, cx, cy, x2, y2], size, phase, width, height) {
    const count = Math.max(1, Math.min(60, Math.round(Math.hypot(x2 - x1, y2 - y1) / between)));
    for (let place = 0; place < count; place++) {
        const part = (place + phase) / count, a = (1 - part) ** 2, b = 2 * part * (1 - part), c = part ** 2;
        const x = a * x1 + b * cx + c * x2, y = a * y1 + b * cy + c * y2;
        if (x > 0 && y > 0 && x < width && y < height) pen.fillRect(x - size / 2, y - size / 2, size, size);
    }
}

/** The distance of a point from a bow. */
export function farFrom([x1, y1, cx, cy, x2, y2], x, y) {
    let least = Infinity;
    for (let part = 0; part <= 1; part += 0.05) {
        const a = (1 - part) ** 2, b = 2 * part * (1 - part), c = part ** 2;
        least = Math.min(least, Math.hypot(a * x1 + b * cx + c * x2 - x, a * y1 + b * cy + c * y2 - y));
    }
    return least;
}

function circle(pen, x, y, size) {
    pen.beginPath();
    pen.arc(x, y, size, 0, 2 * Math.PI);
}

/** Red is a square, amber a triangle, green a dot: told apart without colours. */
function paintState(pen, x, y, word, colours) {
    pen.fillStyle = colours[word] || colours.faint;
    pen.beginPath();
    if (word === 'red') pen.rect(x - 4, y - 4, 8, 8);
    else if (word === 'amber') { pen.moveTo(x, y - 5); pen.lineTo(x + 5, y + 4); pen.lineTo(x - 5, y + 4); } else pen.arc(x, y, 3, 0, 2 * Math.PI);
    pen.fill();
}

/** A site: its ring is as large as its stock. */
export function paintSite(pen, { x, y, size, word, chosen }, colours) {
    pen.setLineDash([]);
    circle(pen, x, y, size);
    pen.fillStyle = colours.ring;
    pen.fill();
    pen.lineWidth = 1;
    pen.strokeStyle = colours.text;
    pen.stroke();
    paintState(pen, x, y, word, colours);
    if (!chosen) return;
    circle(pen, x, y, size + 5);
    pen.lineWidth = 3;
    pen.strokeStyle = colours.accent;
    pen.stroke();
}

/** What has failed is crossed out. */
export function paintCross(pen, x, y, size, colours) {
    for (const [colour, width] of [[colours.halo, 7], [colours.red, 3]]) {
        pen.setLineDash([]);
        pen.beginPath();
        pen.moveTo(x - size, y - size);
        pen.lineTo(x + size, y + size);
        pen.moveTo(x + size, y - size);
        pen.lineTo(x - size, y + size);
        pen.strokeStyle = colour;
        pen.lineWidth = width;
        pen.stroke();
    }
}

const overlap = (a, b) => a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top;
const widths = new Map();

function widthOf(pen, text) {
    const key = `${pen.font} ${text}`;
    if (!widths.has(key)) widths.set(key, pen.measureText(text).width);
    return widths.get(key);
}

/** Names of sites [{x, y, size, text, weight}], the weightiest first: to the right, left, above or below, or not at all. */
export function paintNames(pen, sites, colours, width, height, scale) {
    const half = 7 * scale;
    pen.font = `${12 * scale}px system-ui, sans-serif`;
    pen.textBaseline = 'middle';
    const inside = sites.filter(({ x, y }) => x > -20 && y > -20 && x < width + 20 && y < height + 20).sort((a, b) => b.weight - a.weight);
    const taken = inside.map(({ x, y }) => ({ left: x - 5, right: x + 5, top: y - 5, bottom: y + 5 }));
    const spots = inside.map((site) => {
        const wide = widthOf(pen, site.text), { x, y, size } = site;
        const places = [[x + size + 4, y], [x - size - 4 - wide, y], [x - wide / 2, y - size - half - 2], [x - wide / 2, y + size + half + 2]];
        for (const [left, middle] of places) {
            const spot = { left: left - 1, right: left + wide + 2, top: middle - half, bottom: middle + half };
            if (spot.left < 0 || spot.right > width || spot.top < 0 || spot.bottom > height || taken.some((other) => overlap(spot, other))) continue;
            taken.push(spot);
            return { text: site.text, left, middle };
        }
        return null;
    }).filter(Boolean);
    pen.setLineDash([]);
    pen.lineWidth = 3;
    pen.strokeStyle = colours.halo;
    for (const { text, left, middle } of spots) pen.strokeText(text, left, middle);
    pen.fillStyle = colours.text;
    for (const { text, left, middle } of spots) pen.fillText(text, left, middle);
    return spots;
}

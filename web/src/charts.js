// charts.js: pictures of numbers: bars with what is proven, how an ensemble is distributed, who gives whom what. Drawn as elements, so
// that they print, and take the theme's colours; none tells by colour alone.
import { h, svg } from './dom.js';
import { number, say, share } from './words.js';

const percent = (part) => `${Math.max(0, Math.min(100, 100 * part)).toFixed(2)}%`;

/** rows: [{key, title, value, least, most, note}]: a tornado, each bar a button; the whisker is the proven interval. */
export function tornado({ rows, label, chosen, onchoose }) {
    const top = Math.max(1e-9, ...rows.map((row) => Math.max(row.value, row.most ?? 0)));
    return h('ol.tornado', { 'aria-label': label }, rows.map((row) => h('li', {}, h('button.bar-row', {
        'aria-pressed': String(row.key === chosen), title: row.note || null, onclick: () => onchoose(row.key),
    }, h('span.bar-title', {}, row.title),
    h('span.bar-track', { 'aria-hidden': 'true' },
        h('i.bar-fill', { style: { width: percent(row.value / top) } }),
        row.most > row.least && h('i.whisker', { style: { left: percent(row.least / top), width: percent((row.most - row.least) / top) } })),
    h('span.bar-value', {}, number(row.value))))));
}

const part = (kind, share) => share > 0 && h(`i.${kind}`, { style: { width: percent(share) } });

/** How much of a need is met: alone, by planning together, what together takes from it (hatched), and not at all. Shares of 1. */
export function coverBar(alone, met) {
    const before = alone ?? 0;
    return h('span.cover', { role: 'img', 'aria-label': `${say('alone')} ${alone === null ? '–' : share(before)}, ${say('met')} ${share(met)}` },
        part('alone', alone === null ? met : Math.min(before, met)), part('gained', alone === null ? 0 : met - before), part('given-up', before - met));
}

/** What the parts of such a bar stand for. */
export const coverKey = () => h('p.quiet', {}, [['alone', 'cover.alone'], ['gained', 'cover.gained'], ['given-up', 'cover.given'], ['unmet', 'cover.unmet']].map(([kind, key]) =>
    h('span.key', {}, h(`i.cover-key.${kind}`), say(key))));

const line = (x, y1, y2, name) => svg('line', { x1: x, x2: x, y1, y2, class: name });
const text = (x, y, anchor, name, words) => svg('text', { x, y, 'text-anchor': anchor, class: name }, words);

/**
 * counts over equal parts of 0 to `to`; marks: [{at, half, name, kind}] are lines, with a band of their confidence where half is given.
 */
export function histogram({ counts, to, unit, marks, label }) {
    const wide = 760, tall = 220, left = 58, right = 44, top = 64, foot = top + tall;
    const across = (value) => left + (wide - left - right) * (to > 0 ? Math.max(0, Math.min(1, value / to)) : 0);
    const all = counts.reduce((sum, count) => sum + count, 0) || 1;
    const most = Math.max(1, ...counts);
    const step = (wide - left - right) / counts.length;
    const bars = counts.map((count, ix) => count > 0 && svg('rect', {
        x: left + ix * step + 0.5, width: Math.max(1, step - 1), y: foot - (tall * count) / most, height: (tall * count) / most, class: 'chart-bar' }));
    const ticks = [0, 0.25, 0.5, 0.75, 1].map((part) => [line(across(part * to), top, foot, 'chart-grid'),
        text(across(part * to), foot + 16, 'middle', 'chart-tick', number(part * to))]);
    const drawn = marks.filter((mark) => Number.isFinite(mark.at)).sort((a, b) => a.at - b.at).map((mark, ix) => {
        const x = across(mark.at), y = 14 + (ix % 3) * 17, end = x > wide * 0.62;
        return [mark.half > 0 && svg('rect', { x: across(mark.at - mark.half), width: Math.max(1, across(mark.at + mark.half) - across(mark.at - mark.half)), y: top, height: tall, class: 'chart-band' }),
            line(x, y + 4, foot, `chart-mark ${mark.kind}`), text(end ? x - 5 : x + 5, y + 4, end ? 'end' : 'start', 'chart-label', mark.name)];
    });
    return svg('svg', { viewBox: `0 0 ${wide} ${foot + 36}`, class: 'chart', role: 'img', 'aria-label': label }, ticks, bars, drawn,
        text(left - 6, top + 4, 'end', 'chart-tick', share(most / all)), text(left - 6, foot, 'end', 'chart-tick', '0'),
        text(wide - right, foot + 32, 'end', 'chart-tick', unit));
}

/** flows: [{from, to, amount, kind, title}]: bands from the givers on the left to the takers on the right, as wide as what crosses. */
export function flowPicture({ flows, label, unit }) {
    const wide = 760, box = 120, gap = 26, top = 24;
    const sum = (rows) => rows.reduce((total, row) => total + row.amount, 0);
    const side = (key) => [...new Set(flows.map((flow) => flow[key]))].sort().map((name) => ({ name, amount: sum(flows.filter((flow) => flow[key] === name)) }));
    const givers = side('from'), takers = side('to');
    const scale = 260 / Math.max(1e-9, sum(flows));
    const stack = (nodes) => {
        let y = top;
        for (const node of nodes) { node.y = y; node.tall = Math.max(3, node.amount * scale); node.used = 0; y += node.tall + gap; }
        return y;
    };
    const height = Math.max(stack(givers), stack(takers));
    const bands = [...flows].sort((a, b) => a.from.localeCompare(b.from) || a.to.localeCompare(b.to) || b.amount - a.amount).map((flow) => {
        const from = givers.find((node) => node.name === flow.from), to = takers.find((node) => node.name === flow.to);
        const thick = Math.max(1, flow.amount * scale), y1 = from.y + from.used + thick / 2, y2 = to.y + to.used + thick / 2, middle = wide / 2;
        from.used += flow.amount * scale;
        to.used += flow.amount * scale;
        return [svg('path', { d: `M${box} ${y1}C${middle} ${y1} ${middle} ${y2} ${wide - box} ${y2}`, 'stroke-width': thick, class: `chart-flow flow-${flow.kind}` }, svg('title', {}, flow.title)),
            thick > 13 && text(box + 10, y1 + 4, 'start', 'chart-band-name', flow.title)];
    });
    const nodes = (list, x, anchor, at) => list.map((node) => [svg('rect', { x, y: node.y, width: 6, height: node.tall, class: 'chart-node' }),
        text(at, node.y + Math.max(10, node.tall / 2), anchor, 'chart-label', node.name),
        text(at, node.y + Math.max(10, node.tall / 2) + 15, anchor, 'chart-tick', `${number(node.amount)} ${unit}`)]);
    return svg('svg', { viewBox: `0 0 ${wide} ${height}`, class: 'chart', role: 'img', 'aria-label': label },
        text(box, 14, 'end', 'chart-tick', say('gives')), text(wide - box, 14, 'start', 'chart-tick', say('receives')),
        bands.map(([path]) => path), bands.map(([, words]) => words), nodes(givers, box - 6, 'end', box - 12), nodes(takers, wide - box, 'start', wide - box + 12));
}

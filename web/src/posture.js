// posture.js: days of supply as a heat map: sites and classes by days, the worst first.
import { address, get } from './api.js';
import { colour, context, fill, h, letters, settle } from './dom.js';
import { change, state } from './state.js';
import { date, number, say, tonnes } from './words.js';

const rowHeight = 22;
const labelWidth = 230;

/** Colour alone tells nobody who cannot see it: red is full, amber half, green low. */
const heights = { red: 1, amber: 0.62, green: 0.3 };

export function posturePath(facts, now, by = 'class') {
    const base = facts ? `/api/plans/${facts.plan}/posture` : '/api/case/posture';
    return address(base, { by, map: 1, partner: now.partner, item: now.class });
}

/** The rows of the partner that was asked for, or of all together. */
export function ownRows(answer) {
    return answer.rows.filter((row) => row.partner === (state().partner || '*'));
}

/** What a row stands for beside its site: a class, or where one class was chosen an item of it. */
const thing = (row) => row.item ?? row.class;
const first = (row) => (row.first_short_day ?? 1e6) + (row.first_red_day ?? 1e6) / 1e3;

/** A choice among values that is kept in the address under key; none stands for all. */
export function choice(name, all, values, key, onchange) {
    const element = h('select', { 'aria-label': name, onchange: () => { change({ [key]: element.value }); onchange(); } },
        h('option', { value: '' }, all), values.map((value) => h('option', { value, selected: state()[key] === value }, value)));
    return element;
}

const byPlace = (a, b) => a.site.localeCompare(b.site) || thing(a).localeCompare(thing(b));
const orders = {
    '': (a, b) => first(a) - first(b) || byPlace(a, b),
    site: byPlace,
    thing: (a, b) => thing(a).localeCompare(thing(b)) || byPlace(a, b),
};

/** Choices of class and partner, shared with the map. */
export function filters(desk, onchange) {
    const classes = [...new Set(desk.facts.holdings.map((each) => each.class))];
    return [choice(say('class'), say('class.all'), classes, 'class', onchange),
        choice(say('partner'), say('partner.all'), desk.facts.partners.map((each) => each.partner), 'partner', onchange)];
}

export function posture(body, desk, facts) {
    const canvas = h('canvas');
    const space = h('div.space', {}, canvas);
    const box = h('div.heat', { tabindex: 0, role: 'grid', 'aria-label': say('view.posture'), onscroll: () => draw(), onkeydown: onKey });
    const told = h('output.told', {});
    let answer = null, rows = [], at = { row: 0, day: Number(state().day) || 0 };

    async function load() {
        answer = await get(posturePath(facts, state(), state().class ? 'item' : 'class'));
        arrange();
    }
    /** The rows that are looked for, in the order that was chosen. */
    function arrange() {
        const sought = state().search.toLowerCase();
        rows = ownRows(answer).filter((row) => row.state.some((word) => word && word !== 'none') &&
            `${row.site} ${thing(row)}`.toLowerCase().includes(sought)).sort(orders[state().sort] || orders['']);
        at.row = Math.min(at.row, Math.max(0, rows.length - 1));
        space.style.setProperty('height', `${(rows.length + 1) * rowHeight}px`);
        draw();
        tell();
    }
    const cellWidth = () => Math.max(6, (box.clientWidth - labelWidth) / Math.max(1, answer.days.length));

    function draw() {
        if (!answer || !box.clientWidth) return;
        const width = box.clientWidth, height = box.clientHeight, wide = cellWidth();
        const pen = context(canvas, width, height);
        canvas.style.setProperty('top', `${box.scrollTop}px`);
        pen.clearRect(0, 0, width, height);
        pen.font = `${12 * letters()}px system-ui, sans-serif`;
        pen.textBaseline = 'middle';
        const from = Math.floor(box.scrollTop / rowHeight);
        for (let place = from; place < Math.min(rows.length, from + height / rowHeight + 1); place++)
            drawRow(pen, rows[place], place, (place + 1) * rowHeight - box.scrollTop, wide);
        drawDays(pen, width, wide);
    }
    function drawRow(pen, row, place, y, wide) {
        pen.fillStyle = colour(place === at.row ? 'accent' : 'text');
        const name = fit(pen, thing(row), labelWidth / 2), room = labelWidth - 24 - pen.measureText(name).width;
        pen.fillText(fit(pen, row.site, room), 6, y + rowHeight / 2);
        pen.fillStyle = colour(place === at.row ? 'accent' : 'quiet');
        pen.textAlign = 'right';
        pen.fillText(name, labelWidth - 10, y + rowHeight / 2);
        pen.textAlign = 'left';
        for (let day = 0; day < row.state.length; day++) {
            const word = row.state[day];
            const tall = heights[word];
            if (!tall) continue;
            pen.fillStyle = colour(word);
            const full = rowHeight - 3;
            pen.fillRect(labelWidth + day * wide, y + full - full * tall + 1, Math.max(1, wide - 1), full * tall);
        }
        if (place === at.row) {
            pen.strokeStyle = colour('text');
            pen.lineWidth = 2;
            pen.strokeRect(labelWidth + at.day * wide, y, wide, rowHeight - 1);
        }
    }
    function drawDays(pen, width, wide) {
        pen.fillStyle = colour('panel');
        pen.fillRect(0, 0, width, rowHeight);
        pen.fillStyle = colour('quiet');
        const step = Math.ceil((64 * letters()) / wide);
        for (let day = 0; day < answer.days.length; day += step)
            pen.fillText(date(desk.facts.start, answer.days[day]), labelWidth + day * wide, rowHeight / 2);
    }
    function tell() {
        const row = rows[at.row];
        if (!row) {
            told.textContent = say('nothing');
            return;
        }
        const dos = row.dos[at.day];
        told.textContent = [`${row.site} · ${thing(row)}`, date(desk.facts.start, answer.days[at.day]), say(row.state[at.day] || 'none'),
            `${say('stock')} ${tonnes(row.stock[at.day])}`, dos === null ? '' : say('posture.dos', { days: number(dos) }),
            row.short[at.day] > 0 ? `${say('short')} ${tonnes(row.short[at.day])}` : ''].filter(Boolean).join(' · ');
    }
    function go(row, day) {
        at = { row: Math.max(0, Math.min(rows.length - 1, row)), day: Math.max(0, Math.min(answer.days.length - 1, day)) };
        const y = (at.row + 1) * rowHeight;
        if (y - rowHeight < box.scrollTop) box.scrollTop = y - rowHeight;
        if (y + rowHeight > box.scrollTop + box.clientHeight) box.scrollTop = y + rowHeight - box.clientHeight;
        change({ day: String(at.day) });
        draw();
        tell();
    }
    function onKey(event) {
        const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-20, 0], PageDown: [20, 0] };
        const step = steps[event.key];
        if (step) { go(at.row + step[0], at.day + step[1]); event.preventDefault(); }
        if (event.key === 'Enter') open();
    }
    function open() {
        const row = rows[at.row];
        if (row && !row.item && !state().class) {
            change({ class: row.class, search: row.site });
            [picks[0].value, search.value] = [row.class, row.site];
            load();
        } else if (row) change({ view: 'map', sel: `site:${row.site}` });
    }
    box.addEventListener('click', (event) => {
        const place = box.getBoundingClientRect();
        const row = Math.floor((event.clientY - place.top + box.scrollTop) / rowHeight) - 1;
        const day = Math.floor((event.clientX - place.left - labelWidth) / cellWidth());
        if (row >= 0) go(row, day < 0 ? at.day : day);
    });
    /* Into the items of a class; from an item to its site on the map. */
    box.addEventListener('dblclick', () => open());
    box.append(space);
    const sort = h('select', { 'aria-label': say('posture.sort'), onchange: () => { change({ sort: sort.value }); arrange(); } },
        ['', 'site', 'thing'].map((key) => h('option', { value: key, selected: state().sort === key }, say(`posture.sort.${key || 'worst'}`))));
    const search = h('input', {
        type: 'search', placeholder: say('search'), 'aria-label': say('search'), value: state().search,
        oninput: settle(() => { change({ search: search.value }); arrange(); }, 100),
    });
    const picks = filters(desk, load);
    const legend = ['red', 'amber', 'green'].map((word) => h('span.key', {}, h(`i.state-${word}`), say(word)));
    fill(body, h('div.bar', {}, picks, sort, search, legend, h('span.quiet', {}, facts ? say('posture.hint') : say('posture.case'))), box, told);
    const watcher = new ResizeObserver(settle(draw, 30));
    watcher.observe(box);
    load();
    document.addEventListener('repaint', draw);
    return () => {
        watcher.disconnect();
        document.removeEventListener('repaint', draw);
    };
}

function fit(pen, text, width) {
    if (pen.measureText(text).width <= width) return text;
    let length = text.length;
    while (length > 1 && pen.measureText(`${text.slice(0, length)}…`).width > width) length--;
    return `${text.slice(0, length)}…`;
}

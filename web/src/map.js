// map.js: sites, lanes and what moves, on the map, day by day; or what moves otherwise than in another plan; and what has failed.
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { address, get } from './api.js';
import { colour, context, fill, h, letters, refill, settle } from './dom.js';
import { bow, farFrom, paintCross, paintIdle, paintLane, paintNames, paintSite, paintTravel, worse } from './paint.js';
import { choice, filters, ownRows, posturePath } from './posture.js';
import { drawWorld, projectionFor, scheme, whenWorld, worldIsThere } from './project.js';
import { change, state, watch } from './state.js';
import { date, number, say, signed, term, tonnes } from './words.js';

const modes = ['sea', 'air', 'road', 'rail', 'pipeline', 'river'];
const still = matchMedia('(prefers-reduced-motion: reduce)');
const nameMost = 36;
const short = (name) => (name.length > nameMost ? `${name.slice(0, nameMost - 1)}…` : name);
const sum = (values) => (values || []).reduce((all, value) => all + value, 0);

export function map(body, desk, facts) {
    // three sheets: below the world and what is idle, then what moves (drawn again for each frame), above sites and names
    const below = h('canvas', { 'aria-hidden': 'true' }), moving = h('canvas', { 'aria-hidden': 'true' });
    const canvas = h('canvas', { tabindex: 0, role: 'application', 'aria-label': say('view.map') });
    const middle = (factor) => zoomAt(box.clientWidth / 2, box.clientHeight / 2, factor);
    const remark = h('p.map-note.quiet', { hidden: true });
    const box = h('div.map', {}, below, moving, canvas, remark, h('div.zoom', {}, h('button', { 'aria-label': `${say('zoom')} +`, onclick: () => middle(1.5) }, '+'),
        h('button', { 'aria-label': `${say('zoom')} −`, onclick: () => middle(1 / 1.5) }, '−')));
    const panel = h('aside.details', { 'aria-live': 'polite' });
    const told = h('output.day'), legend = h('span.legend'), states = h('span.legend'), priority = h('span'), versus = h('span.legend');
    const slider = h('input', { type: 'range', min: 0, max: Math.max(0, desk.facts.periods - 1), step: 1, 'aria-label': say('day'), oninput: () => goTo(Number(slider.value)) });
    const playing = h('button', { onclick: () => play(!view.timer), 'aria-label': say('play') }, '▶');
    const view = { sites: [], lanes: [], flows: null, before: null, states: new Map(), projection: null, world: null, timer: null, frame: 0, phase: 0, zoom: 1, x: 0, y: 0, chart: null, colours: {}, moves: [] };

    // ---- what is shown ----

    function readFeatures() {
        for (const feature of desk.geo.features) {
            const facts_ = feature.properties;
            if (facts_.site) view.sites.push({ ...facts_, at: feature.geometry?.coordinates });
            else view.lanes.push({ ...facts_, ends: feature.geometry?.coordinates });
        }
        view.scheme = view.sites.length > 0 && view.sites.every((site) => !site.at);
    }
    function offerPriorities(flows) {
        refill(priority, JSON.stringify(flows?.priorities ?? []), () => choice(say('priority'), say('priority.all'), (flows?.priorities ?? []).map(String), 'priority', load));
    }
    async function load() {
        const now = state();
        const asked = { partner: now.partner, class: now.class, priority: now.priority };
        const other = facts && desk.plans.find((each) => String(each.plan) === now.versus && each.state === 'done' && each.plan !== facts.plan);
        const [flows, before, posture] = await Promise.all([
            facts ? get(address(`/api/plans/${facts.plan}/flows`, asked)) : null, other ? get(address(`/api/plans/${other.plan}/flows`, asked)) : null, get(posturePath(facts, now))]);
        if (flows) offerPriorities(flows);
        view.flows = flows;
        view.before = before;
        view.mostChange = before ? Math.max(1, ...view.lanes.map((lane) => Math.abs(changeOf(lane.lane)))) : 1;
        drawLegend(other);
        view.states = statesBySite(posture);
        view.most = flows ? Math.max(1, ...Object.values(flows.lanes).flat()) : 1;
        view.mostStock = flows ? Math.max(1, ...Object.values(flows.stock).flat()) : 1;
        draw();
        showDetails();
    }
    /** The worst state of each site on each day. */
    function statesBySite(posture) {
        const sites = new Map();
        for (const row of ownRows(posture)) {
            const days = sites.get(row.site) || [];
            row.state.forEach((word, day) => { if ((worse[word] || 0) > (worse[days[day]] || 0)) days[day] = word; });
            sites.set(row.site, days);
        }
        return sites;
    }
    const dayText = () => ({ day: number(Math.floor(day()) * (desk.facts.days / desk.facts.periods)), date: date(desk.facts.start, day() * (desk.facts.days / desk.facts.periods)) });
    const day = () => Math.min(Number(state().day) || 0, desk.facts.periods - 1);
    /** Over all days: what a lane carries more than in the other plan. */
    const changeOf = (lane) => sum(view.flows?.lanes[lane]) - sum(view.before?.lanes[lane]);
    const shortOf = (site) => view.flows?.short[site]?.[Math.floor(day())] || 0;
    /** With one priority only its shortfalls count; else the worst of all classes. */
    const stateOf = (site) => (state().priority ? (shortOf(site) > 0.05 ? 'red' : 'green') : view.states.get(site)?.[Math.floor(day())]);
    const flowOf = (lane) => view.flows?.lanes[lane]?.[Math.floor(day())] || 0;
    const stockOf = (site) => view.flows?.stock[site]?.[Math.floor(day())] || 0;

    // ---- drawing ----

    const place = (at) => {
        const [x, y] = view.projection(at);
        return [x * view.zoom + view.x, y * view.zoom + view.y];
    };
    function resize() {
        const { clientWidth: width, clientHeight: height } = box;
        if (!width || !height) return;
        if (view.scheme) { // no site has a place: each gets one in the box, which then is the world
            const places = scheme(view.sites, width, height);
            for (const site of view.sites) site.at = places.get(site.site);
            for (const lane of view.lanes) lane.ends = [places.get(lane.from), places.get(lane.to)];
            view.projection = (at) => at;
            goToRegion();
            draw();
            return;
        }
        view.projection = projectionFor(view.sites.filter((site) => site.at).map((site) => site.at), width, height);
        view.world = null;
        goToRegion();
        draw();
    }
    /** Fits the sites of the country in the address into the box; without one, all. */
    function goToRegion() {
        const inside = view.sites.filter((site) => state().region && site.at && site.country === state().region).map((site) => view.projection(site.at));
        Object.assign(view, { zoom: 1, x: 0, y: 0 });
        if (inside.length === 0) return;
        const [left, right] = [Math.min(...inside.map(([x]) => x)), Math.max(...inside.map(([x]) => x))];
        const [top, bottom] = [Math.min(...inside.map(([, y]) => y)), Math.max(...inside.map(([, y]) => y))];
        const { clientWidth: width, clientHeight: height } = box, margin = 90;
        view.zoom = Math.min(60, (width - margin) / Math.max(right - left, 1), (height - margin) / Math.max(bottom - top, 1));
        view.x = width / 2 - ((left + right) / 2) * view.zoom;
        view.y = height / 2 - ((top + bottom) / 2) * view.zoom;
    }
    /** The world behind; while it is being moved, the picture of before, shifted and stretched. */
    function paintWorld(pen, width, height) {
        if (view.scheme) {
            pen.fillStyle = view.colours.land;
            pen.fillRect(0, 0, width, height);
            return;
        }
        const key = `${width} ${height} ${view.colours.land} ${worldIsThere()}`, old = view.world;
        const same = old?.key === key && old.zoom === view.zoom && old.x === view.x && old.y === view.y;
        if (!same && old?.key === key && view.moved) {
            const ratio = view.zoom / old.zoom;
            pen.fillStyle = view.colours.sea;
            pen.fillRect(0, 0, width, height);
            pen.drawImage(old.picture, view.x - old.x * ratio, view.y - old.y * ratio, width * ratio, height * ratio);
            return;
        }
        if (!same) {
            const picture = old?.picture || document.createElement('canvas');
            const moved = projectionFor([], 1, 1).rotate(view.projection.rotate()).scale(view.projection.scale() * view.zoom)
                .translate([view.projection.translate()[0] * view.zoom + view.x, view.projection.translate()[1] * view.zoom + view.y]);
            drawWorld(context(picture, width, height), moved, view.colours, width, height);
            view.world = { key, picture, zoom: view.zoom, x: view.x, y: view.y };
        }
        pen.drawImage(view.world.picture, 0, 0, width, height);
    }
    const settled = settle(() => { view.moved = false; draw(); }, 150);
    function drawMoved() {
        view.moved = true;
        draw();
        settled();
    }
    function readColours() {
        for (const name of ['text', 'accent', 'faint', 'ring', 'halo', 'red', 'amber', 'green', 'sea', 'land', 'border', ...modes.slice(1)]) view.colours[name] = colour(name);
        view.laneColours = Object.fromEntries(modes.map((mode) => [mode, mode === 'sea' ? colour('sea-lane') : view.colours[mode]]));
    }
    const marks = () => state().marks.split(',').filter(Boolean).map((mark) => [mark.slice(0, mark.indexOf(':')), mark.slice(mark.indexOf(':') + 1)]);
    const laneFails = (lane, failed) => failed.some(([what, which]) => lane[what] === which);
    /** What is drawn of a lane: nothing, thin, or how wide, in which colour and dash. */
    function strokeOf(lane) {
        if (state().sel === `lane:${lane.lane}`) return { width: 3 + widthOf(lane), colour: view.colours.accent };
        if (view.before) {
            const more = changeOf(lane.lane);
            return Math.abs(more) < 0.5 ? null : { width: 1 + 10 * Math.sqrt(Math.abs(more) / view.mostChange), colour: more > 0 ? view.colours.green : view.colours.red, dash: more > 0 ? [] : [3, 4], steady: true };
        }
        return flowOf(lane.lane) > 0 ? { width: widthOf(lane), colour: view.laneColours[lane.mode] } : null;
    }
    const widthOf = (lane) => (flowOf(lane.lane) > 0 ? 1.5 + 9 * Math.sqrt(flowOf(lane.lane) / view.most) : 0);

    function drawMoving(phase) {
        const { clientWidth: width, clientHeight: height } = box;
        const pen = context(moving, width, height);
        pen.clearRect(0, 0, width, height);
        pen.fillStyle = view.colours.halo;
        for (const move of view.moves) if (!move.stroke.steady) paintTravel(pen, move.bow, Math.max(2, move.stroke.width * 0.5), phase, width, height);
    }
    function drawLanes(width, height) {
        const hidden = state().hide.split(','), idle = [];
        view.moves = [];
        for (const lane of view.lanes) {
            lane.bow = lane.ends && !hidden.includes(lane.mode) ? bow(place(lane.ends[0]), place(lane.ends[1])) : null;
            if (!lane.bow) continue;
            const stroke = strokeOf(lane);
            if (stroke) view.moves.push({ bow: lane.bow, stroke });
            else idle.push(lane.bow);
        }
        const pen = context(below, width, height);
        paintWorld(pen, width, height);
        paintIdle(pen, idle, view.colours.faint);
        for (const move of view.moves) paintLane(pen, move.bow, move.stroke);
        drawMoving(view.phase);
    }
    function drawSites(width, height) {
        const pen = context(canvas, width, height), shown = [], failed = marks();
        pen.clearRect(0, 0, width, height);
        for (const site of view.sites.filter((each) => each.at)) {
            const [x, y] = place(site.at), word = stateOf(site.site);
            const size = 4 + 12 * Math.sqrt(stockOf(site.site) / view.mostStock);
            paintSite(pen, { x, y, size, word, chosen: state().sel === `site:${site.site}` }, view.colours);
            const fails = failed.some(([what, which]) => site[what] === which);
            if (fails) paintCross(pen, x, y, size + 3, view.colours);
            shown.push({ x, y, size, text: short(site.name || site.site), weight: (fails ? 1e11 : 0) + (state().sel === `site:${site.site}` ? 1e12 : 0) + (worse[word] || 0) * 1e9 + stockOf(site.site) });
        }
        for (const lane of view.lanes.filter((each) => each.bow && laneFails(each, failed)))
            paintCross(pen, (lane.bow[0] + 2 * lane.bow[2] + lane.bow[4]) / 4, (lane.bow[1] + 2 * lane.bow[3] + lane.bow[5]) / 4, 6, view.colours);
        paintNames(pen, shown, view.colours, width, height, letters());
    }
    function draw() {
        const { clientWidth: width, clientHeight: height } = box;
        if (!view.projection || !width) return;
        readColours();
        drawLanes(width, height);
        drawSites(width, height);
        slider.value = String(Math.floor(day()));
        told.textContent = say('day.of', dayText());
    }

    // ---- layers ----

    function drawLegend(other) {
        const hidden = state().hide.split(',').filter(Boolean), marked = marks();
        const toggle = (mode) => change({ hide: (hidden.includes(mode) ? hidden.filter((each) => each !== mode) : [...hidden, mode]).join(',') });
        fill(legend, modes.filter((mode) => view.lanes.some((lane) => lane.mode === mode)).map((mode) =>
            h('button.key', { 'aria-pressed': String(!hidden.includes(mode)), onclick: () => { toggle(mode); drawLegend(other); } }, h(`i.mode-${mode}`), term(mode))));
        fill(states, ['red', 'amber', 'green'].map((word) => h('span.key', {}, h(`i.mark-${word}`), say(`map.${word}`))), facts && h('span.key', {}, h('i.mark-ring'), say('map.ring')));
        fill(versus, other && [h('span', {}, say('map.versus', { plan: other.title || say('plan.untitled', { number: other.plan }) })), h('span.key', {}, h('i.change-more'), say('changes.more')), h('span.key', {}, h('i.change-less'), say('changes.less')),
            h('button', { onclick: () => { change({ versus: '' }); load(); } }, say('map.plain'))],
        marked.length > 0 && [h('span.key', {}, `× ${marked.map(([what, which]) => `${term(what)} ${which}`).join(', ')}`), h('button', { onclick: () => { change({ marks: '' }); drawLegend(other); } }, say('map.unmark'))]);
    }
    const countries = () => [...new Set(view.sites.filter((site) => site.at && site.country).map((site) => site.country))].sort();

    // ---- time ----

    function goTo(to) {
        change({ day: String(Math.max(0, Math.min(desk.facts.periods - 1, to))) });
    }
    function play(on) {
        clearInterval(view.timer);
        view.timer = on ? setInterval(() => goTo(day() + 1 >= desk.facts.periods ? 0 : day() + 1), 700) : null;
        playing.textContent = on ? '❚❚' : '▶';
        playing.setAttribute('aria-label', say(on ? 'pause' : 'play'));
        cancelAnimationFrame(view.frame);
        if (on && !still.matches) animate();
    }
    function animate() {
        view.phase = (performance.now() / 900) % 1;
        drawMoving(view.phase);
        view.frame = requestAnimationFrame(animate);
    }

    // ---- moving about ----

    function zoomAt(x, y, factor) {
        const zoom = Math.max(0.5, Math.min(60, view.zoom * factor));
        view.x = x - (x - view.x) * (zoom / view.zoom);
        view.y = y - (y - view.y) * (zoom / view.zoom);
        view.zoom = zoom;
        drawMoved();
    }
    canvas.addEventListener('wheel', (event) => { event.preventDefault(); zoomAt(event.offsetX, event.offsetY, event.deltaY < 0 ? 1.2 : 1 / 1.2); }, { passive: false });
    let held = null;
    canvas.addEventListener('pointerdown', (event) => { held = { x: event.offsetX, y: event.offsetY, far: 0 }; canvas.setPointerCapture(event.pointerId); });
    canvas.addEventListener('pointermove', (event) => {
        if (!held) return;
        const [dx, dy] = [event.offsetX - held.x, event.offsetY - held.y];
        held = { x: event.offsetX, y: event.offsetY, far: held.far + Math.abs(dx) + Math.abs(dy) };
        view.x += dx;
        view.y += dy;
        drawMoved();
    });
    canvas.addEventListener('pointerup', (event) => { if (held && held.far < 5) choose(event.offsetX, event.offsetY); held = null; });
    canvas.addEventListener('keydown', (event) => {
        const moves = { ArrowLeft: () => goTo(day() - 1), ArrowRight: () => goTo(day() + 1), '+': () => middle(1.3),
            '-': () => middle(1 / 1.3), ' ': () => play(!view.timer), Escape: () => change({ sel: '' }) };
        if (moves[event.key]) { moves[event.key](); event.preventDefault(); }
    });

    // ---- what is chosen ----

    function choose(x, y) {
        let best = { sel: '', far: 14 };
        for (const site of view.sites.filter((each) => each.at)) {
            const [sx, sy] = place(site.at);
            const far = Math.hypot(sx - x, sy - y);
            if (far < best.far) best = { sel: `site:${site.site}`, far };
        }
        for (const lane of best.sel ? [] : view.lanes.filter((each) => each.bow)) {
            const far = farFrom(lane.bow, x, y);
            if (far < Math.min(best.far, 7)) best = { sel: `lane:${lane.lane}`, far };
        }
        change({ sel: best.sel });
    }
    const limit = (value) => (value === null ? say('unlimited') : number(value));
    function rowsOf(sel) {
        const [kind, id] = [sel.slice(0, sel.indexOf(':')), sel.slice(sel.indexOf(':') + 1)];
        if (kind === 'site') {
            const site = view.sites.find((each) => each.site === id);
            return site && { title: site.name || id, rows: [[say('kind'), term(site.kind)], [say('owner'), site.partner || '–'], [say('handling'), limit(site.handling_t_per_day)], [say('storage'), limit(site.storage_t)]],
                series: [[say('stock'), view.flows?.stock[id], 'accent'], [say('short'), view.flows?.short[id], 'red']] };
        }
        const lane = view.lanes.find((each) => each.lane === id);
        return lane && { title: id, rows: [[say('from'), lane.from], [say('to'), lane.to], [say('mode'), term(lane.mode)], [say('carrier'), lane.partner || '–'], [say('transit'), number(lane.transit_days)], [say('capacity'), limit(lane.capacity_t_per_day)]],
            series: [[say('moves'), view.flows?.lanes[id], lane.mode === 'sea' ? 'sea-lane' : lane.mode]] };
    }
    function showDetails() {
        view.chart?.destroy();
        view.chart = view.tellNow = null;
        const found = state().sel ? rowsOf(state().sel) : null;
        panel.hidden = !found;
        if (!found) return;
        const plot = h('div.plot'), now = h('p.now', { 'aria-live': 'off' });
        view.tellNow = () => fill(now, say('day.of', dayText()), found.series.filter(([, values]) => values).map(([name, values, kind]) => [' · ', h('i.swatch', { style: { background: `var(--${kind})` } }), name, ' ', h('b', {}, tonnes(values[Math.floor(day())]))]));
        view.tellNow();
        fill(panel, h('h2', {}, found.title), h('dl', {}, found.rows.map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)])),
            now,
            view.before && state().sel.startsWith('lane:') && h('p', {}, say('map.change', { change: signed(changeOf(state().sel.slice(5))) })), plot,
            h('button', { onclick: () => change({ view: 'whatif' }) }, say('view.whatif')));
        const series = found.series.filter(([, values]) => values);
        if (series.length) view.chart = chart(plot, series);
    }
    function chart(plot, series) {
        const length = desk.facts.periods, perPeriod = desk.facts.days / desk.facts.periods;
        const axis = { stroke: colour('quiet'), grid: { stroke: colour('faint'), width: 0.5 }, font: '11px system-ui' };
        const wide = series.map(([label, , name]) => ({ label, stroke: colour(name), width: 2, fill: `${colour(name)}22` }));
        const today = (plotted) => {
            const { ctx: pen, bbox: box_ } = plotted, x = Math.round(plotted.valToPos(Math.floor(day()) * perPeriod, 'x', true));
            pen.fillStyle = colour('text');
            pen.fillRect(x, box_.top, Math.max(1, devicePixelRatio), box_.height);
        };
        fill(plot, h('p.quiet', {}, say('map.chart')));
        return new uPlot({ width: plot.clientWidth || 288, height: 170, padding: [8, 14, 0, 0], legend: { show: false }, cursor: { show: false }, hooks: { draw: [today] }, scales: { x: { time: false } }, axes: [axis, { ...axis, size: 56 }], series: [{}, ...wide] },
            [Array.from({ length }, (_, ix) => ix * perPeriod), ...series.map(([, values]) => values)], plot);
    }

    readFeatures();
    const nowhere = view.sites.filter((site) => !site.at).length;
    remark.hidden = view.sites.length > 0 && nowhere === 0;
    fill(remark, view.sites.length === 0 ? say('map.empty') : view.scheme ? say('map.nowhere') : say('map.somewhere', { count: number(nowhere, 0) }));
    if (facts) offerPriorities(null); // what is in the bars is there from the start: nothing moves when answers come
    drawLegend(null);
    fill(body, h('div.bar', {}, filters(desk, load), priority,
        countries().length > 1 && choice(say('region'), say('region.all'), countries(), 'region', () => { goToRegion(); draw(); }), playing, slider, told), h('div.bar', {}, legend, h('span.push'), versus, states), h('div.stage', {}, box, panel));
    const watcher = new ResizeObserver(settle(resize, 30));
    watcher.observe(box);
    const stop = watch((now, before) => {
        if (now.view !== 'map') return;
        if (now.sel !== before.sel) showDetails();
        else if (now.day !== before.day) { view.tellNow?.(); view.chart?.redraw(false); }
        if (now.day !== before.day || now.sel !== before.sel || now.hide !== before.hide || now.marks !== before.marks) draw();
        if (now.versus !== before.versus) load();
        if (now.region !== before.region) { goToRegion(); draw(); }
    });
    load();
    whenWorld.then(draw);
    const repaint = (event) => {
        draw();
        showDetails();
        if (!event.detail.paper) return;
        const pen = below.getContext('2d'); // paper gets one sheet: printers make transparent ones white
        pen.setTransform(1, 0, 0, 1, 0, 0);
        for (const sheet of [moving, canvas]) pen.drawImage(sheet, 0, 0);
    };
    document.addEventListener('repaint', repaint);
    return () => {
        document.removeEventListener('repaint', repaint);
        play(false);
        stop();
        watcher.disconnect();
        view.chart?.destroy();
    };
}

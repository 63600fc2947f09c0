// map.js: sites, lanes and what moves, on the map, day by day.
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { address, get } from './api.js';
import { colour, context, fill, h, settle } from './dom.js';
import { filters, ownRows, posturePath } from './posture.js';
import { drawWorld, projectionFor } from './project.js';
import { change, state, watch } from './state.js';
import { date, number, say, term, tonnes } from './words.js';

const modes = ['sea', 'air', 'road', 'rail', 'pipeline', 'river'];
const worse = { red: 3, amber: 2, green: 1 };

export function map(body, desk, facts) {
    const canvas = h('canvas', { tabindex: 0, role: 'application', 'aria-label': say('view.map') });
    const middle = (factor) => zoomAt(box.clientWidth / 2, box.clientHeight / 2, factor);
    const box = h('div.map', {}, canvas, h('div.zoom', {}, h('button', { 'aria-label': `${say('zoom')} +`, onclick: () => middle(1.5) }, '+'),
        h('button', { 'aria-label': `${say('zoom')} −`, onclick: () => middle(1 / 1.5) }, '−')));
    const panel = h('aside.details', { 'aria-live': 'polite' });
    const told = h('output.day');
    const slider = h('input', { type: 'range', min: 0, max: Math.max(0, desk.facts.periods - 1), step: 1, 'aria-label': say('day'), oninput: () => goTo(Number(slider.value)) });
    const playing = h('button', { onclick: () => play(!view.timer), 'aria-label': say('play') }, '▶');
    const view = { sites: [], lanes: [], flows: null, states: new Map(), projection: null, world: null, timer: null, frame: 0, phase: 0, zoom: 1, x: 0, y: 0, chart: null };

    // ---- what is shown ----

    function readFeatures() {
        for (const feature of desk.geo.features) {
            const facts_ = feature.properties;
            if (facts_.site) view.sites.push({ ...facts_, at: feature.geometry?.coordinates });
            else view.lanes.push({ ...facts_, ends: feature.geometry?.coordinates });
        }
    }
    async function load() {
        const now = state();
        const [flows, posture] = await Promise.all([
            facts ? get(address(`/api/plans/${facts.plan}/flows`, { partner: now.partner, class: now.class })) : null, get(posturePath(facts, now))]);
        view.flows = flows;
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
    const day = () => Math.min(Number(state().day) || 0, desk.facts.periods - 1);
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
        view.projection = projectionFor(view.sites.filter((site) => site.at).map((site) => site.at), width, height);
        view.world = null;
        draw();
    }
    function worldPicture(width, height) {
        const key = `${width} ${height} ${view.zoom} ${view.x} ${view.y} ${colour('land')}`;
        if (view.world?.key !== key) {
            const picture = view.world?.picture || document.createElement('canvas');
            const moved = projectionFor([], 1, 1).rotate(view.projection.rotate()).scale(view.projection.scale() * view.zoom)
                .translate([view.projection.translate()[0] * view.zoom + view.x, view.projection.translate()[1] * view.zoom + view.y]);
            drawWorld(context(picture, width, height), moved, { sea: colour('sea'), land: colour('land'), border: colour('border') }, width, height);
            view.world = { key, picture };
        }
        return view.world.picture;
    }
    function drawLane(pen, lane, colours) {
        if (!lane.ends) return;
        const amount = flowOf(lane.lane);
        const chosen = state().sel === `lane:${lane.lane}`;
        const [[x1, y1], [x2, y2]] = [place(lane.ends[0]), place(lane.ends[1])];
        const bend = 0.12;
        const [cx, cy] = [(x1 + x2) / 2 - (y2 - y1) * bend, (y1 + y2) / 2 + (x2 - x1) * bend];
        pen.beginPath();
        pen.moveTo(x1, y1);
        pen.quadraticCurveTo(cx, cy, x2, y2);
        pen.strokeStyle = chosen ? colours.accent : amount > 0 ? colours[lane.mode] : colours.faint;
        pen.lineWidth = amount > 0 ? 1.5 + 9 * Math.sqrt(amount / view.most) : chosen ? 2 : 0.8;
        if (amount > 0) {
            pen.setLineDash([9, 5]);
            pen.lineDashOffset = -view.phase;
        } else pen.setLineDash([]);
        pen.stroke();
    }
    function drawSite(pen, site, colours) {
        if (!site.at) return null;
        const [x, y] = place(site.at);
        const word = view.states.get(site.site)?.[Math.floor(day())];
        const size = 4 + 12 * Math.sqrt(stockOf(site.site) / view.mostStock);
        pen.setLineDash([]);
        pen.beginPath();
        pen.arc(x, y, size, 0, 2 * Math.PI);
        pen.fillStyle = colours.ring;
        pen.fill();
        pen.lineWidth = 1;
        pen.strokeStyle = colours.text;
        pen.stroke();
        mark(pen, x, y, word, colours);
        if (state().sel === `site:${site.site}`) {
            pen.beginPath();
            pen.arc(x, y, size + 5, 0, 2 * Math.PI);
            pen.lineWidth = 3;
            pen.strokeStyle = colours.accent;
            pen.stroke();
        }
        return { x, y, size, text: site.name || site.site, weight: (worse[word] || 0) * 1e9 + stockOf(site.site) };
    }
    /** Red is a square, amber a triangle, green a dot. */
    function mark(pen, x, y, word, colours) {
        pen.fillStyle = colours[word] || colours.faint;
        pen.beginPath();
        if (word === 'red') pen.rect(x - 4, y - 4, 8, 8);
        else if (word === 'amber') { pen.moveTo(x, y - 5); pen.lineTo(x + 5, y + 4); pen.lineTo(x - 5, y + 4); }
        else pen.arc(x, y, 3, 0, 2 * Math.PI);
        pen.fill();
    }
    /** The weightiest first; one that would lie on another is left out. */
    function drawLabels(pen, labels, colours, width) {
        const taken = [];
        pen.font = '12px system-ui, sans-serif';
        pen.textBaseline = 'middle';
        for (const label of labels.sort((a, b) => b.weight - a.weight)) {
            const wide = pen.measureText(label.text).width;
            const left = label.x + label.size + 6 + wide > width ? label.x - label.size - 6 - wide : label.x + label.size + 4;
            const spot = { left, top: label.y - 8, right: left + wide + 2, bottom: label.y + 8 };
            if (taken.some((other) => spot.left < other.right && spot.right > other.left && spot.top < other.bottom && spot.bottom > other.top)) continue;
            taken.push(spot);
            pen.lineWidth = 3;
            pen.strokeStyle = colours.halo;
            pen.strokeText(label.text, spot.left, label.y);
            pen.fillStyle = colours.text;
            pen.fillText(label.text, spot.left, label.y);
        }
    }
    function draw() {
        const { clientWidth: width, clientHeight: height } = box;
        if (!view.projection || !width) return;
        const pen = context(canvas, width, height);
        const names = ['text', 'accent', 'faint', 'ring', 'halo', 'red', 'amber', 'green'];
        const colours = Object.fromEntries([...names, ...modes].map((name) => [name, colour(name === 'sea' ? 'sea-lane' : name)]));
        pen.drawImage(worldPicture(width, height), 0, 0, width, height);
        for (const lane of view.lanes) drawLane(pen, lane, colours);
        const labels = view.sites.map((site) => drawSite(pen, site, colours)).filter(Boolean);
        drawLabels(pen, labels, colours, width);
        slider.value = String(Math.floor(day()));
        told.textContent = say('day.of', { day: Math.floor(day()), date: date(desk.facts.start, day() * (desk.facts.days / desk.facts.periods)) });
    }

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
        if (on) animate();
    }
    function animate() {
        view.phase = (performance.now() / 40) % 14;
        draw();
        view.frame = requestAnimationFrame(animate);
    }

    // ---- moving about ----

    function zoomAt(x, y, factor) {
        const zoom = Math.max(0.5, Math.min(60, view.zoom * factor));
        view.x = x - (x - view.x) * (zoom / view.zoom);
        view.y = y - (y - view.y) * (zoom / view.zoom);
        view.zoom = zoom;
        draw();
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
        draw();
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
        for (const lane of best.sel ? [] : view.lanes.filter((each) => each.ends)) {
            const far = farFromLane(lane, x, y);
            if (far < Math.min(best.far, 7)) best = { sel: `lane:${lane.lane}`, far };
        }
        change({ sel: best.sel });
    }
    function farFromLane(lane, x, y) {
        const [[x1, y1], [x2, y2]] = [place(lane.ends[0]), place(lane.ends[1])];
        const [cx, cy] = [(x1 + x2) / 2 - (y2 - y1) * 0.12, (y1 + y2) / 2 + (x2 - x1) * 0.12];
        let least = Infinity;
        for (let part = 0; part <= 1; part += 0.05) {
            const a = (1 - part) ** 2, b = 2 * part * (1 - part), c = part ** 2;
            least = Math.min(least, Math.hypot(a * x1 + b * cx + c * x2 - x, a * y1 + b * cy + c * y2 - y));
        }
        return least;
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
        view.chart = null;
        const found = state().sel ? rowsOf(state().sel) : null;
        panel.hidden = !found;
        if (!found) return;
        const plot = h('div.plot');
        fill(panel, h('h2', {}, found.title), h('dl', {}, found.rows.map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)])),
            h('p.quiet', {}, found.series.filter(([, values]) => values).map(([name, values]) => `${name}: ${tonnes(values[Math.floor(day())])}`).join(' · ')), plot,
            h('button', { onclick: () => change({ view: 'whatif' }) }, say('view.whatif')));
        const series = found.series.filter(([, values]) => values);
        if (series.length) view.chart = chart(plot, series);
    }
    function chart(plot, series) {
        const length = desk.facts.periods;
        const axis = { stroke: colour('quiet'), grid: { stroke: colour('faint'), width: 0.5 }, font: '11px system-ui' };
        const wide = series.map(([label, , name]) => ({ label, stroke: colour(name), width: 2, fill: `${colour(name)}22` }));
        return new uPlot({ width: 288, height: 170, legend: { show: false }, scales: { x: { time: false } }, axes: [axis, { ...axis, size: 56 }], series: [{}, ...wide] },
            [Array.from({ length }, (_, ix) => ix), ...series.map(([, values]) => values)], plot);
    }

    readFeatures();
    fill(body, h('div.bar', {}, filters(desk, load), playing, slider, told,
        modes.filter((mode) => view.lanes.some((lane) => lane.mode === mode)).map((mode) => h('span.key', {}, h(`i.mode-${mode}`), term(mode)))), h('div.stage', {}, box, panel));
    const watcher = new ResizeObserver(settle(resize, 30));
    watcher.observe(box);
    const stop = watch((now, before) => {
        if (now.view !== 'map') return;
        if (now.sel !== before.sel) showDetails();
        draw();
    });
    load();
    return () => {
        play(false);
        stop();
        watcher.disconnect();
        view.chart?.destroy();
    };
}
